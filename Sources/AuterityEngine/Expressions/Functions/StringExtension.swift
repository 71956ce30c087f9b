/// The string extension of CEL. Positions count Unicode scalars.
enum StringExtension {
    static let functions: [Function] = [
        .binary(
            "charAt", .method(.string, .int, gives: .string),
            body: { (text, index, run) throws(Fault) in
                guard case .string(let text) = text, case .int(let index) = index else {
                    throw run.noOverload("charAt", [text, index])
                }
                let scalars = try scalars(of: text, &run)
                guard index >= 0, index <= scalars.count else { throw outOfRange(index, run) }
                return .string(index == scalars.count ? "" : string([scalars[Int(index)]]))
            }),
        .many(
            "indexOf", .method(.string, .string, gives: .int),
            .method(.string, .string, .int, gives: .int),
            body: { (arguments, run) throws(Fault) in
                .int(try index(arguments, name: "indexOf", &run))
            }),
        .many(
            "lastIndexOf", .method(.string, .string, gives: .int),
            .method(.string, .string, .int, gives: .int),
            body: { (arguments, run) throws(Fault) in
                .int(try index(arguments, name: "lastIndexOf", &run))
            }),
        .many(
            "substring", .method(.string, .int, gives: .string),
            .method(.string, .int, .int, gives: .string),
            body: { (arguments, run) throws(Fault) in try substring(arguments, &run) }),
        mapping("lowerAscii") { bytes in
            bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
        },
        mapping("upperAscii") { bytes in
            bytes.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        },
        .unary(
            "trim", .method(.string, gives: .string),
            body: { (value, run) throws(Fault) in
                guard case .string(let text) = value else { throw run.noOverload("trim", [value]) }
                try run.make(bytes: text.utf8.count)
                let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
                let start = text.unicodeScalars.drop(while: isSpace)
                var end = start.endIndex
                while end > start.startIndex {
                    let before = start.index(before: end)
                    guard isSpace(start[before]) else { break }
                    end = before
                }
                return .string(String(start[start.startIndex..<end]))
            }),
        .unary(
            "reverse", .method(.string, gives: .string),
            body: { (value, run) throws(Fault) in
                guard case .string(let text) = value else {
                    throw run.noOverload("reverse", [value])
                }
                try run.make(bytes: text.utf8.count)
                return .string(string(text.unicodeScalars.reversed()))
            }),
        .unary(
            "strings.quote", .global(.string, gives: .string),
            body: { (value, run) throws(Fault) in
                guard case .string(let text) = value else {
                    throw run.noOverload("strings.quote", [value])
                }
                try run.make(bytes: text.utf8.count)
                return .string(quoted(text))
            }),
        .many(
            "replace", .method(.string, .string, .string, gives: .string),
            .method(.string, .string, .string, .int, gives: .string),
            body: { (arguments, run) throws(Fault) in try replace(arguments, &run) }),
        .many(
            "split", .method(.string, .string, gives: .list(.string)),
            .method(.string, .string, .int, gives: .list(.string)),
            body: { (arguments, run) throws(Fault) in try split(arguments, &run) }),
        .many(
            "join", .method(.list(.string), gives: .string),
            .method(.list(.string), .string, gives: .string),
            body: { (arguments, run) throws(Fault) in try join(arguments, &run) }),
        .binary(
            "format", .method(.string, .list(.dyn), gives: .string),
            body: { (text, arguments, run) throws(Fault) in
                guard case .string(let text) = text, case .list(let list) = arguments else {
                    throw run.noOverload("format", [text, arguments])
                }
                var format = StringFormat(text, list)
                return .string(try format.render(&run))
            }),
    ]

    private static func mapping(
        _ name: String, _ transform: @escaping @Sendable (String.UTF8View) -> [UInt8]
    ) -> Function {
        .unary(
            name, .method(.string, gives: .string),
            body: { (value, run) throws(Fault) in
                guard case .string(let text) = value else { throw run.noOverload(name, [value]) }
                try run.make(bytes: text.utf8.count)
                return .string(String(decoding: transform(text.utf8), as: UTF8.self))
            })
    }

    private static func outOfRange(_ index: Int64, _ run: Run) -> Fault {
        run.fault("index out of range: \(index)")
    }

    private static func scalars(
        of text: String, _ run: inout Run
    ) throws(Fault) -> [Unicode.Scalar] {
        try run.look(at: text.utf8.count * 4)
        return Array(text.unicodeScalars)
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func index(
        _ arguments: [CELValue], name: String, _ run: inout Run
    ) throws(Fault) -> Int64 {
        guard case .string(let text) = arguments[0], case .string(let part) = arguments[1] else {
            throw run.noOverload(name, arguments)
        }
        let hay = Array(text.utf8)
        let needle = Array(part.utf8)
        try run.look(at: (hay.count + needle.count) * 2)
        let isLast = name == "lastIndexOf"
        var start = isLast ? hay.count : 0
        if arguments.count > 2 {
            guard case .int(let offset) = arguments[2] else {
                throw run.noOverload(name, arguments)
            }
            guard let bytes = byteOffset(ofScalar: offset, in: hay) else {
                throw outOfRange(offset, run)
            }
            start = bytes
        }
        let place: Int?
        if isLast {
            // The last one forwards is the first one backwards.
            let skipped = max(0, hay.count - needle.count - start)
            place = firstOffset(of: needle.reversed(), in: hay.reversed(), from: skipped)
                .map { hay.count - needle.count - $0 }
        } else {
            place = firstOffset(of: needle, in: hay, from: start)
        }
        guard let place else { return -1 }
        return Int64(hay[..<place].count { $0 & 0xC0 != 0x80 })
    }

    /// `nil` outside the text; the end is inside.
    private static func byteOffset(ofScalar index: Int64, in bytes: [UInt8]) -> Int? {
        guard index >= 0, index <= bytes.count else { return nil }
        var left = index
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if left == 0 { return offset }
            left -= 1
        }
        return left == 0 ? bytes.count : nil
    }

    private static func substring(
        _ arguments: [CELValue], _ run: inout Run
    ) throws(Fault) -> CELValue {
        guard case .string(let text) = arguments[0], case .int(let start) = arguments[1] else {
            throw run.noOverload("substring", arguments)
        }
        let scalars = try scalars(of: text, &run)
        var end = Int64(scalars.count)
        if arguments.count > 2 {
            guard case .int(let given) = arguments[2] else {
                throw run.noOverload("substring", arguments)
            }
            guard given >= 0, given <= end else { throw outOfRange(given, run) }
            end = given
        }
        guard start >= 0, start <= scalars.count else { throw outOfRange(start, run) }
        guard start <= end else {
            throw run.fault("invalid substring range: start \(start), end \(end)")
        }
        try run.make(bytes: text.utf8.count)
        return .string(string(scalars[Int(start)..<Int(end)]))
    }

    private static func quoted(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = [
            "\u{07}": "\\a", "\u{08}": "\\b", "\u{0C}": "\\f", "\n": "\\n", "\r": "\\r",
            "\t": "\\t", "\u{0B}": "\\v", "\\": "\\\\", "\"": "\\\"",
        ]
        var result = "\""
        for scalar in text.unicodeScalars {
            if let escape = escapes[scalar] {
                result += escape
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
