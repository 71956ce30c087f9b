import Foundation
import Testing

/// The README's lines do what it says.
@Suite(.timeLimit(.minutes(30))) struct ReadmeTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "README.md")

    @Test func itsLinesGoFromRegisteringToAFinishedExecution() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- serve -->\n```sh\n")).upperBound
        let end = try #require(text.range(of: "```\n<!-- end of serve -->")).lowerBound
        let lines = String(text[start..<end])
        #expect(lines.contains("localhost:8000"))
        let server = try ServerProcess()
        let script = lines.replacing("localhost:8000", with: "localhost:\(server.port)")
        let result = try Subprocess.run("sh", ["-eu", "-c", script])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"roles\":[\"user\"]"), "\(result.output)")
        #expect(result.output.contains("\"status\":\"completed\""), "\(result.output)")
        #expect(result.output.contains("\"output_data\":{\"greeting\":\"Hello, World\"}"))
    }
}
