import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct DefinitionValidationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let json: String
        let field: String
        let part: String

        init(_ name: String, _ json: String, _ field: String, _ part: String) {
            testDescription = name
            self.json = json
            self.field = field
            self.part = part
        }
    }

    private static func nodes(_ nodes: String, edges: String = "") -> String {
        "{\"nodes\": [\(nodes)], \"edges\": [\(edges)]}"
    }

    private static let start = "{\"id\": \"s\", \"type\": \"start\"}"
    private static let end = "{\"id\": \"e\", \"type\": \"end\"}"
    private static let edge = "{\"source\": \"s\", \"target\": \"e\"}"

    static let errors = [
        Case("no object", "[]", "definition", "must be an object"),
        Case("no nodes", "{}", "definition.nodes", "is required"),
        Case("empty", nodes(""), "definition.nodes", "at least one"),
        Case("no start", nodes(end), "definition.nodes", "start"),
        Case(
            "two starts", nodes("\(start), {\"id\": \"t\", \"type\": \"start\"}"),
            "definition.nodes[1].type", "only one"),
        Case(
            "same id", nodes("\(start), {\"id\": \"s\", \"type\": \"end\"}"),
            "definition.nodes[1].id", "another node"),
        Case(
            "unknown type", nodes("\(start), {\"id\": \"x\", \"type\": \"teleport\"}"),
            "definition.nodes[1].type", "\"teleport\" is no type"),
        Case(
            "no workflow",
            nodes("\(start), {\"id\": \"x\", \"type\": \"workflow\", \"data\": {}}"),
            "definition.nodes[1].data.workflow_id", "is required"),
        Case(
            "malformed workflow",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"workflow\", \"data\": {\"workflow_id\": \"7\"}}"
            ),
            "definition.nodes[1].data.workflow_id", "must be the id"),
        Case(
            "workflow input",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"workflow\", \"data\": {\"workflow_id\": \"{{w}}\", \"input\": 3}}"
            ),
            "definition.nodes[1].data.input", "must be a mapping"),
        Case(
            "map without items",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"node\": {\"type\": \"log\", \"data\": {\"message\": \"x\"}}}}"
            ),
            "definition.nodes[1].data.items", "is required"),
        Case(
            "map without work",
            nodes("\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\"}}"),
            "definition.nodes[1].data.node", "is required, or workflow"),
        Case(
            "map with both",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\", \"workflow\": \"{{w}}\", \"node\": {}}}"
            ),
            "definition.nodes[1].data.workflow", "only one"),
        Case(
            "map node without type",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\", \"node\": {}}}"
            ),
            "definition.nodes[1].data.node", "must be an object"),
        Case(
            "map node unknown",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\", \"node\": {\"type\": \"teleport\"}}}"
            ),
            "definition.nodes[1].data.node.type", "is no type"),
        Case(
            "map node that waits",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\", \"node\": {\"type\": \"approval\"}}}"
            ),
            "definition.nodes[1].data.node.type", "cannot run for an item"),
        Case(
            "map node with a fault",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\", \"node\": {\"type\": \"log\"}}}"
            ),
            "definition.nodes[1].data.node.data.message", "is required"),
        Case(
            "map too parallel",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\", \"workflow\": \"{{w}}\", \"max_parallel\": 101}}"
            ),
            "definition.nodes[1].data.max_parallel", "from 1 to 100"),
        Case(
            "map error word",
            nodes(
                "\(start), {\"id\": \"x\", \"type\": \"map\", \"data\": {\"items\": \"[1]\", \"workflow\": \"{{w}}\", \"on_item_error\": \"stop\"}}"
            ),
            "definition.nodes[1].data.on_item_error", "fail, continue"),
        Case(
            "edge to nowhere",
            nodes("\(start), \(end)", edges: "\(edge), {\"source\": \"s\", \"target\": \"q\"}"),
            "definition.edges[1].target", "no node \"q\""),
        Case(
            "edge from nowhere",
            nodes("\(start), \(end)", edges: "{\"source\": \"q\", \"target\": \"e\"}"),
            "definition.edges[0].source", "no node \"q\""),
        Case(
            "same edge id",
            nodes(
                "\(start), \(end)",
                edges: "{\"id\": \"x\", \"source\": \"s\", \"target\": \"e\"}, "
                    + "{\"id\": \"x\", \"source\": \"s\", \"target\": \"e\"}"),
            "definition.edges[1].id", "another edge"),
        Case(
            "into the start",
            nodes("\(start), \(end)", edges: "{\"source\": \"e\", \"target\": \"s\"}"),
            "definition.edges[0].target", "no edge can lead to the start"),
        Case(
            "cycle",
            nodes(
                "\(start), {\"id\": \"a\", \"type\": \"merge\"}, "
                    + "{\"id\": \"b\", \"type\": \"merge\"}",
                edges: "{\"source\": \"s\", \"target\": \"a\"}, {\"source\": \"a\", \"target\": "
                    + "\"b\"}, {\"source\": \"b\", \"target\": \"a\"}"),
            "definition.edges[2]", "a → b → a"),
        Case(
            "itself",
            nodes(
                "\(start), {\"id\": \"a\", \"type\": \"merge\"}",
                edges: "{\"source\": \"a\", \"target\": \"a\"}"), "definition.edges[0]", "a → a"),
        Case(
            "missing data", nodes("\(start), {\"id\": \"c\", \"type\": \"condition\"}"),
            "definition.nodes[1].data.expression", "is required"),
        Case(
            "bad expression",
            nodes(
                "\(start), {\"id\": \"c\", \"type\": \"decision\", "
                    + "\"data\": {\"expression\": \"1 +\"}}"),
            "definition.nodes[1].data.expression", "line 1"),
        Case(
            "bad hole",
            nodes(
                "\(start), {\"id\": \"l\", \"type\": \"log\", \"data\": {\"message\": \"{{ x\"}}"),
            "definition.nodes[1].data.message", "line 1"),
        Case(
            "bad edge condition",
            nodes(
                "\(start), \(end)",
                edges: "{\"source\": \"s\", \"target\": \"e\", \"condition\": \")\"}"),
            "definition.edges[0].condition", "line 1"),
        Case(
            "path behind a node that cannot be read",
            nodes("7, \(start), {\"id\": \"x\", \"type\": \"teleport\"}"),
            "definition.nodes[2].type", "teleport"),
        Case(
            "retry",
            nodes(
                "{\"id\": \"s\", \"type\": \"start\", \"data\": {\"retry\": "
                    + "{\"max_attempts\": 0}}}"),
            "definition.nodes[0].data.retry.max_attempts", "1 to"),
        Case(
            "on_error",
            nodes("{\"id\": \"s\", \"type\": \"start\", \"data\": {\"on_error\": \"ignore\"}}"),
            "definition.nodes[0].data.on_error", "fail, continue, branch"),
        Case(
            "output_key",
            nodes("{\"id\": \"s\", \"type\": \"start\", \"data\": {\"output_key\": \"steps\"}}"),
            "definition.nodes[0].data.output_key", "already"),
        Case(
            "schema",
            nodes(
                "{\"id\": \"s\", \"type\": \"start\", \"data\": {\"input_schema\": "
                    + "{\"properties\": {\"a\": {\"type\": \"text\"}}}}}"),
            "definition.nodes[0].data.input_schema.properties.a.type", "must be one of"),
    ]

    @Test(arguments: errors)
    func aFaultIsNamedWithItsPath(sample: Case) throws {
        let validation = DefinitionValidation(try JSONValue(parsing: sample.json))
        #expect(validation.compiled == nil)
        let fault = validation.errors.first {
            $0.field == sample.field && $0.message.contains(sample.part)
        }
        #expect(fault != nil, "\(validation.errors)")
    }

    static let warnings = [
        Case("no end", nodes(start), "definition.nodes", "type end"),
        Case("unreachable", nodes("\(start), \(end)"), "definition.nodes[1]", "skipped"),
        Case(
            "unknown key",
            nodes("{\"id\": \"s\", \"type\": \"start\", \"data\": {\"colour\": \"red\"}}"),
            "definition.nodes[0].data.colour", "not read"),
        Case(
            "handle",
            nodes(
                "\(start), \(end)",
                edges: "{\"source\": \"s\", \"target\": \"e\", \"source_handle\": \"maybe\"}"),
            "definition.edges[0].source_handle", "never fires"),
        Case(
            "error handle without branch",
            nodes(
                "\(start), \(end)",
                edges: "{\"source\": \"s\", \"target\": \"e\", \"source_handle\": \"error\"}"),
            "definition.edges[0].source_handle", "on_error"),
        Case(
            "branch without edge",
            nodes("{\"id\": \"s\", \"type\": \"start\", \"data\": {\"on_error\": \"branch\"}}"),
            "definition.nodes[0].data.on_error", "handle error"),
        Case(
            "unknown step",
            nodes(
                "\(start), {\"id\": \"l\", \"type\": \"log\", "
                    + "\"data\": {\"message\": \"{{steps.q.output}}\"}}",
                edges: "{\"source\": \"s\", \"target\": \"l\"}"),
            "definition.nodes[1].data.message", "no step \"q\""),
        Case(
            "later step",
            nodes(
                "\(start), {\"id\": \"l\", \"type\": \"log\", "
                    + "\"data\": {\"message\": \"{{steps.e.output}}\"}}, \(end)",
                edges: "{\"source\": \"s\", \"target\": \"l\"}, "
                    + "{\"source\": \"l\", \"target\": \"e\"}"),
            "definition.nodes[1].data.message", "does not come before"),
        Case(
            "unknown parameter",
            nodes(
                "\(start), {\"id\": \"l\", \"type\": \"log\", "
                    + "\"data\": {\"message\": \"{{params.q}}\"}}"),
            "definition.nodes[1].data.message", "no parameter \"q\""),
        Case(
            "unknown name with a schema",
            nodes(
                "{\"id\": \"s\", \"type\": \"start\", \"data\": {\"input_schema\": "
                    + "{\"properties\": {\"a\": {}}}}}, {\"id\": \"l\", \"type\": \"log\", "
                    + "\"data\": {\"message\": \"{{a}} {{b}}\"}}"),
            "definition.nodes[1].data.message", "nothing provides \"b\""),
        Case(
            "unknown field of the input with a schema",
            nodes(
                "{\"id\": \"s\", \"type\": \"start\", \"data\": {\"input_schema\": "
                    + "{\"properties\": {\"a\": {}}}}}, {\"id\": \"l\", \"type\": \"log\", "
                    + "\"data\": {\"message\": \"{{input.b}}\"}}"),
            "definition.nodes[1].data.message", "no field of the input \"b\""),
    ]

    @Test(arguments: warnings)
    func anOddityIsToldButAccepted(sample: Case) throws {
        let surroundings = DefinitionSurroundings(parameters: ["p"], messages: [], secrets: [])
        let validation = DefinitionValidation(
            try JSONValue(parsing: sample.json), in: surroundings)
        #expect(validation.errors.isEmpty, "\(validation.errors)")
        #expect(validation.compiled != nil)
        let warning = validation.warnings.first {
            $0.field == sample.field && $0.message.contains(sample.part)
        }
        #expect(warning != nil, "\(validation.warnings)")
    }

    @Test func everyFaultIsListedAtOnce() throws {
        let json = Self.nodes(
            "\(Self.start), {\"id\": \"a\", \"type\": \"x\"}, {\"id\": \"b\", \"type\": \"log\"}",
            edges: "{\"source\": \"s\", \"target\": \"q\"}")
        let fields = DefinitionValidation(try JSONValue(parsing: json)).errors.map(\.field)
        #expect(
            Set(fields) == [
                "definition.nodes[1].type", "definition.nodes[2].data.message",
                "definition.edges[0].target",
            ])
    }

    @Test func theExampleOfTheContractIsAcceptedWithOnlyTheMissingEndTold() {
        let validation = DefinitionValidation(
            CreateWorkflow.example.definition,
            in: DefinitionSurroundings(messages: ["follow_up_template"]))
        #expect(validation.errors.isEmpty, "\(validation.errors)")
        #expect(validation.warnings.map(\.field) == ["definition.nodes"])
    }

    @Test func withoutASchemaPlainNamesAreNotWarnedAbout() throws {
        let json = Self.nodes(
            "\(Self.start), {\"id\": \"l\", \"type\": \"log\", "
                + "\"data\": {\"message\": \"{{anything}} {{input.at_all}}\"}}, \(Self.end)",
            edges: "{\"source\": \"s\", \"target\": \"l\"}, {\"source\": \"l\", \"target\": \"e\"}")
        let validation = DefinitionValidation(try JSONValue(parsing: json))
        #expect(validation.warnings.isEmpty, "\(validation.warnings)")
    }

    @Test func aGuardedNameIsNotWarnedAbout() throws {
        let json = Self.nodes(
            "\(Self.start), {\"id\": \"l\", \"type\": \"log\", "
                + "\"data\": {\"message\": \"{{ has(params.q) }}\"}}, \(Self.end)",
            edges: "{\"source\": \"s\", \"target\": \"l\"}, {\"source\": \"l\", \"target\": \"e\"}")
        let surroundings = DefinitionSurroundings(parameters: [])
        let validation = DefinitionValidation(try JSONValue(parsing: json), in: surroundings)
        #expect(validation.warnings.isEmpty, "\(validation.warnings)")
    }

    @Test(arguments: [5000, 10_000])
    func aLongChainNeedsNoDeepStack(count: Int) {
        let nodes = (0..<count).map { index in
            Definition.Node(
                id: StepID("n\(index)"), type: index == 0 ? "start" : "merge", data: [:])
        }
        let edges = (1..<count).map { index in
            Definition.Edge(
                id: "e\(index)", source: StepID("n\(index - 1)"), target: StepID("n\(index)"))
        }
        let definition = Definition(nodes: nodes, edges: edges)
        #expect(DefinitionValidation(definition.json).errors.isEmpty)
        let back = Definition.Edge(id: "back", source: StepID("n\(count - 1)"), target: "n1")
        let ring = Definition(nodes: nodes, edges: edges + [back])
        #expect(
            DefinitionValidation(ring.json).errors.map(\.field) == [
                "definition.edges[\(count - 1)]"
            ])
    }

    @Test func moreThanTheLimitOfNodesIsRefused() {
        let nodes = (0...10_000).map { index in
            Definition.Node(
                id: StepID("n\(index)"), type: index == 0 ? "start" : "merge", data: [:])
        }
        let errors = DefinitionValidation(Definition(nodes: nodes, edges: []).json).errors
        #expect(errors.map(\.field) == ["definition"])
    }

    @Test func stepsThatNameEachOtherManyTimesAreCheckedQuickly() throws {
        // Every node names every one before it: the order is asked for all pairs at once.
        let count = 400
        let nodes = (0..<count).map { index in
            let names = (0..<index).map { "{{steps.n\($0).output}}" }.joined()
            return Definition.Node(
                id: StepID("n\(index)"), type: index == 0 ? "start" : "log",
                data: index == 0 ? [:] : ["message": .string("x" + names)])
        }
        let edges = (1..<count).map { index in
            Definition.Edge(
                id: "e\(index)", source: StepID("n\(index - 1)"), target: StepID("n\(index)"))
        }
        let validation = DefinitionValidation(Definition(nodes: nodes, edges: edges).json)
        #expect(validation.errors.isEmpty)
        #expect(validation.warnings.map(\.field) == ["definition.nodes"])
    }
}
