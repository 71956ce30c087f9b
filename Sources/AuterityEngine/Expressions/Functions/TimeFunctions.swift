import AuterityAPI

/// What timestamps and durations are asked for. Months, days of the month, of the week and of the
/// year count from 0 (Sunday is 0), only `getDate` from 1.
enum TimeFunctions {
    static let functions: [Function] = [
        part("getFullYear") { Int64($0.time.year) },
        part("getMonth") { Int64($0.time.month - 1) },
        part("getDate") { Int64($0.time.day) },
        part("getDayOfMonth") { Int64($0.time.day - 1) },
        part("getDayOfWeek") { $0.dayOfWeek },
        part("getDayOfYear") { $0.dayOfYear },
        part("getHours", ofDuration: { $0 / 3_600_000_000_000 }) { Int64($0.time.hour) },
        part("getMinutes", ofDuration: { $0 / 60_000_000_000 }) { Int64($0.time.minute) },
        part("getSeconds", ofDuration: { $0 / 1_000_000_000 }) { Int64($0.time.second) },
        part("getMilliseconds", ofDuration: { $0 / 1_000_000 % 1000 }) {
            Int64($0.time.millisecond)
        },
    ]

    static func range(_ run: Run) -> Fault {
        run.fault(
            "out of range: a timestamp lies in the years 1 to 9999, a duration within 292 years")
    }

    /// A moment in a time zone.
    private struct LocalTime {
        let time: CalendarTime
        let seconds: Int64

        init(_ moment: CELTimestamp, offset: Int) {
            seconds = moment.seconds + Int64(offset)
            time = CalendarTime(moment.timestamp, offsetSeconds: offset)
        }

        var dayOfWeek: Int64 {
            let day = Int64((Double(seconds) / 86_400).rounded(.down))
            return ((day + 4) % 7 + 7) % 7
        }

        var dayOfYear: Int64 {
            let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
            let year = time.year
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            return Int64(before[time.month - 1] + time.day - 1 + (isLeap && time.month > 2 ? 1 : 0))
        }
    }

    private static func part(
        _ name: String, ofDuration: (@Sendable (Int64) -> Int64)? = nil,
        of moment: @escaping @Sendable (LocalTime) -> Int64
    ) -> Function {
        var overloads: [Function.Overload] = [
            .method(.timestamp, gives: .int), .method(.timestamp, .string, gives: .int),
        ]
        if ofDuration != nil { overloads.append(.method(.duration, gives: .int)) }
        let body: Function.Many = { (arguments, run) throws(Fault) in
            if case .duration(let duration) = arguments[0], arguments.count == 1, let ofDuration {
                return .int(ofDuration(duration.nanoseconds))
            }
            guard case .timestamp(let timestamp) = arguments[0] else {
                throw run.noOverload(name, arguments)
            }
            var offset = 0
            if arguments.count > 1 {
                guard case .string(let zone) = arguments[1] else {
                    throw run.noOverload(name, arguments)
                }
                offset = try Self.offset(of: zone, at: timestamp, run)
            }
            return .int(moment(LocalTime(timestamp, offset: offset)))
        }
        return Function(name: name, overloads: overloads, body: .many(body))
    }

    /// Seconds east of UTC of a zone by its name in the IANA database, or as `+02:00`.
    private static func offset(
        of zone: String, at moment: CELTimestamp, _ run: Run
    ) throws(Fault) -> Int {
        if zone == "UTC" || zone == "Z" { return 0 }
        if let offset = fixedOffset(zone) { return offset }
        guard let found = ZoneDatabase.zone(named: zone) else {
            throw run.fault(
                "'\(Conversions.excerpt(zone))' is no time zone; write a name such as "
                    + "'Europe/Berlin' or an offset such as '+02:00'")
        }
        return found.offset(at: moment.seconds)
    }

    private static func fixedOffset(_ zone: String) -> Int? {
        var digits = Array(zone.utf8)[...]
        let isWest = digits.first == UInt8(ascii: "-")
        if isWest || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        let parts = digits.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, digits.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ":") }),
            parts[0].count == 2, parts[1].count == 2,
            let hours = Int(String(decoding: parts[0], as: UTF8.self)), hours < 24,
            let minutes = Int(String(decoding: parts[1], as: UTF8.self)), minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
