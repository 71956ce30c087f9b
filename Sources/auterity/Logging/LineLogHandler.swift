import AuterityAPI
import AuterityEngine
import Glibc
import Logging

/// Writes each entry as one line to standard error, in one call, so that lines never mix. Text
/// from outside cannot end the line or reach a terminal as more than text.
struct LineLogHandler: LogHandler {
    enum Format: Sendable {
        case text, json
    }

    let label: String
    let format: Format
    let secrets: SecretTexts
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let now: @Sendable () -> Timestamp
    private let write: @Sendable (String) -> Void

    init(
        label: String, level: Logger.Level, format: Format, secrets: SecretTexts,
        now: @escaping @Sendable () -> Timestamp = EngineClock.system.now,
        write: @escaping @Sendable (String) -> Void = LineLogHandler.writeToStandardError
    ) {
        self.label = label
        self.format = format
        self.secrets = secrets
        self.now = now
        self.write = write
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let given = event.metadata { fields.merge(given) { $1 } }
        if let error = event.error { fields["error"] = "\(error)" }
        let pairs = fields.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let message = event.message.description
        let line =
            switch format {
            case .text: text(event.level, message, pairs)
            case .json: json(event.level, message, pairs)
            }
        write(secrets.hidden(in: line) + "\n")
    }

    private func text(
        _ level: Logger.Level, _ message: String, _ pairs: [(String, String)]
    ) -> String {
        var line = "\(now()) \(level.rawValue) \(label): " + PlainText.escaped(message)
        for (key, value) in pairs {
            let shown = PlainText.escaped(value)
            let isWord = !shown.isEmpty && !shown.contains { $0 == " " || $0 == "\"" }
            line += " \(PlainText.escaped(key))=" + (isWord ? shown : "\"\(shown)\"")
        }
        return line
    }

    private func json(
        _ level: Logger.Level, _ message: String, _ pairs: [(String, String)]
    ) -> String {
        var entry: JSONObject = [
            "timestamp": .string("\(now())"), "level": .string(level.rawValue),
            "logger": .string(label), "message": .string(PlainText.escaped(message)),
        ]
        for (key, value) in pairs where entry[key] == nil {
            entry[key] = .string(PlainText.escaped(value))
        }
        return JSONValue.object(entry).jsonText
    }

    private static func writeToStandardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
                // There is nowhere to complain to.
                guard count > 0 || errno == EINTR else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
            }
        }
    }
}

/// Text that is one line, and nothing but text, wherever it is shown.
enum PlainText {
    /// Control characters, line separators and what changes the direction of writing are written
    /// as `\u{…}`; a line's end as `\n`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case let scalar where isHarmful(scalar):
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0x200E,
            0x200F, 0x061C:
            true
        default: false
        }
    }
}
