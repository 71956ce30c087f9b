import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import AuterityTUI

/// The console on a line that is slow, or on which nothing comes.
@Suite struct SlowLineTests {
    @Test func whatIsLongInComingIsNamedWithSinceWhen() async {
        var console = ConsoleTester(
            client: Fixtures.client(),
            options: ConsoleOptions(themes: Fixtures.themes, server: ServerTests.production))
        await console.send(.servers([.thisMachine, ServerTests.production]))
        #expect(console.text.contains("opening"))
        let since = TimeText.clock(Fixtures.now, utcOffset: 0, withSeconds: true)
        await console.send(.timer(Model.consoleID, "opening"), after: 12)
        #expect(
            console.text.contains(
                "Waiting for https://auterity.example.com since \(since) (12 s)"))
        #expect(console.text.contains(":profile another server   q quit"))
        #expect(
            Schedule.activities(of: console.model).contains(
                .timer(Model.consoleID, "opening", every: .seconds(1))))

        // The keyboard answers meanwhile.
        await console.type(":profile")
        #expect(console.text.contains(":profile"))
        await console.press(.escape)
        await console.press(.character("q"))
        #expect(console.work.contains(.quit(status: 0)))
    }

    @Test func nothingIsCountedOnceItIsOpen() async {
        let console = await ConsoleTester.open()
        #expect(
            !Schedule.activities(of: console.model).contains(
                .timer(Model.consoleID, "opening", every: .seconds(1))))
    }

    @Test(
        arguments: [
            (nil, 1), (0, 1), (125, 1), (126, 2), (250, 2), (251, 4), (700, 8), (1001, 16),
            (60_000, 16),
        ] as [(Double?, Int)])
    func whatTakesLongIsReadLessOften(latency: Double?, stretch: Int) {
        #expect(Schedule.stretch(for: latency) == stretch)
    }

    @Test func aSlowLineLeavesRoomForTheEvents() async {
        var console = await ConsoleTester.open()
        func metrics(_ seconds: Int) -> Activity {
            .timer(Model.consoleID, "metrics", every: .seconds(seconds))
        }
        await console.send(.feed([.resynchronize]))
        #expect(Schedule.activities(of: console.model).contains(metrics(2)))
        var model = console.model
        for _ in 0..<5 { model.line.called(milliseconds: 700, nil) }
        #expect(Schedule.activities(of: model).contains(metrics(16)))
    }

    @Test func theAgeOfTheDataCountsFromTheLastSignOfTheServer() async {
        var console = await ConsoleTester.open()
        let last = TimeText.clock(Fixtures.now, utcOffset: 0, withSeconds: true)
        // For ten seconds nothing comes, which shows at their end.
        await console.send(
            .feed([
                .silence(seconds: 10), .connection(.retrying(inSeconds: 4, reason: "Mute")),
            ]), after: 10)
        #expect(
            console.model.banner(columns: 120, rows: 32).first?.contains("data of \(last), 10s old")
                == true)
        // The next time it was cut at once.
        await console.send(.feed([.connection(.live)]), after: 5)
        await console.send(
            .feed([.connection(.retrying(inSeconds: 4, reason: "Cut"))]), after: 5)
        #expect(console.model.banner(columns: 120, rows: 32).first?.contains("0s old") == true)
    }
}
