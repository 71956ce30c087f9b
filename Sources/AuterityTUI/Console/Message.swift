import AuterityAPI
import AuterityClient
import TerminalUI

/// Which screen of the trail, over the life of the console.
typealias ScreenID = Int

/// Everything that can happen to the console.
enum Message: Sendable {
    case terminal(TerminalEvent)
    /// The client is open.
    case opened(ClientIdentity)
    /// The client cannot be opened; the sentence says why and what to do.
    case openingFailed(String)
    /// What the feed told since the last message, in order.
    case feed([FeedItem])
    case reply(ScreenID, Reply, milliseconds: Double)
    case timer(ScreenID, String)
    /// A timer of the console itself: the clock's minute, the end of a toast, a lost line's try.
    case clock
    case edited(ScreenID, tag: String, result: EditResult)
    case copied(ClipboardResult, label: String)
    case saved(path: String)
    case failed(String)
    case demo(DemoProgress)
    case theme(Theme)
}

/// What the demo has come to.
enum DemoProgress: Hashable, Sendable {
    case running
    case removed
    /// The sentence says why and what to do.
    case failed(String)
}
