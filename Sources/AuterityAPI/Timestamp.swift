/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z. On the wire RFC 3339 in UTC.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch, leap seconds not counted.
    public let milliseconds: Int64

    /// Kept within the years 0 to 9999, which are all that RFC 3339 can say.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Self.minimum), Self.maximum)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(milliseconds - earlier.milliseconds) / 1000
    }

    /// The moment `seconds` later, rounded to a millisecond and kept within the years 0 to 9999.
    /// What is no number (NaN) adds nothing.
    public func adding(seconds: Double) -> Timestamp {
        guard !seconds.isNaN else { return self }
        let sum = Double(milliseconds) + (seconds * 1000).rounded()
        let bounded = min(max(sum, Double(Self.minimum)), Double(Self.maximum))
        return Timestamp(milliseconds: Int64(bounded))
    }

    /// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z, the range of RFC 3339.
    static let minimum: Int64 = -62_167_219_200_000
    static let maximum: Int64 = 253_402_300_799_999
}

// MARK: - RFC 3339

extension Timestamp: CustomStringConvertible {
    /// `2025-08-08T10:30:00Z`, with milliseconds only where there are some.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.maximumLength) { put(into: $0) }
    }

    /// Bytes of the longest.
    static let maximumLength = 24

    /// Writes the bytes of `description`, and answers how many they are.
    func put(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let time = CalendarTime(self)
        var position = 0
        func put(_ sign: UInt8) {
            buffer[position] = sign
            position += 1
        }
        func put(_ number: Int, digits: Int) {
            var rest = number
            for index in stride(from: position + digits - 1, through: position, by: -1) {
                buffer[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            position += digits
        }
        put(time.year, digits: 4)
        put(UInt8(ascii: "-"))
        put(time.month, digits: 2)
        put(UInt8(ascii: "-"))
        put(time.day, digits: 2)
        put(UInt8(ascii: "T"))
        put(time.hour, digits: 2)
        put(UInt8(ascii: ":"))
        put(time.minute, digits: 2)
        put(UInt8(ascii: ":"))
        put(time.second, digits: 2)
        if time.millisecond != 0 {
            put(UInt8(ascii: "."))
            put(time.millisecond, digits: 3)
        }
        put(UInt8(ascii: "Z"))
        return position
    }

    /// Reads RFC 3339 with any offset; digits beyond the millisecond are dropped. `nil` also for
    /// what an offset moves out of the years 0 to 9999.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), day >= 1, day <= daysInMonth(month, year: year),
            hour < 24, minute < 60, second <= 59
        else { return nil }
        var rest = bytes[19...]
        guard let millisecond = takeFraction(&rest), let offset = offsetMinutes(rest) else {
            return nil
        }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        let milliseconds = Int64(seconds) * 1000 + Int64(millisecond)
        guard (Self.minimum...Self.maximum).contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let timestamp = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected an RFC 3339 time such as 2025-08-08T10:30:00Z")
        }
        self = timestamp
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A moment taken apart in the proleptic Gregorian calendar, in UTC or shifted by an offset.
public struct CalendarTime: Hashable, Sendable {
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int
    public let millisecond: Int

    /// `offsetSeconds` east of UTC.
    public init(_ timestamp: Timestamp, offsetSeconds: Int = 0) {
        let shifted = timestamp.milliseconds + Int64(offsetSeconds) * 1000
        let dayMilliseconds: Int64 = 86_400_000
        var days = shifted / dayMilliseconds
        var rest = shifted % dayMilliseconds
        if rest < 0 {
            rest += dayMilliseconds
            days -= 1
        }
        let date = civilDate(daysSinceEpoch: Int(days))
        year = date.year
        month = date.month
        day = date.day
        hour = Int(rest / 3_600_000)
        minute = Int(rest / 60_000 % 60)
        second = Int(rest / 1000 % 60)
        millisecond = Int(rest % 1000)
    }
}

/// Days from 1970-01-01, by the algorithm of Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

/// The inverse of `daysSinceEpoch`, from the same source.
func civilDate(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func daysInMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

private func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in digits {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
}

private func takeFraction(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.first == UInt8(ascii: ".") else { return 0 }
    let digits = rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard !digits.isEmpty else { return nil }
    rest = rest[digits.endIndex...]
    let three = Array(digits.prefix(3)) + Array(repeating: UInt8(ascii: "0"), count: 3)
    return number(three[0..<3])
}

private func offsetMinutes(_ rest: ArraySlice<UInt8>) -> Int? {
    let bytes = Array(rest)
    if bytes.count == 1, bytes[0] | 0x20 == UInt8(ascii: "z") { return 0 }
    guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"),
        bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
        let hours = number(bytes[1..<3]), let minutes = number(bytes[4..<6]),
        hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (bytes[0] == UInt8(ascii: "-") ? -1 : 1)
}
