// The loop around the pure core. It alone reads time, makes calls and draws; it decides nothing
// about the product. Every task it starts is kept, cancelled with what it was started for, and
// none is left behind when the console ends.

public import AuterityAPI
public import AuterityClient
import TerminalUI

/// A console in a terminal.
public struct Runtime: Sendable {
    /// Opens the client; called again when the user asks for another try.
    public typealias Opening = @Sendable () async throws(APIError) -> any Client
    /// Makes the demo and keeps it going until cancelled. `started` is to be called once its
    /// workflows are there.
    public typealias DemoHook =
        @Sendable (any Client, _ started: @Sendable () -> Void) async throws -> Void

    private let options: ConsoleOptions
    private let terminal: any Terminal
    private let servers: any ServerDirectory
    private let demo: DemoHook?
    private let clock: ConsoleClock

    /// A console that can go from server to server, and begins at that of `options`.
    public init(
        options: ConsoleOptions, terminal: any Terminal, clock: ConsoleClock = .system,
        demo: DemoHook? = nil, servers: any ServerDirectory
    ) {
        self.options = options
        self.terminal = terminal
        self.servers = servers
        self.demo = demo
        self.clock = clock
    }

    /// A console that stays where it is.
    public init(
        options: ConsoleOptions, terminal: any Terminal, clock: ConsoleClock = .system,
        demo: DemoHook? = nil, opening: @escaping Opening
    ) {
        self.init(
            options: options, terminal: terminal, clock: clock, demo: demo,
            servers: SingleServer(opening: opening))
    }

    /// Runs until the user quits or the terminal ends.
    ///
    /// - Returns: The exit status for the process.
    /// - Throws: What makes the terminal unusable.
    public func run() async throws(TerminalError) -> Int32 {
        let traits = try await terminal.start()
        let model = Model(
            options: options, size: traits.size, charset: traits.charset, colors: traits.colors,
            now: clock.now())
        let loop = ConsoleLoop(
            model: model, terminal: terminal, clock: clock, servers: servers, demo: demo)
        let status = await loop.run()
        await terminal.stop()
        return status
    }
}

/// The state of a running console. Confined to the task that runs it.
final class ConsoleLoop {
    /// Calls made at once; more wait for their turn.
    static let callLimit = 8
    /// How long what was begun may take to end when the console quits.
    static let farewell = Duration.milliseconds(40)
    /// Between two readings of the feed, so that a flood costs as much as 30 changes a second.
    static let feedInterval = FramePacer.interval

    private var model: Model
    private let terminal: any Terminal
    private let clock: ConsoleClock
    private let servers: any ServerDirectory
    private let demo: Runtime.DemoHook?
    private let inbox = Inbox()

    private var client: (any Client)?
    private var pacer = FramePacer()
    private var lastFeed: ContinuousClock.Instant?
    /// The last event of this server: a feed that begins anew goes on behind it.
    private var lastEvent: Int64?
    private var activities: [Activity: Task<Void, Never>] = [:]
    private var calls: [Int: Task<Void, Never>] = [:]
    private var waitingCalls: [(number: Int, request: Request)] = []
    /// What is done once, the newest of each kind; those before it have ended or been replaced.
    private var chores: [Chore: Task<Void, Never>] = [:]
    private var demoTask: Task<Void, Never>?
    private var alarm: Task<Void, Never>?
    private var viewMicroseconds = 0.0
    private var status: Int32?

    private enum Chore { case opening, leaving, listing, copying, saving, editing }

    init(
        model: Model, terminal: any Terminal, clock: ConsoleClock,
        servers: any ServerDirectory, demo: Runtime.DemoHook?
    ) {
        self.model = model
        self.terminal = terminal
        self.clock = clock
        self.servers = servers
        self.demo = demo
    }

    func run() async -> Int32 {
        draw()
        let inbox = inbox
        let events = terminal.events
        let pump = Task {
            for await event in events { await inbox.put(event) }
        }
        perform([.listServers, .open(model.server)])
        followActivities()
        while status == nil {
            await inbox.wait()
            step()
        }
        pump.cancel()
        await finish()
        return status ?? 0
    }

