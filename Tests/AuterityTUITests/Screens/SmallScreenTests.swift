import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct SmallScreenTests {
    static let screens = ["health", "alerts", "logs", "messages", "perf", "about", "help"]
    static let sizes = [(120, 32), (80, 24), (60, 16), (20, 6)]

    @Test(arguments: screens, sizes)
    func isDrawn(screen: String, size: (Int, Int)) async {
        let console = await ConsoleTester.open(
            width: size.0, height: size.1, screen: screen)
        expectDrawing(console.lines, "\(screen)-\(size.0)x\(size.1)")
    }

    @Test(arguments: screens)
    func isDrawnInASCII(screen: String) async {
        let console = await ConsoleTester.open(
            width: 80, height: 24, charset: .ascii, screen: screen)
        #expect(console.text.utf8.allSatisfy { $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0A) })
        expectDrawing(console.lines, "\(screen)-ascii")
    }

    @Test(arguments: screens)
    func noSizeBreaksIt(screen: String) async {
        var console = await ConsoleTester.open(screen: screen)
        for width in stride(from: 1, through: 131, by: 10) {
            for height in [1, 3, 6, 8, 13, 40] {
                await console.resize(width, height)
                #expect(console.lines.count == height)
                await console.press(.down, .pageDown, .pageUp)
            }
        }
    }

    // MARK: Health

    @Test func theWindowOfHealthGrows() async {
        var console = await ConsoleTester.open(screen: "health")
        #expect(console.shows("5 min"))
        await console.press(.character("w"))
        #expect(console.client.calls(of: GetMetricsHistory.self).last?.window == 3600)
        await console.press(.character("w"))
        #expect(console.shows("24 h"))
        await console.press(.character("w"))
        #expect(console.client.calls(of: GetMetricsHistory.self).last?.window == 300)
    }

    @Test func moreChartsThanFitAreAKeyAway() async {
        var console = await ConsoleTester.open(width: 80, height: 24, screen: "health")
        #expect(!console.shows("AI tokens"))
        await console.press(.character("]"))
        #expect(console.shows("Database flush"))
        await console.press(.character("["))
        #expect(console.shows("Executions"))
    }

    // MARK: Alerts

    @Test(arguments: ["health", "alerts"])
    func acknowledgesTheAlertUnderTheCursor(screen: String) async {
        var console = await ConsoleTester.open(screen: screen)
        let open = Fixtures.alerts[0]
        let seen = Alert(
            id: open.id, severity: open.severity, source: open.source, message: open.message,
            value: open.value, limit: open.limit, raisedAt: open.raisedAt,
            acknowledgedAt: Fixtures.now, acknowledgedBy: "ada")
        console.client.answer(AcknowledgeAlert.self, with: seen)
        await console.press(.character("a"))
        let calls = console.client.calls(of: AcknowledgeAlert.self)
        #expect(calls == [AcknowledgeAlert(alertID: open.id)])
        await console.press(.character("a"))
        #expect(console.client.calls(of: AcknowledgeAlert.self).count == 1)
    }

    // MARK: Logs

    @Test func logsAreFilteredByLevel() async {
        var console = await ConsoleTester.open(screen: "logs smtp")
        #expect(console.client.calls(of: ListLogs.self).last?.search == "smtp")
        await console.press(.character("l"), .character("l"))
        let call = console.client.calls(of: ListLogs.self).last
        #expect(call?.level == .warning)
        #expect(call?.search == "smtp")
    }

    @Test func logsAreReadAgainOnlyWhileFollowing() async {
        var console = await ConsoleTester.open(screen: "logs")
        let before = console.client.calls(of: ListLogs.self).count
        await console.tell(Fixtures.update(Fixtures.executions[0]))
        #expect(await console.fire("logs"))
        #expect(console.client.calls(of: ListLogs.self).count == before + 1)
        await console.press(.down)
        await console.tell(Fixtures.update(Fixtures.executions[0]))
        #expect(await console.fire("logs") == false)
    }

    // MARK: Help

    @Test func helpNamesTheKeysOfWhereItWasAsked() async {
        var console = await ConsoleTester.open(screen: "alerts")
        await console.press(.character("?"))
        #expect(console.shows("Here, in alerts"))
        #expect(console.shows("Mark this alert, or the marked ones, as seen"))
        await console.press(.escape)
        #expect(console.model.trail.top.screen.destination == .alerts)
    }

    @Test func helpLeavesOutWhatOneMayNot() async {
        var console = await ConsoleTester.open(screen: "alerts", isReadOnly: true)
        await console.press(.character("?"))
        #expect(!console.shows("Mark this alert, or the marked ones, as seen"))
    }

    @Test func searchesWhatIsRead() async {
        var console = await ConsoleTester.open(width: 80, height: 12, screen: "help")
        #expect(!console.shows("theme [NAME]"))
        await console.type("/theme [\n")
        #expect(console.shows("theme [NAME]"))
        await console.type("/zebra\n")
        #expect(console.toasts == ["“zebra” is not here"])
    }
}
