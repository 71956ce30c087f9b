/// One setting: its flag, its environment variable and its key in the configuration file all
/// come from its name.
struct Setting: Sendable {
    /// What a value must look like.
    enum Kind: Sendable {
        case text
        case path
        /// `true` or `false`; as a flag it stands alone.
        case toggle
        case number(ClosedRange<Double>)
    }

    /// As in the configuration file: `data_dir`.
    let key: String
    let kind: Kind
    /// One sentence, with the unit of a number.
    let summary: String
    /// What holds when nothing is set, for the manual.
    let defaultText: String
    /// Never shown and never logged.
    var isSecret = false

    var flag: String { "--" + key.replacing("_", with: "-") }
    var environmentVariable: String { "AUTERITY_" + key.uppercased() }

    /// The list of all settings.
    static let all: [Setting] = [
        Setting(
            key: "data_dir", kind: .path, summary: "Where the database and its keys are kept",
            defaultText: "$XDG_DATA_HOME/auterity, else ~/.local/share/auterity"),
        Setting(
            key: "theme", kind: .text, summary: "The theme of the console, or the path of a file",
            defaultText: "midnight"),
        Setting(
            key: "read_only", kind: .toggle,
            summary: "Take every action that changes something away from the console",
            defaultText: "false"),
        Setting(
            key: "ascii", kind: .toggle, summary: "Draw with ASCII characters only",
            defaultText: "by the locale"),
        Setting(
            key: "mouse", kind: .toggle,
            summary: "Let the console take the mouse; --no-mouse leaves it to the terminal",
            defaultText: "true"),
        Setting(
            key: "escape_delay", kind: .number(0...1000),
            summary: "Milliseconds to wait whether Esc begins a longer key",
            defaultText: "25, over SSH 50"),
        Setting(
            key: "environment", kind: .text,
            summary: "development, staging or production: named in the health report",
            defaultText: "development"),
        Setting(
            key: "retention_days", kind: .number(0...36_500),
            summary: "Days after which finished executions are deleted; 0 keeps them for ever",
            defaultText: "90"),
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
            key: "log_level", kind: .text,
            summary: "debug, info, warning or error: what goes into auterity.log",
            defaultText: "info"),
    ]
}
