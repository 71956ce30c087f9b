import AuterityAPI
import TerminalUI

/// A line of `:messages`: what was said, or a call with its latency.
struct Notice: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case said(Toast.Kind)
        /// Milliseconds from asking to the answer.
        case call(milliseconds: Double, failed: Bool)
    }

    let at: Timestamp
    let kind: Kind
    let text: String

    /// Whether it is a call that went well and changed nothing.
    var onlyRead: Bool {
        guard case .call(_, failed: false) = kind else { return false }
        return text.hasPrefix("GET ")
    }
}

/// What the console costs, measured from inside.
struct ConsoleCosts: Hashable, Sendable {
    var statistics = TerminalStatistics()
    /// Milliseconds between an event's making and its arrival; `nil` before the first.
    var eventLag: Double?
    var eventsReceived = 0
    var requestsMade = 0
    /// Microseconds of the last `view`.
    var viewTime: Double?
}
