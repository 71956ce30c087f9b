import AuterityAPI
import AuterityClient
import Synchronization
import TerminalUI
import Testing

@testable import AuterityTUI

/// The console on a line that carries less than happens.
@Suite(.timeLimit(.minutes(30))) struct LatenessTests {
    /// The time at the server, which tests let pass.
    private final class ServerTime: Sendable {
        private let moment = Mutex(Fixtures.now)

        var now: Timestamp { moment.withLock { $0 } }

        func pass(_ seconds: Double) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    /// A console and its server, whose clock is that of the console but for `offset` seconds.
    private struct Late {
        var console: ConsoleTester
        let time: ServerTime
        var id: Int64 = 0

        static func open(offset: Double = 0, knowsClock: Bool = true) async -> Late {
            let time = ServerTime()
            time.pass(offset)
            let client = ServerTests.remote()
            client.answer(GetHealth.self) { _ throws(APIError) in
                guard knowsClock else { throw APIError(.serviceUnavailable, "No answer") }
                let health = Fixtures.health
                return Health(
                    status: health.status, timestamp: time.now, version: health.version,
                    environment: health.environment, services: health.services)
            }
            let console = await ConsoleTester.open(client: client, server: ServerTests.production)
            return Late(console: console, time: time)
        }

        mutating func pass(_ seconds: Double, _ items: [FeedItem] = []) async {
            time.pass(seconds)
            await console.send(.feed(items), after: seconds)
        }

        /// After `seconds` an event comes that was so long under way.
        mutating func event(late: Double, after seconds: Double = 1) async {
            id += 1
            let row = Fixtures.execution(500 + Int(id), "Late Work", .running, age: 0)
            let moment = time.now.adding(seconds: seconds - late)
            let event = Event(
                id: id, payload: .executionUpdate(Fixtures.update(row)), timestamp: moment)
            await pass(seconds, [.event(event)])
        }

        mutating func figures(late: Double) async {
            let moment = time.now.adding(seconds: 1 - late)
            let event = Event(
                id: nil, payload: .metricsUpdate(Fixtures.metrics), timestamp: moment)
            await pass(1, [.event(event)])
        }

        /// Calls take as long as on a modem.
        mutating func slowCalls() {
            for _ in 0..<5 { console.measure(milliseconds: 700) }
        }

        var header: String { console.lines[0] }

        /// Lines below the header with that text.
        func panes(that say: String) -> Int {
            console.lines.dropFirst().filter { $0.contains(say) }.count
        }

        /// Whether the feed that goes on begins from now.
        var beginsNow: Bool {
            Schedule.activities(of: console.model).contains {
                if case .feed(_, true) = $0 { true } else { false }
            }
        }
    }

    @Test func eventsThatComeLateAreNotCalledLive() async {
        var late = await Late.open()
        await late.event(late: 1)
        #expect(late.header.contains("● live"))
        await late.event(late: 12.4)
        #expect(late.header.contains("⚠ 12 s behind"), "\(late.header)")
        #expect(!late.header.contains("live"))
        await late.event(late: 0.7)
        #expect(late.header.contains("● live"))
    }

    @Test func everyPaneSaysHowFarItIsBehind() async {
        var late = await Late.open()
        // What was read since is younger than the events.
        await late.event(late: 20)
        #expect(late.panes(that: "s behind") == 1)
        #expect(late.console.lines.last { $0.contains("behind") }?.contains("20 s") == true)
        await late.event(late: 29, after: 28)
        #expect(late.panes(that: "29 s behind") >= 3)
    }

    /// On a slow line a call for what comes by itself would only make it slower.
    @Test func figuresThatTheFeedBringsAreNotAskedFor() async {
        var late = await Late.open()
        let client = late.console.client
        func reads() -> Int { client.calls(of: GetMetrics.self).count }
        let before = reads()
        await late.figures(late: 0.4)
        await late.console.send(.clock)
        await late.event(late: 0.4)
        late.slowCalls()
        #expect(await late.console.fire("metrics", after: 1))
        #expect(reads() == before)
        // They come no more.
        await late.pass(11)
        await late.event(late: 0.4)
        late.slowCalls()
        #expect(await late.console.fire("metrics", after: 1))
        await late.console.send(.clock)
        #expect(reads() == before + 2)
    }

    /// What is left of the delay when all is quiet again shows by the figures, which are a reason
    /// to draw then and only then.
    @Test func figuresThatComeInTimeTakeTheWordAway() async {
        var late = await Late.open()
        await late.figures(late: 0.4)
        let event = Event(
            id: nil, payload: .metricsUpdate(Fixtures.metrics), timestamp: late.time.now)
        let message = Message.feed([.event(event)])
        #expect(!late.console.model.isWorthAFrame(message))
        await late.event(late: 12)
        await late.figures(late: 0.4)
        #expect(late.console.model.isWorthAFrame(message))
        #expect(late.header.contains("● live"))
        await late.figures(late: 0.4)
        #expect(!late.console.model.isWorthAFrame(message))
    }

    @Test func whatNothingTellsOfAnyMoreIsForgotten() async {
        var late = await Late.open()
        await late.event(late: 12)
        await late.pass(Lateness.memory + 1)
        await late.console.send(.clock)
        #expect(late.header.contains("● live"))
    }

    @Test(arguments: [3600.0, -3600])
    func aClockThatIsOffIsNoLateness(offset: Double) async {
        var late = await Late.open(offset: offset)
        await late.event(late: 0.5)
        #expect(late.header.contains("● live"), "\(late.header)")
        await late.event(late: 12.4)
        #expect(late.header.contains("⚠ 12 s behind"), "\(late.header)")
    }

    @Test func withoutTheServersClockNothingIsSaidAndNothingLeftOut() async {
        var late = await Late.open(knowsClock: false)
        for _ in 0..<30 { await late.event(late: 400, after: 5) }
        #expect(late.header.contains("● live"))
        #expect(!late.beginsNow)
    }

    // MARK: - Leaving out

    @Test func beyondTheBoundWhatIsUnderWayIsLeftOutAndEverythingReadAfresh() async {
        var late = await Late.open()
        let number = late.console.model.feedNumber
        await late.event(late: Lateness.bound + 1)
        #expect(!late.beginsNow)
        await late.event(late: Lateness.bound + 2.5, after: Lateness.patience)
        #expect(late.beginsNow)
        #expect(late.console.model.feedNumber == number + 1)
        #expect(late.header.contains("○ resynchronizing"), "\(late.header)")
        #expect(late.console.model.notices.contains { $0.text.contains("32 s late") })
        // Calls get through: what the person does now is done.
        #expect(!late.console.model.line.isOffline)

        let client = late.console.client
        let reads = client.calls(of: ListExecutions.self).count
        await late.pass(1, [.connection(.connecting)])
        #expect(late.header.contains("○ resynchronizing"), "\(late.header)")
        #expect(client.calls(of: ListExecutions.self).count == reads)
        await late.pass(1, [.connection(.live)])
        #expect(late.header.contains("● live"))
        #expect(client.calls(of: ListExecutions.self).count == reads + 1)
        // The next feed, whatever it is begun for, goes on behind the last event again.
        await late.console.press(.control("r"))
        #expect(!late.beginsNow)
    }

    @Test func whatPiledUpAndComesAtOnceIsNotLeftOut() async {
        var late = await Late.open()
        for _ in 0..<50 { await late.event(late: 300, after: 0.2) }
        #expect(!late.beginsNow)
        await late.event(late: 0.3)
        await late.event(late: Lateness.bound + 1, after: 60)
        #expect(!late.beginsNow)
    }

    @Test func aReplayThatTakesTooLongIsLeftOutToo() async {
        var late = await Late.open()
        await late.pass(1, [.connection(.retrying(inSeconds: 1, reason: "Cut"))])
        await late.pass(600, [.connection(.connecting), .connection(.resynchronizing)])
        for _ in 0..<14 { await late.event(late: 600) }
        #expect(!late.beginsNow)
        for _ in 0..<3 { await late.event(late: 600) }
        #expect(late.beginsNow)
        await late.pass(1, [.connection(.connecting), .connection(.live)])
        #expect(late.console.toasts.contains("The connection is back"))
    }

    /// A quarter of an hour on a line that carries one event in `load`.
    @Test(arguments: [1.1, 2.0, 10])
    func howLateItIsDoesNotGrowWithoutBound(load: Double) async {
        var late = await Late.open()
        var (worst, delay, skips) = (0.0, 0.5, 0)
        for _ in 0..<900 {
            delay += 1 - 1 / load
            worst = max(worst, delay)
            await late.event(late: delay)
            if abs(delay - Lateness.tolerance) > 0.1 {
                let isLate = delay > Lateness.tolerance
                #expect(isLate == !late.header.contains("● live"), "\(delay)")
            }
            guard !late.console.model.line.isLive else { continue }
            skips += 1
            delay = 0.5
            await late.pass(1, [.connection(.connecting), .connection(.live)])
        }
        #expect(skips > 0)
        #expect(worst < Lateness.bound + Lateness.patience + Lateness.rest, "\(worst)")
    }

    @Test func anEventThatComesLateTakesNoEndBack() async {
        var late = await Late.open()
        let row = Fixtures.executions[3]
        #expect(row.status == .completed)
        let before = Fixtures.execution(4, "Service Reminder", .running, progress: 20, age: 720)
        let event = Event(
            id: 1, payload: .executionUpdate(Fixtures.update(before)),
            timestamp: late.time.now.adding(seconds: -20))
        await late.pass(1, [.event(event)])
        let shown = late.console.lines.first { $0.contains("✔ done") } ?? ""
        #expect(shown.contains("Service Reminder"), "\(late.console.text)")
    }

    // MARK: - The loop

    /// A client whose feeds the test writes.
    private final class Feeds: Client {
        let base: FakeClient
        private let begun = Mutex<[(after: Int64?, input: AsyncStream<FeedItem>.Continuation)]>([])

        init(_ base: FakeClient) { self.base = base }

        var identity: ClientIdentity { base.identity }
        var places: [Int64?] { begun.withLock { $0.map(\.after) } }

        func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
            try await base.send(call)
        }

        func feed(after id: Int64?) -> AsyncStream<FeedItem> {
            let (feed, input) = AsyncStream<FeedItem>.makeStream(
                bufferingPolicy: .bufferingOldest(100))
            begun.withLock { $0.append((id, input)) }
            input.yield(.connection(.live))
            return feed
        }

        func tell(_ item: FeedItem) { _ = begun.withLock { $0.last?.input.yield(item) } }
    }

    @Test func theNewFeedAsksForNothingOfWhatWasLeftOut() async throws {
        let time = ServerTime()
        let base = ServerTests.remote()
        base.answer(GetHealth.self) { _ throws(APIError) in
            let health = Fixtures.health
            return Health(
                status: health.status, timestamp: time.now, version: health.version,
                environment: health.environment, services: health.services)
        }
        let client = Feeds(base)
        let terminal = HeadlessTerminal()
        let runtime = Runtime(
            options: ConsoleOptions(themes: Fixtures.themes), terminal: terminal,
            clock: ConsoleClock(
                now: { time.now },
                sleep: { duration in
                    // Frames that are held back for a moment come at once; all else never.
                    guard duration > .milliseconds(50) else { return }
                    let (forever, _) = AsyncStream<Void>.makeStream(
                        bufferingPolicy: .bufferingNewest(1))
                    for await _ in forever {}
                    throw CancellationError()
                }),
            opening: { () async throws(APIError) in client })
        async let status = runtime.run()
        let isThere = { (text: String) in
            { (frame: Frame) in frame.lines().contains { $0.contains(text) } }
        }
        // With the health the server's clock is known.
        let isKnown = { (frame: Frame) in isThere("● live")(frame) && isThere("database")(frame) }
        #expect(await terminal.frame(where: isKnown) != nil)
        for number in 1...2 {
            let row = Fixtures.execution(600 + number, "Work \(number)", .running, age: 0)
            let moment = time.now.adding(seconds: -(Lateness.bound + Double(number)))
            client.tell(
                .event(
                    Event(
                        id: Int64(40 + number), payload: .executionUpdate(Fixtures.update(row)),
                        timestamp: moment)))
            // After the second everything is read afresh.
            #expect(await terminal.frame(where: isThere(number == 1 ? "behind" : "● live")) != nil)
            time.pass(Lateness.patience)
        }
        terminal.type(":messages\n")
        #expect(await terminal.frame(where: isThere("left out")) != nil)
        #expect(client.places == [nil, nil])
        terminal.type("q")
        #expect(try await status == 0)
    }
}
