import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct MapChildrenTests {
    @Test func eachItemIsTheInputOfAnExecution() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.doubling)
        let outer = try await test.workflow(FamilyTest.mapping(inner))
        let items: JSONValue = .array((1...5).map { ["n": .int($0)] })
        let ended = try await test.finished(try await test.start(outer, ["items": items]))
        #expect(ended.status == .completed)
        #expect(
            ended.steps[1].output == [
                "results": .array((1...5).map { ["twice": .int($0 * 2)] })
            ])
        #expect(try await test.children(of: ended.id).count == 5)
        #expect(try await test.hasNoOpenEnds())
        await test.engine.close()
    }

    @Test func inputIsRenderedWithItemAndIndex() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.doubling)
        let outer = try await test.workflow(
            FamilyTest.mapping(inner, ["input": ["n": "{{item * 10 + index}}"]]))
        let ended = try await test.finished(try await test.start(outer, ["items": [7, 8]]))
        #expect(ended.steps[1].output == ["results": [["twice": 140], ["twice": 162]]])
        await test.engine.close()
    }

    @Test func anItemThatIsNoObjectNeedsInput() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.doubling)
        let outer = try await test.workflow(FamilyTest.mapping(inner))
        let ended = try await test.finished(
            try await test.start(outer, ["items": [["n": 1], 8]]))
        #expect(ended.error?.code == StepFailure.itemFailedCode)
        #expect(ended.error?.message.contains("The item is an integer") == true)
        // What would have been started with the same turn was not.
        #expect(try await test.children(of: ended.id).isEmpty)
        await test.engine.close()
    }

    @Test func resultsThatStandInEachOtherTooDeepFailInsteadOfBeingUnreadable() async throws {
        let test = try await TestEngine.open()
        var deep: JSONValue = 1
        for _ in 0..<(JSONValue.maximumDepth - 4) { deep = [deep] }
        var workflow = try await test.workflow(
            RunnerTests.single("transform", ["set": ["v": "input.v"]]))
        for _ in 0..<4 {
            workflow = try await test.workflow(
                RunnerTests.single(
                    "map",
                    [
                        "items": "[1]", "workflow": .string(workflow.description),
                        "input": ["v": "{{input.v}}"],
                    ]))
        }
        let ended = try await test.finished(try await test.start(workflow, ["v": deep]))
        #expect(ended.status == .failed)
        #expect(ended.error?.message.contains(StepFailure.tooDeeplyNestedCode) == true)
        await test.engine.close()
    }

    @Test func onlySoManyAreUnderWayAndItSaysWhich() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.gate("children-limit"))
        let outer = try await test.workflow(FamilyTest.mapping(inner, ["max_parallel": 3]))
        let items = JSONValue.array(Array(repeating: [:], count: 7))
        let id = try await test.start(outer, ["items": items])
        await Gate.named("children-limit").arrivals(3)
        let waiting = try await test.execution(id) { $0.status == .waiting }
        let children = try await test.children(of: id)
        #expect(children.count == 3)
        #expect(
            children.contains { child in
                waiting.blockedBy
                    == "step \"step\" waits for the execution \(child.id) and 2 more: 0 of 7 "
                    + "items are done"
            })
        Gate.named("children-limit").open()
        #expect(try await test.finished(id).status == .completed)
        #expect(try await test.children(of: id).count == 7)
        await test.engine.close()
    }

    @Test func aFailedOneFailsTheStepAndStopsTheOthers() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(
            RunnerTests.single("gate", ["gate": "children-{{input.name}}"]))
        let outer = try await test.workflow(FamilyTest.mapping(inner))
        let id = try await test.start(
            outer, ["items": [["name": "slow"], ["name": "bad"], ["name": "slow"]]])
        await Gate.named("children-slow").arrivals(2)
        Gate.named("children-bad").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let ended = try await test.finished(id)
        #expect(ended.error?.code == StepFailure.itemFailedCode)
        #expect(ended.error?.message.hasPrefix("Item 1 failed with SUBWORKFLOW_FAILED") == true)
        var statuses: [ExecutionStatus] = []
        for child in try await test.children(of: id) {
            statuses.append(try await test.finished(child.id).status)
        }
        #expect(statuses.count { $0 == .cancelled } == 2)
        await test.engine.close()
        #expect(Gate.named("children-slow").cancelled == 2)
    }

    @Test func aFailedOneCanBeLetPass() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(
            RunnerTests.single("transform", ["set": ["v": "10 / input.n"]]))
        let outer = try await test.workflow(
            FamilyTest.mapping(inner, ["on_item_error": "continue"]))
        let ended = try await test.finished(
            try await test.start(outer, ["items": [["n": 5], ["n": 0], 3]]))
        let results = try #require(ended.steps[1].output?["results"]?.arrayValue)
        #expect(results[0] == ["v": 2])
        #expect(results[1]["error"]?["code"] == .string(StepFailure.childFailedCode))
        #expect(results[2]["error"]?["code"] == .string(StepFailure.childInputCode))
        await test.engine.close()
    }

    @Test func whatIsDoneIsNotDoneAgainByTheNextAttempt() async throws {
        let test = try await TestEngine.open()
        Gate.named("children-again-a").open()
        Gate.named("children-again-b").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let inner = try await test.workflow(
            RunnerTests.single("gate", ["gate": "children-again-{{input.name}}"]))
        let outer = try await test.workflow(
            FamilyTest.mapping(
                inner,
                [
                    "max_parallel": 1,
                    "retry": ["max_attempts": 2, "initial_interval": 60],
                ]))
        let id = try await test.start(outer, ["items": [["name": "a"], ["name": "b"]]])
        _ = try await test.execution(id) { $0.steps[1].error != nil }
        test.clock.advance(seconds: 100)
        #expect(try await test.finished(id).status == .completed)
        #expect(Gate.named("children-again-a").attempts.count == 1)
        #expect(Gate.named("children-again-b").attempts.count == 2)
        await test.engine.close()
    }

    @Test func twoHundredAtOnceAndTwoHundredParents() async throws {
        let test = try await TestEngine.open { $0.limits.concurrentExecutions = 64 }
        let inner = try await test.workflow(FamilyTest.gate("children-many"))
        let outer = try await test.workflow(FamilyTest.mapping(inner, ["max_parallel": 100]))
        let single = try await test.workflow(FamilyTest.calling(inner))
        let items = JSONValue.array(Array(repeating: [:], count: 200))
        var ids = [try await test.start(outer, ["items": items])]
        for _ in 0..<200 { ids.append(try await test.start(single)) }
        await Gate.named("children-many").arrivals(30)
        Gate.named("children-many").open()
        for id in ids { #expect(try await test.finished(id).status == .completed) }
        #expect(Gate.named("children-many").attempts.count == 400)
        #expect(Set(Gate.named("children-many").attempts.map(\.key)).count == 400)
        let total = try await test.send(ListExecutions(pageSize: 1)).total
        #expect(total == 601)
        #expect(try await test.hasNoOpenEnds())
        await test.engine.close()
    }
}

extension TestEngine {
    /// Returns once the journal of an execution stands so; what changes nothing that is shown
    /// makes no event, so it is asked again by writing.
    func journal(
        of id: ExecutionID, when holds: ([JournalEntry]) -> Bool
    ) async throws {
        while true {
            if holds(try await send(ListJournal(executionID: id)).items) { return }
            try await engine.core.session.writer.perform { _ in }
        }
    }
}
