import AuterityAPI
import AuterityClient
import TerminalUI

/// What a screen may know of the world around it.
struct ScreenContext: Sendable {
    /// The present, in the message being handled or the frame being drawn, by the clock of the
    /// server where that goes another way than this machine's.
    var now: Timestamp
    /// Seconds east of UTC, for showing times.
    var utcOffset: Int
    /// The whole area a screen has.
    var area: Rect
    var theme: Theme
    var charset: Charset
    var access: Access
    /// `nil` while the client is being opened.
    var identity: ClientIdentity?
    var connection: ConnectionState
    /// Whether data is up to date; drawn dimmed otherwise.
    var isLive: Bool { connection == .live }
    /// Whether nothing that is asked for now would come.
    var isOffline: Bool
    /// What stands where something has not come yet.
    var loading: String { isOffline ? "offline: waiting for the server" : "loading" }
    /// When what is shown was last known to be up to date; `nil` before it ever was.
    var lastLive: Timestamp?
    /// Seconds that events are late; `nil` while they come in time.
    var lateness: Int?
    /// Seconds that `now` and `lastLive` are ahead of this machine's clock.
    var clockOffset = 0.0
    /// How old what was read at that moment is, for a lower border; empty while the line is live
    /// and events come in time.
    func lastSeen(_ readAt: Timestamp?) -> String {
        if isLive, let lateness {
            // What was read since is younger than the events.
            let age = readAt.map { min(lateness, Int(now.seconds(since: $0))) } ?? lateness
            return Double(age) < Lateness.tolerance ? "" : "\(age) s behind"
        }
        guard !isLive, let moment = [readAt, lastLive].compactMap({ $0 }).max() else { return "" }
        // Events have kept it up for as long as they came.
        let here = moment.adding(seconds: -clockOffset)
        return "last seen \(TimeText.clock(here, utcOffset: utcOffset, withSeconds: true))"
    }
    /// The names of all themes there are.
    var themeNames: [String]
    /// The last notices, for `:messages`, oldest first.
    var notices: [Notice]
    /// What the console costs, for `:perf`.
    var costs: ConsoleCosts
    /// The figures of the system, as the header shows them; `nil` before the first answer.
    var metrics: Metrics?
    var demo: DemoState
    /// Whether a demo may be loaded here: not where each change is asked for.
    var takesDemo = true
    /// Without borders, so that the terminal's own selection gets text alone (`b`).
    var isPlain: Bool
    /// The version of the product.
    var version: String
    /// The bindings of the screen that help was asked from, and the global ones.
    var helpTable: HelpTable
}
