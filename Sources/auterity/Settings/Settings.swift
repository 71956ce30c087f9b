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
    }

    let directories: Directories
    private let environment: [String: String]
    private let found: [String: Source]

    /// Reads every layer and checks every value.
    ///
    /// - Throws: `SettingError`, which names the setting and the layer.
    init(flags: SettingFlags, environment: [String: String]) async throws {
        self.environment = environment
        directories = Directories(environment: environment)
        let file = try await ConfigurationFile(
            flag: flags.config, directories: directories, environment: environment)
        let given = InMemoryProvider(
            name: "flags",
            values: Dictionary(
                uniqueKeysWithValues: flags.values.map {
                    (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                }))
        let layers: [(reader: ConfigReader, origin: @Sendable (Setting) -> String)] = [
            (ConfigReader(provider: given), { "the flag \($0.flag)" }),
            (
                ConfigReader(
                    provider: EnvironmentVariablesProvider(environmentVariables: environment)
                        .prefixKeys(with: "auterity")),
                { $0.environmentVariable }
            ),
            (ConfigReader(provider: file.provider), { "\($0.key) in \(file.path)" }),
        ]
        var found: [String: Source] = [:]
        for setting in Setting.all {
            for layer in layers {
                guard let text = layer.reader.string(forKey: ConfigKey([setting.key])),
                    !text.isEmpty
                else { continue }
                let source = Source(text: text, origin: layer.origin(setting))
                try setting.check(source)
                found[setting.key] = source
                break
            }
        }
        self.found = found
        try checkChoices()
    }

    private func checkChoices() throws(SettingError) {
        let choices = [
            "environment": ["development", "staging", "production"],
            "log_level": ["debug", "info", "warning", "error"],
        ]
        for (key, allowed) in choices {
            guard let source = found[key], !allowed.contains(source.text) else { continue }
            throw SettingError(
                "\(source.origin) is \"\(source.text)\"; it must be one of "
                    + allowed.joined(separator: ", "))
        }
    }

    private func text(_ key: String) -> String? { found[key]?.text }

    private func path(_ key: String) -> String? {
        text(key).map { Directories.absolute($0, environment: environment) }
    }

    private func toggle(_ key: String) -> Bool? {
        text(key).flatMap { Setting.toggles[$0.lowercased()] }
    }

    private func number(_ key: String) -> Double? { text(key).flatMap { Double($0) } }

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
struct SettingError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension Setting {
    /// How yes and no may be written.
    static let toggles = [
        "true": true, "yes": true, "on": true, "1": true,
        "false": false, "no": false, "off": false, "0": false,
    ]

    func check(_ source: Settings.Source) throws(SettingError) {
        switch kind {
        case .text, .path: break
        case .toggle:
            guard Self.toggles[source.text.lowercased()] != nil else {
                throw SettingError(
                    "\(source.origin) is \"\(source.text)\"; it must be true or false")
            }
        case .number(let range):
            guard let number = Double(source.text), range.contains(number) else {
                throw SettingError(
                    "\(source.origin) is \"\(source.text)\"; it must be a number from "
                        + "\(Int(range.lowerBound)) to \(Int(range.upperBound))")
            }
        }
    }
}
