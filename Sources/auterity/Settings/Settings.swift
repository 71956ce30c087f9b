import AuterityEngine
import Configuration
import SystemPackage

/// All settings, resolved once: flags go before the environment, that before the configuration
/// file, that before the defaults.
struct Settings: Sendable {
    /// A value and the layer that gave it, for messages.
    struct Source: Hashable, Sendable {
        let text: String
        /// Such as `the flag --theme` or `AUTERITY_THEME`.
        let origin: String
        var layer = Layer.file
    }

    /// Where a value can come from, the strongest first.
    enum Layer: Int, Sendable { case flags, environment, file }

    let directories: Directories
    /// Where the configuration file is, or would be.
    let configurationPath: String
    /// The file that `--config` named, as it was written.
    let configurationFlag: String?
    /// The servers that have names.
    let profiles: Profiles
    private let environment: [String: String]
    private let found: [String: Source]

    /// Reads every layer and checks every value.
    ///
    /// - Throws: `SettingError`, which names the setting and the layer.
    init(flags: some SettingFlags, environment: [String: String]) async throws {
        try Self.refuseAbsentStores(environment)
        self.environment = environment
        directories = Directories(environment: environment)
        let file = try await ConfigurationFile(
            flag: flags.config, directories: directories, environment: environment)
        configurationPath = file.path
        configurationFlag = flags.config
        let given = InMemoryProvider(
            name: "flags",
            values: Dictionary(
                uniqueKeysWithValues: flags.values.map {
                    (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                }))
        typealias Reading = (
            layer: Layer, reader: ConfigReader, origin: @Sendable (Setting) -> String
        )
        let layers: [Reading] = [
            (.flags, ConfigReader(provider: given), { "the flag \($0.flag)" }),
            (
                .environment,
                ConfigReader(
                    provider: EnvironmentVariablesProvider(environmentVariables: environment)
                        .prefixKeys(with: "auterity")),
                { $0.environmentVariable }
            ),
            (.file, ConfigReader(provider: file.provider), { "\($0.key) in \(file.path)" }),
        ]
        var found: [String: Source] = [:]
        for setting in Setting.all {
            for layer in layers {
                guard let text = layer.reader.string(forKey: ConfigKey([setting.key])),
                    !text.isEmpty
                else { continue }
                let source = Source(
                    text: text, origin: layer.origin(setting), layer: layer.layer)
                try setting.check(source)
                found[setting.key] = source
                break
            }
            guard found[setting.key] == nil, setting.isSecret,
                let credential = try Credential.read(setting.key, environment)
            else { continue }
            try setting.check(credential)
            found[setting.key] = credential
        }
        self.found = found
        profiles = try Profiles(path: file.path)
    }

    /// What other systems of this kind have a setting for, and this build does not have.
    private static func refuseAbsentStores(
        _ environment: [String: String]
    ) throws(SettingError) {
        for (name, what) in [("DATABASE_URL", "PostgreSQL"), ("REDIS_URL", "Redis")] {
            guard let text = environment["AUTERITY_" + name], !text.isEmpty else { continue }
            throw SettingError(
                "AUTERITY_\(name) is set, but \(what) is not in this build: everything is kept in "
                    + "the data directory (AUTERITY_DATA_DIR). Take AUTERITY_\(name) away")
        }
    }

    func text(_ key: String) -> String? { found[key]?.text }

    /// The token that goes before a login, and where it is from.
    var token: Source? { found["token"] }

    /// What is set and by which layer, in the order of the list; no values.
    var origins: [(key: String, origin: String, isSecret: Bool)] {
        Setting.all.compactMap { setting in
            found[setting.key].map { (setting.key, $0.origin, setting.isSecret) }
        }
    }

    /// Which setting of which layer says it, for messages.
    func origin(_ key: String) -> String? { found[key]?.origin }

    func path(_ key: String) -> String? {
        text(key).map { Directories.absolute($0, environment: environment) }
    }

    /// The parts of a list with commas.
    func list(_ key: String) -> [String]? {
        text(key)?.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    func toggle(_ key: String) -> Bool? {
        text(key).flatMap { Setting.toggles[$0.lowercased()] }
    }

    func number(_ key: String) -> Double? { text(key).flatMap { Double($0) } }

    /// Which layer says it; `nil` when none does.
    func layer(_ key: String) -> Layer? { found[key]?.layer }

    /// The profile to speak to; `nil` for a server that is named by its address, and for the
    /// store of this machine.
    ///
    /// A flag for the one goes before a variable for the other: who says `--profile` must not end
    /// up elsewhere because of what their shell has set.
    var chosenProfile: Profile? {
        get throws(SettingError) {
            guard let name = text("profile"), let layer = layer("profile") else { return nil }
            if let server = self.layer("server"), server.rawValue <= layer.rawValue { return nil }
            if namesStore(before: layer) { return nil }
            return try profiles.profile(named: name)
        }
    }

    /// The address that was named; `nil` where a profile goes before it, or none was.
    var chosenServer: String? {
        get throws(SettingError) {
            guard try chosenProfile == nil, let layer = layer("server") else { return nil }
            return namesStore(before: layer) ? nil : text("server")
        }
    }

    /// Whether a store of this machine was named more expressly than a server: by a flag, say,
    /// where a server stands in the file.
    private func namesStore(before layer: Layer) -> Bool {
        self.layer("data_dir").map { $0.rawValue < layer.rawValue } ?? false
    }

    var dataDirectory: String { path("data_dir") ?? directories.data }
    /// Whether nobody has named another one.
    var usesOwnDataDirectory: Bool { text("data_dir") == nil }
    var theme: String { text("theme") ?? "midnight" }
    var isReadOnly: Bool { toggle("read_only") ?? false }
    /// `nil`: by the locale.
    var isASCII: Bool? { toggle("ascii") }
    var usesMouse: Bool { toggle("mouse") ?? true }
    /// Milliseconds; `nil`: by the line.
    var escapeDelay: Int? { number("escape_delay").map { Int($0) } }
    var environmentName: String { text("environment") ?? "development" }
    /// Days; `nil` keeps finished executions for ever.
    var retentionDays: Double? {
        let days = number("retention_days") ?? 90
        return days == 0 ? nil : days
    }
    var maximumConcurrency: Int { Int(number("max_concurrency") ?? 256) }
    var logLevel: String { text("log_level") ?? "info" }
    var logsJSON: Bool { text("log_format") == "json" }
    /// What no line of the log may show.
    var secretTexts: [String] {
        Setting.all.filter(\.isSecret).compactMap { found[$0.key]?.text }
    }

    /// What outgoing calls are told.
    var integrations: IntegrationSettings {
        var settings = IntegrationSettings()
        if let url = text("openai_base_url") { settings.openAIBaseURL = url }
        settings.openAIKey = text("openai_api_key")
        if let url = text("anthropic_base_url") { settings.anthropicBaseURL = url }
        settings.anthropicKey = text("anthropic_api_key")
        settings.defaultModel = text("ai_model")
        settings.aiScriptPath = path("ai_script")
        settings.aiPricesPath = path("ai_prices")
        settings.smtpURL = text("smtp_url")
        settings.mailFrom = text("mail_from")
        settings.mailOutbox = path("mail_outbox")
        settings.allowedHosts = text("allowed_hosts") ?? ""
        if toggle("environment_proxies") == true {
            settings.proxies = OutboundProxies(environment: environment)
        }
        settings.certificateFile = path("ca_file")
        settings.userAgent = "Auterity/\(Product.version)"
        return settings
    }
}

/// A setting that cannot be used: one sentence that says which, where, and what to write.
struct SettingError: StatedError, CustomStringConvertible {
    let description: String
    let exitStatus: Int32

    init(_ description: String, status: Int32 = ExitStatus.failure) {
        self.description = description
        exitStatus = status
    }
}

extension Setting {
    /// How yes and no may be written.
    static let toggles = [
        "true": true, "yes": true, "on": true, "1": true,
        "false": false, "no": false, "off": false, "0": false,
    ]

    func check(_ source: Settings.Source) throws(SettingError) {
        let wanted: String
        switch kind {
        case .text, .path: return
        case .toggle:
            if Self.toggles[source.text.lowercased()] != nil { return }
            wanted = "on or off (or true, false, yes, no, 1, 0)"
        case .number(let range):
            if let number = Double(source.text), range.contains(number) { return }
            wanted = "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
        case .choice(let choices):
            if choices.contains(source.text) { return }
            wanted = "one of " + choices.joined(separator: ", ")
        case .rate:
            if Rate(source.text) != nil { return }
            wanted = "requests and seconds, such as 100/60"
        }
        let text = isSecret ? "set" : "\"\(source.text)\""
        throw SettingError(
            "\(source.origin) is \(text); it must be \(wanted)",
            status: source.layer == .flags ? ExitStatus.usage : ExitStatus.failure)
    }
}

/// So many requests in so many seconds, as a setting says it: `100/60`.
struct Rate: Hashable, Sendable {
    let requests: Int
    let seconds: Int

    private static let bounds = 1...1_000_000

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let requests = parts[0], let seconds = parts[1],
            Self.bounds.contains(requests), Self.bounds.contains(seconds)
        else { return nil }
        self.requests = requests
        self.seconds = seconds
    }
}
