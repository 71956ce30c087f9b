// The thread that owns the terminal. It waits in `poll` for the terminal, the mailbox and the
// signals, and never for anything else while the screen is its own.

import CTerminal
import Glibc
import TerminalUI

/// What the console learns when the terminal has been opened.
struct OpenedTerminal: Sendable {
    var traits: TerminalTraits
    var isXtermLike: Bool
}

/// The state of the terminal's thread. Made, used and dropped on that thread.
final class TerminalThread {
    typealias Instant = ContinuousClock.Instant

    /// Signals that end the program, in order, after the terminal has been put back.
    static let endingSignals = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
    /// The same signal again after this means: at once.
    static let impatience: Duration = .milliseconds(200)
    /// A run of size changes is told once, after this.
    static let resizePause: Duration = .milliseconds(16)
    /// How long the rest of a sequence or a character may take on a slow line.
    static let sequencePatience: Duration = .milliseconds(250)
    /// How long a paste may pause before it is taken as it is.
    static let pastePatience: Duration = .seconds(5)
    /// When the console or the driver is far behind, it is tried again after this.
    static let retryPause: Duration = .milliseconds(10)
    /// How long the last bytes may take when the terminal is given back.
    static let farewellPatience: Int32 = 1000
    /// How long to wait for an answer that is on its way, so that the shell does not get it.
    static let answerPatience: Int32 = 150

    let mailbox: Mailbox
    let counters: TerminalCounters
    let options: TerminalOptions
    let supervisor: Supervisor
    let surroundings: TerminalSurroundings
    private let events: AsyncStream<TerminalEvent>.Continuation
    private let escapeDelay: Duration

    // What lives as long as the terminal is open.
    struct Devices {
        let line: TerminalLine
        let screen: CursesScreen
        let signals: Int32
    }

    var parser = InputParser()
    var flow = LineFlow(asks: false)
    /// The rest of a frame that the line did not take at once.
    var unsent: ArraySlice<UInt8> = []
    /// To be sent before the next frame: modes, or a text for the clipboard.
    var prefix: [UInt8] = []
    var mustRepaint = true
    var synchronizes = false
    var mouse = false
    var shownTitle: String?
    var firstUnpaintedKey: Instant?
    var isStopping = false
    /// The line is gone: nothing is read or written any more.
    var isLost = false
    var stops: [Mailbox.Reply<Void>] = []
    var programs: [Mailbox.Program] = []
    /// Signals that came while something else was waited for.
    var waitingSignals: [Int32] = []

    private var backlog: [TerminalEvent] = []
    private var inputDeadline: Instant?
    private var lastResize: Instant?
    private var resizeDeadline: Instant?
    private var ending: Ending?

    /// That the program has been told to end: by what, when, and when it will be ended.
    private struct Ending {
        var signal: Int32
        var begun: Instant
        var deadline: Instant
    }

    init(
        mailbox: Mailbox, counters: TerminalCounters, options: TerminalOptions,
        supervisor: Supervisor, events: AsyncStream<TerminalEvent>.Continuation
    ) {
        self.mailbox = mailbox
        self.counters = counters
        self.options = options
        self.supervisor = supervisor
        self.events = events
        surroundings = TerminalSurroundings(environment: options.environment)
        escapeDelay = options.escapeDelay ?? surroundings.defaultEscapeDelay
    }

    /// Opens the terminal, answers, and works until it is stopped.
    func run(_ reply: Mailbox.Reply<Result<OpenedTerminal, TerminalError>>) {
        do throws(TerminalError) {
            let devices = try open()
            let traits = TerminalTraits(
                size: devices.screen.size, charset: devices.screen.charset,
                colors: devices.screen.colors)
            reply.resume(
                returning: .success(
                    OpenedTerminal(traits: traits, isXtermLike: devices.screen.isXtermLike)))
            while !isStopping { turn(devices) }
            close(devices)
        } catch {
            reply.resume(returning: .failure(error))
        }
        events.finish()
        mailbox.close()
        for stop in stops { stop.resume() }
    }

