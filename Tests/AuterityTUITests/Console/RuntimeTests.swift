import AuterityAPI
import AuterityClient
import Synchronization
import TerminalUI
import Testing

@testable import AuterityTUI

/// The loop with a terminal in memory. Time stands still: no timer ever runs out.
@Suite(.timeLimit(.minutes(30))) struct RuntimeTests {
    private static let stillClock = ConsoleClock(
        now: { Fixtures.now },
        sleep: { duration in
            // Frames that are held back for a moment come at once; everything else never.
            guard duration > .milliseconds(50) else { return }
            let (forever, _) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            for await _ in forever {}
            throw CancellationError()
        })

    private static func runtime(
        _ terminal: HeadlessTerminal, client: FakeClient = Fixtures.client(),
        demo: Runtime.DemoHook? = nil
    ) -> Runtime {
        let opening: Runtime.Opening = { () async throws(APIError) in client }
        return runtime(terminal, demo: demo, opening: opening)
    }

    private static func runtime(
        _ terminal: HeadlessTerminal, demo: Runtime.DemoHook?, opening: @escaping Runtime.Opening
    ) -> Runtime {
        Runtime(
            options: ConsoleOptions(editor: ["true"]), terminal: terminal, clock: stillClock,
            demo: demo, opening: opening)
    }

    private static func shows(_ text: String) -> (Frame) -> Bool {
        { $0.lines().contains { $0.contains(text) } }
    }

    @Test func drawsAtOnceLoadsAndQuits() async throws {
        let terminal = HeadlessTerminal()
        let runtime = Self.runtime(terminal)
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("opening")) != nil)
        #expect(await terminal.frame(where: Self.shows("Parts Inquiry")) != nil)
        terminal.type("q")
        #expect(try await status == 0)
        #expect(terminal.isStopped)
    }

    @Test func keysWorkWhileTheClientIsNotOpen() async throws {
        let terminal = HeadlessTerminal()
        let (gate, _) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let opening: Runtime.Opening = { () async throws(APIError) in
            for await _ in gate {}
            throw APIError(.serviceUnavailable, "never")
        }
        let runtime = Self.runtime(terminal, demo: nil, opening: opening)
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("opening")) != nil)
        terminal.type("?")
        #expect(await terminal.frame(where: Self.shows("Everywhere")) != nil)
        terminal.type("q")
        #expect(try await status == 0)
    }

    @Test func aHangingCallHoldsUpNothing() async throws {
        let terminal = HeadlessTerminal()
        let client = HangingClient()
        let runtime = Runtime(
            options: ConsoleOptions(), terminal: terminal, clock: Self.stillClock,
            opening: { () async throws(APIError) in client })
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("hanging")) != nil)
        terminal.type(":alerts\n")
        #expect(await terminal.frame(where: Self.shows("Alerts")) != nil)
        terminal.type("q")
        #expect(try await status == 0)
    }

    @Test func eventsReachTheScreen() async throws {
        let terminal = HeadlessTerminal()
        let client = Fixtures.client()
        let runtime = Self.runtime(terminal, client: client)
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("Parts Inquiry")) != nil)
        client.feedInput.yield(.connection(.live))
        let row = Fixtures.execution(99, "Brand New", .running, step: "first", age: 0)
        client.feedInput.yield(
            .event(
                Event(
                    id: 1, payload: .executionUpdate(Fixtures.update(row)),
                    timestamp: Fixtures.now)))
        #expect(await terminal.frame(where: Self.shows("Brand New")) != nil)
        terminal.type("q")
        #expect(try await status == 0)
    }

    @Test func aLostTerminalEndsIt() async throws {
        let terminal = HeadlessTerminal()
        let runtime = Self.runtime(terminal)
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("opening")) != nil)
        terminal.end(.signal(15))
        #expect(try await status == 143)
    }

    @Test func copiesByTheTerminal() async throws {
        let terminal = HeadlessTerminal()
        let runtime = Self.runtime(terminal)
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("Parts Inquiry")) != nil)
        terminal.press(.down, .character("y"), .enter)
        #expect(await terminal.frame(where: Self.shows("Copied execution id")) != nil)
        #expect(terminal.clipboard == Fixtures.executions[1].id.description)
        terminal.type("q")
        #expect(try await status == 0)
    }

    @Test func theDemoStartsAndSaysSo() async throws {
        let terminal = HeadlessTerminal()
        let client = Fixtures.client(executions: [], workflows: [])
        let runtime = Self.runtime(terminal, client: client, demo: { _, started in started() })
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("Nothing is here yet.")) != nil)
        terminal.type("d")
        #expect(await terminal.frame(where: Self.shows("The demo runs")) != nil)
        terminal.type("q")
        #expect(try await status == 0)
    }

    @Test func logsInGoesElsewhereAndBack() async throws {
        let terminal = HeadlessTerminal()
        let servers = TwoServers()
        let runtime = Runtime(
            options: ConsoleOptions(server: TwoServers.first), terminal: terminal,
            clock: Self.stillClock, servers: servers)
        async let status = runtime.run()
        #expect(await terminal.frame(where: Self.shows("Log in to first")) != nil)
        terminal.type("ann@example.com\nwrong\n")
        #expect(await terminal.frame(where: Self.shows("The password is wrong")) != nil)
        terminal.type("right\n")
        #expect(await terminal.frame(where: Self.shows("Parts Inquiry")) != nil)
        // An event of the first server, before and after the console has gone to the second.
        let row = Fixtures.execution(99, "Of the first", .running, step: "first", age: 0)
        let event = FeedItem.event(
            Event(
                id: 7, payload: .executionUpdate(Fixtures.update(row)), timestamp: Fixtures.now))
        servers.firstClient.feedInput.yield(.connection(.live))
        servers.firstClient.feedInput.yield(event)
        #expect(await terminal.frame(where: Self.shows("Of the first")) != nil)
        terminal.type(":profile second\n")
        #expect(await terminal.frame(where: Self.shows("◆ second")) != nil)
        servers.firstClient.feedInput.yield(event)
        servers.secondClient.feedInput.yield(.connection(.live))
        let frame = try #require(await terminal.frame(where: Self.shows("● live")))
        #expect(!Self.shows("Of the first")(frame))
        terminal.type("q")
        #expect(try await status == 0)
        #expect(servers.left == ["first"])
    }

    @Test func oneFrameIsWhatTheConsoleWouldShow() async {
        let lines = await OneFrame.lines(
            options: ConsoleOptions(), size: Size(width: 120, height: 32), charset: .unicode,
            client: Fixtures.client(), clock: Self.stillClock)
        let console = await ConsoleTester.open()
        #expect(lines == console.lines)
    }

    @Test func anInboxThatIsTooFullReadsEverythingAfresh() {
        let inbox = Inbox()
        let event = Event(
            id: 1, payload: .executionUpdate(Fixtures.update(Fixtures.executions[0])),
            timestamp: Fixtures.now)
        for _ in 0...Inbox.feedLimit { inbox.put(.event(event)) }
        let taken = inbox.take(feed: true)
        guard case .feed(let items)? = taken.messages.first else {
            Issue.record("no feed")
            return
        }
        #expect(items == [.resynchronize, .event(event)])
    }
}

