import AuterityAPI
import AuterityClient
import Testing

@testable import auterity

/// What a command takes for the name of something.
@Suite(.timeLimit(.minutes(30))) struct ReferenceTests {
    private func fault(_ world: CommandWorld, _ words: [String]) async throws -> String {
        do {
            let result = try await world.run(words)
            Issue.record("\(words): \(result.text)")
            return ""
        } catch let error as ReferenceError {
            return error.description
        }
    }

    @Test(arguments: [["show"], ["cancel", "--yes"]])
    func aPartOfSeveralIdsListsThem(words: [String]) async throws {
        try await CommandWorld.with(remote: false) { world in
            let workflow = try await world.workflow(CommandWorld.approval)
            var ids: [String] = []
            for _ in 0..<3 {
                let call = ExecuteWorkflow(workflowID: workflow.id, executionMode: .async)
                guard case .accepted(let accepted) = try await world.client.send(call) else {
                    throw CommandWorld.NoCommand()
                }
                ids.append(accepted.executionID.description)
            }
            let part = zip(ids[0], ids[1]).prefix { $0 == $1 }.prefix(6).map { String($0.0) }
                .joined()
            let text = try await fault(world, ["execution"] + words + [part])
            for id in ids { #expect(text.contains("  \(id)  \(workflow.name)"), "\(text)") }
        }
    }

    @Test(arguments: [1, 7])
    func aFewLettersOfAnIdChangeNothing(count: Int) async throws {
        try await CommandWorld.with(remote: false) { world in
            let execution = try await world.execution(CommandWorld.approval, until: .waiting)
            let part = String(execution.prefix(count))
            let text = try await fault(world, ["execution", "cancel", part, "--yes"])
            #expect(text.hasPrefix("A change needs the execution's id, not \"\(part)\""))
            let shown = try await world.run(["execution", "show", part, "-o", "json"])
            #expect(shown.text.contains("waiting"), "\(shown.text)")
        }
    }

    /// What a table shows of an id where the room is short.
    @Test(arguments: [13, 18, 24])
    func theBeginningOfAnIdWillDo(count: Int) async throws {
        try await CommandWorld.with(remote: true) { world in
            let workflow = try await world.workflow()
            let shown = try await world.run(
                ["workflow", "show", String(workflow.id.description.prefix(count)), "-q"])
            #expect(shown.lines == [workflow.id.description])
            let execution = try await world.execution(CommandWorld.approval, until: .waiting)
            let found = try await world.run(
                ["execution", "show", String(execution.prefix(count)), "-q"])
            #expect(found.lines == [execution])
            let cancelled = try await world.run(
                ["execution", "cancel", String(execution.prefix(count)), "-q", "--yes"])
            #expect(cancelled.lines == [execution])
            let user = try await world.user()
            let who = try await world.run(
                ["user", "show", String(user.id.description.prefix(count)), "-q"])
            #expect(who.lines == [user.id.description])
        }
    }
}
