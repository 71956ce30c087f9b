// A terminal without a screen: tests put keys in and take frames out.

import Synchronization
public import TerminalUI

/// A `Terminal` made of memory, for tests and for recording what the console would have shown.
public final class HeadlessTerminal: Terminal {
    /// Events that may wait for the console before further ones are refused.
    public static let eventLimit = 1024

    public let events: AsyncStream<TerminalEvent>
    /// Every drawn frame in order; a slow reader loses the oldest of more than 1,024.
    public let frames: AsyncStream<Frame>

    private let eventInput: AsyncStream<TerminalEvent>.Continuation
    private let frameInput: AsyncStream<Frame>.Continuation
    private let state: Mutex<State>
    private let program: @Sendable ([String]) throws(TerminalError) -> Int32

    private struct State {
        var traits: TerminalTraits
        var lastFrame: Frame?
        var clipboard: String?
        var mouse = true
        var stopped = false
        var repaints = 0
        var statistics = TerminalStatistics()
    }

    /// - Parameter program: What stands in for programs that `run` starts: it gets the command and
    ///   gives the exit status. Without it every program ends at once with status 0.
    public init(
        size: Size = Size(width: 120, height: 32),
        charset: Charset = .unicode,
        colors: ColorDepth = .truecolor,
        program: @escaping @Sendable ([String]) throws(TerminalError) -> Int32 = { _ in 0 }
    ) {
        (events, eventInput) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.eventLimit))
        (frames, frameInput) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingNewest(Self.eventLimit))
        state = Mutex(
            State(traits: TerminalTraits(size: size, charset: charset, colors: colors)))
        self.program = program
    }

    // MARK: What a test does

    /// Presses keys. False when more than `eventLimit` events wait: the test outran the console.
    @discardableResult
    public func press(_ keys: Key...) -> Bool {
        send(keys.map(TerminalEvent.key))
    }

    /// Presses the keys of a text, one a character; a line feed is Enter, a tab is Tab.
    @discardableResult
    public func type(_ text: String) -> Bool {
        send(
            text.map { character in
                switch character {
                case "\n": .key(.enter)
                case "\t": .key(.tab)
                default: .key(.character(character))
                }
            })
    }

    /// Changes the window's size, as a user does who drags its corner.
    @discardableResult
    public func resize(to size: Size) -> Bool {
        state.withLock { $0.traits.size = size }
        return send([.resized(size)])
    }

    /// Ends the terminal from outside: a signal, or a lost line.
    public func end(_ ending: TerminalEnding) {
        send([.ended(ending)])
        eventInput.finish()
    }

    /// Waits for the first frame, from now on, that fulfils a condition; nil after `stop()`.
    /// Frames before it are used up.
    public func frame(where matches: (Frame) -> Bool) async -> Frame? {
        for await frame in frames where matches(frame) {
            return frame
        }
        return nil
    }

    /// The frame drawn last.
    public var lastFrame: Frame? { state.withLock { $0.lastFrame } }
    /// The text copied last.
    public var clipboard: String? { state.withLock { $0.clipboard } }
    /// Whether the console wants mouse events.
    public var isMouseEnabled: Bool { state.withLock { $0.mouse } }
    /// Whether `stop()` was called.
    public var isStopped: Bool { state.withLock { $0.stopped } }
    /// How often a whole repaint was asked for.
    public var repaintCount: Int { state.withLock { $0.repaints } }

    @discardableResult
    private func send(_ events: [TerminalEvent]) -> Bool {
        for event in events {
            guard case .enqueued = eventInput.yield(event) else { return false }
        }
        return true
    }

    // MARK: What the console does

    public func start() async throws(TerminalError) -> TerminalTraits {
        state.withLock { $0.traits }
    }

    public func draw(_ frame: Frame) {
        state.withLock {
            $0.lastFrame = frame
            $0.statistics.frames += 1
        }
        frameInput.yield(frame)
    }

    public func repaint() {
        state.withLock { $0.repaints += 1 }
    }

    public func setMouse(_ enabled: Bool) {
        state.withLock { $0.mouse = enabled }
    }

    public func suspend() {
        send([.resumed])
    }

    public func run(_ command: [String]) async throws(TerminalError) -> Int32 {
        try program(command)
    }

    public func copy(_ text: String) async -> ClipboardResult {
        state.withLock { $0.clipboard = text }
        return .escapeSequence
    }

    public var statistics: TerminalStatistics { state.withLock { $0.statistics } }

    public func stop() async {
        state.withLock { $0.stopped = true }
        eventInput.finish()
        frameInput.finish()
    }
}
