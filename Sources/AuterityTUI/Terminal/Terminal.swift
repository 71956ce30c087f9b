// The seam between the console and the terminal it lives in: frames go out, events come in.
// A terminal never decides anything about the product; the console never touches a descriptor.

public import TerminalUI

/// Where the console is shown and where its keys come from.
///
/// Every call returns at once except those marked `async`; none of them ever waits for a slow line.
public protocol Terminal: AnyObject, Sendable {
    /// Takes the terminal over and says what it can do. Call it once.
    ///
    /// - Throws: `TerminalError`, whose text is one sentence for the user.
    func start() async throws(TerminalError) -> TerminalTraits

    /// What happens at the terminal, in order. Ends after `TerminalEvent.ended` or `stop()`.
    ///
    /// One consumer only. Keys are never dropped: when the consumer is 1,024 events behind, the
    /// terminal stops reading until there is room.
    var events: AsyncStream<TerminalEvent> { get }

    /// Shows a frame, or a later one: when the line is slow only the newest frame is sent.
    ///
    /// A frame of another size than the terminal is cut or filled up with blanks.
    func draw(_ frame: Frame)

    /// Sends everything again, for a screen that something else has written on (Ctrl-L).
    func repaint()

    /// Turns mouse events on or off; off lets the terminal select text by itself. On at the start.
    func setMouse(_ enabled: Bool)

    /// Gives the terminal back to the shell until `fg` (Ctrl-Z). `TerminalEvent.resumed` follows.
    func suspend()

    /// Lends the terminal to a program (an editor, a pager) and waits until it has ended.
    ///
    /// - Parameter command: The program, looked up in `PATH`, and its arguments; not a shell line.
    /// - Returns: The exit status as a shell counts it: 128 + N for a program ended by signal N.
    func run(_ command: [String]) async throws(TerminalError) -> Int32

    /// Puts text on the user's clipboard and says by which way, or why not.
    func copy(_ text: String) async -> ClipboardResult

    /// What drawing has cost so far, for `:perf`.
    var statistics: TerminalStatistics { get }

    /// Puts the terminal back as it was found. Harmless when called twice or before `start()`.
    func stop() async
}

/// What a terminal turned out to be able to do.
public struct TerminalTraits: Hashable, Sendable {
    public var size: Size
    /// Which characters may be sent: by the locale, or forced to ASCII. Frames must have the same.
    public var charset: Charset
    /// How many colours there are. `mono` also when `NO_COLOR` is set.
    public var colors: ColorDepth

    public init(size: Size, charset: Charset, colors: ColorDepth) {
        self.size = size
        self.charset = charset
        self.colors = colors
    }
}

/// Something that happened at the terminal.
public enum TerminalEvent: Hashable, Sendable {
    case key(Key)
    /// The new size; a run of changes is told once, with the last size.
    case resized(Size)
    /// The terminal is ours again after Ctrl-Z: any amount of time may have passed.
    case resumed
    /// Always the last event: save what must be saved, call `stop()` and leave.
    case ended(TerminalEnding)
}

/// Why the terminal will give no more events.
public enum TerminalEnding: Hashable, Sendable {
    /// The line was hung up: there is nobody left to draw for. The process ends by itself when
    /// it has not stopped within `NcursesTerminal.hangUpGrace`.
    case lost
    /// SIGTERM, SIGINT, SIGHUP or SIGQUIT, by its number. The exit status is 128 + number.
    case signal(Int32)
}

/// A terminal that cannot be used, or a program that could not be started in it.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The status the process should exit with: 2 for a terminal that cannot be used.
    public static let unusableExitStatus: Int32 = 2

    /// One sentence: what is wrong and what to do.
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

/// Which way a copied text took.
public enum ClipboardResult: Hashable, Sendable {
    /// By a local program: `tmux`, `wl-copy`, `xclip`, `xsel` or `pbcopy`.
    case program(String)
    /// By an OSC 52 sequence: sent, but a terminal does not tell whether it allowed it.
    case escapeSequence
    /// Nothing took it; the sentence says why. The text can still be saved to a file.
    case failed(String)
}
