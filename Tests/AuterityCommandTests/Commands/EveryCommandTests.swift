import AuterityAPI
import Foundation
import Testing
import Yams

@testable import auterity

/// Every command that there is, in every format, on the engine and on a server. The commands are
/// taken from their declarations: one without a case here fails.
@Suite(.timeLimit(.minutes(30))) struct EveryCommandTests {
    @Test func everyCommandIsRunByATest() throws {
        let commands = Set(try CommandDescription.root().leaves.map(\.name))
        let tested = Set(CommandCase.all.keys).union(CommandCase.processes)
        #expect(commands.subtracting(tested).isEmpty, "without a test")
        #expect(tested.subtracting(commands).isEmpty, "no commands any more")
        #expect(Set(CommandCase.all.keys).isDisjoint(with: CommandCase.processes))
    }

    @Test(arguments: [false, true])
    func everyCommandPrintsEveryFormat(remote: Bool) async throws {
        try await CommandWorld.with(remote: remote) { world in
            let cases = CommandCase.all.filter { remote || !$0.value.needsServer }
            // What ends the session comes last.
            let last = "auterity logout"
            let names = cases.keys.sorted { ($0 == last ? 1 : 0, $0) < ($1 == last ? 1 : 0, $1) }
            for name in names {
                for format in OutputFormat.allCases { try await run(name, format, world) }
            }
        }
    }

    private func run(_ name: String, _ format: OutputFormat, _ world: CommandWorld) async throws {
        let known = try #require(CommandCase.all[name])
        let words =
            name.split(separator: " ").dropFirst().map(String.init)
            + ["-o", format.rawValue]
        let what = Comment(rawValue: words.joined(separator: " "))
        do {
            let words = words + (try await known.prepare(world))
            let result = try await world.run(words, input: known.input)
            #expect(result.status == known.status, what)
            try check(result, format, known, what)
        } catch {
            Issue.record("\(what): \(error)")
        }
    }

    private func check(
        _ result: CommandWorld.Result, _ format: OutputFormat, _ known: CommandCase,
        _ what: Comment
    ) throws {
        switch format {
        // What is only said to people goes to standard error.
        case .table, .wide: break
        case .json:
            _ = try JSONValue(parsing: Array(result.text.utf8))
        case .ndjson:
            #expect(!result.lines.isEmpty, what)
            for line in result.lines {
                #expect(!line.contains("\n"), what)
                _ = try JSONValue(parsing: Array(line.utf8))
            }
        case .yaml:
            let node = try Yams.compose(yaml: result.text)
            let value = try FileInput.json(try #require(node, what))
            #expect(!value.isNull && value.stringValue == nil, what)
        case .name:
            #expect(!result.lines.isEmpty, what)
            guard known.hasPlainNames else { return }
            let isPlain = result.lines.allSatisfy { line in !line.contains { $0.isWhitespace } }
            #expect(isPlain, what)
        }
    }
}
