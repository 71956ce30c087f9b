import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct SubworkflowTests {
    @Test func theOutputOfTheOtherWorkflowIsTheStepsOutput() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.doubling)
        let outer = try await test.workflow(
            FamilyTest.calling(inner, ["input": ["n": "{{input.n + 1}}"]]))
        let ended = try await test.finished(try await test.start(outer, ["n": 20]))
        #expect(ended.status == .completed)
        #expect(ended.steps[1].output == ["twice": 42])
        #expect(
            ended.steps[1].input == [
                "workflow_id": .string(inner.description), "workflow_version": 1,
                "input": ["n": 21],
            ])
        let children = try await test.children(of: ended.id)
        #expect(children.map(\.status) == [.completed])
        #expect(children.first?.parentStepID == "step")
        #expect(children.first?.workflowID == inner)
        #expect(children.first?.inputData == ["n": 21])
        #expect(children.first?.startedBy == TestEngine.admin.name)
        #expect(try await test.hasNoOpenEnds())
        await test.engine.close()
    }

    @Test func whileItWaitsItSaysForWhich() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.gate("sub-waits"))
        let outer = try await test.workflow(FamilyTest.calling(inner))
        let id = try await test.start(outer)
        await Gate.named("sub-waits").arrivals(1)
        let waiting = try await test.execution(id) { $0.status == .waiting }
        #expect(waiting.steps[1].status == .waiting)
        let child = try #require(try await test.children(of: id).first)
        #expect(waiting.blockedBy == "step \"step\" waits for the execution \(child.id)")
        Gate.named("sub-waits").open()
        #expect(try await test.finished(id).status == .completed)
        await test.engine.close()
    }

    @Test func aFailureSaysWhatFailedWhereAndWhy() async throws {
        let test = try await TestEngine.open()
        Gate.named("sub-fails").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let inner = try await test.workflow(FamilyTest.gate("sub-fails"), name: "Inner")
        let id = try await test.start(try await test.workflow(FamilyTest.calling(inner)))
        let ended = try await test.finished(id)
        let child = try #require(try await test.children(of: id).first)
        #expect(ended.status == .failed)
        #expect(ended.error?.code == StepFailure.childFailedCode)
        #expect(
            ended.error?.message
                == "The execution \(child.id) of the workflow \"Inner\" failed at its step "
                + "\"step\" with BROKEN: It was broken")
        await test.engine.close()
    }

    @Test func aFailureFurtherBelowIsToldOnce() async throws {
        let test = try await TestEngine.open()
        Gate.named("sub-deep").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let leaf = try await test.workflow(FamilyTest.gate("sub-deep"), name: "Leaf")
        let middle = try await test.workflow(FamilyTest.mapping(leaf), name: "Middle")
        let upper = try await test.workflow(
            FamilyTest.calling(middle, ["input": ["items": [["n": 1]]]]), name: "Upper")
        let top = try await test.workflow(FamilyTest.calling(upper), name: "Top")
        let ended = try await test.finished(try await test.start(top))
        let child = try #require(try await test.children(of: ended.id).first)
        let grandchild = try #require(try await test.children(of: child.id).first)
        let innermost = try #require(try await test.children(of: grandchild.id).first)
        #expect(
            ended.error?.message
                == "The execution \(innermost.id) of the workflow \"Leaf\", 3 executions deep, "
                + "failed at its step \"step\" with BROKEN: It was broken")
        #expect(
            child.error?.message
                == "The execution \(innermost.id) of the workflow \"Leaf\", 2 executions deep, "
                + "failed at its step \"step\" with BROKEN: It was broken")
        await test.engine.close()
    }

    @Test func aCancelledChildFailsTheStep() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.gate("sub-cancelled"))
        let id = try await test.start(try await test.workflow(FamilyTest.calling(inner)))
        await Gate.named("sub-cancelled").arrivals(1)
        let child = try #require(try await test.children(of: id).first)
        _ = try await test.send(CancelExecution(executionID: child.id))
        let ended = try await test.finished(id)
        #expect(ended.error?.code == StepFailure.childCancelledCode)
        #expect(ended.error?.message.contains(child.id.description) == true)
        await test.engine.close()
    }

    @Test func aTimeoutEndsTheStepAndWhatItStarted() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.gate("sub-late"))
        let id = try await test.start(
            try await test.workflow(FamilyTest.calling(inner, ["timeout": 30])))
        await Gate.named("sub-late").arrivals(1)
        let child = try #require(try await test.children(of: id).first)
        test.clock.advance(seconds: 29)
        #expect(try await test.execution(id).status == .waiting)
        test.clock.advance(seconds: 2)
        let ended = try await test.finished(id)
        #expect(ended.status == .failed)
        #expect(ended.error?.code == StepFailure.timeoutCode)
        #expect(ended.error?.message.contains("30") == true)
        #expect(try await test.finished(child.id).status == .cancelled)
        await test.engine.close()
    }

    @Test func theNextAttemptAfterATimeoutStartsAnExecutionOfItsOwn() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.gate("sub-late-again"))
        let retry: JSONValue = ["max_attempts": 2, "initial_interval": 1]
        let id = try await test.start(
            try await test.workflow(
                FamilyTest.calling(inner, ["timeout": 30, "retry": retry])))
        await Gate.named("sub-late-again").arrivals(1)
        test.clock.advance(seconds: 31)
        _ = try await test.execution(id) { $0.steps[1].error?.code == StepFailure.timeoutCode }
        test.clock.advance(seconds: 2)
        await Gate.named("sub-late-again").arrivals(2)
        Gate.named("sub-late-again").open()
        #expect(try await test.finished(id).status == .completed)
        let children = try await test.children(of: id).map(\.id)
        var ends: [ExecutionStatus] = []
        for child in children { ends.append(try await test.finished(child).status) }
        #expect(ends == [.cancelled, .completed])
        await test.engine.close()
    }

    @Test func aTimeoutIsKeptOverARestart() async throws {
        let first = try await TestEngine.open()
        let inner = try await first.workflow(FamilyTest.waiting)
        let id = try await first.start(
            try await first.workflow(FamilyTest.calling(inner, ["timeout": 30])))
        _ = try await first.execution(id) { $0.status == .waiting }
        await first.engine.abandon()
        first.clock.advance(seconds: 31)
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        let ended = try await second.finished(id)
        #expect(ended.error?.code == StepFailure.timeoutCode)
        let child = try #require(try await second.children(of: id).first)
        #expect(try await second.finished(child.id).status == .cancelled)
        await second.engine.close()
    }

    @Test func cancellingReachesChildrenAndTheirChildren() async throws {
        let test = try await TestEngine.open()
        let leaf = try await test.workflow(FamilyTest.gate("sub-leaf"))
        let middle = try await test.workflow(FamilyTest.calling(leaf))
        let id = try await test.start(try await test.workflow(FamilyTest.calling(middle)))
        await Gate.named("sub-leaf").arrivals(1)
        let child = try #require(try await test.children(of: id).first)
        let grandchild = try #require(try await test.children(of: child.id).first)
        _ = try await test.execution(id) { $0.status == .waiting }
        #expect(try await test.send(CancelExecution(executionID: id)).status == .cancelled)
        #expect(try await test.finished(child.id).status == .cancelled)
        #expect(try await test.finished(grandchild.id).status == .cancelled)
        #expect(try await test.hasNoOpenEnds())
        await test.engine.close()
        #expect(Gate.named("sub-leaf").cancelled == 1)
    }

    @Test func aWorkflowThatStartsItselfEndsAtTheLimit() async throws {
        let test = try await TestEngine.open()
        let id = try await test.workflow(FamilyTest.doubling)
        _ = try await test.send(
            UpdateWorkflow(workflowID: id, definition: FamilyTest.calling(id)))
        let ended = try await test.finished(try await test.start(id))
        #expect(ended.status == .failed)
        // One sentence about the innermost, not one within the other.
        let message = try #require(ended.error?.message)
        #expect(message.contains(StepFailure.tooDeepCode))
        #expect(message.ranges(of: "failed at its step").count == 1)
        #expect(message.contains("\(Delegation.maximumDepth) executions deep"))
        #expect(message.utf8.count < 300)
        let total = try await test.send(ListExecutions(pageSize: 1)).total
        #expect(total == 1 + Delegation.maximumDepth)
        await test.engine.close()
    }

    @Test func whatCannotBeStartedFailsTheStep() async throws {
        let test = try await TestEngine.open()
        let owner = Caller(id: fixedID(7), name: "owner@example.com", roles: [.user])
        let foreign = try await test.workflow(FamilyTest.doubling)
        let unknown: WorkflowID = fixedID(99)
        var off: WorkflowID?
        var deleted: WorkflowID?
        for index in 0..<2 {
            let id = try await test.workflow(FamilyTest.doubling, as: owner)
            if index == 0 { off = id } else { deleted = id }
        }
        _ = try await test.send(
            UpdateWorkflow(workflowID: try #require(off), isActive: false), as: owner)
        _ = try await test.send(DeleteWorkflow(workflowID: try #require(deleted)))
        // An account, whose roles are those of its rows: none.
        try await test.engine.core.session.writer.perform { context in
            _ = try context.run("UPDATE users SET password_hash = 'x' WHERE email LIKE 'owner%'")
        }
        let cases: [(WorkflowID?, String)] = [
            (foreign, StepFailure.childNotFoundCode), (unknown, StepFailure.childNotFoundCode),
            (deleted, StepFailure.childNotFoundCode), (off, StepFailure.childInactiveCode),
        ]
        for (id, code) in cases {
            let outer = try await test.workflow(
                FamilyTest.calling(try #require(id)), as: owner)
            let ended = try await test.finished(try await test.start(outer, as: owner))
            #expect(ended.error?.code == code)
            #expect(try await test.children(of: ended.id).isEmpty)
        }
        let odd = RunnerTests.single("workflow", ["workflow_id": "{{input.id}}"])
        let outer = try await test.workflow(odd)
        let ended = try await test.finished(try await test.start(outer, ["id": "no id"]))
        #expect(ended.error?.message == "\"no id\" is not the id of a workflow")
        await test.engine.close()
    }

    @Test func theNextAttemptStartsAnotherExecution() async throws {
        let test = try await TestEngine.open()
        Gate.named("sub-again").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let inner = try await test.workflow(FamilyTest.gate("sub-again"))
        let outer = try await test.workflow(
            FamilyTest.calling(
                inner, ["retry": ["max_attempts": 2, "initial_interval": 60]]))
        let id = try await test.start(outer)
        let retrying = try await test.execution(id) { $0.steps[1].error != nil }
        #expect(retrying.steps[1].status == .waiting)
        test.clock.advance(seconds: 100)
        let ended = try await test.finished(id)
        #expect(ended.status == .completed)
        #expect(ended.steps[1].attempt == 2)
        let children = try await test.children(of: id)
        #expect(Set(children.map(\.status)) == [.failed, .completed])
        #expect(Gate.named("sub-again").attempts.count == 2)
        await test.engine.close()
    }

    @Test func anInputThatTheOtherWorkflowRefusesFailsTheStep() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow([
            "nodes": [
                [
                    "id": "start", "type": "start",
                    "data": ["input_schema": ["type": "object", "required": ["n"]]],
                ],
                ["id": "end", "type": "end"],
            ],
            "edges": [["id": "e", "source": "start", "target": "end"]],
        ])
        let ended = try await test.finished(
            try await test.start(try await test.workflow(FamilyTest.calling(inner))))
        #expect(ended.error?.code == StepFailure.childInputCode)
        #expect(ended.error?.message.contains("input_data") == true)
        #expect(try await test.children(of: ended.id).isEmpty)
        await test.engine.close()
    }

    @Test func anUnknownWorkflowIsWarnedAboutAtSave() async throws {
        let test = try await TestEngine.open()
        let unknown: WorkflowID = fixedID(98)
        let known = try await test.workflow(FamilyTest.doubling)
        let report = try await test.send(
            ValidateDefinition(definition: FamilyTest.calling(unknown)))
        #expect(report.errors.isEmpty)
        #expect(report.warnings.map(\.message).contains("there is no workflow \(unknown)"))
        let fine = try await test.send(ValidateDefinition(definition: FamilyTest.calling(known)))
        #expect(!fine.warnings.map(\.field).contains("definition.nodes[1].data.workflow_id"))
        await test.engine.close()
    }

    @Test func secretsDoNotTravel() async throws {
        let test = try await TestEngine.open()
        _ = try await test.send(
            PutSecret(name: "key", value: "open-sesame-42", workflows: .all))
        let inner = try await test.workflow(RunnerTests.single("log", ["message": "{{input.k}}"]))
        let id = try await test.start(
            try await test.workflow(
                FamilyTest.calling(inner, ["input": ["k": "{{secrets.key}}"]])))
        _ = try await test.finished(id)
        let child = try #require(try await test.children(of: id).first)
        #expect(child.inputData == ["k": .string(Redactor.mark)])
        await test.engine.close()
    }
}
