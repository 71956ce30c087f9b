import AuterityAPI
import AuterityClient
import TerminalUI

/// Which screen of the trail, over the life of the console.
typealias ScreenID = Int

/// Everything that can happen to the console.
enum Message: Sendable {
    case terminal(TerminalEvent)
    /// The client of a server is open; of the one to begin with when `nil`.
    case opened(any Client, of: ServerProfile? = nil)
    /// The client cannot be opened; the sentence says why and what to do.
    case openingFailed(String, of: ServerProfile? = nil, needsLogin: Bool = false)
    case loggedIn(ServerProfile)
    /// The sentence says why not.
    case loginFailed(ServerProfile, String)
    case servers([ServerProfile])
    /// What the feed told since the last message, in order.
    case feed([FeedItem])
    /// The answer of a request, by its number.
    case reply(number: Int, Reply, milliseconds: Double)
    case timer(ScreenID, String)
    /// A full minute has come.
    case clock
    case edited(ScreenID, tag: String, result: EditResult)
    case copied(ClipboardResult, label: String, text: String)
    case saved(path: String)
    case failed(String)
    case demo(DemoProgress)
    /// What drawing has cost so far; only told to a console that shows it.
    case costs(TerminalStatistics, viewMicroseconds: Double)
}

/// What the demo has come to.
enum DemoProgress: Hashable, Sendable {
    case running
    case removed
    /// The sentence says why and what to do.
    case failed(String)
}

extension Model {
    /// Whether a message, once it is applied, is a reason to draw.
    ///
    /// The figures of the system come every few seconds also when nothing happens. Where they are
    /// a side matter they wait for the next frame, at the latest that of the minute: a console
    /// that lies idle sends nothing down the line.
    func isWorthAFrame(_ message: Message) -> Bool {
        guard case .feed(let items) = message, trail.top.screen.destination != .health,
            !latenessHasChanged
        else { return true }
        return !items.allSatisfy { item in
            guard case .event(let event) = item, case .metricsUpdate = event.payload else {
                return false
            }
            return true
        }
    }
}
