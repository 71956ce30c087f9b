import ArgumentParser

/// How the console looks and behaves.
struct ConsoleFlags: ParsableArguments {
    @Option(
        name: .long, help: Setting.help("theme"), completion: CompletionNames.themes.kind)
    var theme: String?

    @Flag(name: .long, help: Setting.help("ascii"))
    var ascii = false

    @Flag(name: .long, inversion: .prefixedNo, help: Setting.help("mouse"))
    var mouse: Bool?

    @Option(name: .long, help: Setting.help("escape_delay"))
    var escapeDelay: String?

    /// What was given, by key.
    var values: [(String, String?)] {
        [
            ("theme", theme),
            ("ascii", ascii ? "true" : nil),
            ("mouse", mouse.map { String($0) }),
            ("escape_delay", escapeDelay),
        ]
    }
}
