/// `'%s is %.2f'.format([name, amount])`: the clauses `%s %d %f %e %b %x %X %o %%`.
struct StringFormat {
    /// Digits after the point, at most.
    private static let maximumPrecision = 1000

    private let format: [UInt8]
    private let arguments: CELList
    private var next = 0
    private var result: [UInt8] = []

    init(_ format: String, _ arguments: CELList) {
        self.format = Array(format.utf8)
        self.arguments = arguments
    }

    mutating func render(_ run: inout Run) throws(Fault) -> String {
        var position = 0
        while position < format.count {
            guard format[position] == UInt8(ascii: "%") else {
                let end = format[position...].firstIndex(of: UInt8(ascii: "%")) ?? format.count
                try run.make(bytes: end - position)
                result += format[position..<end]
                position = end
                continue
            }
            position += 1
            let precision = try precision(&position, run)
            guard position < format.count else {
                throw run.fault("the format ends within a clause")
            }
            let clause = format[position]
            position += 1
            if clause == UInt8(ascii: "%"), precision == nil {
                result.append(clause)
                continue
            }
            try append(clause, precision: precision, &run)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func precision(_ position: inout Int, _ run: Run) throws(Fault) -> Int? {
        guard position < format.count, format[position] == UInt8(ascii: ".") else { return nil }
        position += 1
        let digits = format[position...].prefix { isDigit($0) }
        position = digits.endIndex
        guard let precision = Int(String(decoding: digits, as: UTF8.self)),
            precision <= Self.maximumPrecision
        else {
            throw run.fault("the precision of a clause is a number up to \(Self.maximumPrecision)")
        }
        return precision
    }

    private mutating func append(
        _ clause: UInt8, precision: Int?, _ run: inout Run
    ) throws(Fault) {
        let name = String(decoding: [clause], as: UTF8.self)
        guard "sdfebxXo".contains(name) else {
            throw run.fault(
                "could not parse formatting clause: unrecognized formatting clause \"\(name)\"")
        }
        guard next < arguments.count else {
            throw run.fault(
                "index \(next) out of range: the format has more clauses than arguments")
        }
        let value = arguments[next]
        next += 1
        let text: String
        switch name {
        case "s":
            try append(value, &run)
            return
        case "d": text = try decimal(value, run)
        case "f": text = try fixed(value, precision ?? 6, &run)
        case "e": text = try scientific(value, precision ?? 6, &run)
        case "b": text = try binary(value, run)
        case "o": text = try octal(value, run)
        default: text = try hexadecimal(value, isUppercase: name == "X", &run)
        }
        try run.make(bytes: text.utf8.count)
        result += text.utf8
    }

    // MARK: - %s

    private mutating func write(_ text: String, _ run: inout Run) throws(Fault) {
        try run.make(bytes: text.utf8.count)
        result += text.utf8
    }

    private mutating func append(_ value: CELValue, _ run: inout Run) throws(Fault) {
        try run.step()
        switch value {
        case .null: try write("null", &run)
        case .type(let kind): try write(kind.rawValue, &run)
        case .bytes(let bytes): try write(String(decoding: bytes, as: UTF8.self), &run)
        case .list(let list):
            try write("[", &run)
            for index in 0..<list.count {
                if index > 0 { try write(", ", &run) }
                try append(list[index], &run)
            }
            try write("]", &run)
        case .map(let map): try append(map, &run)
        case .optional(let held):
            throw run.fault(
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, "
                    + "lists, types, durations, and timestamps, was given an optional"
                    + (held == nil ? " without value" : ""))
        default: try write(try Conversions.string(value, &run), &run)
        }
    }

    /// Sorted by the text of the keys, so that the same map always gives the same text.
    private mutating func append(_ map: CELMap, _ run: inout Run) throws(Fault) {
        try run.step(map.count)
        var entries: [(key: String, value: CELValue)] = []
        for index in 0..<map.count {
            entries.append((keyText(map.key(at: index)), map.value(at: index)))
        }
        entries.sort { compareScalars($0.key, $1.key) < 0 }
        try write("{", &run)
        for (index, entry) in entries.enumerated() {
            try write((index > 0 ? ", " : "") + entry.key + ": ", &run)
            try append(entry.value, &run)
        }
        try write("}", &run)
    }

    // MARK: - Numbers

    private func refusal(
        _ clause: String, _ wanted: String, _ value: CELValue, _ run: Run
    ) -> Fault {
        run.fault(
            "error during formatting: \(clause) clause can only be used on \(wanted), was given "
                + value.kind.rawValue)
    }

    private func decimal(_ value: CELValue, _ run: Run) throws(Fault) -> String {
        switch value {
        case .int(let int): return String(int)
        case .uint(let uint): return String(uint)
        case .double(let double) where !double.isFinite: return numberText(double)
        default: throw refusal("decimal", "integers", value, run)
        }
    }

    private func binary(_ value: CELValue, _ run: Run) throws(Fault) -> String {
        switch value {
        case .int(let int): return String(int, radix: 2)
        case .uint(let uint): return String(uint, radix: 2)
        case .bool(let bool): return bool ? "1" : "0"
        default: throw refusal("binary", "integers and bools", value, run)
        }
    }

    private func octal(_ value: CELValue, _ run: Run) throws(Fault) -> String {
        switch value {
        case .int(let int): return String(int, radix: 8)
        case .uint(let uint): return String(uint, radix: 8)
        default: throw refusal("octal", "integers", value, run)
        }
    }

    private func hexadecimal(
        _ value: CELValue, isUppercase: Bool, _ run: inout Run
    ) throws(Fault) -> String {
        let bytes: [UInt8]
        switch value {
        case .int(let int): return String(int, radix: 16, uppercase: isUppercase)
        case .uint(let uint): return String(uint, radix: 16, uppercase: isUppercase)
        case .string(let text): bytes = Array(text.utf8)
        case .bytes(let given): bytes = given
        default: throw refusal("hex", "integers, byte buffers, and strings", value, run)
        }
        try run.make(bytes: bytes.count * 2)
        let digits = Array((isUppercase ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func number(
        _ value: CELValue, _ clause: String, _ run: Run
    ) throws(Fault) -> Double {
        switch value {
        case .double(let double): return double
        case .int(let int): return Double(int)
        case .uint(let uint): return Double(uint)
        default: throw refusal(clause, "doubles", value, run)
        }
    }

    private func fixed(
        _ value: CELValue, _ precision: Int, _ run: inout Run
    ) throws(Fault) -> String {
        let double = try number(value, "fixed-point", run)
        guard double.isFinite else { return numberText(double) }
        try run.step(ExactDecimal.steps(of: double))
        return ExactDecimal(double).fixed(precision)
    }

    private func scientific(
        _ value: CELValue, _ precision: Int, _ run: inout Run
    ) throws(Fault) -> String {
        let double = try number(value, "scientific", run)
        guard double.isFinite else { return numberText(double) }
        try run.step(ExactDecimal.steps(of: double))
        return ExactDecimal(double).scientific(precision)
    }
}
