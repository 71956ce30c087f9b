// The real terminal, seen from the console: every call puts something into the mailbox of the
// thread that owns ncurses, and returns.

import Glibc
import Synchronization
public import TerminalUI

/// How the terminal is to be used, where that is not found out by itself.
public struct TerminalOptions: Sendable {
    /// How long after Esc its sequence may still come; nil: 25 ms, 50 over SSH.
    public var escapeDelay: Duration?
    /// Draw with ASCII only, also where the locale has UTF-8.
    public var ascii: Bool
    public var mouse: Bool
    /// Fewer colours than the terminal has, or colours in spite of `NO_COLOR`; nil: by itself.
    public var colors: ColorDepth?
    /// Where stray standard output and error go while the console runs; nil discards them.
    public var logFile: String?
    /// The process's environment.
    public var environment: [String: String]

    public init(
        escapeDelay: Duration? = nil, ascii: Bool = false, mouse: Bool = true,
        colors: ColorDepth? = nil, logFile: String? = nil, environment: [String: String]
    ) {
        self.escapeDelay = escapeDelay
        self.ascii = ascii
        self.mouse = mouse
        self.colors = colors
        self.logFile = logFile
        self.environment = environment
    }
}

/// The terminal on standard input and output, driven by ncurses on a thread of its own.
///
/// One in the life of a process: ncurses cannot be started twice.
public final class NcursesTerminal: Terminal {
    /// How long the process outlives its terminal, if the console does not end it: 0.9 s.
    public static let hangUpGrace: Duration = .milliseconds(900)
    /// How long the console may take to stop after SIGTERM and the like: 5 s.
    public static let signalGrace: Duration = .seconds(5)
    /// Events that may wait for the console before reading from the terminal pauses.
    public static let eventLimit = 1024

    public let events: AsyncStream<TerminalEvent>

    private let input: AsyncStream<TerminalEvent>.Continuation
    private let mailbox = Mailbox()
    private let counters = TerminalCounters()
    private let options: TerminalOptions
    private let supervisor: Supervisor
    private let clipboard: Clipboard
    private let traits = Mutex<(started: Bool, xtermLike: Bool)>((false, false))

    /// - Parameter supervisor: What `Supervisor.start()` gave at the beginning of `main`.
    public init(supervisor: Supervisor, options: TerminalOptions) {
        self.supervisor = supervisor
        self.options = options
        clipboard = Clipboard(environment: options.environment)
        (events, input) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.eventLimit))
    }

    public func start() async throws(TerminalError) -> TerminalTraits {
        let isFirst = traits.withLock { traits in
            defer { traits.started = true }
            return !traits.started
        }
        guard isFirst else { throw TerminalError("The terminal was started before.") }
        let result = await withCheckedContinuation { reply in
            let isStarted = SystemThread.start("terminal") {
                [mailbox, counters, options, supervisor, input] in
                let thread = TerminalThread(
                    mailbox: mailbox, counters: counters, options: options,
                    supervisor: supervisor, events: input)
                thread.run(reply)
            }
            if !isStarted {
                reply.resume(
                    returning: .failure(TerminalError("The system has no thread to spare.")))
            }
        }
        let opened = try result.get()
        traits.withLock { $0.xtermLike = opened.isXtermLike }
        return opened.traits
    }

    public func draw(_ frame: Frame) { mailbox.post(frame) }

    public func repaint() { mailbox.change { $0.repaint = true } }

    public func setMouse(_ enabled: Bool) { mailbox.change { $0.mouse = enabled } }

    public func suspend() { mailbox.change { $0.suspend = true } }

    public func run(_ command: [String]) async throws(TerminalError) -> Int32 {
        guard traits.withLock({ $0.started }) else {
            throw TerminalError("The terminal is not in use.")
        }
        return try await mailbox.run(command).get()
    }

    public func copy(_ text: String) async -> ClipboardResult {
        let (started, xtermLike) = traits.withLock { $0 }
        guard started else { return .failed("The terminal is not in use.") }
        return await clipboard.copy(text, takesEscapeSequence: xtermLike) { [mailbox] bytes in
            await mailbox.send(bytes)
        }
    }

    public var statistics: TerminalStatistics { counters.current }

    public func stop() async {
        guard traits.withLock({ $0.started }) else {
            input.finish()
            return
        }
        await mailbox.stop()
    }
}

/// The counters, shared by the terminal's thread and whoever looks at `:perf`.
final class TerminalCounters: Sendable {
    private let statistics = Mutex(TerminalStatistics())

    var current: TerminalStatistics { statistics.withLock { $0 } }

    func change(_ body: (inout TerminalStatistics) -> Void) {
        statistics.withLock { body(&$0) }
    }
}
