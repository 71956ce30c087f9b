import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct ExecutionScreenTests {
    private func open(
        _ story: Story, width: Int = 120, height: Int = 30, charset: Charset = .unicode
    ) async -> ScreenTester {
        await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: story.client(), width: width,
            height: height, charset: charset)
    }

    private static let tabs = ["graph", "timeline", "steps", "logs", "data", "journal"]

    @Test(arguments: tabs.indices, [(120, 30), (80, 22), (60, 14), (20, 5)])
    func everyTabIsDrawn(tab: Int, size: (Int, Int)) async {
        var tester = await open(.failed, width: size.0, height: size.1)
        for _ in 0..<tab { await tester.press(.character("]")) }
        expectDrawing(tester.lines, "execution-\(Self.tabs[tab])-\(size.0)x\(size.1)")
        #expect(tester.screen.isLoaded)
    }

    @Test(arguments: tabs.indices)
    func asciiHoldsNothingElse(tab: Int) async {
        var tester = await open(.running, width: 80, height: 22, charset: .ascii)
        for _ in 0..<tab { await tester.press(.character("]")) }
        expectDrawing(tester.lines, "execution-\(Self.tabs[tab])-ascii")
        #expect(tester.frame.cells.allSatisfy { $0.character.isASCII })
    }

    // MARK: Header

    @Test func theFirstLineSaysWhyItDoesNotMove() async {
        let tester = await open(.waiting)
        #expect(
            tester.lines[0]
                == " ◔ waiting because step \"approve\" waits for approval by manager")
        #expect(tester.lines[1].contains("v3"))
        #expect(tester.lines[1].contains("by ada"))
        #expect(tester.lines[1].contains("key order-42"))
    }

    @Test(arguments: [0, 1, 5])
    func waitingForOthersIsDrawn(tab: Int) async {
        var tester = await open(.family, width: 100, height: 22)
        for _ in 0..<tab { await tester.press(.character("]")) }
        expectDrawing(tester.lines, "execution-family-\(Self.tabs[tab])")
        #expect(tester.shows("waits for the execution"))
    }

    @Test func anEndedOneSaysHowLongItTookOrWhatFailed() async {
        let done = await open(.completed)
        #expect(done.lines[0] == " ✔ done in 10s")
        let failed = await open(.failed)
        #expect(
            failed.lines[0] == " ✖ failed at mail: 550 no such mailbox; check the address")
    }

    @Test func whatCannotBeReadIsASentence() async {
        let client = FakeClient()
        client.fail(GetExecution.self, with: .notFound("execution"))
        let tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        #expect(tester.shows("The execution was not found; it may have been deleted"))
        #expect(tester.screen.isLoaded)
    }

    // MARK: Time travel

    @Test func commaAndFullStopStepThroughTime() async {
        var tester = await open(.failed)
        await tester.press(.character(","))
        #expect(tester.shows("event 12 of 13 · step_failed mail"))
        await tester.press(.character(","), .character(","), .character(","))
        #expect(tester.shows("event 9 of 13 · step_completed hot"))
        #expect(tester.lines[0].contains("running"))
        #expect(tester.shows("◌ Send offer"))
        await tester.press(.character("."))
        #expect(tester.shows("event 10 of 13 · step_skipped nurture"))
        #expect(tester.shows("↷ Nurture"))
        for _ in 0..<30 { await tester.press(.character(",")) }
        #expect(tester.shows("event 1 of 13 · execution_accepted"))
        #expect(tester.shows("◌ Score lead"))
        await tester.press(.escape)
        #expect(!tester.shows("event "))
        #expect(tester.lines[0].contains("failed"))
    }

    @Test func stepsAndOutputShowThePast() async {
        var tester = await open(.completed)
        for _ in 0..<4 { await tester.press(.character("]")) }
        #expect(tester.shows("sent: true"))
        for _ in 0..<3 { await tester.press(.character(",")) }
        #expect(!tester.shows("sent: true"))
        #expect(tester.shows("none yet"))
        for _ in 0..<2 { await tester.press(.character("[")) }
        #expect(tester.shows("✔ Send offer  done"))
        #expect(tester.shows("◌ Done  pending"))
    }

    @Test func everyMomentOfTheJournalIsTheFoldUpToIt() async throws {
        let story = Story.failed
        var history = ExecutionHistory()
        history.begin(with: story.definition)
        history.append(
            Page(items: story.entries, position: .cursor(next: nil)), after: nil, limit: 1000)
        for count in 0...story.entries.count {
            var state = ExecutionState(story.definition)
            for entry in story.entries.prefix(count) { state.apply(entry) }
            let fold = try #require(history.fold(count: count))
            #expect(fold.count == count)
            #expect(fold.state.stepList == state.stepList)
            #expect(fold.state.status == state.status)
        }
    }

    @Test func enterInTheJournalGoesThere() async {
        var tester = await open(.failed)
        for _ in 0..<5 { await tester.press(.character("]")) }
        await tester.press(.character("g"), .down, .down, .enter)
        #expect(tester.shows("event 3 of 13 · step_completed start"))
    }

    @Test func aLongJournalComesInPagesAndToItsEndWhenAsked() async throws {
        var story = Story.running
        for index in 0..<20_000 {
            story.add(.stepProgressed(message: "part \(index)"), "mail", after: 0.001)
        }
        let client = story.client()
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        #expect(client.calls(of: ListJournal.self).count == 5)
        for _ in 0..<5 { await tester.press(.character("]")) }
        #expect(tester.shows("5000+ events"))
        await tester.press(.character("G"))
        #expect(client.calls(of: ListJournal.self).count == 21)
        #expect(tester.shows("20011 events"))
        await tester.press(.character("G"))
        #expect(tester.shows("part 19999"))
        await tester.press(.character(","), .character(","))
        #expect(tester.shows("event 20009 of 20011"))
    }

    // MARK: Live

    @Test func changesAreReadOnceABurst() async {
        var story = Story.running
        let client = story.client()
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        #expect(tester.timers == ["tick"])
        let before = client.calls.count
        story.add(.stepCompleted(StepResult(output: nil)), "mail", after: 1)
        story.answer(in: client)
        let event = Event(
            id: 1, payload: .executionUpdate(story.update), timestamp: Fixtures.now)
        for _ in 0..<50 { await tester.send(.events([event])) }
        #expect(client.calls.count == before)
        #expect(tester.timers.contains("refresh"))
        await tester.send(.timer("refresh"), after: 0.3)
        #expect(client.calls.count == before + 3)
        #expect(tester.timers == ["tick"])
        #expect(tester.shows("✔ Send offer"))
        #expect(client.calls(of: ListJournal.self).last?.after == 111)
    }

    @Test func othersExecutionsChangeNothing() async {
        var tester = await open(.running)
        let update = Fixtures.update(Fixtures.executions[0])
        await tester.send(
            .events([Event(id: 1, payload: .executionUpdate(update), timestamp: Fixtures.now)]))
        #expect(tester.timers == ["tick"])
    }

    @Test func anEndedExecutionNeedsNoTime() async {
        #expect(await open(.completed).timers.isEmpty)
        #expect(await open(.waiting).timers.isEmpty)
    }

    // MARK: Changes

    @Test func cancellingAsksFirstAndNamesTheWorkflow() async {
        let client = Story.running.client()
        client.answer(CancelExecution.self, with: Story.failed.execution)
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        await tester.press(.character("c"))
        guard case .ask(let question)? = tester.effects.last else {
            Issue.record("no question")
            return
        }
        #expect(question.title == "Cancel this execution of “Lead Qualification”?")
        #expect(question.lines.last == "Stops Send offer")
        #expect(client.calls(of: CancelExecution.self).isEmpty)
        await tester.confirm()
        #expect(client.calls(of: CancelExecution.self).count == 1)
    }

    @Test func retryingOpensTheNewExecution() async {
        let client = Story.failed.client()
        let new = ExecutionID.numbered(8)
        client.answer(
            RetryExecution.self,
            with: ExecutionAccepted(
                executionID: new, workflowID: Story.workflowID, status: .running,
                startedAt: Fixtures.now, inputData: [:], retriedFrom: Story.id))
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        await tester.press(.character("r"))
        #expect(tester.effects.last == .open(.execution(new)))
        await tester.press(.character("o"))
        #expect(tester.effects.last == .open(.workflow(Story.workflowID)))
        await tester.press(.character("R"))
        #expect(tester.effects.last == .open(.runForm(.again(Story.failed.execution))))
    }

    @Test(arguments: [("a", true), ("A", false)])
    func decidingTakesAComment(key: Character, isApproved: Bool) async throws {
        let client = Story.waiting.client()
        client.answer(ApproveExecution.self, with: Story.waiting.execution)
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        await tester.press(.character(key))
        guard case .prompt(let prompt)? = tester.effects.last else {
            Issue.record("no prompt")
            return
        }
        #expect(prompt.title.contains("Approve the price"))
        await tester.send(.answered(tag: prompt.tag, text: "within the budget"))
        let call = try #require(client.calls(of: ApproveExecution.self).first)
        #expect(call.approved == isApproved)
        #expect(call.comment == "within the budget")
        #expect(call.stepID == "approve")
    }

    @Test func keysAreOfferedWhereTheyDoSomething() async {
        func labels(_ story: Story) async -> [String] {
            let tester = await open(story)
            return tester.screen.bindings(in: tester.context).map(\.label)
        }
        let running = await labels(.running)
        #expect(running.contains("cancel") && !running.contains("retry"))
        #expect(!running.contains("approve"))
        let failed = await labels(.failed)
        #expect(!failed.contains("cancel") && failed.contains("retry"))
        let waiting = await labels(.waiting)
        #expect(waiting.contains("approve") && waiting.contains("reject"))
    }

    // MARK: Tabs

    @Test func enterOnANodeShowsItsStep() async {
        var tester = await open(.failed)
        await tester.press(.enter)
        #expect(tester.shows("message: \"550 no such mailbox; check the address\""))
    }

    @Test func attemptsAreToldApart() async {
        var tester = await open(.failed)
        await tester.press(.character("]"), .character("]"))
        await tester.press(.character("g"), .down, .right)
        #expect(tester.shows("attempts  2"))
        await tester.press(.down, .down, .down, .right, .down)
        #expect(tester.shows("The model did not answer in 5 s"))
        #expect(tester.shows("Score lead · attempt 1"))
    }

    @Test func logsFollowSearchAndLoadOlderLines() async {
        let client = Story.running.client()
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client, height: 20)
        for _ in 0..<3 { await tester.press(.character("]")) }
        #expect(tester.lines.last?.contains("line 250:") == true)
        #expect(tester.shows("following"))
        await tester.press(.character("g"))
        #expect(client.calls(of: ListExecutionLogs.self).count == 2)
        await tester.press(.character("g"))
        #expect(client.calls(of: ListExecutionLogs.self).count == 3)
        await tester.press(.character("g"))
        #expect(tester.lines[3].contains("line 1:"))
        await tester.type("/line 117\n")
        #expect(tester.shows("line 117:"))
        await tester.type("/nowhere\n")
        #expect(tester.toasts.last == "“nowhere” does not occur here")
        await tester.press(.character("L"), .character("L"))
        #expect(client.calls(of: ListExecutionLogs.self).last?.level == .warning)
        #expect(!tester.shows("• info"))
    }

    @Test func whatIsCopiedIsWhatIsUnderTheCursor() async {
        var tester = await open(.completed)
        for _ in 0..<4 { await tester.press(.character("]")) }
        await tester.press(.down)
        let offers = tester.screen.copies(in: tester.context)
        #expect(offers.first == CopyOffer("value", "john@example.com"))
        #expect(offers.dropFirst().first == CopyOffer("path", ".email"))
        #expect(offers.contains(CopyOffer("execution id", Story.id.description)))
    }

    @Test func whatSomebodyDeletedIsNotShownAsIfItWereThere() async {
        let client = Story.failed.client()
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        #expect(tester.shows("Lead Qualification"))
        client.fail(GetExecution.self, with: .notFound("execution"))
        await tester.send(.appeared)
        #expect(tester.shows("The execution was not found"))
        #expect(!tester.shows("Lead Qualification"))
    }

    @Test func timeTravelWithoutADefinitionSaysWhy() async {
        let client = Story.failed.client()
        client.fail(GetWorkflowVersion.self, with: .notFound("workflow"))
        var tester = await ScreenTester.open(
            ExecutionScreen(executionID: Story.id), client: client)
        #expect(tester.shows("The workflow was not found"))
        await tester.press(.character(","))
        #expect(tester.toasts.last?.contains("takes the workflow's definition") == true)
    }

    @Test(arguments: tabs.indices)
    func anySizeIsDrawnAndTakesKeys(tab: Int) async {
        var tester = await open(.failed)
        for _ in 0..<tab { await tester.press(.character("]")) }
        for width in [0, 1, 2, 5, 11, 23, 40, 83, 84, 200] {
            for height in [0, 1, 2, 3, 4, 7, 9, 12, 14, 60] {
                tester.resize(width, height)
                await tester.press(.down, .right, .pageDown, .character("+"), .up)
                #expect(tester.lines.count == height)
            }
        }
    }

    @Test func hostileNamesAndOutputsStayInTheirPlaces() async {
        let evil = Definition(
            nodes: [
                .init(id: "start", type: "start", data: ["label": "\u{1B}[2J\u{7}"]),
                .init(id: "\u{202E}b", type: "log", data: ["label": "wide 日本語 👍🏽"]),
            ],
            edges: [.init(id: "e", source: "start", target: "\u{202E}b", sourceHandle: "\n")])
        var story = Story(evil)
        story.add(.executionAccepted(input: ["\u{1B}]0;": "x"], queuedBy: nil, retriedFrom: nil))
        story.run("start", for: 1, output: .string(String(repeating: "\u{1B}[31m", count: 200_000)))
        story.run("\u{202E}b", for: 1, output: .array(Array(repeating: 1, count: 100_000)))
        for size in [(120, 30), (60, 14), (20, 5), (1, 1)] {
            var tester = await open(story, width: size.0, height: size.1)
            for _ in Self.tabs {
                let unsafe = tester.frame.cells.contains { cell in
                    cell.character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E }
                }
                #expect(!unsafe)
                await tester.press(.character("]"), .down, .enter, .character("E"))
            }
        }
    }
}