/// A client whose calls never come back.
private final class HangingClient: Client {
    let identity = ClientIdentity(
        name: "hanging", user: "ada", permissions: Set(Permission.allCases))

    func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        let (never, _) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        for await _ in never {}
        throw APIError(.serviceUnavailable, "The call was given up")
    }

    func feed(after id: Int64?) -> AsyncStream<FeedItem> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { $0.finish() }
    }
}

/// Two servers, the first of which wants to know who one is.
private final class TwoServers: ServerDirectory {
    static let first = ServerProfile(name: "first", address: "https://first.example.com")
    static let second = ServerProfile(name: "second", address: "https://second.example.com")

    let firstClient = Fixtures.client(place: .network, name: "first.example.com")
    let secondClient = Fixtures.client(
        executions: [], place: .network, name: "second.example.com")
    private let state = Mutex((isLoggedIn: false, left: [String]()))

    var left: [String] { state.withLock { $0.left } }

    func servers() -> [ServerProfile] { [Self.first, Self.second] }

    func open(_ server: ServerProfile) throws(APIError) -> any Client {
        guard server == Self.first else { return secondClient }
        guard state.withLock({ $0.isLoggedIn }) else {
            throw APIError(.unauthorized, "Nobody is logged in here")
        }
        return firstClient
    }

    func login(_ server: ServerProfile, email: String, password: String) throws(APIError) {
        guard password == "right" else {
            throw APIError(.invalidCredentials, "The password is wrong")
        }
        state.withLock { $0.isLoggedIn = true }
    }

    func leave(_ server: ServerProfile) {
        state.withLock { $0.left.append(server.title) }
    }
}