    /// Takes what waits and draws when a frame is due.
    private func step() {
        let wantsFeed = lastFeed.map { $0.advanced(by: Self.feedInterval) <= .now } ?? true
        let (messages, fromUser, hasFeed) = inbox.take(feed: wantsFeed)
        let now = clock.now()
        let feedNumber = model.feedNumber
        for message in messages {
            if case .feed(let items) = message {
                lastFeed = .now
                // The console has gone elsewhere with a message before this one.
                guard model.feedNumber == feedNumber else { continue }
                remember(items)
            }
            if case .timer(_, "costs") = message { tellCosts(at: now) }
            if case .reply(let number, _, _) = message { finished(call: number) }
            if case .opened(let client, let server) = message {
                if let server, server.key != model.server.key { lastEvent = nil }
                self.client = client
            }
            perform(model.update(message, at: now))
        }
        guard status == nil else { return }
        if fromUser {
            pacer.changedByUser()
        } else if messages.contains(where: { model.isWorthAFrame($0) }) {
            pacer.changed()
        }
        followActivities()
        if pacer.isDue(at: .now) { draw() }
        let next = [pacer.due(at: .now), hasFeed ? lastFeed?.advanced(by: Self.feedInterval) : nil]
            .compactMap { $0 }.min()
        setAlarm(next)
    }

    private func remember(_ items: [FeedItem]) {
        for case .event(let event) in items {
            if let id = event.id { lastEvent = max(lastEvent ?? id, id) }
        }
    }

    private func draw() {
        let start = ContinuousClock.now
        terminal.draw(model.view())
        let end = ContinuousClock.now
        viewMicroseconds = (end - start) / .microseconds(1)
        pacer.drawn(at: end)
    }

    private func tellCosts(at now: Timestamp) {
        let message = Message.costs(terminal.statistics, viewMicroseconds: viewMicroseconds)
        _ = model.update(message, at: now)
    }

    /// Wakes the loop at an instant, when nothing else does before.
    private func setAlarm(_ instant: ContinuousClock.Instant?) {
        alarm?.cancel()
        alarm = nil
        guard let instant else { return }
        let inbox = inbox
        let clock = clock
        alarm = Task {
            let rest = ContinuousClock.now.duration(to: instant)
            guard (try? await clock.sleep(rest)) != nil else { return }
            inbox.ring()
        }
    }

    // MARK: Activities

    /// Starts what is new in the model's list and ends what is gone from it.
    private func followActivities() {
        let wanted = Schedule.activities(of: model)
        for (activity, task) in activities where !wanted.contains(activity) {
            task.cancel()
            activities[activity] = nil
        }
        for activity in wanted where activities[activity] == nil {
            activities[activity] = start(activity)
        }
    }

    private func start(_ activity: Activity) -> Task<Void, Never>? {
        let inbox = inbox
        let clock = clock
        switch activity {
        case .timer(let owner, let name, let interval):
            return Task {
                while (try? await clock.sleep(interval)) != nil {
                    inbox.put(.timer(owner, name))
                }
            }
        case .minute:
            return Task {
                while true {
                    let past = clock.now().milliseconds % 60_000
                    guard (try? await clock.sleep(.milliseconds(60_000 - past))) != nil else {
                        return
                    }
                    inbox.put(.clock)
                }
            }
        case .feed(let number, let isFromNow):
            guard let client else { return nil }
            inbox.beginFeed(number)
            if isFromNow { lastEvent = nil }
            let last = lastEvent
            return Task {
                for await item in client.feed(after: last) { inbox.put(item, of: number) }
            }
        }
    }

    // MARK: Work

    private func perform(_ work: [Work]) {
        for item in work { perform(item) }
    }

    private func perform(_ work: Work) {
        switch work {
        case .request(let number, let request):
            waitingCalls.append((number, request))
            startCalls()
        case .abandon(let number):
            calls.removeValue(forKey: number)?.cancel()
            waitingCalls.removeAll { $0.number == number }
            startCalls()
        case .edit(let screen, let document): edit(document, for: screen)
        case .copy(let text, let label): copy(text, label: label)
        case .save(let text, let name): save(text, name: name)
        case .startDemo: startDemo()
        case .stopDemo:
            demoTask?.cancel()
            demoTask = nil
        case .open(let server): open(server)
        case .login(let server, let email, let password):
            login(server, email: email, password: password)
        case .stopOpening: chores.removeValue(forKey: .opening)?.cancel()
        case .leave(let server):
            let servers = servers
            chores[.leaving] = Task { await servers.leave(server) }
        case .listServers: listServers()
        case .repaint: terminal.repaint()
        case .setMouse(let isOn): terminal.setMouse(isOn)
        case .suspend: terminal.suspend()
        case .quit(let status): self.status = status
        }
    }

