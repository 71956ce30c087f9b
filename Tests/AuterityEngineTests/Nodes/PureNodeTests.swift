import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct PureNodeTests {
    private func evaluate(
        _ type: String, _ data: JSONObject, _ names: JSONObject = [:],
        predecessors: [JSONValue] = []
    ) throws -> NodeOutcome {
        let found = try #require(NodeCatalog.type(named: type))
        var reader = NodeData(data)
        let node = try #require(found.init(&reader) as? any PureNode)
        #expect(reader.faults.isEmpty)
        return try node.evaluate(
            NodeContext(
                scope: NamedValues(names), stepID: "x", now: epoch, input: names,
                predecessors: { predecessors }))
    }

    private func faults(_ type: String, _ data: JSONObject) throws -> [String] {
        let found = try #require(NodeCatalog.type(named: type))
        var reader = NodeData(data)
        _ = found.init(&reader)
        return reader.faults.map(\.field)
    }

    static let switched: [(JSONValue, String)] = [
        ("gold", "gold"), ("silver", "default"), (3, "3"), (3.0, "3"),
        (true, "true"), (nil, "default"),
    ]

    @Test func switchTellsLargeIntegersApart() throws {
        let large: Int64 = 9_007_199_254_740_993
        let outcome = try evaluate(
            "switch", ["expression": "v", "cases": [.int(large - 1), .int(large)]],
            ["v": .int(large)])
        guard case .completed(_, let handle) = outcome.result else {
            Issue.record("a switch ends at once")
            return
        }
        #expect(handle == String(large))
    }

    @Test(arguments: switched)
    func switchTakesTheCaseThatIsEqual(value: JSONValue, handle: String) throws {
        let outcome = try evaluate(
            "switch", ["expression": "v", "cases": ["gold", 3, true]], ["v": value])
        guard case .completed(_, let taken) = outcome.result else {
            Issue.record("it did not complete")
            return
        }
        #expect(taken == handle)
    }

    static let refused: [(String, JSONObject, [String])] = [
        ("switch", ["expression": "x"], ["data.cases"]),
        ("switch", ["expression": "x", "cases": ["a", "a"]], ["data.cases[1]"]),
        ("switch", ["expression": "x", "cases": ["default"]], ["data.cases"]),
        ("switch", ["expression": "x", "cases": [["a"]]], ["data.cases[0]"]),
        ("switch", ["cases": ["a"]], ["data.expression"]),
        ("delay", [:], ["data.seconds"]),
        ("delay", ["seconds": -1], ["data.seconds"]),
        ("delay", ["seconds": 1, "until": "x"], ["data.until"]),
        ("log", [:], ["data.message"]),
        ("log", ["message": " "], ["data.message"]),
        ("log", ["message": "x", "level": "loud"], ["data.level"]),
        ("notify", ["message": ["x"], "severity": 3], ["data.severity", "data.message"]),
        ("approval", ["message": "x", "approvers": ["boss"]], ["data.approvers[0]"]),
        ("approval", ["message": "x", "timeout": 0], ["data.timeout"]),
        ("transform", ["set": "x"], ["data.set"]),
        ("transform", ["set": ["a": "1 +", "b": "2 +"]], ["data.set.a", "data.set.b"]),
        ("validate", [:], ["data.schema"]),
        ("condition", ["expression": ""], ["data.expression"]),
    ]

    @Test(arguments: refused)
    func dataThatDoesNotFitIsRefused(type: String, data: JSONObject, fields: [String]) throws {
        #expect(try faults(type, data) == fields)
    }

    static let delays: [(JSONObject, Double)] = [
        (["seconds": 30], 30), (["seconds": "{{ n * 2 }}"], 14),
        (["until": "2025-06-15T16:00:00Z"], 3200), (["until": "at"], 60),
        (["until": "{{ at }}"], 60), (["until": "timestamp(at) + duration('60s')"], 120),
    ]

    @Test(arguments: delays)
    func delayWaitsUntilItsTime(data: JSONObject, seconds: Double) throws {
        let names: JSONObject = ["n": 7, "at": .string(epoch.adding(seconds: 60).description)]
        let outcome = try evaluate("delay", data, names)
        #expect(
            outcome
                == .waiting(
                    StepWait(reason: .delay, until: epoch.adding(seconds: seconds))))
    }

    @Test(arguments: [["seconds": 0] as JSONObject, ["until": "2020-01-01T00:00:00Z"]])
    func delayDoesNotWaitForWhatIsPast(data: JSONObject) throws {
        guard case .completed = try evaluate("delay", data).result else {
            Issue.record("it waits")
            return
        }
    }

    static let badDelays: [JSONObject] = [
        ["seconds": "{{ 'soon' }}"], ["until": "'soon'"], ["until": "7"],
        ["until": "'9999-01-01T00:00:00Z'"], ["seconds": "{{ -5 }}"],
    ]

    @Test(arguments: badDelays)
    func delayRefusesWhatIsNoTime(data: JSONObject) throws {
        #expect(throws: StepFailure.self) { try evaluate("delay", data) }
    }

    @Test func mergePutsTheOutputsTogether() throws {
        let outcome = try evaluate(
            "merge", [:], predecessors: [["a": 1, "b": 1], "text", ["b": 2]])
        #expect(outcome == .completed(["a": 1, "b": 2]))
    }

    @Test func notifyRaisesAnAlert() throws {
        let outcome = try evaluate(
            "notify", ["severity": "critical", "message": "{{n}} left"], ["n": 2])
        #expect(outcome.emissions == [.alert(.critical, "2 left")])
    }

    @Test func validateFailsWithEveryFault() throws {
        let schema: JSONValue = ["required": ["a"], "properties": ["b": ["type": "string"]]]
        #expect(
            try evaluate("validate", ["schema": schema], ["a": 1]) == .completed(["valid": true]))
        let failure = #expect(throws: StepFailure.self) {
            try evaluate("validate", ["schema": schema, "value": "input_b"], ["input_b": ["b": 1]])
        }
        #expect(failure?.code == "VALIDATION_FAILED")
        #expect(failure?.message == "value.a: is required; value.b: must be a string")
    }

    @Test func aConditionThatIsNoBooleanFails() throws {
        let failure = #expect(throws: StepFailure.self) {
            try evaluate("condition", ["expression": "1"])
        }
        #expect(failure?.message == "expression: must give true or false, not an integer")
    }
}

