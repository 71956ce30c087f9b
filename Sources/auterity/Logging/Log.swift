import Logging

/// The program's log: a line an entry, to standard error.
enum Log {
    /// Everything that is logged from here on goes through `LineLogHandler`.
    ///
    /// - Parameter level: That of the settings when `nil`.
    static func start(_ settings: Settings, level: Logger.Level? = nil) {
        let level = level ?? Logger.Level(rawValue: settings.logLevel) ?? .info
        let format: LineLogHandler.Format = settings.logsJSON ? .json : .text
        let secrets = SecretTexts(settings.secretTexts)
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, level: level, format: format, secrets: secrets)
        }
    }
}

/// Texts that no line may show.
struct SecretTexts: Sendable {
    private let texts: [String]

    /// Characters; shorter texts stand in harmless lines too.
    private static let shortest = 6

    init(_ texts: [String]) {
        // The longest first: one may be part of another.
        self.texts = texts.filter { $0.count >= Self.shortest }.sorted { $0.count > $1.count }
    }

    func hidden(in line: String) -> String {
        texts.reduce(line) { line, text in
            line.contains(text) ? line.replacing(text, with: "[redacted]") : line
        }
    }
}
