import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct WorkflowScreenTests {
    private static let id = Story.workflowID

    private static func workflow(
        _ definition: JSONValue = Story.leads.json, version: Int = 3, isActive: Bool = true,
        name: String = "Lead Qualification"
    ) -> Workflow {
        Workflow(
            id: id, name: name, description: "Scores a lead and sends an offer to a hot one",
            isActive: isActive, definition: definition, createdAt: Fixtures.ago(864_000),
            updatedAt: Fixtures.ago(86_400), createdBy: UserID.numbered(1), version: version,
            executionStats: ExecutionStats(
                totalExecutions: 42, successfulExecutions: 38, failedExecutions: 2,
                averageDuration: 4.25))
    }

    private static let runs: [ExecutionSummary] = (0..<130).map { run($0) }

    private static func run(_ index: Int) -> ExecutionSummary {
        let ended: ExecutionStatus = index % 9 == 4 ? .failed : .completed
        return Fixtures.execution(
            500 + index, "Lead Qualification", index == 0 ? .running : ended,
            age: Double(index) * 600, time: index == 0 ? nil : Double(index % 7) + 1.5)
    }

    private func client(_ workflow: Workflow = workflow()) -> FakeClient {
        let client = FakeClient()
        client.answer(GetWorkflow.self, with: workflow)
        client.answer(ListExecutions.self) { call throws(APIError) in
            let cursor = call.cursor == "" ? "0" : call.cursor
            return Fixtures.page(Self.runs, page: nil, size: call.pageSize, cursor: cursor)
        }
        let versions = (1...3).reversed().map { Self.version($0, definition: nil) }
        client.answer(
            ListWorkflowVersions.self,
            with: Page(items: versions, position: .numbered(number: 1, size: 100, total: 3)))
        client.answer(GetWorkflowVersion.self) { call throws(APIError) in
            var nodes = Story.leads.nodes
            if call.version < 3 { nodes.remove(at: 4) }
            let older = Definition(nodes: nodes, edges: Story.leads.edges)
            return Self.version(call.version, definition: older.json)
        }
        return client
    }

    private static func version(_ number: Int, definition: JSONValue?) -> WorkflowVersion {
        WorkflowVersion(
            version: number, name: "Lead Qualification", description: "", definition: definition,
            createdAt: Fixtures.ago(Double(10 - number) * 86_400),
            createdBy: UserID.numbered(1))
    }

    private func open(
        _ client: FakeClient, width: Int = 120, height: Int = 30, charset: Charset = .unicode
    ) async -> ScreenTester {
        await ScreenTester.open(
            WorkflowScreen(workflowID: Self.id), client: client, width: width, height: height,
            charset: charset)
    }

    private static let tabs = ["graph", "definition", "versions", "executions"]

    @Test(arguments: tabs.indices, [(120, 30), (80, 22), (60, 14), (20, 5)])
    func everyTabIsDrawn(tab: Int, size: (Int, Int)) async {
        var tester = await open(client(), width: size.0, height: size.1)
        for _ in 0..<tab { await tester.press(.character("]")) }
        expectDrawing(tester.lines, "workflow-\(Self.tabs[tab])-\(size.0)x\(size.1)")
        #expect(tester.screen.isLoaded)
    }

    @Test(arguments: tabs.indices)
    func asciiHoldsNothingElse(tab: Int) async {
        var tester = await open(client(), width: 80, height: 22, charset: .ascii)
        for _ in 0..<tab { await tester.press(.character("]")) }
        expectDrawing(tester.lines, "workflow-\(Self.tabs[tab])-ascii")
        #expect(tester.frame.cells.allSatisfy { $0.character.isASCII })
    }

    @Test(arguments: tabs.indices)
    func anySizeIsDrawnAndTakesKeys(tab: Int) async {
        var tester = await open(client())
        for _ in 0..<tab { await tester.press(.character("]")) }
        for width in [0, 1, 2, 5, 11, 23, 40, 83, 84, 200] {
            for height in [0, 1, 2, 3, 4, 7, 9, 12, 14, 60] {
                tester.resize(width, height)
                await tester.press(.down, .right, .pageDown, .character("J"), .up)
                #expect(tester.lines.count == height)
            }
        }
    }

    @Test func whatSomebodyDeletedIsNotShownAsIfItWereThere() async {
        let client = client()
        var tester = await open(client)
        #expect(tester.shows("Lead Qualification"))
        client.fail(GetWorkflow.self, with: APIError(.serviceUnavailable, "No connection"))
        await tester.send(.appeared)
        #expect(tester.shows("Lead Qualification"))
        client.fail(GetWorkflow.self, with: .notFound("workflow"))
        await tester.send(.appeared)
        #expect(tester.shows("The workflow was not found"))
        #expect(!tester.shows("Lead Qualification"))
    }

    // MARK: Actions

    @Test func whatIsOffIsTurnedOnInsteadOfRun() async {
        let client = client(Self.workflow(isActive: false))
        client.answer(UpdateWorkflow.self, with: Self.workflow())
        var tester = await open(client)
        client.answer(GetWorkflow.self, with: Self.workflow())
        await tester.press(.character("x"))
        #expect(client.calls(of: UpdateWorkflow.self).map(\.isActive) == [true])
        await tester.press(.character("x"))
        #expect(tester.effects.last == .open(.runForm(.workflow(Self.workflow(), input: [:]))))
    }

    @Test func keysGoWhereTheySay() async {
        let client = client()
        client.answer(DuplicateWorkflow.self, with: Self.workflow())
        var tester = await open(client)
        await tester.press(.character("x"))
        #expect(tester.effects.last == .open(.runForm(.workflow(Self.workflow(), input: [:]))))
        await tester.press(.character("D"))
        #expect(tester.effects.last == .open(.workflow(Self.id)))
        for _ in 0..<3 { await tester.press(.character("]")) }
        await tester.press(.down, .enter)
        #expect(tester.effects.last == .open(.execution(ExecutionID.numbered(501))))
    }

    @Test func deletingAsksWithTheNameAndLeaves() async {
        let client = client()
        client.answer(DeleteWorkflow.self, with: NoContent())
        var tester = await open(client)
        await tester.press(.delete)
        guard case .ask(let question)? = tester.effects.last else {
            Issue.record("no question")
            return
        }
        #expect(question.title == "Delete the workflow “Lead Qualification”?")
        #expect(question.safe == "Keep it")
        #expect(client.calls(of: DeleteWorkflow.self).isEmpty)
        await tester.confirm()
        #expect(tester.effects.last == .back)
    }

    @Test func turningOffChangesNothingElse() async throws {
        let client = client()
        client.answer(UpdateWorkflow.self, with: Self.workflow(version: 4, isActive: false))
        var tester = await open(client)
        #expect(tester.lines[0].hasPrefix(" ● on Lead Qualification"))
        client.answer(GetWorkflow.self, with: Self.workflow(version: 4, isActive: false))
        await tester.press(.character("t"))
        let call = try #require(client.calls(of: UpdateWorkflow.self).first)
        #expect(call.isActive == false)
        #expect(call.definition == nil && call.name == nil)
        #expect(tester.lines[0].hasPrefix(" ○ off Lead Qualification"))
    }

    @Test func aReadOnlyConsoleOffersNoChange() async {
        let client = client()
        var tester = ScreenTester(
            WorkflowScreen(workflowID: Self.id), client: client, isReadOnly: true)
        await tester.send(.appeared)
        await tester.press(.delete, .character("e"), .character("t"), .character("D"))
        #expect(tester.effects.isEmpty)
    }

    // MARK: Validating and editing

    private static let fault = FieldFault(
        field: "definition.nodes[3].data.to", message: "is required")

    @Test func faultsAreListedAtTheirLines() async {
        let client = client()
        client.answer(
            ValidateDefinition.self,
            with: ValidationReport(
                errors: [Self.fault],
                warnings: [FieldFault(field: "definition.nodes[4]", message: "waits for nothing")]))
        var tester = await open(client)
        await tester.press(.character("v"))
        #expect(tester.shows("1 fault, 1 warning"))
        #expect(tester.shows("✖ line 27  definition.nodes[3].data.to: is required"))
        #expect(tester.lines.contains { $0.hasPrefix("27 ") && $0.contains("\"data\": {") })
        await tester.press(.character("F"))
        #expect(tester.toasts.last == "1 fault, 1 warning")
    }

    @Test func aDefinitionThatIsNoJSONIsKept() async throws {
        let client = client()
        var tester = await open(client)
        await tester.press(.character("e"))
        guard case .edit(let document)? = tester.effects.last else {
            Issue.record("no editor")
            return
        }
        #expect(document.text == Story.leads.json.prettyJSONText)
        await tester.send(.edited(tag: document.tag, result: .saved("{\n  \"nodes\": [\n")))
        #expect(tester.toasts.last?.contains("That is not JSON, line 3") == true)
        #expect(tester.screen.unsaved != nil)
        #expect(client.calls(of: ValidateDefinition.self).isEmpty)
        await tester.press(.character("e"))
        guard case .edit(let again)? = tester.effects.last else {
            Issue.record("no editor")
            return
        }
        #expect(again.text == "{\n  \"nodes\": [\n")
        #expect(again.line == 3)
        await tester.press(.character("X"))
        #expect(tester.screen.unsaved == nil)
        #expect(tester.shows("\"start\"") || tester.shows("New lead"))
    }

    @Test func aDefinitionWithFaultsIsKeptAndShownWithThem() async throws {
        let client = client()
        client.answer(
            ValidateDefinition.self, with: ValidationReport(errors: [Self.fault], warnings: []))
        var tester = await open(client)
        let text = Story.approval.json.prettyJSONText
        await tester.send(.edited(tag: "definition", result: .saved(text)))
        #expect(client.calls(of: UpdateWorkflow.self).isEmpty)
        #expect(tester.shows("Not saved: 1 fault"))
        #expect(tester.toasts.last == "Nothing was saved: 1 fault; e edits on")
        #expect(tester.shows("Approve the price"))
        // The next version of the text is fine: it is saved against the version it was made of.
        client.answer(
            ValidateDefinition.self, with: ValidationReport(errors: [], warnings: []))
        client.answer(UpdateWorkflow.self, with: Self.workflow(Story.approval.json, version: 4))
        client.answer(GetWorkflow.self, with: Self.workflow(Story.approval.json, version: 4))
        await tester.send(.edited(tag: "definition", result: .saved(text + "\n")))
        let call = try #require(client.calls(of: UpdateWorkflow.self).first)
        #expect(call.definition == Story.approval.json)
        #expect(call.ifMatch == "\"3\"")
        #expect(tester.toasts.last == "Saved as version 4")
        #expect(tester.screen.unsaved == nil)
    }

    @Test func aSaveThatIsRefusedLosesNothing() async {
        let client = client()
        client.answer(
            ValidateDefinition.self, with: ValidationReport(errors: [], warnings: []))
        client.fail(
            UpdateWorkflow.self,
            with: APIError(.preconditionFailed, "It was changed meanwhile; read it again"))
        var tester = await open(client)
        let text = Story.approval.json.prettyJSONText
        await tester.send(.edited(tag: "definition", result: .saved(text)))
        #expect(tester.toasts.last?.contains("somebody made another version meanwhile") == true)
        #expect(tester.screen.unsaved != nil)
        #expect(
            tester.screen.copies(in: tester.context).contains(
                CopyOffer("edited definition", text)))
    }

    /// What somebody else changed is saved over only by who was told of it and says so.
    @Test func whatCameInBetweenIsSavedOverAfterAQuestion() async throws {
        let client = client()
        client.answer(
            ValidateDefinition.self, with: ValidationReport(errors: [], warnings: []))
        client.fail(
            UpdateWorkflow.self,
            with: APIError(.preconditionFailed, "It was changed meanwhile; read it again"))
        var tester = await open(client)
        client.answer(GetWorkflow.self, with: Self.workflow(Story.leads.json, version: 5))
        let text = Story.approval.json.prettyJSONText
        await tester.send(.edited(tag: "definition", result: .saved(text)))
        #expect(tester.shows("Not saved: another version came in between"))
        #expect(tester.shows("v5"))

        await tester.send(.edited(tag: "definition", result: .unchanged))
        guard case .ask(let question)? = tester.effects.last else {
            Issue.record("nothing is asked: \(tester.effects)")
            return
        }
        #expect(question.title.hasPrefix("Save over version 5 of"))
        #expect(question.lines.first?.contains("while you edited version 3") == true)
        #expect(client.calls(of: UpdateWorkflow.self).map(\.ifMatch) == ["\"3\""])
        // Not yet: the changes are still there.
        #expect(tester.screen.unsaved != nil)
        #expect(tester.shows("Not saved: another version came in between"))

        client.answer(UpdateWorkflow.self, with: Self.workflow(Story.approval.json, version: 6))
        client.answer(GetWorkflow.self, with: Self.workflow(Story.approval.json, version: 6))
        await tester.confirm()
        #expect(client.calls(of: UpdateWorkflow.self).map(\.ifMatch) == ["\"3\"", "\"5\""])
        #expect(tester.toasts.last == "Saved as version 6")
        #expect(tester.screen.unsaved == nil)
    }

    @Test func anUnchangedTextIsNotSaved() async {
        let client = client()
        var tester = await open(client)
        await tester.send(.edited(tag: "definition", result: .unchanged))
        await tester.send(
            .edited(tag: "definition", result: .saved(Story.leads.json.jsonText)))
        #expect(client.calls(of: ValidateDefinition.self).isEmpty)
        #expect(tester.screen.unsaved == nil)
    }

    // MARK: Versions and executions

    @Test func twoVersionsAreCompared() async {
        var tester = await open(client())
        await tester.press(.character("]"), .character("]"))
        #expect(tester.shows("v2 → v3"))
        #expect(tester.shows("+ "))
        await tester.press(.down)
        #expect(tester.shows("v1 → v2"))
        #expect(tester.shows("The definitions are the same"))
        await tester.press(.down, .character(" "), .character("g"))
        #expect(tester.shows("v1 → v3"))
    }

    @Test func moreExecutionsAreReadNearTheEnd() async {
        let client = client()
        var tester = await open(client)
        for _ in 0..<3 { await tester.press(.character("]")) }
        #expect(client.calls(of: ListExecutions.self).count == 1)
        await tester.press(.character("G"))
        #expect(client.calls(of: ListExecutions.self).count == 2)
        await tester.press(.character("G"))
        #expect(tester.shows(Self.runs[129].id.short))
        #expect(client.calls(of: ListExecutions.self).count == 2)
    }

    @Test func eventsOfItsExecutionsAreSeen() async {
        let client = client()
        var tester = await open(client)
        let run = Self.runs[0]
        let update = ExecutionUpdate(
            executionID: run.id, workflowID: Self.id, workflowName: run.workflowName,
            status: .completed, currentStep: nil, progress: 100, stepsCompleted: 6,
            stepsTotal: 6, startedAt: run.startedAt, completedAt: Fixtures.now, error: nil)
        await tester.send(
            .events([Event(id: 1, payload: .executionUpdate(update), timestamp: Fixtures.now)]))
        #expect(tester.timers == ["refresh"])
        await tester.send(.timer("refresh"))
        #expect(tester.timers.isEmpty)
        #expect(client.calls(of: ListExecutions.self).count == 2)
    }

    @Test func aHugeDefinitionIsAListAndAHostileNameHarmless() async {
        let nodes = (0..<5000).map {
            Definition.Node(id: StepID("n\($0)"), type: "log", data: ["label": "\u{1B}[2J"])
        }
        let edges = (1..<5000).map {
            Definition.Edge(id: "e\($0)", source: StepID("n\($0 - 1)"), target: StepID("n\($0)"))
        }
        let huge = Self.workflow(
            Definition(nodes: nodes, edges: edges).json, name: "\u{1B}]0;\u{7}\u{202E}")
        var tester = await open(client(huge))
        for _ in Self.tabs {
            let isSafe = tester.frame.cells.allSatisfy { cell in
                cell.character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E }
            }
            #expect(isSafe)
            await tester.press(.character("G"), .character("]"))
        }
    }
}
