import Foundation
import Testing

/// The server against its own OpenAPI document: `scripts/api-fuzz` validates the document, calls
/// everything that it describes with good and with bad data, and holds the answers against it.
@Suite struct SchemathesisTests {
    @Test(.timeLimit(.minutes(30)))
    func theServerKeepsToItsDocument() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "scripts/api-fuzz").path
        let result = try Subprocess.run(script, [Subprocess.auterity])
        let report = (result.output + result.errors).suffix(20_000)
        #expect(result.status == 0, "\(report)")
        // A run that called nothing has shown nothing.
        #expect(result.output.contains("api-fuzz: the document is valid"), "\(report)")
    }
}
