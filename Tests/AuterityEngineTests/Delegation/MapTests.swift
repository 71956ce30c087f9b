import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct MapTests {
    @Test func anInnerNodeRunsForEachItemInOrder() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(
            FamilyTest.each("transform", ["set": ["v": "item * 10 + index + input.plus"]]))
        let id = try await test.start(workflow, ["items": [3, 1, 2], "plus": 100])
        let ended = try await test.execution(id)
        #expect(ended.status == .completed)
        #expect(ended.steps[1].output == ["results": [["v": 130], ["v": 111], ["v": 122]]])
        // All of it is one commit.
        let shortest = try await test.workflow([
            "nodes": [["id": "start", "type": "start"]], "edges": [],
        ])
        let operations = try await test.operations(
            toRun: workflow, ["items": [3, 1, 2], "plus": 100])
        #expect(try await test.operations(toRun: shortest) == operations)
        await test.engine.close()
    }

    @Test func manyItemsTakeSeveralTurns() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(
            FamilyTest.each("transform", ["set": ["v": "item + 1"]]))
        let items = (0..<Int64(Delegation.maximumItems)).map(JSONValue.int)
        let id = try await test.start(workflow, ["items": .array(items)])
        let ended = try await test.finished(id)
        let results = try #require(ended.steps[1].output?["results"]?.arrayValue)
        #expect(results == items.map { ["v": .int(($0.intValue ?? 0) + 1)] })
        await test.engine.close()
    }

    @Test(arguments: [
        ("7", "items must give a list, not an integer"),
        ("{'a': 1}", "items must give a list, not an object"),
    ])
    func whatIsNoListIsRefused(expression: String, message: String) async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(
            RunnerTests.single(
                "map",
                [
                    "items": .string(expression),
                    "node": ["type": "log", "data": ["message": "x"]],
                ]))
        let ended = try await test.finished(try await test.start(workflow))
        #expect(ended.error?.code == StepFailure.itemsCode)
        #expect(ended.error?.message == message)
        await test.engine.close()
    }

    @Test func tooManyItemsAreRefusedAndNoneIsFine() async throws {
        let test = try await TestEngine.open()
        let inner = try await test.workflow(FamilyTest.doubling)
        let tooMany = JSONValue.array(
            Array(repeating: .int(1), count: Delegation.maximumItems + 1))
        for definition in [
            FamilyTest.each("log", ["message": "x"]), FamilyTest.mapping(inner),
        ] {
            let workflow = try await test.workflow(definition)
            let refused = try await test.finished(
                try await test.start(workflow, ["items": tooMany]))
            #expect(refused.error?.code == StepFailure.itemsCode)
            let empty = try await test.finished(try await test.start(workflow, ["items": []]))
            #expect(empty.status == .completed)
            #expect(empty.steps[1].output == ["results": []])
        }
        await test.engine.close()
    }

    @Test func onlySoManyRunAtOnceEachUnderItsOwnKey() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(
            FamilyTest.each("gate", ["gate": "map-limit"], ["max_parallel": 2]))
        let id = try await test.start(workflow, ["items": [1, 2, 3, 4, 5]])
        await Gate.named("map-limit").arrivals(2)
        #expect(Gate.named("map-limit").attempts.count == 2)
        Gate.named("map-limit").open()
        let ended = try await test.finished(id)
        #expect(ended.status == .completed)
        #expect(
            Set(Gate.named("map-limit").attempts.map(\.key))
                == Set((0..<5).map { "\(id):step:1[\($0)]" }))
        await test.engine.close()
    }

    @Test func aFailedItemFailsTheStepAndStopsTheOthers() async throws {
        let test = try await TestEngine.open()
        Gate.named("map-fail-1").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let workflow = try await test.workflow(
            FamilyTest.each("gate", ["gate": "map-fail-{{index}}"]))
        let id = try await test.start(workflow, ["items": [1, 2, 3]])
        let ended = try await test.finished(id)
        #expect(ended.error?.code == StepFailure.itemFailedCode)
        #expect(ended.error?.message == "Item 1 failed with BROKEN: It was broken")
        await test.engine.close()
        for index in [0, 2] {
            let gate = Gate.named("map-fail-\(index)")
            #expect(gate.attempts.count == gate.cancelled)
        }
    }

    @Test func aFailedItemCanBeLetPass() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(
            FamilyTest.each(
                "transform", ["set": ["v": "10 / item"]], ["on_item_error": "continue"]))
        let ended = try await test.execution(
            try await test.start(workflow, ["items": [5, 0, 2]]))
        let results = try #require(ended.steps[1].output?["results"]?.arrayValue)
        #expect(results[0] == ["v": 2])
        #expect(results[1]["error"]?["code"] == .string(StepFailure.expressionCode))
        #expect(results[2] == ["v": 5])
        await test.engine.close()
    }

    @Test func anItemIsTriedAgainUnderTheSameKey() async throws {
        let test = try await TestEngine.open()
        Gate.named("map-retry").open([
            .failed(StepFailure("BUSY", "It was busy", isRetryable: true))
        ])
        let workflow = try await test.workflow(
            FamilyTest.each(
                "gate",
                [
                    "gate": "map-retry",
                    "retry": ["max_attempts": 2, "initial_interval": 60],
                ], ["max_parallel": 1]))
        let id = try await test.start(workflow, ["items": [1, 2]])
        await Gate.named("map-retry").arrivals(1)
        try await test.journal(of: id) { entries in
            entries.contains { $0.data["postponed"] != nil }
        }
        test.clock.advance(seconds: 100)
        #expect(try await test.finished(id).status == .completed)
        let keys = Gate.named("map-retry").attempts
        #expect(keys.map(\.attempt) == [1, 2, 1])
        #expect(keys.map(\.key) == [0, 0, 1].map { "\(id):step:1[\($0)]" })
        await test.engine.close()
    }

    @Test func theNextAttemptOfTheStepKeepsWhatIsDone() async throws {
        let test = try await TestEngine.open()
        Gate.named("map-keep-0").open()
        Gate.named("map-keep-1").open([
            .failed(StepFailure("BUSY", "It was busy", isRetryable: true))
        ])
        let workflow = try await test.workflow(
            FamilyTest.each(
                "gate", ["gate": "map-keep-{{index}}"],
                [
                    "max_parallel": 1,
                    "retry": ["max_attempts": 2, "initial_interval": 60],
                ]))
        let id = try await test.start(workflow, ["items": [1, 2]])
        _ = try await test.execution(id) { $0.steps[1].status == .waiting }
        test.clock.advance(seconds: 100)
        let ended = try await test.finished(id)
        #expect(ended.status == .completed)
        #expect(ended.steps[1].attempt == 2)
        #expect(Gate.named("map-keep-0").attempts.count == 1)
        #expect(Gate.named("map-keep-1").attempts.count == 2)
        await test.engine.close()
    }

    @Test func resultsAreBounded() async throws {
        let test = try await TestEngine.open { $0.limits.stepOutput = 2000 }
        let workflow = try await test.workflow(
            FamilyTest.each(
                "transform", ["set": ["v": "item"]], ["on_item_error": "continue"]))
        let item = JSONValue.string(String(repeating: "x", count: 100))
        let few = try await test.finished(
            try await test.start(workflow, ["items": .array(Array(repeating: item, count: 5))]))
        #expect(few.status == .completed)
        let many = try await test.finished(
            try await test.start(workflow, ["items": .array(Array(repeating: item, count: 50))]))
        #expect(many.error?.code == StepFailure.outputTooLargeCode)
        await test.engine.close()
    }

    @Test func itemsShareThePlacesOfSteps() async throws {
        let test = try await TestEngine.open { $0.limits.concurrentSteps = 2 }
        let workflow = try await test.workflow(FamilyTest.each("gate", ["gate": "map-places"]))
        let id = try await test.start(workflow, ["items": [1, 2, 3, 4, 5]])
        await Gate.named("map-places").arrivals(2)
        #expect(Gate.named("map-places").attempts.count == 2)
        Gate.named("map-places").open()
        #expect(try await test.finished(id).status == .completed)
        #expect(Gate.named("map-places").attempts.count == 5)
        await test.engine.close()
    }

    @Test func cancellingStopsTheItems() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(FamilyTest.each("gate", ["gate": "map-stop"]))
        let id = try await test.start(workflow, ["items": [1, 2, 3]])
        await Gate.named("map-stop").arrivals(3)
        #expect(try await test.send(CancelExecution(executionID: id)).status == .cancelled)
        await test.engine.close()
        #expect(Gate.named("map-stop").cancelled == 3)
    }

    @Test func namesOfItemsAreNotWarnedAbout() async throws {
        let test = try await TestEngine.open()
        let schema: JSONValue = ["type": "object", "properties": ["items": ["type": "array"]]]
        let report = try await test.send(
            ValidateDefinition(definition: [
                "nodes": [
                    ["id": "start", "type": "start", "data": ["input_schema": schema]],
                    [
                        "id": "map", "type": "map",
                        "data": [
                            "items": "items",
                            "node": [
                                "type": "transform",
                                "data": ["set": ["v": "item + index + other"]],
                            ],
                        ],
                    ],
                    ["id": "end", "type": "end"],
                ],
                "edges": [
                    ["id": "a", "source": "start", "target": "map"],
                    ["id": "b", "source": "map", "target": "end"],
                ],
            ]))
        #expect(report.errors.isEmpty)
        #expect(report.warnings.map(\.message) == ["nothing provides \"other\""])
        await test.engine.close()
    }
}
