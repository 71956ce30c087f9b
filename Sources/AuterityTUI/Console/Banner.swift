import AuterityAPI
import AuterityClient
import TerminalUI

extension Model {
    /// What the line under the header says while data may be stale: what is done about it, how
    /// old the data is, and, as far as there is room, why. `:messages` has all of it.
    var banner: String? {
        guard case .open = opening, line.isBroken, line.hasFailed else { return nil }
        return
            ([bannerState] + [bannerAge, line.reason.map { SafeText.line($0) }].compactMap { $0 })
            .joined(separator: " \(Glyphs.of(charset).separator) ")
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
