import AuterityEngine
import Foundation
import Testing

/// The manual's reference of node types is made from their list. `AUTERITY_RECORD=1` writes it
/// again, and fails, so that somebody looks.
@Suite struct NodeReferenceTests {
    @Test func theManualIsUpToDate() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/definitions.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- nodes -->\n")).upperBound
        let end = try #require(text.range(of: "\n<!-- end of nodes -->")).lowerBound
        if ProcessInfo.processInfo.environment["AUTERITY_RECORD"] == "1" {
            let renewed = text.replacingCharacters(in: start..<end, with: NodeReference.markdown)
            try renewed.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent) again; look at the difference")
        }
        #expect(text[start..<end] == NodeReference.markdown)
    }
}
