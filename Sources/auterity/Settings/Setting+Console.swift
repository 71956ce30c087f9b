extension Setting {
    /// How the console looks and behaves.
    static let console: [Setting] = [
        Setting(
            key: "theme", kind: .text, summary: "The theme of the console, or the path of a file",
            defaultText: "midnight"),
        Setting(
            key: "ascii", kind: .toggle, summary: "Draw with ASCII characters only",
            defaultText: "by the locale"),
        Setting(
            key: "mouse", kind: .toggle,
            summary: "Let the console take the mouse; --no-mouse leaves it to the terminal",
            defaultText: "true", isOnAtFirst: true),
        Setting(
            key: "escape_delay", kind: .number(0...1000),
            summary: "Milliseconds to wait whether Esc begins a longer key",
            defaultText: "25, over SSH 50"),
    ]
}
