import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct WizardScreenTests {
    static let definition: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start", "data": ["label": "New lead"]],
            ["id": "mail", "type": "email", "data": ["label": "Mail {{email}}"]],
            ["id": "end", "type": "end", "data": [:]],
        ],
        "edges": [
            ["id": "a", "source": "start", "target": "mail"],
            ["id": "b", "source": "mail", "target": "end"],
        ],
    ]

    static let template = Template(
        id: Fixtures.id(200), name: "Lead Qualification",
        description: "Scores a new lead and mails the one who sells.", category: "sales",
        definition: definition,
        parameters: [
            TemplateParameter(
                name: "email", description: "Who gets the lead", parameterType: .email,
                isRequired: true),
            TemplateParameter(
                name: "threshold", description: "From which score on", parameterType: .integer,
                defaultValue: 70, minimum: 0, maximum: 100),
            TemplateParameter(
                name: "priority", parameterType: .select, defaultValue: "normal",
                options: ["low", "normal", "high"]),
            TemplateParameter(name: "key", parameterType: .secret),
            TemplateParameter(name: "from", parameterType: .date),
        ],
        isActive: true, createdAt: Fixtures.now, isStarter: true)

    private static func workflow(_ name: String) -> Workflow {
        Workflow(
            id: Fixtures.id(500), name: name, description: "", isActive: true,
            definition: definition, createdAt: Fixtures.now, updatedAt: Fixtures.now,
            createdBy: Fixtures.id(1), version: 1)
    }

    private static func client() -> FakeClient {
        let client = Fixtures.client()
        client.answer(GetTemplate.self, with: template)
        client.answer(PreviewTemplate.self) { call throws(APIError) in
            guard case .string(let email)? = call.parameterValues?["email"] else {
                throw .validation([FieldFault(field: "email", message: "is required")])
            }
            let nodes = definition["nodes"]?.arrayValue ?? []
            let mail: JSONValue = [
                "id": "mail", "type": "email", "data": ["label": .string("Mail \(email)")],
            ]
            let edges = definition["edges"] ?? []
            let made: JSONObject = ["nodes": [nodes[0], mail, nodes[2]], "edges": edges]
            return TemplatePreview(
                name: call.name ?? "", description: "", definition: .object(made))
        }
        client.answer(InstantiateTemplate.self) { call throws(APIError) in
            if call.name == "Taken" {
                throw .validation([
                    FieldFault(field: "name", message: "is taken already"),
                    FieldFault(field: "parameter_values.threshold", message: "is too low"),
                ])
            }
            return workflow(call.name)
        }
        client.answer(GetWorkflow.self, with: workflow("Lead Qualification"))
        return client
    }

    static func open(width: Int = 120, height: Int = 32) async -> ConsoleTester {
        var console = await ConsoleTester.open(client: client(), width: width, height: height)
        await console.press(.character("3"), .character("i"))
        return console
    }

    @Test(arguments: SmallScreenTests.sizes)
    func isDrawn(width: Int, height: Int) async {
        let console = await Self.open(width: width, height: height)
        expectDrawing(console.lines, "wizard-\(width)x\(height)")
    }

    @Test(arguments: SmallScreenTests.sizes)
    func theTemplateIsDrawn(width: Int, height: Int) async {
        var console = await ConsoleTester.open(
            client: Self.client(), width: width, height: height)
        await console.press(.character("3"), .enter)
        expectDrawing(console.lines, "template-\(width)x\(height)")
    }

    private static let address =
        "The address of the market data's API, without a slash at its end, as its operator names it"

    private static func openAddress(
        _ keys: Key..., width: Int, height: Int
    ) async -> ConsoleTester {
        let client = client()
        client.answer(
            GetTemplate.self,
            with: Template(
                id: Fixtures.id(200), name: "Lead Qualification", description: "Scores a lead.",
                category: "sales", definition: definition,
                parameters: [
                    TemplateParameter(name: "email", parameterType: .email),
                    TemplateParameter(
                        name: "api_url", description: address, parameterType: .url,
                        isRequired: true, defaultValue: "https://api.example.com"),
                    TemplateParameter(name: "key", parameterType: .secret),
                ],
                isActive: true, createdAt: Fixtures.now, isStarter: true))
        var console = await ConsoleTester.open(client: client, width: width, height: height)
        await console.press(.character("3"))
        for key in keys { await console.press(key) }
        return console
    }

    private static func words(_ console: ConsoleTester) -> String {
        console.text.filter { !"│┃╭╮╰╯─".contains($0) }.split { $0.isWhitespace }
            .joined(separator: " ")
    }

    @Test(arguments: [(80, 24), (60, 20), (120, 32)])
    func whatAParameterIsForIsReadWhole(width: Int, height: Int) async {
        var console = await Self.openAddress(.enter, .down, width: width, height: height)
        #expect(Self.words(console).contains(Self.address), "\(console.text)")
        #expect(console.shows("https://api.example.com"))
        #expect(console.shows("key  secret"))
        console = await Self.openAddress(.character("i"), .tab, width: width, height: height)
        #expect(Self.words(console).contains(Self.address), "\(console.text)")
    }

    @Test func checksAsOneTypes() async {
        var console = await Self.open()
        #expect(!console.shows("must be an email"))
        await console.type("ann")
        #expect(console.shows("must be an email address"))
        await console.type("@example.com")
        #expect(!console.shows("must be an email"))
        await console.press(.tab, .end, .character("0"))
        #expect(console.shows("must be at most 100"))
    }

    @Test func thePreviewFillsInBesideTheForm() async {
        var console = await Self.open()
        await console.type("ann@example.com")
        #expect(console.client.calls(of: PreviewTemplate.self).count == 1)
        #expect(await console.fire("preview"))
        #expect(console.shows("Mail ann@example.com"))
        #expect(await console.fire("preview") == false)
    }

    @Test func secretsAreDots() async {
        var console = await Self.open()
        await console.press(.tab, .tab, .tab)
        await console.type("hunter2")
        #expect(!console.shows("hunter2"))
        #expect(console.shows("•••••••"))
    }

    @Test func doesNotSendWhatIsWrong() async {
        var console = await Self.open()
        await console.press(.control("s"))
        #expect(console.shows("is required"))
        #expect(console.toasts == ["Something is not right yet"])
        #expect(!console.hasOverlay)
    }

    @Test func createsTheWorkflow() async {
        var console = await Self.open()
        await console.type("ann@example.com")
        await console.press(.control("s"))
        expectDrawing(console.lines, "wizard-finish")
        await console.press(.enter)
        let call = console.client.calls(of: InstantiateTemplate.self).first
        #expect(call?.name == "Lead Qualification")
        #expect(
            call?.parameterValues == [
                "email": "ann@example.com", "threshold": 70, "priority": "normal",
            ])
        let trail = console.model.trail.destinations
        #expect(trail == [.overview, .workflow(Fixtures.id(500))])
    }

    @Test func createsAndRuns() async {
        var console = await Self.open()
        await console.type("ann@example.com")
        await console.press(.control("s"))
        await console.type("run\n")
        #expect(console.shows("run Lead Qualification"))
    }

    @Test func savesTheAnswers() async {
        var console = await Self.open()
        await console.type("ann@example.com")
        await console.press(.control("s"))
        await console.type("save\n")
        guard case .save(let text, "answers.json")? = console.work.last else {
            Issue.record("nothing was saved")
            return
        }
        #expect(text.contains("\"threshold\": 70"))
    }

    @Test func putsTheServersFaultsAtTheirFields() async {
        var console = await Self.open()
        await console.type("ann@example.com")
        for _ in 0..<5 { await console.press(.tab) }
        await console.press(.control("u"))
        await console.type("Taken")
        await console.press(.control("s"), .enter)
        #expect(console.shows("is taken already"))
        #expect(console.shows("is too low"))
        #expect(console.model.trail.places.count == 2)
    }

    @Test func asksBeforeItThrowsAnswersAway() async {
        var console = await Self.open()
        await console.press(.escape)
        #expect(console.model.trail.places.count == 1)
        await console.press(.character("i"))
        await console.type("ann")
        await console.press(.escape)
        #expect(console.shows("The answers that you typed would be lost."))
        await console.press(.enter)
        #expect(console.shows("ann"))
        await console.press(.escape, .character("y"))
        #expect(console.model.trail.places.count == 1)
    }

    @Test func quittingAsksToo() async {
        var console = await Self.open()
        await console.type("ann")
        await console.press(.control("c"))
        #expect(console.work.isEmpty)
        await console.press(.character("y"))
        #expect(console.work == [.quit(status: 0)])
    }
}
