import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct RunFormScreenTests {
    static let schema: JSONValue = [
        "type": "object", "required": ["email"],
        "properties": [
            "email": ["type": "string", "format": "email", "description": "Whom to write to"],
            "score": ["type": "integer", "minimum": 0, "maximum": 100, "default": 50],
            "kind": ["enum": ["new", "used"]],
            "urgent": ["type": "boolean"],
            "tags": ["type": "array"],
        ],
    ]

    static func workflow(schema: JSONValue?, isActive: Bool = true) -> Workflow {
        let data: JSONValue = schema.map { ["input_schema": $0] } ?? [:]
        return Workflow(
            id: Fixtures.id(101), name: "Lead Qualification", description: "", isActive: isActive,
            definition: ["nodes": [["id": "start", "type": "start", "data": data]], "edges": []],
            createdAt: Fixtures.now, updatedAt: Fixtures.now, createdBy: Fixtures.id(1),
            version: 1)
    }

    private static func open(
        schema: JSONValue? = schema, width: Int = 120, height: Int = 32
    ) async -> ConsoleTester {
        let client = Fixtures.client()
        client.answer(GetWorkflow.self, with: workflow(schema: schema))
        client.answer(ExecuteWorkflow.self) { call throws(APIError) in
            if call.inputData?["email"] == "bad@example.com" {
                throw .validation([
                    FieldFault(field: "input_data.email", message: "is blocked")
                ])
            }
            return .accepted(
                ExecutionAccepted(
                    executionID: Fixtures.id(9), workflowID: call.workflowID, status: .running,
                    startedAt: Fixtures.now, inputData: call.inputData ?? [:]))
        }
        var console = await ConsoleTester.open(client: client, width: width, height: height)
        await console.press(.character("1"), .character("x"))
        return console
    }

    @Test(arguments: SmallScreenTests.sizes)
    func isDrawn(width: Int, height: Int) async {
        let console = await Self.open(width: width, height: height)
        expectDrawing(console.lines, "run-\(width)x\(height)")
    }

    private static let cut = APIError(
        .serviceUnavailable, "auterity.example.com closed the connection")

    /// A change that was sent and not answered is in `:messages`, however the line is by then.
    @Test func aChangeThatFailedOnABrokenLineIsKept() async {
        var console = await Self.open()
        console.client.fail(ExecuteWorkflow.self, with: Self.cut)
        await console.type("ann@example.com")
        console.holdsCalls = true
        await console.press(.control("s"))
        await console.send(ServerTests.lost)
        await console.release()
        let calls = console.model.notices.filter {
            if case .call(_, failed: true) = $0.kind { true } else { false }
        }
        #expect(calls.map(\.text).filter { $0.hasPrefix("POST ") }.count == 1)
    }

    /// What was said of a call goes with a later one of the kind that succeeds.
    @Test func theErrorOfACallGoesWhenTheNextOneSucceeds() async {
        var console = await Self.open()
        console.client.fail(ExecuteWorkflow.self, with: Self.cut)
        await console.type("ann@example.com")
        await console.press(.control("s"))
        #expect(console.toasts.contains { $0.contains("closed the connection") })
        console.client.answer(ExecuteWorkflow.self) { call throws(APIError) in
            .accepted(
                ExecutionAccepted(
                    executionID: Fixtures.id(9), workflowID: call.workflowID, status: .running,
                    startedAt: Fixtures.now, inputData: call.inputData ?? [:]))
        }
        await console.press(.control("s"))
        #expect(console.model.trail.top.screen.destination == .execution(Fixtures.id(9)))
        #expect(!console.toasts.contains { $0.contains("closed the connection") })
        // It stays in the list of what was said.
        #expect(console.model.notices.contains { $0.text.contains("closed the connection") })
    }

    @Test func aWorkflowThatIsOffSaysSo() async {
        let client = Fixtures.client()
        client.answer(GetWorkflow.self, with: Self.workflow(schema: nil, isActive: false))
        var console = await ConsoleTester.open(client: client)
        await console.press(.character("2"), .character("x"))
        #expect(console.shows("It is off, and only what is on can be run"))
        await console.press(.control("s"))
        #expect(console.client.calls(of: ExecuteWorkflow.self).isEmpty)
    }

    @Test func runsWithTypedValues() async {
        var console = await Self.open()
        await console.type("ann@example.com\t")
        await console.press(.control("u"))
        await console.type("7")
        await console.press(.tab, .right, .tab, .character(" "), .tab)
        await console.type("[1, \"two\"]")
        await console.press(.control("s"))
        let call = console.client.calls(of: ExecuteWorkflow.self).first
        #expect(
            call?.inputData == [
                "email": "ann@example.com", "score": 7, "kind": "new", "urgent": true,
                "tags": [1, "two"],
            ])
        let trail = console.model.trail.destinations
        #expect(trail == [.overview, .execution(Fixtures.id(9))])
    }

    @Test func putsTheServersFaultsAtTheirFields() async {
        var console = await Self.open()
        await console.type("bad@example.com")
        await console.press(.control("s"))
        #expect(console.shows("✖ is blocked"))
        await console.press(.backspace)
        #expect(!console.shows("✖ is blocked"))
    }

    @Test func saysWhereJSONIsWrong() async {
        var console = await Self.open()
        await console.press(.backTab)
        await console.type("[1,")
        #expect(console.shows("is not JSON: line 1"))
        await console.press(.control("s"))
        #expect(console.client.calls(of: ExecuteWorkflow.self).isEmpty)
    }

    @Test func withoutASchemaTheInputIsJSON() async {
        var console = await Self.open(schema: nil)
        await console.type("{\"lead\": 7}")
        await console.press(.control("s"))
        let call = console.client.calls(of: ExecuteWorkflow.self).first
        #expect(call?.inputData == ["lead": 7])
    }

    @Test func theEditorGetsTheInputAndGivesItBack() async {
        var console = await Self.open()
        await console.type("ann@example.com")
        await console.press(.alt("e"))
        guard case .edit(let screen, let document)? = console.work.last else {
            Issue.record("no editor was started")
            return
        }
        #expect(document.name == "input.json")
        #expect(document.text.contains("ann@example.com"))
        await console.send(
            .edited(screen, tag: document.tag, result: .saved("{\"email\": \"bob@example.com\"}")))
        #expect(console.shows("bob@example.com"))
        await console.send(.edited(screen, tag: document.tag, result: .saved("{\"email\": }")))
        #expect(console.shows("This is not JSON"))
        await console.press(.character("y"))
        #expect(console.work.count == 2)
    }

    @Test func asksBeforeItThrowsInputAway() async {
        var console = await Self.open()
        await console.type("ann")
        await console.press(.escape)
        #expect(console.shows("The input that you typed would be lost."))
        await console.press(.character("y"))
        #expect(console.model.trail.places.count == 1)
    }
}
