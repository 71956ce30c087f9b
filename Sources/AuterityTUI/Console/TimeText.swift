import AuterityAPI

/// Times and durations as short as an operator reads them.
enum TimeText {
    /// What stands for a time that is not known.
    static let none = "–"

    /// How long ago: `2s`, `12m`, `3h`, `5d`. The future counts as now.
    static func age(of moment: Timestamp, at now: Timestamp) -> String {
        let seconds = Int(max(0, now.seconds(since: moment)))
        return switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m"
        case ..<86_400: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }

    /// How long it took: `0.4ms`, `12ms`, `1.2s`, `42s`, `3m 5s`, `2h 10m`, `4d 2h`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return none }
        if seconds == 0 { return "0s" }
        switch seconds {
        case ..<0.001: return "\(decimal(seconds * 1000, digits: 1))ms"
        case ..<1: return "\(Int(seconds * 1000))ms"
        case ..<10: return "\(short(seconds))s"
        case ..<60: return "\(Int(seconds))s"
        case ..<3600: return pair(Int(seconds), 60, "m", 1, "s")
        case ..<86_400: return pair(Int(seconds), 3600, "h", 60, "m")
        default: return pair(Int(min(seconds, 1e12)), 86_400, "d", 3600, "h")
        }
    }

    /// With a digit behind the point, unless it is 0.
    private static func short(_ value: Double) -> String {
        let text = decimal(value, digits: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func pair(
        _ seconds: Int, _ unit: Int, _ name: String, _ lower: Int, _ lowerName: String
    ) -> String {
        let rest = seconds % unit / lower
        return rest == 0
            ? "\(seconds / unit)\(name)" : "\(seconds / unit)\(name) \(rest)\(lowerName)"
    }

    /// `14:03` or `14:03:27`.
    static func clock(
        _ moment: Timestamp, utcOffset: Int, withSeconds: Bool = false
    ) -> String {
        let time = CalendarTime(moment, offsetSeconds: utcOffset)
        let minutes = "\(two(time.hour)):\(two(time.minute))"
        return withSeconds ? "\(minutes):\(two(time.second))" : minutes
    }

    /// `2025-08-08 14:03:27`, or the time alone when it is on the day of `now`.
    static func moment(_ moment: Timestamp, at now: Timestamp, utcOffset: Int) -> String {
        let time = CalendarTime(moment, offsetSeconds: utcOffset)
        let today = CalendarTime(now, offsetSeconds: utcOffset)
        let clock = clock(moment, utcOffset: utcOffset, withSeconds: true)
        if (time.year, time.month, time.day) == (today.year, today.month, today.day) {
            return clock
        }
        return "\(time.year)-\(two(time.month))-\(two(time.day)) \(clock)"
    }

    /// A number with at most so many digits behind the point, rounded half up.
    static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return none }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
