import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct OverviewScreenTests {
    @Test(arguments: [
        (120, 32), (200, 60), (80, 24), (60, 16), (59, 15), (40, 12), (20, 6), (19, 5),
    ])
    func isDrawn(width: Int, height: Int) async {
        let console = await ConsoleTester.open(width: width, height: height)
        expectDrawing(console.lines, "overview-\(width)x\(height)")
    }

    @Test(arguments: [(120, 32), (80, 24), (60, 16), (20, 6)])
    func isDrawnInASCII(width: Int, height: Int) async {
        let console = await ConsoleTester.open(width: width, height: height, charset: .ascii)
        #expect(console.text.utf8.allSatisfy { $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0A) })
        expectDrawing(console.lines, "overview-ascii-\(width)x\(height)")
    }

    @Test func offersWhatToDoWithAnEmptyStore() async {
        let client = Fixtures.client(executions: [], workflows: [])
        var console = await ConsoleTester.open(client: client)
        expectDrawing(console.lines, "overview-empty")
        await console.press(.character("d"))
        #expect(console.work == [.startDemo])
        await console.press(.character("t"), .enter)
        #expect(console.model.trail.top.screen.destination == .template(Fixtures.id(200)))
    }

    @Test func whatIsOffIsTurnedOnInsteadOfRun() async throws {
        let workflows = Fixtures.workflows.filter { !$0.isActive }
        let off = try #require(workflows.first)
        let client = Fixtures.client(workflows: workflows)
        client.answer(UpdateWorkflow.self, with: RunFormScreenTests.workflow(schema: nil))
        var console = await ConsoleTester.open(client: client)
        await console.press(.character("1"))
        #expect(console.shows("turn on"))
        await console.press(.character("x"))
        let call = try #require(client.calls(of: UpdateWorkflow.self).first)
        #expect(call.workflowID == off.id)
        #expect(call.isActive == true)
        #expect(console.shows("Turned on: it can be run"))
        #expect(console.model.trail.destinations == [.overview])
    }

    @Test func noSizeBreaksIt() async {
        var console = await ConsoleTester.open()
        for width in stride(from: 1, through: 131, by: 5) {
            for height in [1, 2, 5, 6, 7, 11, 24, 120] {
                await console.resize(width, height)
                #expect(console.lines.count == height)
            }
        }
    }

    @Test func zoomsAndComesBack() async {
        var console = await ConsoleTester.open()
        await console.press(.character("z"))
        expectDrawing(console.lines, "overview-zoomed")
        await console.press(.escape)
        #expect(console.shows("1 Workflows"))
        await console.press(.character("1"), .character("z"))
        #expect(console.shows("DESCRIPTION"))
        #expect(!console.shows("2 Executions"))
    }

    @Test func theFocusGoesAround() async {
        var console = await ConsoleTester.open()
        await console.press(.tab, .enter)
        #expect(console.model.trail.top.screen.destination == .template(Fixtures.id(200)))
        await console.press(.escape, .tab, .enter)
        #expect(console.model.trail.top.screen.destination == .health)
        await console.press(.escape, .character("1"), .down, .enter)
        #expect(console.model.trail.top.screen.destination == .workflow(Fixtures.id(102)))
    }

    /// What does not fit is left out whole: half a figure is a wrong one.
    @Test(arguments: [200, 120, 100, 90, 80, 70, 60, 50])
    func theFiguresOfHealthAreNotCut(width: Int) async {
        var console = await ConsoleTester.open(width: width, height: 24)
        await console.type("4")
        let start = console.lines.lastIndex { $0.contains("4 Health") } ?? 0
        let rows = console.lines[(start + 1)...].prefix(3).map { line in
            line.split(separator: "│").last.map { String($0) } ?? ""
        }
        #expect(rows[0].contains("database"))
        #expect(rows[1].contains("exec/min"))
        #expect(rows[2].contains("cpu"))
        for row in rows { #expect(!row.contains("…"), "\(row)") }
    }

    // MARK: Following

    @Test func stopsFollowingWhenTheCursorMovesAndSaysSo() async {
        var console = await ConsoleTester.open()
        #expect(console.shows("following ▾ · all"))
        await console.press(.down)
        #expect(console.shows("f follows · all"))
        await console.press(.character("f"))
        #expect(console.shows("following ▾ · all"))
    }

    @Test func theRowUnderTheCursorIsTheRowActedUpon() async {
        var console = await ConsoleTester.open()
        await console.press(.down)
        for number in 0..<50 {
            let row = Fixtures.execution(900 + number, "Lead", .running, age: 0)
            await console.tell(Fixtures.update(row))
        }
        await console.press(.enter)
        #expect(
            console.model.trail.top.screen.destination == .execution(Fixtures.executions[1].id))
    }

    @Test func changesRowsInPlace() async {
        var console = await ConsoleTester.open()
        let done = Fixtures.execution(2, "Lead Qualification", .completed, age: 2, time: 2)
        await console.tell(Fixtures.update(done))
        let line = console.lines.first { $0.contains("▶ running    Lead") }
        #expect(line == nil)
        #expect(console.client.calls(of: ListExecutions.self).count == 1)
    }

    @Test func aRowThatNoLongerFitsTheFilterLeavesUnlessTheCursorIsOnIt() async {
        var console = await ConsoleTester.open()
        await console.type(":executions running\n")
        await console.press(.down)
        let rows = Fixtures.executions
        let first = Fixtures.execution(1, rows[0].workflowName, .completed, age: 1, time: 1)
        let second = Fixtures.execution(2, rows[1].workflowName, .completed, age: 2, time: 2)
        await console.tell(Fixtures.update(first), Fixtures.update(second))
        #expect(!console.shows("✔ done       Parts Inquiry"))
        #expect(console.shows("✔ done       Lead Qualification"))
    }

    // MARK: Filter

    @Test func filtersAsOneTypesAndEscClears() async {
        var console = await ConsoleTester.open()
        await console.type("/lead")
        #expect(console.shows("/lead"))
        #expect(!console.shows("Price Optimization"))
        await console.press(.enter)
        #expect(console.shows("following ▾ · /lead"))
        await console.press(.escape)
        #expect(console.shows("Price Optimization"))
    }

    @Test func offersNothingForARowWhereThereIsNone() async {
        var console = await ConsoleTester.open()
        #expect(console.lines.last?.contains("cancel") == true)
        await console.type("/~nothing")
        await console.press(.enter)
        #expect(console.lines.last?.contains("cancel") == false)
        #expect(console.lines.last?.contains("filter") == true)
        await console.press(.character("?"))
        #expect(console.shows("Cancel this execution, or the marked ones"))
    }

    @Test func saysWhenAFilterSeesOnlyWhatIsLoaded() async {
        let rows = (0..<2000).map { Fixtures.execution($0, age: Double($0 + 1)) }
        var console = await ConsoleTester.open(client: Fixtures.client(executions: rows))
        await console.type("/~nothing")
        #expect(console.shows("of the newest 500"))
        #expect(console.shows("nothing matches"))
        #expect(console.client.calls(of: ListExecutions.self).count < 120)
    }

    // MARK: Many at once

    @Test func cancelsTheMarkedAfterOneQuestion() async {
        var console = await ConsoleTester.open()
        console.client.fail(CancelExecution.self, with: .notFound("execution"))
        await console.press(.character(" "), .character(" "))
        #expect(console.shows("2 marked"))
        await console.press(.character("c"))
        #expect(console.shows("Cancel 2 executions?"))
        #expect(console.shows("1 of “Lead Qualification”"))
        await console.press(.enter)
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
        await console.press(.character("c"), .character("y"))
        #expect(console.client.calls(of: CancelExecution.self).count == 2)
    }

    @Test func asksBeforeItCancelsAndNamesWhat() async {
        var console = await ConsoleTester.open()
        console.client.fail(CancelExecution.self, with: .notFound("execution"))
        await console.press(.down, .character("c"))
        expectDrawing(console.lines, "overview-cancel")
        await console.press(.enter)
        #expect(console.client.calls(of: CancelExecution.self).isEmpty)
        await console.press(.character("c"), .tab, .enter)
        let calls = console.client.calls(of: CancelExecution.self)
        #expect(calls == [CancelExecution(executionID: Fixtures.executions[1].id)])
    }

    @Test func retriesTheFailedOne() async {
        var console = await ConsoleTester.open()
        await console.press(.down, .character("r"))
        #expect(console.toasts == ["Nothing to retry: it did not fail"])
        await console.press(.down, .down, .down, .character("r"))
        let calls = console.client.calls(of: RetryExecution.self)
        #expect(calls == [RetryExecution(executionID: Fixtures.executions[4].id)])
    }

    // MARK: Order and columns

    @Test func sortsByTheServer() async {
        var console = await ConsoleTester.open()
        await console.press(.character("s"))
        #expect(console.client.calls(of: ListExecutions.self).last?.sort == "status")
        #expect(console.shows("STATUS▲"))
        await console.press(.character("S"))
        #expect(console.client.calls(of: ListExecutions.self).last?.sort == "-status")
        #expect(console.shows("STATUS▼"))
    }

    @Test func hidesColumns() async {
        var console = await ConsoleTester.open()
        await console.press(.character("C"))
        await console.type("progress\n")
        #expect(!console.shows("PROGRESS"))
    }

    // MARK: The mouse

    @Test func theMouseMovesTheFocusAndTheCursor() async {
        var console = await ConsoleTester.open()
        await console.press(.mouse(.press, Point(x: 5, y: 3)))
        await console.press(.mouse(.press, Point(x: 5, y: 3)))
        #expect(console.model.trail.top.screen.destination == .workflow(Fixtures.id(102)))
    }
}
