import AuterityAPI
import AuterityClient
import TerminalUI

extension Model {
    /// What a message makes of the console: the model changes, the work is for the shell.
    mutating func update(_ message: Message, at time: Timestamp) -> [Work] {
        now = time
        guard !isQuitting else { return [] }
        switch message {
        case .terminal(let event): return handle(event)
        case .opened(let client, let server): return opened(client.identity, server ?? self.server)
        case .openingFailed(let reason, let server, let needsLogin):
            openingFailed(reason, server ?? self.server, needsLogin: needsLogin)
        case .loggedIn(let server): return loggedIn(server)
        case .loginFailed(let server, let reason): loginFailed(server, reason)
        case .servers(let servers): return received(servers)
        case .feed(let items): return items.flatMap { handle($0) } + finishFeed(items)
        case .reply(let number, let reply, let milliseconds):
            return handle(reply, number: number, milliseconds: milliseconds)
        case .timer(let owner, let name): return handleTimer(name, of: owner)
        case .clock:
            line.age(to: now)
            return (feedBringsMetrics ? [] : refreshMetrics()) + deliver(.timer("clock"))
        case .edited(let screen, let tag, let result):
            return deliver(.edited(tag: tag, result: result), to: screen)
        case .copied(let result, let label, let text):
            say(copied: result, label: label, text: text)
        case .saved(let path): say("Saved to \(path)", .success)
        case .failed(let reason): say(reason, .error)
        case .demo(let progress): handle(progress)
        case .costs(let statistics, let microseconds):
            costs.statistics = statistics
            costs.viewTime = microseconds
        }
        return []
    }

    // MARK: The feed

    private mutating func handle(_ item: FeedItem) -> [Work] {
        switch item {
        case .connection(let state): return handle(state)
        case .event: return []
        case .silence(let seconds):
            line.wasSilent(since: now.adding(seconds: -seconds))
            return []
        case .replayed(let count):
            let events = count == 1 ? "1 event replayed" : "\(count) events replayed"
            say(count == 0 ? "No event was missed" : events, .info)
            return []
        case .accountChanged: return askWho()
        case .resynchronize:
            note(.said(.info), "Events were missed: everything is read afresh")
            metricsAreStale = true
            return deliverToAll(.resynchronize)
        }
    }

    mutating func handle(_ state: ConnectionState) -> [Work] {
        switch line.take(state, at: now) {
        case .none: break
        case .lost:
            note(.said(.warning), "Connection lost: \(line.reason ?? "")")
            // Says whether only the events are missing, or the server.
            return askWho()
        case .refused:
            note(.said(.error), line.reason ?? "")
            offerLogin(line.reason ?? "")
        case .restored:
            dropLoginOffer()
            say("The connection is back", .success)
            return askWho() + refreshMetrics() + deliverToAll(.resynchronize)
        case .resumed:
            dropLoginOffer()
            return askWho() + refreshMetrics() + deliverToAll(.resynchronize)
        }
        return []
    }

    /// Events are told in one go, so that a flood costs a screen one message a frame.
    private mutating func finishFeed(_ items: [FeedItem]) -> [Work] {
        var events: [Event] = []
        for case .event(let event) in items { events.append(event) }
        guard let last = events.last else { return [] }
        costs.eventsReceived += events.count
        let age = facts.age(of: last.timestamp, at: now)
        costs.eventLag = (age ?? max(0, serverNow.seconds(since: last.timestamp))) * 1000
        let lateness = line.lateness.seconds
        let isTooLate = line.heard(at: now, age: age)
        latenessHasChanged = line.lateness.seconds != lateness
        for event in events {
            switch event.payload {
            case .executionUpdate: metricsAreStale = true
            case .metricsUpdate(let figures):
                metrics = figures
                metricsHeardAt = now
            case .systemAlert(let alert) where alert.severity == .critical:
                if alert.clearedAt == nil { say(alert.message, .warning) }
            case .systemAlert, .errorNotification: break
            }
        }
        let work = deliverToAll(.events(events))
        if isTooLate { skipBacklog() }
        return work
    }

