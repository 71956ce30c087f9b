package import AuterityAPI

/// A moment with the precision of a nanosecond, from the year 1 to 9999.
package struct CELTimestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, within `secondsRange`.
    package let seconds: Int64
    /// 0 to 999,999,999, counted forwards also before 1970.
    package let nanoseconds: Int32

    /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
    package static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// `nil` outside the years 1 to 9999.
    package init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.secondsRange.contains(seconds), (0..<1_000_000_000).contains(nanoseconds)
        else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// A time of the year 0 becomes the first moment of the year 1.
    package init(_ timestamp: Timestamp) {
        var seconds = timestamp.milliseconds / 1000
        var rest = timestamp.milliseconds % 1000
        if rest < 0 {
            rest += 1000
            seconds -= 1
        }
        let range = Self.secondsRange
        self.seconds = min(max(seconds, range.lowerBound), range.upperBound)
        nanoseconds = range.contains(seconds) ? Int32(rest) * 1_000_000 : 0
    }

    /// The same moment, cut to a millisecond.
    package var timestamp: Timestamp {
        Timestamp(milliseconds: seconds * 1000 + Int64(nanoseconds / 1_000_000))
    }

    package static func < (left: CELTimestamp, right: CELTimestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// `nil` outside the years 1 to 9999.
    func adding(_ duration: CELDuration, negated: Bool = false) -> CELTimestamp? {
        var wholeSeconds = duration.nanoseconds / 1_000_000_000
        var rest = duration.nanoseconds % 1_000_000_000
        if negated {
            wholeSeconds = -wholeSeconds
            rest = -rest
        }
        var nanoseconds = Int64(self.nanoseconds) + rest
        var seconds = self.seconds + wholeSeconds
        if nanoseconds < 0 {
            nanoseconds += 1_000_000_000
            seconds -= 1
        } else if nanoseconds >= 1_000_000_000 {
            nanoseconds -= 1_000_000_000
            seconds += 1
        }
        return CELTimestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))
    }

    /// `nil` when more than about 292 years lie between.
    func since(_ earlier: CELTimestamp) -> CELDuration? {
        let (product, overflow) = (seconds - earlier.seconds)
            .multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = product.addingReportingOverflow(
            Int64(nanoseconds) - Int64(earlier.nanoseconds))
        return overflow || overflow2 ? nil : CELDuration(nanoseconds: sum)
    }
}

extension CELTimestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, with as many decimals as there are.
    package var description: String {
        let whole = Timestamp(milliseconds: seconds * 1000).description
        guard nanoseconds != 0 else { return whole }
        return "\(whole.dropLast())\(decimals(nanoseconds))Z"
    }

    /// Reads RFC 3339 with any offset and up to nine decimals; `nil` for anything else.
    package init?(_ text: String) {
        guard let moment = Timestamp(text) else { return nil }
        let bytes = Array(text.utf8)
        var nanoseconds: Int32 = 0
        if bytes.count > 19, bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }
            guard digits.count <= 9 else { return nil }
            for index in 0..<9 {
                let digit = index < digits.count ? digits[20 + index] - 0x30 : 0
                nanoseconds = nanoseconds * 10 + Int32(digit)
            }
        }
        let remainder = moment.milliseconds % 1000
        let floor = (moment.milliseconds - (remainder < 0 ? remainder + 1000 : remainder)) / 1000
        self.init(seconds: floor, nanoseconds: nanoseconds)
    }
}

/// `.5`, `.000000001`: at least one nanosecond is given.
func decimals(_ nanoseconds: Int32) -> String {
    var digits = String(nanoseconds)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.hasSuffix("0") {
        digits.removeLast()
    }
    return "." + digits
}
