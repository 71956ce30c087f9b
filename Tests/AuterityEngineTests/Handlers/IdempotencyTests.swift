import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct IdempotencyTests {
    private func call(
        _ workflow: WorkflowID, _ input: JSONObject = ["n": 1, "m": 2],
        mode: ExecuteWorkflow.Mode? = nil, timeout: Double? = nil
    ) -> ExecuteWorkflow {
        ExecuteWorkflow(
            workflowID: workflow, inputData: input, executionMode: mode, syncTimeout: timeout,
            idempotencyKey: "once")
    }

    private func accepted(_ outcome: ExecutionOutcome) throws -> ExecutionAccepted {
        guard case .accepted(let accepted) = outcome else { throw NotAccepted() }
        return accepted
    }

    private struct NotAccepted: Error {}

    /// Whether a repeat says the same, and that it does.
    private func expectRepeat(_ outcome: ExecutionOutcome, of first: ExecutionOutcome) throws {
        #expect(!first.isReplayed)
        #expect(outcome.isReplayed)
        #expect(ExecuteWorkflow.headers(of: first) == [:])
        #expect(ExecuteWorkflow.headers(of: outcome) == ["Idempotency-Replayed": "true"])
        #expect(ExecuteWorkflow.status(of: outcome) == ExecuteWorkflow.status(of: first))
        let bodies = try [outcome, first].map { try JSONValue(encoding: $0).jsonBytes }
        #expect(bodies[0] == bodies[1])
    }

    @Test func aRepeatIsAnsweredAlikeWhateverHappenedSince() async throws {
        let first = try await TestEngine.open { $0.limits.concurrentExecutions = 1 }
        let workflow = try await first.workflow(RunnerTests.chain(["idempotent"]))
        let other = try await first.start(workflow)
        await Gate.named("idempotent").arrivals(1)
        let answer = try await first.send(call(workflow))
        #expect(try accepted(answer).status == .pending)
        try expectRepeat(try await first.send(call(workflow)), of: answer)
        Gate.named("idempotent").open()
        _ = try await first.finished(other)
        _ = try await first.finished(answer.executionID)
        first.clock.advance(seconds: 3600)
        try expectRepeat(try await first.send(call(workflow)), of: answer)
        _ = try await first.send(UpdateWorkflow(workflowID: workflow, isActive: false))
        try expectRepeat(try await first.send(call(workflow)), of: answer)
        await first.engine.abandon()

        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        try expectRepeat(try await second.send(call(workflow)), of: answer)
        _ = try await second.send(DeleteWorkflow(workflowID: workflow))
        try expectRepeat(try await second.send(call(workflow)), of: answer)
        await second.engine.close()
    }

    @Test func aRunningAnswerStaysRunning() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        let answer = try await test.send(call(workflow))
        #expect(try accepted(answer).status == .running)
        test.clock.advance(seconds: 60)
        try expectRepeat(try await test.send(call(workflow)), of: answer)
        await test.engine.close()
    }

    @Test func theOrderOfMembersIsNoOtherBody() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        let first = try await test.send(call(workflow, ["a": ["x": 1, "y": 2], "b": 3]))
        let second = try await test.send(call(workflow, ["b": 3, "a": ["y": 2, "x": 1]]))
        #expect(first.executionID == second.executionID)
        do {
            _ = try await test.send(call(workflow, ["b": 3, "a": ["y": 2, "x": 2]]))
            Issue.record("another body was taken")
        } catch {
            #expect(error.code == .conflict)
        }
        await test.engine.close()
    }

    @Test func aSynchronousRepeatAnswersTheEnd() async throws {
        let test = try await TestEngine.open()
        Gate.named("idempotent-sync").open()
        let workflow = try await test.workflow(RunnerTests.chain(["idempotent-sync"]))
        let answer = try await test.send(call(workflow, mode: .sync))
        #expect(ExecuteWorkflow.status(of: answer) == 200)
        test.clock.advance(seconds: 60)
        try expectRepeat(try await test.send(call(workflow, mode: .sync)), of: answer)
        await test.engine.close()
    }

    @Test func aSynchronousRepeatWaitsForTheEnd() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(RunnerTests.chain(["idempotent-wait"]))
        let first = call(workflow, mode: .sync, timeout: 0)
        let answer = try await test.send(first)
        let pending = try accepted(answer)
        #expect(ExecuteWorkflow.status(of: answer) == 202)
        async let waiting = test.send(first)
        _ = try await waiting
        Gate.named("idempotent-wait").open()
        _ = try await test.finished(pending.executionID)
        let ended = try await test.send(first)
        #expect(ended.isReplayed)
        #expect(ExecuteWorkflow.status(of: ended) == 200)
        #expect(ended.executionID == pending.executionID)
        await test.engine.close()
    }

    @Test func equalCallsAtTheSameMomentAreOneExecution() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        let same = call(workflow)
        let outcomes = try await withThrowingTaskGroup(of: ExecutionOutcome.self) { group in
            for _ in 0..<20 { group.addTask { try await test.send(same) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(outcomes.map(\.executionID)).count == 1)
        #expect(outcomes.count { !$0.isReplayed } == 1)
        #expect(try await test.send(ListExecutions(page: 1)).total == 1)
        await test.engine.close()
    }

    @Test func aKeyIsItsCallersOwn() async throws {
        let test = try await TestEngine.open()
        let other = Caller(id: fixedID(31), name: "op@example.com", roles: [.operator])
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        let mine = try await test.send(call(workflow))
        let theirs = try await test.send(call(workflow), as: other)
        #expect(mine.executionID != theirs.executionID)
        #expect(!theirs.isReplayed)
        await test.engine.close()
    }

    @Test(arguments: ["", String(repeating: "k", count: 256)])
    func aKeyHas1To255Characters(_ key: String) async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        do {
            _ = try await test.send(ExecuteWorkflow(workflowID: workflow, idempotencyKey: key))
            Issue.record("the key was taken")
        } catch {
            #expect(error.details.map(\.field) == ["idempotency_key"])
        }
        await test.engine.close()
    }
}