    /// Leaves out what waits in front of the line: another feed goes on from now. Once it is
    /// there, everything is read afresh, as after any gap.
    private mutating func skipBacklog() {
        let seconds = line.lateness.seconds ?? 0
        note(
            .said(.warning),
            "Events came \(seconds) s late, more than the line can carry: they are left out up to "
                + "now, and everything is read afresh")
        feedNumber += 1
        feedFromNow = feedNumber
        line.skip(at: now)
    }

    // MARK: Timers

    private mutating func handleTimer(_ name: String, of owner: ScreenID) -> [Work] {
        guard owner == Model.consoleID else { return deliver(.timer(name), to: owner) }
        switch name {
        case "toast": toasts.removeAll { $0.until <= now }
        case "metrics":
            // On a line where each call takes long, what comes by itself is soon enough.
            guard feedBringsMetrics, Schedule.stretch(for: line.latency) > 1 else {
                return refreshMetrics()
            }
            metricsAreStale = false
        default: break
        }
        return []
    }

    /// Seconds, twice what a server lets pass between two figures.
    private static let figuresInterval = 10.0

    private var feedBringsMetrics: Bool {
        line.isLive
            && metricsHeardAt.map { now.seconds(since: $0) <= Self.figuresInterval } ?? false
    }

    mutating func refreshMetrics() -> [Work] {
        metricsAreStale = false
        guard identity != nil, access.allows(.metricsRead, changing: false) else { return [] }
        return apply(
            [.request(Request(GetMetrics(), tag: "metrics", showsErrors: true))],
            from: Model.consoleID)
    }

    // MARK: Telling screens

    /// Tells the screen on top.
    mutating func deliver(_ message: ScreenMessage) -> [Work] {
        deliver(message, to: trail.top.id)
    }

    mutating func deliver(_ message: ScreenMessage, to id: ScreenID) -> [Work] {
        guard let index = trail.index(of: id) else { return [] }
        var screen = trail.places[index].screen
        let effects = screen.update(message, in: context)
        trail.setScreen(screen, at: index)
        return apply(effects, from: id)
    }

    mutating func deliverToAll(_ message: ScreenMessage) -> [Work] {
        trail.places.map(\.id).flatMap { deliver(message, to: $0) }
    }

    // MARK: Saying

    /// Shows a toast and keeps it in `:messages`. The same words are not shown twice at once.
    mutating func say(_ text: String, _ kind: Toast.Kind) {
        note(.said(kind), text)
        toasts.removeAll { $0.toast.text == text }
        let until = now.adding(seconds: ShownToast.seconds(kind))
        toasts.append(ShownToast(toast: Toast(text, kind: kind), until: until, call: failedCall))
        if toasts.count > ShownToast.limit { toasts.removeFirst() }
    }

    mutating func note(_ kind: Notice.Kind, _ text: String) {
        notices.append(Notice(at: now, kind: kind, text: text))
        if notices.count > Model.noticeLimit { notices.removeFirst() }
    }

    private mutating func say(copied result: ClipboardResult, label: String, text: String) {
        switch result {
        case .program(let name): say("Copied \(label) with \(name)", .success)
        case .escapeSequence: say("Copied \(label), if your terminal allows it", .success)
        case .failed(let reason):
            note(.said(.error), "Nothing was copied: \(reason)")
            let question = Question(
                "Nothing was copied", lines: [reason], safe: "Close", confirm: "Save to a file",
                effects: [.save(text, name: "auterity-copy.txt")])
            overlay = .question(Model.consoleID, question, Model.dialog(for: question))
        }
    }

    private mutating func handle(_ progress: DemoProgress) {
        switch progress {
        case .running:
            demo = .running
            say("The demo runs; :demo remove takes it away", .success)
        case .removed:
            demo = .none
            say("The demo is gone", .success)
        case .failed(let reason):
            demo = .none
            say("The demo stopped: \(reason)", .error)
        }
    }
}