    private func open(_ server: ServerProfile) {
        let servers = servers
        let inbox = inbox
        chores.removeValue(forKey: .opening)?.cancel()
        chores[.opening] = Task {
            do throws(APIError) {
                let client = try await servers.open(server)
                guard !Task.isCancelled else { return }
                inbox.put(.opened(client, of: server))
            } catch {
                guard !Task.isCancelled else { return }
                inbox.put(
                    .openingFailed(
                        error.description, of: server, needsLogin: error.code.status == 401))
            }
        }
    }

    private func login(_ server: ServerProfile, email: String, password: String) {
        let servers = servers
        let inbox = inbox
        chores.removeValue(forKey: .opening)?.cancel()
        chores[.opening] = Task {
            do throws(APIError) {
                try await servers.login(server, email: email, password: password)
                guard !Task.isCancelled else { return }
                inbox.put(.loggedIn(server))
            } catch {
                guard !Task.isCancelled else { return }
                inbox.put(.loginFailed(server, error.description))
            }
        }
    }

    private func listServers() {
        let servers = servers
        let inbox = inbox
        chores[.listing] = Task {
            do throws(APIError) {
                inbox.put(.servers(try servers.servers()))
            } catch {
                inbox.put(.failed(error.description))
            }
        }
    }

    private func startCalls() {
        while calls.count < Self.callLimit, !waitingCalls.isEmpty, let client {
            let (number, request) = waitingCalls.removeFirst()
            let inbox = inbox
            calls[number] = Task {
                let start = ContinuousClock.now
                let reply = await client.reply(to: request)
                let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
                inbox.put(.reply(number: number, reply, milliseconds: milliseconds))
            }
        }
    }

    private func finished(call number: Int) {
        calls[number] = nil
        startCalls()
    }

    private func startDemo() {
        let inbox = inbox
        guard let demo, let client else {
            inbox.put(.demo(.failed("This console has no demo; start it with `auterity demo`.")))
            return
        }
        demoTask?.cancel()
        demoTask = Task {
            do {
                try await demo(client) { inbox.put(.demo(.running)) }
            } catch is CancellationError {
                return
            } catch {
                inbox.put(.demo(.failed(String(describing: error))))
            }
        }
    }

    private func copy(_ text: String, label: String) {
        let terminal = terminal
        let inbox = inbox
        chores[.copying] = Task {
            let result = await terminal.copy(text)
            inbox.put(.copied(result, label: label, text: text))
        }
    }

    private func save(_ text: String, name: String) {
        let inbox = inbox
        chores[.saving] = Task {
            switch TextFiles.save(text, name: name) {
            case .success(let path): inbox.put(.saved(path: path))
            case .failure(let error): inbox.put(.failed(error.message))
            }
        }
    }

    private func edit(_ document: Document, for screen: ScreenID) {
        let terminal = terminal
        let inbox = inbox
        let editor = model.options.editor
        chores[.editing] = Task {
            let result = await TextFiles.edit(document, with: editor, in: terminal)
            inbox.put(.edited(screen, tag: document.tag, result: result))
        }
    }

    // MARK: The end

    /// Ends all that goes on. Changes under way get a moment to come through.
    private func finish() async {
        alarm?.cancel()
        demoTask?.cancel()
        for task in activities.values { task.cancel() }
        for task in chores.values { task.cancel() }
        let reading = calls.keys.filter { model.requests[$0]?.request.tag != nil }
        for number in reading { calls.removeValue(forKey: number)?.cancel() }
        let deadline = ContinuousClock.now.advanced(by: Self.farewell)
        setAlarm(deadline)
        while !calls.isEmpty, ContinuousClock.now < deadline {
            await inbox.wait()
            for case .reply(let number, _, _) in inbox.take(feed: false).messages {
                calls[number] = nil
            }
        }
        for task in calls.values { task.cancel() }
        alarm?.cancel()
    }
}

extension Client {
    /// Makes the call of a request.
    func reply(to request: Request) async -> Reply {
        await reply(to: request, call: request.call)
    }

    private func reply<Call: Endpoint>(to request: Request, call: Call) async -> Reply {
        do throws(APIError) {
            return Reply(request, .success(try await send(call)))
        } catch {
            return Reply(request, .failure(error))
        }
    }
}
