import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct RunnerTests {
    static func chain(_ gates: [String]) -> JSONValue {
        var nodes: [JSONValue] = [["id": "start", "type": "start"]]
        var edges: [JSONValue] = []
        var last = "start"
        for (index, gate) in gates.enumerated() {
            let id = "step\(index)"
            nodes.append(["id": .string(id), "type": "gate", "data": ["gate": .string(gate)]])
            edges.append([
                "id": .string("e\(index)"), "source": .string(last), "target": .string(id),
            ])
            last = id
        }
        return ["nodes": .array(nodes), "edges": .array(edges)]
    }

    static func single(
        _ type: String, _ data: JSONValue, more: [JSONValue] = []
    ) -> JSONValue {
        [
            "nodes": .array(
                [
                    ["id": "start", "type": "start"],
                    ["id": "step", "type": .string(type), "data": data],
                ] + more),
            "edges": [["id": "e", "source": "start", "target": "step"]],
        ]
    }

    @Test func aPureChainIsOneCommitAndCompletes() async throws {
        let test = try await TestEngine.open()
        let id = try await test.workflow([
            "nodes": [
                ["id": "start", "type": "start"],
                ["id": "double", "type": "transform", "data": ["set": ["twice": "input.n * 2"]]],
                [
                    "id": "end", "type": "end",
                    "data": ["output": ["result": "steps.double.output.twice"]],
                ],
            ],
            "edges": [
                ["id": "a", "source": "start", "target": "double"],
                ["id": "b", "source": "double", "target": "end"],
            ],
        ])
        let execution = try await test.execution(try await test.start(id, ["n": 21]))
        #expect(execution.status == .completed)
        #expect(execution.outputData == ["result": 42])
        #expect(execution.progress == 100)
        // What else a call writes, such as its line in the audit log, is the same for both.
        let shortest = try await test.workflow([
            "nodes": [["id": "start", "type": "start"]], "edges": [],
        ])
        let operations = try await test.operations(toRun: id, ["n": 21])
        #expect(try await test.operations(toRun: shortest) == operations)
        await test.engine.close()
    }

    @Test func aStepWithASideEffectIsDurableBeforeItRuns() async throws {
        let test = try await TestEngine.open()
        let id = try await test.start(try await test.workflow(Self.chain(["durable"])))
        await Gate.named("durable").arrivals(1)
        let running = try await test.execution(id)
        #expect(running.status == .running)
        #expect(running.currentStep == "step0")
        #expect(running.steps[1].status == .running)
        Gate.named("durable").open()
        let ended = try await test.finished(id)
        #expect(ended.status == .completed)
        #expect(ended.steps.map(\.status) == [.completed, .completed])
        #expect(Gate.named("durable").attempts.map(\.key) == ["\(id):step0:1"])
        await test.engine.close()
    }

    @Test func cancellingReachesTheRunningStep() async throws {
        let test = try await TestEngine.open()
        let id = try await test.start(try await test.workflow(Self.chain(["cancelled", "never"])))
        await Gate.named("cancelled").arrivals(1)
        let cancelled = try await test.send(CancelExecution(executionID: id))
        #expect(cancelled.status == .cancelled)
        #expect(cancelled.steps.map(\.status) == [.completed, .cancelled, .cancelled])
        await #expect(throws: APIError.self) {
            try await test.send(CancelExecution(executionID: id))
        }
        await test.engine.close()
        #expect(Gate.named("cancelled").cancelled == 1)
        #expect(Gate.named("never").attempts.isEmpty)
    }

    @Test func aDelayEndsWhenItsTimeHasCome() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(Self.single("delay", ["seconds": 3600]))
        let id = try await test.start(workflow)
        let waiting = try await test.execution(id)
        #expect(waiting.status == .waiting)
        #expect(waiting.blockedBy?.contains("waits until") == true)
        test.clock.advance(seconds: 3601)
        #expect(try await test.finished(id).status == .completed)
        await test.engine.close()
    }

    @Test func aFailedAttemptIsTriedAgainUnderTheSameKey() async throws {
        let test = try await TestEngine.open()
        let definition = Self.single(
            "gate",
            ["gate": "retried", "retry": ["max_attempts": 3, "initial_interval": 60]])
        Gate.named("retried").open([
            .failed(StepFailure("HTTP_STATUS", "It was busy", isRetryable: true))
        ])
        let id = try await test.start(try await test.workflow(definition))
        _ = try await test.execution(id) { $0.steps[1].status == .waiting }
        test.clock.advance(seconds: 100)
        let ended = try await test.finished(id)
        #expect(ended.status == .completed)
        #expect(ended.steps[1].attempt == 2)
        #expect(Gate.named("retried").attempts.map(\.key) == ["\(id):step:1", "\(id):step:1"])
        await test.engine.close()
    }

    @Test func anAttemptThatTakesTooLongIsEnded() async throws {
        let test = try await TestEngine.open()
        let definition = Self.single("gate", ["gate": "slow", "timeout": 5])
        let id = try await test.start(try await test.workflow(definition))
        await Gate.named("slow").arrivals(1)
        test.clock.advance(seconds: 6)
        let ended = try await test.finished(id)
        #expect(ended.status == .failed)
        #expect(ended.error?.code == StepFailure.timeoutCode)
        #expect(Gate.named("slow").cancelled == 1)
        await test.engine.close()
    }

    @Test func whatIsOverTheLimitIsPendingAndSaysWhy() async throws {
        let test = try await TestEngine.open { $0.limits.concurrentExecutions = 1 }
        let workflow = try await test.workflow(Self.chain(["limit"]))
        let first = try await test.start(workflow)
        await Gate.named("limit").arrivals(1)
        let outcome = try await test.send(ExecuteWorkflow(workflowID: workflow))
        guard case .accepted(let accepted) = outcome else {
            Issue.record("it was not accepted")
            return
        }
        #expect(accepted.status == .pending)
        let pending = try await test.execution(accepted.executionID)
        #expect(pending.blockedBy?.hasPrefix("1 executions run already") == true)
        Gate.named("limit").open()
        #expect(try await test.finished(first).status == .completed)
        #expect(try await test.finished(accepted.executionID).status == .completed)
        await test.engine.close()
    }

    @Test func aStepWithoutAPlaceQueuesAndSaysWhy() async throws {
        let test = try await TestEngine.open { $0.limits.concurrentSteps = 1 }
        let workflow = try await test.workflow(Self.chain(["place"]))
        let first = try await test.start(workflow)
        await Gate.named("place").arrivals(1)
        let second = try await test.start(workflow)
        #expect(try await test.execution(second).blockedBy?.hasPrefix("1 steps run") == true)
        Gate.named("place").open()
        #expect(try await test.finished(first).status == .completed)
        #expect(try await test.finished(second).status == .completed)
        await test.engine.close()
    }

    @Test func aRetriedExecutionKeepsWhatCompleted() async throws {
        let test = try await TestEngine.open()
        Gate.named("kept").open()
        Gate.named("mended").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let workflow = try await test.workflow(Self.chain(["kept", "mended"]))
        let first = try await test.finished(try await test.start(workflow))
        #expect(first.status == .failed)
        #expect(first.error?.stepID == "step1")
        let retry = try await test.send(RetryExecution(executionID: first.id))
        #expect(retry.retriedFrom == first.id)
        let second = try await test.finished(retry.executionID)
        #expect(second.status == .completed)
        #expect(second.retriedFrom == first.id)
        #expect(Gate.named("kept").attempts.count == 1)
        #expect(Gate.named("mended").attempts.count == 2)
        #expect(try await test.execution(first.id).status == .failed)
        await test.engine.close()
    }

    @Test func aSynchronousCallAnswersTheFinishedExecution() async throws {
        let test = try await TestEngine.open()
        Gate.named("sync").open()
        let workflow = try await test.workflow(Self.chain(["sync"]))
        let outcome = try await test.send(
            ExecuteWorkflow(workflowID: workflow, executionMode: .sync))
        guard case .finished(let execution) = outcome else {
            Issue.record("it was only accepted")
            return
        }
        #expect(execution.status == .completed)
        await test.engine.close()
    }
}

extension TestEngine {
    /// Operations that the writer takes for an execution from its call to its end.
    func operations(toRun workflow: WorkflowID, _ input: JSONObject = [:]) async throws -> Int {
        let writer = try engine.core.session.writer
        try await writer.perform { _ in }
        let before = engine.figures.operations
        _ = try await finished(try await start(workflow, input))
        try await writer.perform { _ in }
        return engine.figures.operations - before
    }
}
