import AuterityAPI

extension Setting {
    /// What the engine does, in the console and in the server.
    static let engine: [Setting] = [
        Setting(
            key: "retention_days", kind: .number(0...36_500),
            summary: "Days after which finished executions are deleted; 0 keeps them for ever",
            defaultText: "90"),
        Setting(
            key: "execution_log", kind: .choice(LogLevel.allCases.map(\.rawValue) + ["off"]),
            summary: "What executions write into their log of themselves: error for failures, "
                + "warning for attempts that failed too, info for starts and ends too, debug "
                + "for every step, off for the lines of log steps alone",
            defaultText: "warning"),
        Setting(
            key: "max_concurrency", kind: .number(1...10_000),
            summary: "How many steps with a side effect run at a time", defaultText: "256"),
        Setting(
            key: "openai_base_url", kind: .text,
            summary: "Any endpoint that speaks OpenAI's API, up to and with its /v1",
            defaultText: "https://api.openai.com/v1"),
        Setting(
            key: "openai_api_key", kind: .text, summary: "The key for it", defaultText: "none",
            isSecret: true),
        Setting(
            key: "anthropic_base_url", kind: .text, summary: "An endpoint of Anthropic's API",
            defaultText: "https://api.anthropic.com"),
        Setting(
            key: "anthropic_api_key", kind: .text, summary: "The key for it", defaultText: "none",
            isSecret: true),
        Setting(
            key: "ai_model", kind: .text, summary: "What the model auto means: provider/model",
            defaultText: "the first provider with a key"),
        Setting(
            key: "ai_script", kind: .path,
            summary: "A JSON file of canned answers, for trying out: the provider scripted",
            defaultText: "none"),
        Setting(
            key: "ai_prices", kind: .path,
            summary: "A JSON file of prices that go before the built-in ones", defaultText: "none"),
        Setting(
            key: "smtp_url", kind: .text,
            summary: "The mail server: smtp://user:password@host:587 or smtps://…",
            defaultText: "none", isSecret: true),
        Setting(
            key: "mail_from", kind: .text, summary: "The sender of messages",
            defaultText: "none"),
        Setting(
            key: "mail_outbox", kind: .path,
            summary: "A directory that takes messages as .eml files instead of sending them",
            defaultText: "none"),
        Setting(
            key: "allowed_hosts", kind: .text,
            summary: "Hosts and networks that definitions may reach though the guard would refuse",
            defaultText: "none"),
        Setting(
            key: "environment_proxies", kind: .toggle,
            summary: "Send outgoing requests through the proxies that http_proxy and its like name",
            defaultText: "false"),
        Setting(
            key: "ca_file", kind: .path,
            summary: "Certificates (PEM) to trust instead of the system's", defaultText: "none"),
        Setting(
            key: "webhook_secret", kind: .text,
            summary: "Signs webhooks: whsec_ and base64",
            defaultText: "made at the first start and kept in the data directory", isSecret: true),
        Setting(
            key: "ai_calls_per_minute", kind: .number(1...1_000_000),
            summary: "Calls of ai steps a minute for the owner of a workflow; more of "
                + "them wait",
            defaultText: "20"),
        Setting(
            key: "ai_daily_budget", kind: .number(0...1_000_000),
            summary: "US dollars a day that ai steps may cost before an alert is raised; "
                + "0 for no alert",
            defaultText: "0"),
        Setting(
            key: "alert_ai_budget", kind: .number(1...100),
            summary: "Per cent of that budget from which the alert is raised",
            defaultText: "80"),
        Setting(
            key: "alert_error_rate", kind: .number(0...100),
            summary: "Per cent of the executions of five minutes that may fail before an "
                + "alert is raised",
            defaultText: "5"),
        Setting(
            key: "alert_response_time", kind: .number(1...3_600_000),
            summary: "Milliseconds that calls may take on average before an alert is "
                + "raised",
            defaultText: "2000"),
        Setting(
            key: "alert_cpu", kind: .number(1...100),
            summary: "Per cent of the processors before an alert is raised",
            defaultText: "80"),
        Setting(
            key: "alert_memory", kind: .number(1...100),
            summary: "Per cent of the memory before an alert is raised",
            defaultText: "85"),
        Setting(
            key: "alert_disk", kind: .number(1...100),
            summary: "Per cent of the disk before an alert is raised",
            defaultText: "80"),
        Setting(
            key: "max_pending", kind: .number(1...10_000_000),
            summary: "Accepted executions that may wait for their turn; a call beyond "
                + "gets 503",
            defaultText: "100000"),
        Setting(
            key: "event_backlog", kind: .number(16...1_000_000),
            summary: "Events that a reader in the same process may lag behind before it "
                + "must read everything again",
            defaultText: "4096"),
    ]
}
