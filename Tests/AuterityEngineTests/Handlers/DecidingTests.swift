import AuterityAPI
import Testing

@testable import AuterityEngine

/// Cancel, retry and approve.
@Suite(.timeLimit(.minutes(30)))
struct DecidingTests {
    private static let user = Caller(id: fixedID(41), name: "ann@example.com", roles: [.user])
    private static let viewer = Caller(id: fixedID(42), name: "vic@example.com", roles: [.viewer])
    private static let operators = Caller(
        id: fixedID(43), name: "op@example.com", roles: [.operator])
    private static let stranger = Caller(id: fixedID(44), name: "sue@example.com", roles: [.user])

    private func code<Call: Endpoint>(
        _ test: TestEngine, _ call: Call, as caller: Caller = TestEngine.admin
    ) async -> APIError.Code? {
        do {
            _ = try await test.send(call, as: caller)
            return nil
        } catch {
            return error.code
        }
    }

    private static let twoApprovals: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            ["id": "one", "type": "approval", "data": ["message": "One?"]],
            ["id": "two", "type": "approval", "data": ["message": "Two?"]],
        ],
        "edges": [
            ["id": "a", "source": "start", "target": "one"],
            ["id": "b", "source": "start", "target": "two"],
        ],
    ]

    // MARK: - Cancel

    @Test func whatHasEndedCannotBeCancelled() async throws {
        let test = try await TestEngine.open()
        let done = try await test.start(try await test.workflow(WorkflowHandlerTests.minimal))
        #expect(await code(test, CancelExecution(executionID: done)) == .executionFinished)
        #expect(APIError.Code.executionFinished.status == 409)
        #expect(await code(test, CancelExecution(executionID: fixedID(99))) == .notFound)
        #expect(CancelExecution.route.success == 202)
        await test.engine.close()
    }

    @Test func onlyWhoMayExecuteAndSeesItMayCancel() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(
            RunnerTests.single("delay", ["seconds": 600]), as: Self.user)
        let id = try await test.start(workflow, as: Self.user)
        #expect(await code(test, CancelExecution(executionID: id), as: Self.stranger) == .notFound)
        #expect(await code(test, CancelExecution(executionID: id), as: Self.viewer) == .forbidden)
        let cancelled = try await test.send(CancelExecution(executionID: id), as: Self.operators)
        #expect(cancelled.status == .cancelled)
        #expect(cancelled.steps.map(\.status) == [.completed, .cancelled])
        await test.engine.close()
    }

    // MARK: - Retry

    @Test func whatHasNotEndedCannotBeRetried() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(RunnerTests.single("delay", ["seconds": 600]))
        let id = try await test.start(workflow)
        #expect(await code(test, RetryExecution(executionID: id)) == .conflict)
        _ = try await test.send(CancelExecution(executionID: id))
        _ = try await test.send(UpdateWorkflow(workflowID: workflow, isActive: false))
        #expect(await code(test, RetryExecution(executionID: id)) == .workflowInactive)
        #expect(
            await code(test, RetryExecution(executionID: id), as: Self.stranger) == .notFound)
        await test.engine.close()
    }

    private func failed(
        _ test: TestEngine, _ gates: [String], _ input: JSONObject = ["n": 1]
    ) async throws -> Execution {
        for gate in gates.dropLast() { Gate.named(gate).open() }
        Gate.named(gates[gates.count - 1]).open([.failed(StepFailure("BROKEN", "It was broken"))])
        let workflow = try await test.workflow(RunnerTests.chain(gates))
        return try await test.finished(try await test.start(workflow, input))
    }

    @Test func aRetryBeginsWhereItIsTold() async throws {
        let test = try await TestEngine.open()
        let gates = ["from-a", "from-b", "from-c"]
        let old = try await failed(test, gates)
        let retry = try await test.send(
            RetryExecution(executionID: old.id, fromStep: "step1"))
        #expect(retry.retriedFrom == old.id)
        #expect(retry.executionID != old.id)
        let new = try await test.finished(retry.executionID)
        #expect(new.status == .completed)
        #expect(new.inputData == ["n": 1])
        #expect(gates.map { Gate.named($0).attempts.count } == [1, 2, 2])
        #expect(try await test.execution(old.id) == old)
        do {
            _ = try await test.send(RetryExecution(executionID: old.id, fromStep: "nowhere"))
            Issue.record("there is no such step")
        } catch {
            #expect(error.details.map(\.field) == ["from_step"])
        }
        await test.engine.close()
    }

    @Test func otherInputIsForWhatRunsAgain() async throws {
        let test = try await TestEngine.open()
        let gates = ["input-a", "input-b"]
        let old = try await failed(test, gates)
        let same = try await test.send(RetryExecution(executionID: old.id, inputData: ["n": 1]))
        _ = try await test.finished(same.executionID)
        #expect(gates.map { Gate.named($0).attempts.count } == [1, 2])
        let other = try await test.send(RetryExecution(executionID: old.id, inputData: ["n": 2]))
        #expect(other.inputData == ["n": 2])
        let new = try await test.finished(other.executionID)
        #expect(new.inputData == ["n": 2])
        #expect(new.steps[0].output == ["n": 2])
        #expect(gates.map { Gate.named($0).attempts.count } == [1, 3])
        let both = try await test.send(
            RetryExecution(executionID: old.id, fromStep: "step1", inputData: ["n": 3]))
        #expect(try await test.finished(both.executionID).inputData == ["n": 3])
        #expect(gates.map { Gate.named($0).attempts.count } == [1, 4])
        // Nothing is left of one that completed, unless all of it is meant.
        let again = try await test.send(
            RetryExecution(executionID: new.id, inputData: ["n": 4]))
        #expect(try await test.finished(again.executionID).inputData == ["n": 4])
        #expect(gates.map { Gate.named($0).attempts.count } == [2, 5])
        await test.engine.close()
    }

    @Test func otherInputIsHeldAgainstTheSchema() async throws {
        let test = try await TestEngine.open()
        Gate.named("schema").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let schema: JSONValue = ["type": "object", "required": ["n"]]
        let workflow = try await test.workflow([
            "nodes": [
                ["id": "start", "type": "start", "data": ["input_schema": schema]],
                ["id": "step", "type": "gate", "data": ["gate": "schema"]],
            ],
            "edges": [["id": "e", "source": "start", "target": "step"]],
        ])
        let old = try await test.finished(try await test.start(workflow, ["n": 1]))
        #expect(
            await code(test, RetryExecution(executionID: old.id, inputData: ["m": 1]))
                == .validationError)
        await test.engine.close()
    }

    // MARK: - Approve

    @Test func oneOfSeveralApprovalsIsNamed() async throws {
        let test = try await TestEngine.open()
        let id = try await test.start(try await test.workflow(Self.twoApprovals))
        func decide(_ step: StepID?, _ approved: Bool = true) -> ApproveExecution {
            ApproveExecution(executionID: id, approved: approved, stepID: step)
        }
        do {
            _ = try await test.send(decide(nil))
            Issue.record("it is not said which")
        } catch {
            #expect(error.details.map(\.field) == ["step_id"])
        }
        #expect(await code(test, decide("three")) == .validationError)
        #expect(await code(test, decide("start")) == .conflict)
        #expect(try await test.send(decide("two")).steps[2].status == .completed)
        #expect(await code(test, decide("two")) == .conflict)
        // One is left: it needs no name.
        #expect(try await test.send(decide(nil)).status == .completed)
        #expect(await code(test, decide("one")) == .executionFinished)
        await test.engine.close()
    }

    @Test func whatDoesNotWaitCannotBeDecided() async throws {
        let test = try await TestEngine.open()
        let id = try await test.start(
            try await test.workflow(RunnerTests.single("delay", ["seconds": 600])))
        #expect(
            await code(test, ApproveExecution(executionID: id, approved: true)) == .conflict)
        await test.engine.close()
    }

    struct Approver: Sendable {
        let roles: Set<Role>
        let expected: APIError.Code?
    }

    @Test(arguments: [
        Approver(roles: [.operator], expected: nil), Approver(roles: [.superAdmin], expected: nil),
        Approver(roles: [.admin], expected: .forbidden),
        Approver(roles: [.viewer], expected: .forbidden),
        Approver(roles: [.user], expected: .notFound),
        Approver(roles: [.viewer, .operator], expected: nil),
    ])
    func onlyApproversDecide(_ approver: Approver) async throws {
        let test = try await TestEngine.open()
        let id = try await test.start(
            try await test.workflow(
                RunnerTests.single(
                    "approval", ["message": "Well?", "approvers": ["operator"]])))
        let caller = Caller(id: fixedID(45), name: "who@example.com", roles: approver.roles)
        let call = ApproveExecution(executionID: id, approved: true, comment: "Good")
        #expect(await code(test, call, as: caller) == approver.expected)
        let output = try await test.execution(id).steps[1].output
        #expect(output?["by"] == (approver.expected == nil ? .string(caller.name) : nil))
        await test.engine.close()
    }

    @Test func twoDecisionsAtTheSameMomentAreOne() async throws {
        let test = try await TestEngine.open()
        let id = try await test.start(
            try await test.workflow(RunnerTests.single("approval", ["message": "Well?"])))
        let codes = await withTaskGroup(of: APIError.Code?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    await code(
                        test, ApproveExecution(executionID: id, approved: number % 2 == 0))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.compactMap(\.self).filter { $0.status != 409 } == [])
        await test.engine.close()
    }

    @Test func aMessageHasANameThatCanStandInAPath() async throws {
        let test = try await TestEngine.open()
        for name in ["..", ".", "a/b", "/", "", "a b", "a%2Fb", "a\u{0}b"] {
            let call = PutMessage(name: name, subject: "Hello", text: "Hello")
            #expect(await code(test, call) == .validationError, "\(name)")
        }
        for name in ["a", "...", ".a", "follow_up-1.de"] {
            let call = PutMessage(name: name, subject: "Hello", text: "Hello")
            #expect(await code(test, call) == nil, "\(name)")
        }
        await test.engine.close()
    }
}