    private func open() throws(TerminalError) -> Devices {
        let line = try TerminalLine(logFile: options.logFile)
        let signals = ct_signals_open()
        // Before ncurses starts: it takes only what nobody handles, and its handlers are unsafe.
        for signal in Self.endingSignals { ct_signals_catch(signal, 1) }
        for signal in [SIGWINCH, SIGTSTP, SIGCONT] { ct_signals_catch(signal, 0) }
        do throws(TerminalError) {
            let screen = try CursesScreen(
                surroundings: surroundings, size: line.size() ?? TerminalLine.fallbackSize,
                isUTF8: supervisor.isUTF8, ascii: options.ascii, wish: options.colors)
            parser = InputParser(special: screen.specialKeys, acceptsUTF8: supervisor.isUTF8)
            flow = LineFlow(asks: screen.isXtermLike || surroundings.name.hasPrefix("linux"))
            mouse = options.mouse
            let devices = Devices(line: line, screen: screen, signals: signals)
            guard take(devices) else {
                throw TerminalError("The terminal went away while the console was starting.")
            }
            // Swift's backtracer asks questions at the terminal: only for who has asked for it.
            let chain: Int32 = options.environment["SWIFT_BACKTRACE"] == nil ? 0 : 1
            ct_restore_on_crash(chain, crashNotice)
            return devices
        } catch {
            releaseSignals()
            line.close()
            throw error
        }
    }

    private var crashNotice: String {
        guard let logFile = options.logFile else { return "The console crashed.\n" }
        return "The console crashed. What it said last is in \(logFile).\n"
    }

    private func close(_ devices: Devices) {
        giveBack(devices)
        releaseSignals()
        devices.line.close()
    }

    private func releaseSignals() {
        for signal in Self.endingSignals + [SIGWINCH, SIGTSTP, SIGCONT] {
            ct_signals_release(signal)
        }
    }

    // MARK: One turn

    private func turn(_ devices: Devices) {
        var entries = [
            pollfd(fd: mailbox.wakeDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: devices.signals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isLost ? -1 : devices.line.descriptor, events: 0, revents: 0),
        ]
        var deadline = nextDeadline()
        if backlog.isEmpty { entries[2].events |= Int16(POLLIN) }
        if !unsent.isEmpty {
            entries[2].events |= Int16(POLLOUT)
        } else if hasSomethingToDraw(devices), flow.mayDraw(at: .now) {
            // `poll` would call a driver ready long before it has sent what it holds.
            if devices.line.isDriverFull {
                let retry = Instant.now.advanced(by: Self.retryPause)
                deadline = min(deadline ?? retry, retry)
            } else {
                entries[2].events |= Int16(POLLOUT)
            }
        }
        poll(&entries, nfds_t(entries.count), milliseconds(until: deadline))
        counters.change { $0.wakeUps += 1 }
        if entries[0].revents != 0 { mailbox.clearWakeUp() }
        handleRequests(devices)
        if entries[1].revents != 0 { readSignals(devices.signals) }
        handleSignals(devices)
        let line = Int32(entries[2].revents)
        if line & POLLIN != 0 {
            readKeys(devices)
        } else if line & (POLLHUP | POLLERR | POLLNVAL) != 0 {
            lose()
        }
        handleDeadlines(devices)
        guard !isStopping, !isLost else { return }
        drawWhenReady(devices)
        runWaitingProgram(devices)
    }

    private func nextDeadline() -> Instant? {
        var deadlines = [inputDeadline, resizeDeadline, flow.deadline, ending?.deadline]
        if !backlog.isEmpty { deadlines.append(.now.advanced(by: Self.retryPause)) }
        return deadlines.compactMap(\.self).min()
    }