@Suite struct NodeCatalogTests {
    @Test func namesAndAliasesAreUnique() {
        let names = NodeCatalog.all.flatMap { [$0.documentation.name] + $0.documentation.aliases }
        #expect(Set(names).count == names.count)
        #expect(names.contains("ai_process"))
        #expect(names.contains("decision"))
    }

    @Test func everythingIsDocumented() {
        for type in NodeCatalog.all {
            let documentation = type.documentation
            let name = documentation.name
            #expect(documentation.summary.hasSuffix("."), "\(name)")
            #expect(!documentation.output.isEmpty, "\(name)")
            let keys = documentation.fields.map(\.key)
            #expect(Set(keys).count == keys.count, "\(name)")
            for field in documentation.fields + NodeField.everyNode {
                #expect(field.doc.count > 3, "\(name).\(field.key)")
                #expect(isIdentifier(field.key), "\(name).\(field.key)")
            }
            for handle in documentation.handles { #expect(!handle.doc.isEmpty, "\(name)") }
        }
    }

    @Test func everyTypeIsPureOrEffectfulOrDelegates() {
        for type in NodeCatalog.all {
            let kinds = [
                type is any PureNode.Type, type is any EffectfulNode.Type,
                type is any DelegatingNode.Type,
            ]
            #expect(kinds.count { $0 } == 1, "\(type.documentation.name)")
        }
    }

    @Test func aFieldThatIsRequiredIsMissed() {
        for type in NodeCatalog.all {
            var data = NodeData([:])
            _ = type.init(&data)
            let missed = Set(data.faults.map(\.field))
            for field in type.documentation.fields where field.isRequired {
                #expect(
                    missed.contains("data.\(field.key)"), "\(type.documentation.name).\(field.key)")
            }
        }
    }
}
