import ArgumentParser

/// The settings as flags, the same on every command. None has a default here: a default would
/// win over the environment and the file.
struct SettingFlags: ParsableArguments {
    @Option(name: .long, help: "The configuration file to read.", completion: .file())
    var config: String?

    @Option(name: .long, help: Self.help("data_dir"), completion: .directory)
    var dataDir: String?

    @Option(name: .long, help: Self.help("theme"))
    var theme: String?

    @Flag(name: .long, help: Self.help("read_only"))
    var readOnly = false

    @Flag(name: .long, help: Self.help("ascii"))
    var ascii = false

    @Flag(name: .long, inversion: .prefixedNo, help: Self.help("mouse"))
    var mouse: Bool?

    @Option(name: .long, help: Self.help("escape_delay"))
    var escapeDelay: String?

    @Option(
        name: .long, help: Self.help("environment"),
        completion: .list(["development", "staging", "production"]))
    var environment: String?

    @Option(name: .long, help: Self.help("retention_days"))
    var retentionDays: String?

    @Option(name: .long, help: Self.help("max_concurrency"))
    var maxConcurrency: String?

    @Option(name: .long, help: Self.help("openai_base_url"))
    var openaiBaseUrl: String?

    @Option(name: .long, help: Self.help("openai_api_key"))
    var openaiApiKey: String?

    @Option(name: .long, help: Self.help("anthropic_base_url"))
    var anthropicBaseUrl: String?

    @Option(name: .long, help: Self.help("anthropic_api_key"))
    var anthropicApiKey: String?

    @Option(name: .long, help: Self.help("ai_model"))
    var aiModel: String?

    @Option(name: .long, help: Self.help("ai_script"), completion: .file())
    var aiScript: String?

    @Option(name: .long, help: Self.help("ai_prices"), completion: .file())
    var aiPrices: String?

    @Option(name: .long, help: Self.help("smtp_url"))
    var smtpUrl: String?

    @Option(name: .long, help: Self.help("mail_from"))
    var mailFrom: String?

    @Option(name: .long, help: Self.help("mail_outbox"), completion: .directory)
    var mailOutbox: String?

    @Option(name: .long, help: Self.help("allowed_hosts"))
    var allowedHosts: String?

    @Flag(name: .long, help: Self.help("environment_proxies"))
    var environmentProxies = false

    @Option(name: .long, help: Self.help("ca_file"), completion: .file())
    var caFile: String?

    @Option(
        name: .long, help: Self.help("log_level"),
        completion: .list(["debug", "info", "warning", "error"]))
    var logLevel: String?

    /// What was given, by key.
    var values: [String: String] {
        let texts: [(String, String?)] = [
            ("data_dir", dataDir), ("theme", theme), ("read_only", readOnly ? "true" : nil),
            ("ascii", ascii ? "true" : nil), ("mouse", mouse.map { $0 ? "true" : "false" }),
            ("escape_delay", escapeDelay), ("environment", environment),
            ("retention_days", retentionDays), ("max_concurrency", maxConcurrency),
            ("openai_base_url", openaiBaseUrl), ("openai_api_key", openaiApiKey),
            ("anthropic_base_url", anthropicBaseUrl), ("anthropic_api_key", anthropicApiKey),
            ("ai_model", aiModel), ("ai_script", aiScript), ("ai_prices", aiPrices),
            ("smtp_url", smtpUrl), ("mail_from", mailFrom), ("mail_outbox", mailOutbox),
            ("allowed_hosts", allowedHosts),
            ("environment_proxies", environmentProxies ? "true" : nil), ("ca_file", caFile),
            ("log_level", logLevel),
        ]
        return Dictionary(
            uniqueKeysWithValues: texts.compactMap { key, text in text.map { (key, $0) } })
    }

    private static func help(_ key: String) -> ArgumentHelp {
        guard let setting = Setting.all.first(where: { $0.key == key }) else { return "" }
        return ArgumentHelp("\(setting.summary). (default: \(setting.defaultText))")
    }
}
