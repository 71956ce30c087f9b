import ArgumentParser

/// What the engine does.
struct EngineFlags: ParsableArguments {
    @Option(name: .long, help: Setting.help("retention_days"))
    var retentionDays: String?

    @Option(name: .long, help: Setting.help("execution_log"))
    var executionLog: String?

    @Option(name: .long, help: Setting.help("max_concurrency"))
    var maxConcurrency: String?

    @Option(name: .long, help: Setting.help("openai_base_url"))
    var openaiBaseUrl: String?

    @Option(name: .long, help: Setting.help("openai_api_key"))
    var openaiApiKey: String?

    @Option(name: .long, help: Setting.help("anthropic_base_url"))
    var anthropicBaseUrl: String?

    @Option(name: .long, help: Setting.help("anthropic_api_key"))
    var anthropicApiKey: String?

    @Option(name: .long, help: Setting.help("ai_model"))
    var aiModel: String?

    @Option(name: .long, help: Setting.help("ai_script"), completion: .file())
    var aiScript: String?

    @Option(name: .long, help: Setting.help("ai_prices"), completion: .file())
    var aiPrices: String?

    @Option(name: .long, help: Setting.help("smtp_url"))
    var smtpUrl: String?

    @Option(name: .long, help: Setting.help("mail_from"))
    var mailFrom: String?

    @Option(name: .long, help: Setting.help("mail_outbox"), completion: .directory)
    var mailOutbox: String?

    @Option(name: .long, help: Setting.help("allowed_hosts"))
    var allowedHosts: String?

    @Flag(name: .long, help: Setting.help("environment_proxies"))
    var environmentProxies = false

    @Option(name: .long, help: Setting.help("ca_file"), completion: .file())
    var caFile: String?

    @Option(name: .long, help: Setting.help("webhook_secret"))
    var webhookSecret: String?

    @Option(name: .long, help: Setting.help("ai_calls_per_minute"))
    var aiCallsPerMinute: String?

    @Option(name: .long, help: Setting.help("ai_daily_budget"))
    var aiDailyBudget: String?

    @Option(name: .long, help: Setting.help("alert_ai_budget"))
    var alertAiBudget: String?

    @Option(name: .long, help: Setting.help("alert_error_rate"))
    var alertErrorRate: String?

    @Option(name: .long, help: Setting.help("alert_response_time"))
    var alertResponseTime: String?

    @Option(name: .long, help: Setting.help("alert_cpu"))
    var alertCpu: String?

    @Option(name: .long, help: Setting.help("alert_memory"))
    var alertMemory: String?

    @Option(name: .long, help: Setting.help("alert_disk"))
    var alertDisk: String?

    @Option(name: .long, help: Setting.help("max_pending"))
    var maxPending: String?

    @Option(name: .long, help: Setting.help("event_backlog"))
    var eventBacklog: String?

    /// What was given, by key.
    var values: [(String, String?)] {
        [
            ("retention_days", retentionDays),
            ("execution_log", executionLog),
            ("max_concurrency", maxConcurrency),
            ("openai_base_url", openaiBaseUrl),
            ("openai_api_key", openaiApiKey),
            ("anthropic_base_url", anthropicBaseUrl),
            ("anthropic_api_key", anthropicApiKey),
            ("ai_model", aiModel),
            ("ai_script", aiScript),
            ("ai_prices", aiPrices),
            ("smtp_url", smtpUrl),
            ("mail_from", mailFrom),
            ("mail_outbox", mailOutbox),
            ("allowed_hosts", allowedHosts),
            ("environment_proxies", environmentProxies ? "true" : nil),
            ("ca_file", caFile),
            ("webhook_secret", webhookSecret),
            ("ai_calls_per_minute", aiCallsPerMinute),
            ("ai_daily_budget", aiDailyBudget),
            ("alert_ai_budget", alertAiBudget),
            ("alert_error_rate", alertErrorRate),
            ("alert_response_time", alertResponseTime),
            ("alert_cpu", alertCpu),
            ("alert_memory", alertMemory),
            ("alert_disk", alertDisk),
            ("max_pending", maxPending),
            ("event_backlog", eventBacklog),
        ]
    }
}