    private func milliseconds(until deadline: Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = Instant.now.duration(to: deadline).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        // Rounded up, or the last millisecond would be spent in empty turns.
        return Int32(min(60_000, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }

    private func handleRequests(_ devices: Devices) {
        let contents = mailbox.takeContents()
        stops += contents.stops
        if !stops.isEmpty { isStopping = true }
        programs += contents.programs
        if contents.repaint { mustRepaint = true }
        if let mouse = contents.mouse, mouse != self.mouse {
            self.mouse = mouse
            if devices.screen.isXtermLike {
                prefix += Array((mouse ? XtermSequence.mouseOn : XtermSequence.mouseOff).utf8)
            }
        }
        for text in contents.texts {
            if !isLost { prefix += text.bytes }
            text.reply.resume(returning: !isLost)
        }
        if contents.suspend, !isStopping, !isLost { suspend(devices) }
    }

    private func handleDeadlines(_ devices: Devices) {
        let now = Instant.now
        offerBacklog()
        if let inputDeadline, inputDeadline <= now {
            accept(parser.timeOut(), at: now)
            setInputDeadline(at: now)
        }
        if let resizeDeadline, resizeDeadline <= now { resize(devices, at: now) }
        flow.timePassed(at: now)
        if let ending, ending.deadline <= now { end(by: ending.signal) }
    }

    // MARK: Events

    func emit(_ event: TerminalEvent) {
        guard backlog.isEmpty, case .dropped(let event) = events.yield(event) else {
            if !backlog.isEmpty { backlog.append(event) }
            return
        }
        backlog.append(event)
    }

    private func offerBacklog() {
        while let event = backlog.first {
            guard case .enqueued = events.yield(event) else { return }
            backlog.removeFirst()
        }
    }

    private func readKeys(_ devices: Devices) {
        switch devices.line.read() {
        case .bytes(let bytes):
            let now = Instant.now
            accept(parser.feed(bytes), at: now)
            setInputDeadline(at: now)
        case .nothing: break
        case .ended: lose()
        }
    }

    private func accept(_ inputs: [TerminalInput], at now: Instant) {
        for input in inputs {
            switch input {
            case .key(.control("\\")):
                // The way out when the console hangs: what the key does without raw mode.
                waitingSignals.append(SIGQUIT)
            case .key(let key):
                counters.change { $0.keys += 1 }
                if firstUnpaintedKey == nil { firstUnpaintedKey = now }
                emit(.key(key))
            case .statusReport:
                flow.answered(at: now)
                let delay = flow.delay
                counters.change { $0.lineDelay = delay }
            case .modeReport(XtermSequence.synchronizedMode, let setting):
                synchronizes = (1...3).contains(setting)
            case .modeReport: break
            }
        }
    }

    private func setInputDeadline(at now: Instant) {
        inputDeadline = parser.patience.map { patience in
            switch patience {
            case .escape: now.advanced(by: escapeDelay)
            case .sequence: now.advanced(by: max(escapeDelay, Self.sequencePatience))
            case .paste: now.advanced(by: Self.pastePatience)
            }
        }
    }

    /// The terminal is gone. The console is told, and ended if it does not end by itself.
    func lose() {
        guard !isLost else { return }
        isLost = true
        finish(with: .lost, signal: SIGHUP, grace: NcursesTerminal.hangUpGrace)
    }

    private func finish(with ending: TerminalEnding, signal: Int32, grace: Duration) {
        guard self.ending == nil else { return }
        let now = Instant.now
        self.ending = Ending(signal: signal, begun: now, deadline: now.advanced(by: grace))
        emit(.ended(ending))
    }

    /// Ends the process here and now, with the terminal put back.
    private func end(by signal: Int32) -> Never {
        ct_restore_now()
        supervisor.terminalGivenBack()
        ct_signals_die(signal)
    }

    // MARK: Signals

    func readSignals(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return }
            for byte in bytes[0..<count] where !waitingSignals.contains(Int32(byte)) {
                waitingSignals.append(Int32(byte))
            }
        }
    }

    private func handleSignals(_ devices: Devices) {
        let signals = waitingSignals
        waitingSignals = []
        for signal in signals {
            switch signal {
            case SIGWINCH: scheduleResize(devices)
            case SIGTSTP: if !isLost { suspend(devices) }
            case SIGCONT: if !isLost { takeAgain(devices) }
            case _ where Self.endingSignals.contains(signal):
                handleEnding(signal)
            default: break
            }
        }
    }

    private func handleEnding(_ signal: Int32) {
        // Whoever asks twice does not want to wait. A hang-up comes twice by itself.
        if let ending, ending.signal == signal, signal != SIGHUP,
            ending.begun.duration(to: .now) > Self.impatience
        {
            end(by: signal)
        }
        let grace = signal == SIGHUP ? NcursesTerminal.hangUpGrace : NcursesTerminal.signalGrace
        finish(with: .signal(signal), signal: signal, grace: grace)
    }

    private func scheduleResize(_ devices: Devices) {
        let now = Instant.now
        guard let lastResize, lastResize.duration(to: now) < Self.resizePause else {
            resize(devices, at: now)
            return
        }
        if resizeDeadline == nil { resizeDeadline = now.advanced(by: Self.resizePause) }
    }

    private func resize(_ devices: Devices, at now: Instant) {
        lastResize = now
        resizeDeadline = nil
        guard let size = devices.line.size(), size != devices.screen.size else { return }
        devices.screen.resize(to: size)
        // The screen is cleared with the next frame, which the console makes for the new size.
        mustRepaint = true
        emit(.resized(size))
    }
}
