import AuterityAPI
import Testing

@testable import AuterityEngine

/// A crash at any point between an execution and those that it starts.
@Suite(.timeLimit(.minutes(30)))
struct FamilyRecoveryTests {
    @Test func whatAChildDidBeforeTheCrashIsNotDoneAgain() async throws {
        let first = try await TestEngine.open()
        let inner = try await first.workflow(RunnerTests.chain(["family-a", "family-b"]))
        let id = try await first.start(try await first.workflow(FamilyTest.calling(inner)))
        Gate.named("family-a").open()
        await Gate.named("family-b").arrivals(1)
        await first.engine.abandon()
        Gate.named("family-b").open()
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        #expect(try await second.finished(id).status == .completed)
        #expect(try await second.children(of: id).count == 1)
        #expect(Gate.named("family-a").attempts.count == 1)
        #expect(Set(Gate.named("family-b").attempts.map(\.key)).count == 1)
        await second.engine.close()
    }

    /// The process ends as soon as an event of that kind is known: before, while or after the
    /// other execution hears of it, as it happens.
    @Test(arguments: 0..<24)
    func aCrashRightAfterAnyChangeLosesNothing(number: Int) async throws {
        var test = try await TestEngine.open(seed: UInt64(number) + 1)
        let leaf = try await test.workflow(FamilyTest.doubling)
        let middle = try await test.workflow(
            FamilyTest.mapping(leaf, ["max_parallel": 2, "output_key": "m"]))
        let outer = try await test.workflow(
            FamilyTest.calling(middle, ["input": ["items": "{{input.items}}"]]))
        let items: JSONValue = .array((1...6).map { ["n": .int($0)] })
        let events = test.engine.events(after: nil, as: TestEngine.admin)
        let id = try await test.start(outer, ["items": items])
        var seen = 0
        for await _ in events {
            seen += 1
            if seen > 2 * number { break }
            if try await test.execution(id).status.isFinished { break }
        }
        await test.engine.abandon()
        test = try await TestEngine.open(
            in: test.directory, clock: test.clock, seed: UInt64(number) + 1000)
        let ended = try await test.finished(id)
        #expect(ended.status == .completed)
        let results = ended.steps[1].output?["m"] ?? ended.steps[1].output
        #expect(
            results?["results"] == .array((1...6).map { ["twice": .int($0 * 2)] }))
        let child = try await test.children(of: id)
        #expect(child.count == 1)
        #expect(try await test.children(of: child[0].id).count == 6)
        #expect(try await test.send(ListExecutions(pageSize: 1)).total == 8)
        #expect(try await test.hasNoOpenEnds())
        try await Self.checkJournals(test)
        await test.engine.close()
    }

    /// Every execution ends once, and every step completes once.
    static func checkJournals(_ test: TestEngine) async throws {
        let twice = try await test.engine.core.session.store.read { connection in
            try connection.number(
                """
                SELECT count(*) FROM (SELECT 1 FROM execution_journal
                    WHERE kind IN ('execution_completed', 'execution_failed', 'step_completed')
                    GROUP BY execution_id, kind, step_id HAVING count(*) > 1)
                """)
        }
        #expect(twice == 0)
    }

    @Test func itemsThatAreDoneAreNotDoneAgain() async throws {
        let first = try await TestEngine.open()
        Gate.named("family-item-0").open()
        Gate.named("family-item-2").open()
        let workflow = try await first.workflow(
            FamilyTest.each("gate", ["gate": "family-item-{{index}}"]))
        let id = try await first.start(workflow, ["items": [1, 2, 3]])
        await Gate.named("family-item-1").arrivals(1)
        try await first.journal(of: id) { entries in
            entries.reduce(0) { $0 + ($1.data["done"]?.arrayValue?.count ?? 0) } == 2
        }
        await first.engine.abandon()
        Gate.named("family-item-1").open()
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        let ended = try await second.finished(id)
        #expect(ended.steps[1].output?["results"]?.arrayValue?.count == 3)
        #expect(Gate.named("family-item-0").attempts.count == 1)
        #expect(Gate.named("family-item-2").attempts.count == 1)
        let keys = Gate.named("family-item-1").attempts.map(\.key)
        #expect(keys == ["\(id):step:1[1]", "\(id):step:1[1]"])
        await second.engine.close()
    }

    @Test func anItemThatWaitsForItsNextAttemptIsNoDeath() async throws {
        var test = try await TestEngine.open()
        let gate = Gate.named("family-delay")
        gate.open([.failed(StepFailure("BUSY", "It was busy", isRetryable: true))])
        let workflow = try await test.workflow(
            FamilyTest.each(
                "gate",
                [
                    "gate": "family-delay",
                    "retry": ["max_attempts": 2, "initial_interval": 3600],
                ]))
        let id = try await test.start(workflow, ["items": [1]])
        try await test.journal(of: id) { $0.contains { $0.data["postponed"] != nil } }
        for round in 1...4 {
            await test.engine.close()
            test = try await TestEngine.open(
                in: test.directory, clock: test.clock, seed: UInt64(round) + 30)
            try await test.journal(of: id) { entries in
                entries.count { $0.kind == .stepStarted } == 1 + round
            }
        }
        #expect(gate.attempts.count == 1)
        test.clock.advance(seconds: 5000)
        #expect(try await test.finished(id).status == .completed)
        #expect(gate.attempts.map(\.attempt) == [1, 2])
        await test.engine.close()
    }

    @Test(
        arguments: [
            """
            UPDATE workflow_executions SET status = 'cancelled', completed_at = 1
            WHERE parent_execution IS NULL
            """,
            """
            INSERT INTO execution_journal (seq, execution_id, epoch, kind, step_id, attempt, at, data)
            SELECT 1 + (SELECT max(seq) FROM execution_journal), id, 1, 'step_failed', 'step', 1, 1,
                '{"error": {"code": "X", "message": "x"}, "handled": "continue"}'
            FROM workflow_executions WHERE parent_execution IS NULL
            """,
        ] as [SQLText])
    func whatNobodyWaitsForAnyMoreIsCancelledAtTheOpening(change: SQLText) async throws {
        let first = try await TestEngine.open()
        let inner = try await first.workflow(FamilyTest.gate("family-orphan"))
        let id = try await first.start(try await first.workflow(FamilyTest.calling(inner)))
        _ = try await first.execution(id) { $0.status == .waiting }
        let child = try #require(try await first.children(of: id).first)
        // As if the process had ended before the child was told.
        try await first.engine.core.session.writer.perform { context in
            _ = try context.run(change)
        }
        await first.engine.abandon()
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        #expect(try await second.finished(child.id).status == .cancelled)
        await second.engine.close()
    }

    @Test func anEndThatNobodyTookInYetIsNotPruned() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.doubling)
        let done = try await test.finished(try await test.start(inner, ["n": 1]))
        let writer = try test.engine.core.session.writer
        try await writer.perform { context in
            _ = try context.run(
                """
                INSERT INTO child_ends (parent, child_id)
                SELECT 'somebody', id FROM workflow_executions
                """)
        }
        for choice in [Pruning.Choice.oldest, .endedBefore(test.clock.now.adding(seconds: 9))] {
            let slice = try await writer.perform { try Pruning.slice(choice, in: $0) }
            #expect(slice.executions == 0)
            #expect(slice.isLast)
        }
        try await writer.perform { context in _ = try context.run("DELETE FROM child_ends") }
        #expect(try await writer.perform { try Pruning.slice(.oldest, in: $0) }.executions == 1)
        await #expect(throws: APIError.self) { try await test.execution(done.id) }
        await test.engine.close()
    }
}
