import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct ExecutionHandlerTests {
    @Test func theSameIdempotencyKeyMeansTheSameExecution() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        func call(_ number: Int64) async throws -> ExecutionID {
            try await test.send(
                ExecuteWorkflow(
                    workflowID: workflow, inputData: ["n": .int(number)], idempotencyKey: "once")
            ).executionID
        }
        let first = try await call(1)
        #expect(try await call(1) == first)
        do {
            _ = try await call(2)
            Issue.record("another body was taken")
        } catch let error as APIError {
            #expect(error.code == .conflict)
        }
        #expect(try await test.send(ListExecutions(page: 1)).total == 1)
        test.clock.advance(seconds: 86_401)
        #expect(try await call(2) != first)
        await test.engine.close()
    }

    @Test func anApprovalIsDecidedOnce() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(
            RunnerTests.single("approval", ["message": "Well?", "approvers": ["admin"]]))
        let id = try await test.start(workflow)
        #expect(try await test.execution(id).status == .waiting)
        let wrong = Caller(id: fixedID(9), name: "op@example.com", roles: [.operator])
        do {
            _ = try await test.send(ApproveExecution(executionID: id, approved: true), as: wrong)
            Issue.record("anybody may decide")
        } catch {
            #expect(error.code == .forbidden)
        }
        let decided = try await test.send(
            ApproveExecution(executionID: id, approved: true, comment: "Good"))
        #expect(decided.status == .completed)
        #expect(decided.steps[1].output?["by"] == "admin@example.com")
        do {
            _ = try await test.send(ApproveExecution(executionID: id, approved: false))
            Issue.record("it was decided twice")
        } catch {
            #expect(error.code.status == 409)
        }
        await test.engine.close()
    }

    @Test func executionsAreFoundByStatusWorkflowAndWords() async throws {
        let test = try await TestEngine.open()
        Gate.named("search").open([.failed(StepFailure("BROKEN", "The quick fox"))])
        let failing = try await test.workflow(RunnerTests.chain(["search"]), name: "Failing")
        let fine = try await test.workflow(WorkflowHandlerTests.minimal, name: "Fine")
        let failed = try await test.finished(try await test.start(failing))
        for _ in 0..<3 { _ = try await test.start(fine) }
        func list(_ call: ListExecutions) async throws -> [ExecutionSummary] {
            try await test.send(call).items
        }
        #expect(try await list(ListExecutions(status: [.failed])).map(\.id) == [failed.id])
        #expect(try await list(ListExecutions(workflowID: fine)).count == 3)
        #expect(try await list(ListExecutions(search: "QUICK fox")).map(\.id) == [failed.id])
        #expect(try await list(ListExecutions(search: "fine")).count == 3)
        #expect(try await list(ListExecutions(since: test.clock.now.adding(seconds: 1))).isEmpty)
        #expect(try await test.send(ListExecutions(page: 1)).total == 4)
        await test.engine.close()
    }

    @Test func aLargeOutputIsKeptAndATooLargeOneFailsTheStep() async throws {
        let test = try await TestEngine.open { $0.limits.stepOutput = 2 << 20 }
        let large = String(repeating: "y", count: 1 << 20)
        Gate.named("large").open([
            .completed(["text": .string(large)]),
            .completed(["text": .string(large + large + large)]),
        ])
        let workflow = try await test.workflow(RunnerTests.chain(["large"]))
        let kept = try await test.finished(try await test.start(workflow))
        #expect(kept.steps[1].output == ["text": .string(large)])
        let failed = try await test.finished(try await test.start(workflow))
        #expect(failed.error?.code == StepFailure.outputTooLargeCode)
        await test.engine.close()
    }

    @Test func aSecretIsNeverWrittenDownInClear() async throws {
        let test = try await TestEngine.open()
        let value = "very-secret-value-4711"
        _ = try await test.send(PutSecret(name: "token", value: value))
        let workflow = try await test.workflow(
            RunnerTests.single(
                "log", ["level": "info", "message": "The token is {{secrets.token}}"]))
        let id = try await test.start(workflow)
        let logs = try await test.send(ListExecutionLogs(executionID: id)).items
        #expect(logs.map(\.message) == ["The token is \(Redactor.mark)"])
        let stored = try await test.engine.core.session.store.read { connection in
            try connection.all("SELECT sealed FROM secrets") { $0.bytes(0) }
        }
        #expect(stored.count == 1)
        #expect(!String(decoding: stored[0], as: UTF8.self).contains("secret"))
        let listed = try await test.send(ListSecrets()).items
        #expect(listed.map(\.name) == ["token"])
        await test.engine.close()
        // Another key cannot open it; the same can.
        let again = try await TestEngine.open(in: test.directory, clock: test.clock, seed: 5)
        let second = try await again.start(workflow)
        let lines = try await again.send(ListExecutionLogs(executionID: second)).items
        #expect(lines.map(\.message) == ["The token is \(Redactor.mark)"])
        await again.engine.close()
    }

    @Test func theDemoGoesAwayWithoutATrace() async throws {
        let test = try await TestEngine.open()
        let kept = try await test.workflow(WorkflowHandlerTests.minimal, name: "Kept")
        _ = try await test.start(kept)
        let demo = try await test.send(
            CreateWorkflow(
                name: "Demo", definition: RunnerTests.single("delay", ["seconds": 600]),
                isDemo: true))
        for _ in 0..<5 { _ = try await test.start(demo.id) }
        let removed = try await test.send(RemoveDemo())
        #expect(removed == DemoRemoved(workflows: 1, executions: 5))
        #expect(try await test.send(ListExecutions(page: 1)).total == 1)
        #expect(try await test.send(ListWorkflows()).items.map(\.name) == ["Kept"])
        await test.engine.close()
    }

    @Test func whatIsOldIsPrunedAndWhatWaitsIsNot() async throws {
        let test = try await TestEngine.open { $0.retention.finishedExecutions = 1000 }
        let done = try await test.workflow(WorkflowHandlerTests.minimal)
        let waits = try await test.workflow(RunnerTests.single("approval", ["message": "Well?"]))
        for _ in 0..<20 { _ = try await test.start(done) }
        let waiting = try await test.start(waits)
        test.clock.advance(seconds: 999)
        let young = try await test.start(done)
        test.clock.advance(seconds: 2)
        await test.engine.core.prune()
        let left = try await test.send(ListExecutions(page: 1))
        #expect(Set(left.items.map(\.id)) == [waiting, young])
        #expect(left.total == 2)
        await test.engine.close()
    }
}
