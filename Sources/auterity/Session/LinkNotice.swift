import AuterityAPI
import AuterityClient
import Glibc
import TerminalUI

/// What a person is told of the connection while a command follows something: when it breaks, and
/// when it is back.
struct LinkNotice {
    /// How it is said.
    enum Style {
        /// One line of a terminal of so many columns, written again and again.
        case inPlace(columns: Int)
        /// A line when it breaks and one when it is back, between other lines.
        case lines
    }

    private let style: Style
    /// Of the clock on the person's wall.
    private let secondsEastOfUTC: Int
    private var wasLive = false
    private var brokeAt: Timestamp?

    init(_ style: Style, secondsEastOfUTC: Int = 0) {
        self.style = style
        self.secondsEastOfUTC = secondsEastOfUTC
    }

    /// What is to be written because of a new state, a line without its end; `nil` where there is
    /// nothing to say.
    mutating func text(for state: ConnectionState, now: Timestamp) -> String? {
        switch state {
        case .retrying(let seconds, let reason):
            let isFirst = brokeAt == nil
            brokeAt = brokeAt ?? now
            return broken(reason, seconds, isFirst: isFirst)
        case .live:
            wasLive = true
            guard let start = brokeAt else { return nil }
            brokeAt = nil
            switch style {
            case .inPlace: return Self.erasing
            case .lines:
                return "The connection is back after \(Column.span(now.seconds(since: start)))"
            }
        case .connecting, .resynchronizing, .refused: return nil
        }
    }

    private static let erasing = "\r\u{1B}[K"

    private func broken(_ reason: String, _ seconds: Double, isFirst: Bool) -> String? {
        let what =
            if wasLive, let brokeAt {
                "The connection broke at \(clock(brokeAt))"
            } else {
                "There is no connection yet"
            }
        let reason = SafeText.line(reason)
        switch style {
        case .inPlace(let columns):
            let line = "\(what); trying again in \(Column.fixed(seconds, 1)) s. \(reason)"
            // A line of all columns would leave the cursor on the next one.
            return Self.erasing + TextWidth.truncate(line, to: max(1, columns - 1))
        case .lines:
            return isFirst ? "\(what); trying until it is back. \(reason)" : nil
        }
    }

    /// `11:27:34`
    private func clock(_ time: Timestamp) -> String {
        let second = time.milliseconds / 1000 + Int64(secondsEastOfUTC)
        let ofDay = ((second % 86_400) + 86_400) % 86_400
        let parts = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60]
        return parts.map { ($0 < 10 ? "0" : "") + "\($0)" }.joined(separator: ":")
    }

    /// Seconds east of UTC of this machine's clock.
    static var localOffset: Int {
        var now = time(nil)
        var local = tm()
        return localtime_r(&now, &local) == nil ? 0 : Int(local.tm_gmtoff)
    }
}
