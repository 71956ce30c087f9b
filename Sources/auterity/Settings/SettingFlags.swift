import ArgumentParser

/// The settings that a command takes as flags.
protocol SettingFlags: ParsableArguments {
    /// The configuration file that was named.
    var config: String? { get }
    /// What was given, by key.
    var values: [String: String] { get }
}

/// Those of the console.
struct ConsoleSettingFlags: SettingFlags {
    @OptionGroup var store: StoreFlags
    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var console: ConsoleFlags
    @OptionGroup var engine: EngineFlags

    var config: String? { store.config }
    var values: [String: String] {
        given(store.values, connection.values, console.values, engine.values)
    }
}

/// Those of commands that only have the engine.
struct EngineSettingFlags: SettingFlags {
    @OptionGroup var store: StoreFlags
    @OptionGroup var engine: EngineFlags

    var config: String? { store.config }
    var values: [String: String] { given(store.values, engine.values) }
}

/// Those of the server.
struct ServerSettingFlags: SettingFlags {
    @OptionGroup var store: StoreFlags
    @OptionGroup var server: ServerFlags
    @OptionGroup var engine: EngineFlags

    var config: String? { store.config }
    var values: [String: String] { given(store.values, server.values, engine.values) }
}

/// Those of commands that speak to a server or to its store.
struct StoreSettingFlags: SettingFlags {
    @OptionGroup var store: StoreFlags
    @OptionGroup var connection: ConnectionFlags

    @Option(name: .long, help: Setting.help("ca_file"), completion: .file())
    var caFile: String?

    @Option(
        name: .long,
        help: "The profile's name, where it asks for it before a change and nobody can be asked.",
        completion: CompletionNames.profiles.kind)
    var confirm: String?

    var config: String? { store.config }
    var values: [String: String] {
        given(store.values, connection.values, [("ca_file", caFile)])
    }
}

/// Those of commands that work on files of this machine, and speak to no server.
struct FileSettingFlags: SettingFlags {
    @OptionGroup var store: StoreFlags

    var config: String? { store.config }
    var values: [String: String] { given(store.values) }
}

private func given(_ lists: [(String, String?)]...) -> [String: String] {
    var given: [String: String] = [:]
    for (key, text) in lists.joined() { given[key] = text }
    return given
}

extension Setting {
    /// The line of the help.
    static func help(_ key: String) -> ArgumentHelp {
        guard let setting = byKey[key] else { return "" }
        return ArgumentHelp("\(setting.summary). (default: \(setting.defaultText))")
    }

    static func choices(_ key: String) -> [String] {
        guard let setting = byKey[key], case .choice(let choices) = setting.kind
        else { return [] }
        return choices
    }
}
