import AuterityAPI
import Logging
import Synchronization
import Testing

@testable import auterity

@Suite struct LogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        func append(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func lines(
        _ format: LineLogHandler.Format, secrets: [String] = [], _ body: (Logger) -> Void
    ) -> [String] {
        let lines = Lines()
        let logger = Logger(label: "test") { label in
            LineLogHandler(
                label: label, level: .info, format: format, secrets: SecretTexts(secrets),
                now: { Timestamp(milliseconds: 0) }, write: { lines.append($0) })
        }
        body(logger)
        return lines.all
    }

    @Test func anEntryIsOneLineOfText() {
        let lines = lines(.text) { logger in
            logger.info("request", metadata: ["status": "200", "name": "two words"])
            logger.debug("below the level")
        }
        #expect(
            lines == ["1970-01-01T00:00:00Z info test: request name=\"two words\" status=200\n"])
    }

    @Test func whatComesFromOutsideStaysInItsLine() {
        let hostile = "a\nfake line\r\u{1B}[2J\u{202E}\u{85}"
        for format in [LineLogHandler.Format.text, .json] {
            let lines = lines(format) { $0.error("\(hostile)", metadata: ["key": "\(hostile)"]) }
            #expect(lines.count == 1)
            #expect(lines[0].split(separator: "\n").count == 1)
            for scalar in ["\u{1B}", "\u{202E}", "\r", "\u{85}"] {
                #expect(!lines[0].unicodeScalars.contains(Unicode.Scalar(scalar) ?? "x"))
            }
        }
    }

    @Test func anEntryIsAnObjectOfJSON() throws {
        let lines = lines(.json) { $0.warning("it \"failed\"", metadata: ["level": "mine"]) }
        let entry = try JSONValue(parsing: Array(lines[0].utf8))
        #expect(entry["level"]?.stringValue == "warning")
        #expect(entry["message"]?.stringValue == "it \"failed\"")
        #expect(entry["timestamp"]?.stringValue == "1970-01-01T00:00:00Z")
    }

    @Test func theValuesOfSecretSettingsAreNotShown() {
        let lines = lines(.text, secrets: ["hunter22", "ab"]) { logger in
            logger.info("with hunter22 and ab", metadata: ["key": "xhunter22x"])
        }
        #expect(!lines[0].contains("hunter22"))
        #expect(lines[0].contains("[redacted]"))
        #expect(lines[0].contains("and ab"))
    }
}
