import ArgumentParser
import AuterityAPI

/// `auterity profile`: servers by name.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Name servers, and choose among them.",
        subcommands: [
            ListProfilesCommand.self, ShowProfileCommand.self, UseProfileCommand.self,
            AddProfileCommand.self, RemoveProfileCommand.self,
        ],
        aliases: ["profiles"])

    /// A profile as it is printed.
    static func value(_ profile: Profile, _ settings: Settings) -> JSONValue {
        var members: JSONObject = ["name": .string(profile.name)]
        for (key, text) in profile.values { members[key] = .string(text) }
        members["read_only"] = .bool(profile.isReadOnly)
        members["confirm"] = .bool(profile.confirmsChanges)
        members["is_current"] = .bool(profile.name == settings.text("profile"))
        return .object(members)
    }
}

/// A command that works on the configuration file and makes no call.
protocol ConfigurationCommand: ParsableCommand {
    var settings: FileSettingFlags { get }
    var output: OutputOptions { get }

    func run(_ settings: Settings, _ printer: Printer) throws
}

/// `auterity profile list`
struct ListProfilesCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the profiles.",
        discussion: "Example:\n  auterity profile list", aliases: ["ls"])

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: FileSettingFlags

    func run(_ settings: Settings, _ printer: Printer) throws {
        try printer.values(
            settings.profiles.all.map { ProfileCommand.value($0, settings) },
            columns: [
                Column("NAME", "name"), Column("URL", "url", flexible: true),
                Column("CURRENT", "is_current", .yesNo),
                Column("READ-ONLY", "read_only", .yesNo), Column("CONFIRM", "confirm", .yesNo),
                Column("COLOR", "color", wide: true), Column("THEME", "theme", wide: true),
            ],
            noun: "profiles",
            hint: "Add one: " + settings.profileCommandLine("add NAME --url https://…"))
    }
}

/// `auterity profile show`
struct ShowProfileCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show all that is set of a profile.",
        discussion: "Example:\n  auterity profile show production", aliases: ["get"])

    @Argument(help: "Its name.", completion: CompletionNames.profiles.kind)
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: FileSettingFlags

    func run(_ settings: Settings, _ printer: Printer) throws {
        try printer.item(
            ProfileCommand.value(try settings.profiles.profile(named: name), settings))
    }
}

/// `auterity profile use`
struct UseProfileCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Speak to this server where none is named.",
        discussion: """
            Examples:
              auterity profile use staging
              auterity profile use --none
            """)

    @Argument(help: "The name of the profile.", completion: CompletionNames.profiles.kind)
    var name: String?

    @Flag(name: .long, help: "The store of this machine.")
    var none = false

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: FileSettingFlags

    func validate() throws {
        guard (name == nil) == none else {
            throw ValidationError("give the name of a profile, or --none")
        }
    }

    func run(_ settings: Settings, _ printer: Printer) throws {
        var profiles = settings.profiles
        try profiles.use(name)
        try profiles.save()
        try printer.outcome(
            name.map { "Using \($0)." } ?? "Using the store of this machine.",
            ["name": name.map { .string($0) } ?? .null, "is_current": true])
    }
}

/// `auterity profile remove`
struct RemoveProfileCommand: ConfigurationCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a profile.",
        discussion: "Example:\n  auterity profile remove staging", aliases: ["rm"])

    @Argument(help: "Its name.", completion: CompletionNames.profiles.kind)
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: FileSettingFlags

    func run(_ settings: Settings, _ printer: Printer) throws {
        var profiles = settings.profiles
        try profiles.remove(name)
        if settings.text("profile") == name { try profiles.use(nil) }
        try profiles.save()
        try printer.outcome("Removed \(name).", ["name": .string(name)])
    }
}
