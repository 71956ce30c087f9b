extension Setting {
    /// Whom the console and the commands speak to.
    static let connection: [Setting] = [
        Setting(
            key: "server", kind: .text,
            summary: "The address of the server to speak to, such as https://auterity.example.com",
            defaultText: "that of the profile"),
        Setting(
            key: "profile", kind: .text,
            summary: "The profile to speak to: a server that has a name",
            defaultText: "none: the store of this machine"),
        Setting(
            key: "timeout", kind: .number(1...3600),
            summary: "Seconds that a server may say nothing while an answer is waited for",
            defaultText: "30"),
        Setting(
            key: "token", kind: .text,
            summary: "A token to use instead of those that auterity login keeps, for scripts",
            defaultText: "none", isSecret: true, hasFlag: false),
        Setting(
            key: "read_only", kind: .toggle,
            summary: "Change nothing: the console offers only what reads, and commands that would "
                + "change something are refused",
            defaultText: "that of the profile, else false"),
    ]
}
