import AuterityAPI
import AuterityClient
import TerminalUI

/// Below the header while data may be stale: what is done about it, how old the data is, and why.
extension Model {
    /// Columns for the sign before the text, and the blank behind it.
    private static let bannerMargin = 4
    /// Rows of the screen for each row of the banner, at least.
    private static let rowsForOne = 4
    /// The columns of the longest state with an age: beside a reason they take more or less as
    /// time goes by, and the rows must not.
    private static let widestState = 66

    /// The lines of the banner; none while the line is not broken.
    ///
    /// The reason stands behind the state where there is always room, else below it, in whole
    /// unless the terminal is very low. `:messages` has all of it.
    func banner(columns: Int, rows: Int) -> [String] {
        guard case .open = opening, line.isBroken, line.hasFailed else { return [] }
        let room = max(1, columns - Model.bannerMargin)
        let between = " \(Glyphs.of(charset).separator) "
        let reason = line.reason.map { LoginForm.cause(SafeText.line($0)) } ?? ""
        let state = [bannerState, bannerAge].compactMap { $0 }.joined(separator: between)
        let isShort = Model.widestState + TextWidth.columns(of: reason) <= room
        guard !isShort, !reason.isEmpty else {
            return [reason.isEmpty ? state : state + between + reason]
        }
        let most = max(1, rows / Model.rowsForOne)
        // Where there is no second row, why it is so matters more than how old the data is.
        guard most > 1 else { return [bannerState + between + reason] }
        let first = TextWidth.columns(of: state) <= room ? state : bannerState
        return [first] + TextWidth.wrap(reason, to: room).prefix(most - 1)
    }

    func drawBanner(into frame: inout Frame, in area: Rect) {
        let style = theme[.warning].with(.reverse)
        frame.fill(area, style: style)
        let lines = banner(columns: size.width, rows: size.height)
        for (row, text) in lines.enumerated() where row < area.height {
            let sign = row == 0 ? frame.glyphs.warning : " "
            frame.putLine(" \(sign) \(text)", in: area.row(row), style: style)
        }
    }

    private var bannerState: String {
        let isNetwork = identity?.place == .network
        switch line.state {
        case .live: return ""
        case .connecting: return "Offline, trying now"
        case .resynchronizing: return "Reading what was missed"
        case .refused: return isNetwork ? "Ctrl-R logs in" : "Ctrl-R tries again"
        case .retrying:
            let what = line.answersCalls == true ? "No events" : "Offline"
            return "\(what), next try in \(secondsToTry) s, Ctrl-R now"
        }
    }

    var secondsToTry: Int {
        line.nextTry.map { max(0, Int($0.seconds(since: now).rounded(.up))) } ?? 0
    }

    private var bannerAge: String? {
        guard line.isBroken, let moment = line.lastLive else { return nil }
        let clock = TimeText.clock(moment, utcOffset: options.utcOffset, withSeconds: true)
        return "data of \(clock), \(TimeText.age(of: moment, at: now)) old"
    }
}
