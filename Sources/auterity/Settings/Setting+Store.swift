extension Setting {
    /// What every command needs to know.
    static let store: [Setting] = [
        Setting(
            key: "data_dir", kind: .path, summary: "Where the database and its keys are kept",
            defaultText: "$XDG_DATA_HOME/auterity, else ~/.local/share/auterity"),
        Setting(
            key: "environment", kind: .choice(["development", "staging", "production"]),
            summary: "development, staging or production: stands in the health report, and a "
                + "server outside of development does not send passwords readable",
            defaultText: "development"),
        Setting(
            key: "log_level", kind: .choice(["debug", "info", "warning", "error"]),
            summary: "debug, info, warning or error: how much goes into the log",
            defaultText: "info"),
        Setting(
            key: "log_format", kind: .choice(["text", "json"]),
            summary: "text or json: how a line of the log is written",
            defaultText: "text"),
    ]
}
