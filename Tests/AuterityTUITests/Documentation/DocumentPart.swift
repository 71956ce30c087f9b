import Foundation
import Testing

/// What a document says between two marks, held to what the program makes of it.
/// `AUTERITY_RECORD=1` writes it again, and fails, so that somebody looks.
func expectPart(
    of document: String, named mark: String, toBe made: String,
    location: SourceLocation = #_sourceLocation
) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: document)
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- \(mark) -->\n")).upperBound
    let end = try #require(text.range(of: "<!-- end of \(mark) -->")).lowerBound
    if ProcessInfo.processInfo.environment["AUTERITY_RECORD"] == "1" {
        let renewed = text.replacingCharacters(in: start..<end, with: made + "\n")
        try renewed.write(to: file, atomically: true, encoding: .utf8)
        Issue.record(
            "recorded \(mark) in \(document) again; look at the difference",
            sourceLocation: location)
    }
    #expect(text[start..<end] == made + "\n", sourceLocation: location)
}
