/// The rule of a time zone as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    /// Seconds east of UTC.
    private let standard: Int
    private let summer: Summer?

    private struct Summer: Sendable {
        let offset: Int
        let start: Change
        let end: Change
    }

    /// A day of the year, and the time on the clock in seconds from its midnight.
    private struct Change: Sendable {
        enum Day: Sendable {
            /// 1 to 365, 29 February never counted.
            case julian(Int)
            /// 0 to 365.
            case ordinal(Int)
            /// Of the month 1 to 12, the week 1 to 5 (5 is the last), the day 0 (Sunday) to 6.
            case weekday(month: Int, week: Int, day: Int)
        }

        let day: Day
        let time: Int
    }

    init?(_ text: String) {
        var scanner = RuleScanner(text)
        guard scanner.skipName(), let west = scanner.time() else { return nil }
        standard = -west
        guard !scanner.isAtEnd else {
            summer = nil
            return
        }
        guard scanner.skipName() else { return nil }
        var offset = standard + 3600
        if !scanner.isAt(",") {
            guard let west = scanner.time() else { return nil }
            offset = -west
        }
        guard let start = Self.change(&scanner), let end = Self.change(&scanner),
            scanner.isAtEnd
        else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    private static func change(_ scanner: inout RuleScanner) -> Change? {
        guard scanner.take(",") else { return nil }
        let day: Change.Day
        if scanner.take("M") {
            guard let month = scanner.number(), scanner.take("."), let week = scanner.number(),
                scanner.take("."), let weekday = scanner.number(), (1...12).contains(month),
                (1...5).contains(week), (0...6).contains(weekday)
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        } else if scanner.take("J") {
            guard let number = scanner.number(), (1...365).contains(number) else { return nil }
            day = .julian(number)
        } else {
            guard let number = scanner.number(), (0...365).contains(number) else { return nil }
            day = .ordinal(number)
        }
        guard scanner.take("/") else { return Change(day: day, time: 7200) }
        guard let time = scanner.time() else { return nil }
        return Change(day: day, time: time)
    }

    func offset(at seconds: Int64) -> Int {
        guard let summer else { return standard }
        let local = Int(seconds) + standard
        let year = yearOf(days: floorDivide(local, 86_400))
        let start = moment(of: summer.start, year: year, offset: standard)
        let end = moment(of: summer.end, year: year, offset: summer.offset)
        let now = Int(seconds)
        let isSummer = start < end ? now >= start && now < end : now >= start || now < end
        return isSummer ? summer.offset : standard
    }

    private func moment(of change: Change, year: Int, offset: Int) -> Int {
        let newYear = daysBefore(year: year)
        let day: Int
        switch change.day {
        case .ordinal(let number): day = newYear + number
        case .julian(let number): day = newYear + number - 1 + (isLeap(year) && number > 59 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = newYear + daysBefore(month: month, year: year)
            let firstWeekday = ((first + 4) % 7 + 7) % 7
            var found = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            let next =
                first + daysBefore(month: month + 1, year: year)
                - daysBefore(month: month, year: year)
            while found >= next { found -= 7 }
            day = found
        }
        return day * 86_400 + change.time - offset
    }
}

private func floorDivide(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
}

private func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 1970-01-01 to the first of January.
private func daysBefore(year: Int) -> Int {
    let past = year - 1
    let leaps = floorDivide(past, 4) - floorDivide(past, 100) + floorDivide(past, 400)
    return 365 * past + leaps - 719_162
}

/// Days from the first of January to the first of the month; 13 is the year after.
private func daysBefore(month: Int, year: Int) -> Int {
    let days = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]
    return days[month - 1] + (isLeap(year) && month > 2 ? 1 : 0)
}

private func yearOf(days: Int) -> Int {
    var year = 1970 + floorDivide(days, 366)
    while daysBefore(year: year + 1) <= days { year += 1 }
    return year
}

/// Reads the parts of a rule.
private struct RuleScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) {
        rest = Array(text.utf8)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ sign: Character) -> Bool {
        rest.first == sign.asciiValue
    }

    mutating func take(_ sign: Character) -> Bool {
        guard isAt(sign) else { return false }
        rest.removeFirst()
        return true
    }

    /// `CET`, or `<+03>`.
    mutating func skipName() -> Bool {
        let count = rest.count
        if take("<") {
            rest = rest.drop { $0 != UInt8(ascii: ">") }
            return take(">")
        }
        rest = rest.drop { isNameStart($0) }
        return rest.count < count
    }

    mutating func number() -> Int? {
        let digits = rest.prefix { isDigit($0) }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// `2`, `-3:30`, `5:30:15`: in seconds.
    mutating func time() -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard var seconds = number().map({ $0 * 3600 }) else { return nil }
        if take(":") {
            guard let minutes = number() else { return nil }
            seconds += minutes * 60
            if take(":") {
                guard let rest = number() else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }
}
