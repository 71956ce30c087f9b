import AuterityAPI
import TerminalUI

/// One place of the console, as a value in the trail.
///
/// A screen is pure: `update` answers with effects, `draw` reads. It never holds a task, never
/// reads a clock, and knows of the terminal only the area it is given.
protocol Screen: Sendable {
    /// How to come here again; two screens of one destination show the same thing.
    var destination: Destination { get }
    /// What the trail in the header says, without decoration. It may hold anything: it is data.
    var title: String { get }
    /// The keys that do something here and now, the most important first. Help, hints, palette
    /// and dispatch are all made from this list.
    func bindings(in context: ScreenContext) -> [KeyBinding]
    /// While true every printable key, Enter, Tab, Esc, Backspace and paste comes as
    /// `ScreenMessage.key`, whatever the tables say: a text is being typed.
    var capturesText: Bool { get }
    /// What of this screen wants time to pass. Timers of a screen that is covered stop.
    func subscriptions(in context: ScreenContext) -> [Subscription]
    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect]
    /// Draws into `area` and nowhere else; sets `frame.cursor` where a text is being typed.
    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext)
    /// What would be lost by leaving, as a sentence; the console asks before it leaves.
    var unsaved: String? { get }
    /// When what is shown was read last; `nil` when nothing shown can age.
    var freshness: Freshness? { get }
    /// What can be copied here with `y`, the likeliest first.
    func copies(in context: ScreenContext) -> [CopyOffer]
    /// Whether everything that was asked for has come, for `--once`.
    var isLoaded: Bool { get }
}

extension Screen {
    var capturesText: Bool { false }
    var unsaved: String? { nil }
    var freshness: Freshness? { nil }
    var isLoaded: Bool { true }
    func subscriptions(in context: ScreenContext) -> [Subscription] { [] }
    func copies(in context: ScreenContext) -> [CopyOffer] { [] }
}

/// What reaches a screen.
enum ScreenMessage: Sendable {
    /// Shown for the first time, or again after what covered it has gone: time to load.
    case appeared
    /// A binding of this screen was used, by its key, the palette or a command.
    case action(ActionID)
    /// A key that no binding names (movement, typing, mouse). Mouse points are screen positions.
    case key(Key)
    /// The answer of a request that this screen made.
    case reply(Reply)
    /// What happened, in order. Every screen in the trail is told, also the covered ones.
    case events([Event])
    /// Events were lost, or the line is back after a gap: what is shown may be stale.
    case resynchronize
    /// A timer of `subscriptions` has run out (and runs again while it stays subscribed).
    case timer(String)
    /// A command with its arguments that names something of this screen: `:executions failed`.
    case command(String, arguments: String)
    /// The text that `Effect.prompt` asked for; `tag` is the prompt's.
    case answered(tag: String, text: String)
    /// The editor of `Effect.edit` has ended; `tag` is the document's.
    case edited(tag: String, result: EditResult)
}

/// How old what is shown is.
enum Freshness: Hashable, Sendable {
    case loading
    /// As of this moment, and kept up by events from then on.
    case read(at: Timestamp)

    /// When it was read; `nil` while it is being read for the first time.
    var moment: Timestamp? {
        if case .read(let moment) = self { moment } else { nil }
    }
}
