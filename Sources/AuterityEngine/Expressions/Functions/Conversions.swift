/// `int(x)`, `string(x)` and the like, `type(x)`, `dyn(x)`.
enum Conversions {
    static let functions: [Function] = [
        .unary(
            "int", .global(.int, gives: .int), .global(.uint, gives: .int),
            .global(.double, gives: .int), .global(.string, gives: .int),
            .global(.timestamp, gives: .int),
            body: { (value, run) throws(Fault) in .int(try int(value, run)) }),
        .unary(
            "uint", .global(.int, gives: .uint), .global(.uint, gives: .uint),
            .global(.double, gives: .uint), .global(.string, gives: .uint),
            body: { (value, run) throws(Fault) in .uint(try uint(value, run)) }),
        .unary(
            "double", .global(.int, gives: .double), .global(.uint, gives: .double),
            .global(.double, gives: .double), .global(.string, gives: .double),
            body: { (value, run) throws(Fault) in .double(try double(value, run)) }),
        .unary(
            "bool", .global(.bool, gives: .bool), .global(.string, gives: .bool),
            body: { (value, run) throws(Fault) in .bool(try bool(value, run)) }),
        .unary(
            "string", .global(.int, gives: .string), .global(.uint, gives: .string),
            .global(.double, gives: .string), .global(.string, gives: .string),
            .global(.bool, gives: .string), .global(.bytes, gives: .string),
            .global(.timestamp, gives: .string), .global(.duration, gives: .string),
            body: { (value, run) throws(Fault) in .string(try string(value, &run)) }),
        .unary(
            "bytes", .global(.string, gives: .bytes), .global(.bytes, gives: .bytes),
            body: { (value, run) throws(Fault) in
                switch value {
                case .bytes: return value
                case .string(let text):
                    try run.make(bytes: text.utf8.count)
                    return .bytes(Array(text.utf8))
                default: throw run.noOverload("bytes", [value])
                }
            }),
        .unary(
            "type", .global(.dyn, gives: .type),
            body: { (value, _) throws(Fault) in .type(value.kind) }),
        .unary("dyn", .global(.dyn, gives: .dyn), body: { (value, _) throws(Fault) in value }),
        .unary(
            "timestamp", .global(.string, gives: .timestamp), .global(.int, gives: .timestamp),
            .global(.timestamp, gives: .timestamp),
            body: { (value, run) throws(Fault) in .timestamp(try timestamp(value, run)) }),
        .unary(
            "duration", .global(.string, gives: .duration),
            .global(.duration, gives: .duration),
            body: { (value, run) throws(Fault) in
                switch value {
                case .duration: return value
                case .string(let text):
                    guard let duration = CELDuration(text) else {
                        throw run.fault(
                            "'\(excerpt(text))' is no duration such as 1h30m or 90s, or out of "
                                + "range")
                    }
                    return .duration(duration)
                default: throw run.noOverload("duration", [value])
                }
            }),
    ]

    /// A text from outside in an error: short, and harmless to show.
    static func excerpt(_ text: String) -> String {
        let limit = 40
        var shown = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            let isHarmless = scalar.value >= 0x20 && scalar.value != 0x7F
            shown.unicodeScalars.append(isHarmless ? scalar : "\u{FFFD}")
        }
        return text.unicodeScalars.count > limit ? shown + "…" : shown
    }

    private static func int(_ value: CELValue, _ run: Run) throws(Fault) -> Int64 {
        switch value {
        case .int(let int): return int
        case .uint(let uint):
            guard let int = Int64(exactly: uint) else { throw outOfRange("int", run) }
            return int
        case .double(let double):
            // The ends themselves are left out: at either end the double may stand for more.
            guard double > -0x1p63, double < 0x1p63 else { throw outOfRange("int", run) }
            return Int64(double)
        case .string(let text):
            guard !text.hasPrefix("+"), let int = Int64(text) else {
                throw run.fault("'\(excerpt(text))' is no int, or out of range")
            }
            return int
        case .timestamp(let timestamp): return timestamp.seconds
        default: throw run.noOverload("int", [value])
        }
    }

    private static func uint(_ value: CELValue, _ run: Run) throws(Fault) -> UInt64 {
        switch value {
        case .uint(let uint): return uint
        case .int(let int):
            guard let uint = UInt64(exactly: int) else { throw outOfRange("uint", run) }
            return uint
        case .double(let double):
            guard double >= 0, double < 0x1p64 else { throw outOfRange("uint", run) }
            return UInt64(double)
        case .string(let text):
            guard !text.hasPrefix("+"), let uint = UInt64(text) else {
                throw run.fault("'\(excerpt(text))' is no uint, or out of range")
            }
            return uint
        default: throw run.noOverload("uint", [value])
        }
    }

    private static func outOfRange(_ type: String, _ run: Run) -> Fault {
        run.fault("out of range of \(type)")
    }

    private static func double(_ value: CELValue, _ run: Run) throws(Fault) -> Double {
        switch value {
        case .double(let double): return double
        case .int(let int): return Double(int)
        case .uint(let uint): return Double(uint)
        case .string(let text):
            guard let double = doubleValue(of: text) else {
                throw run.fault("'\(excerpt(text))' is no double")
            }
            return double
        default: throw run.noOverload("double", [value])
        }
    }

    private static func doubleValue(of text: String) -> Double? {
        var name = text[...]
        let isNegative = name.hasPrefix("-")
        if isNegative || name.hasPrefix("+") { name.removeFirst() }
        switch name.lowercased() {
        case "nan": return isNegative ? nil : .nan
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        default: break
        }
        let allowed = Set("0123456789.eE+-".utf8)
        guard text.utf8.count <= 400, text.utf8.allSatisfy(allowed.contains) else { return nil }
        guard let double = Double(text), double.isFinite else { return nil }
        return double
    }

    private static func bool(_ value: CELValue, _ run: Run) throws(Fault) -> Bool {
        switch value {
        case .bool(let bool): return bool
        case .string(let text):
            switch text {
            case "1", "t", "T", "true", "TRUE", "True": return true
            case "0", "f", "F", "false", "FALSE", "False": return false
            default: throw run.fault("'\(excerpt(text))' is no bool; write 'true' or 'false'")
            }
        default: throw run.noOverload("bool", [value])
        }
    }

    static func string(_ value: CELValue, _ run: inout Run) throws(Fault) -> String {
        switch value {
        case .string(let text): return text
        case .int(let int): return String(int)
        case .uint(let uint): return String(uint)
        case .double(let double): return numberText(double)
        case .bool(let bool): return bool ? "true" : "false"
        case .bytes(let bytes):
            try run.make(bytes: bytes.count)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw run.fault("the bytes are invalid UTF-8")
            }
            return text
        case .timestamp(let timestamp): return timestamp.description
        case .duration(let duration): return duration.description
        default: throw run.noOverload("string", [value])
        }
    }

    private static func timestamp(_ value: CELValue, _ run: Run) throws(Fault) -> CELTimestamp {
        switch value {
        case .timestamp(let timestamp): return timestamp
        case .int(let seconds):
            guard let timestamp = CELTimestamp(seconds: seconds) else {
                throw TimeFunctions.range(run)
            }
            return timestamp
        case .string(let text):
            guard let timestamp = CELTimestamp(text) else {
                throw run.fault(
                    "'\(excerpt(text))' is no RFC 3339 time such as 2025-08-08T10:30:00Z, or out "
                        + "of range")
            }
            return timestamp
        default: throw run.noOverload("timestamp", [value])
        }
    }
}
