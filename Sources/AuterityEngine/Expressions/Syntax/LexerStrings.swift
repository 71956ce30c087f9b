extension Lexer {
    /// Whether a string with a prefix (`r`, `b`, `br`) starts here.
    func startsString() -> Bool {
        var offset = position
        if let byte = byte(at: offset), byte | 0x20 == UInt8(ascii: "b") { offset += 1 }
        if let byte = byte(at: offset), byte | 0x20 == UInt8(ascii: "r") { offset += 1 }
        return byte(at: offset) == UInt8(ascii: "'") || byte(at: offset) == UInt8(ascii: "\"")
    }

    /// A string or bytes literal, with its prefix.
    mutating func string() throws(Fault) -> Token.Kind {
        let start = position
        var isBytes = false
        var isRaw = false
        if let byte = current, byte | 0x20 == UInt8(ascii: "b") {
            isBytes = true
            position += 1
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "r") {
            isRaw = true
            position += 1
        }
        let content = try content(isBytes: isBytes, isRaw: isRaw, from: start)
        if isBytes { return .bytes(content) }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw Fault(.syntax, "the string is not valid Unicode", at: start)
        }
        return .string(text)
    }

    private mutating func content(
        isBytes: Bool, isRaw: Bool, from start: Int
    ) throws(Fault) -> [UInt8] {
        guard let quote = current else { return [] }
        let isTriple = byte(at: position + 1) == quote && byte(at: position + 2) == quote
        position += isTriple ? 3 : 1
        var content: [UInt8] = []
        while let byte = current {
            switch byte {
            case quote where !isTriple:
                position += 1
                return content
            case quote
            where self.byte(at: position + 1) == quote && self.byte(at: position + 2) == quote:
                position += 3
                return content
            case 0x0A where !isTriple, 0x0D where !isTriple:
                throw Fault(
                    .syntax,
                    "the string does not end on its line; only '''…''' and "
                        + "\"\"\"…\"\"\" go over several", at: start)
            case UInt8(ascii: "\\") where !isRaw:
                position += 1
                try escape(into: &content, isBytes: isBytes)
            default:
                content.append(byte)
                position += 1
            }
        }
        throw Fault(.syntax, "the string does not end", at: start)
    }

    private mutating func escape(
        into content: inout [UInt8], isBytes: Bool
    ) throws(Fault) {
        let start = position - 1
        guard let byte = current else { throw Fault(.syntax, "the string does not end", at: start) }
        position += 1
        if let plain = Self.plainEscapes[byte] {
            content.append(plain)
            return
        }
        let code: UInt32
        switch byte {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): code = try hexadecimal(2, from: start)
        case UInt8(ascii: "u") where !isBytes: code = try hexadecimal(4, from: start)
        case UInt8(ascii: "U") where !isBytes: code = try hexadecimal(8, from: start)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            throw Fault(.syntax, "bytes have no \\u and \\U; write \\x", at: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): code = try octal(byte, from: start)
        default:
            throw Fault(
                .syntax,
                "an unknown escape in a string; for a backslash, write \\\\ or "
                    + "a raw string r'…'", at: start)
        }
        if isBytes {
            content.append(UInt8(truncatingIfNeeded: code))
        } else if let scalar = Unicode.Scalar(code) {
            content.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        } else {
            throw Fault(.syntax, "the escape names no Unicode character", at: start)
        }
    }

    private static let plainEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
        UInt8(ascii: "v"): 0x0B, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "?"): UInt8(ascii: "?"), UInt8(ascii: "\""): UInt8(ascii: "\""),
        UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "`"): UInt8(ascii: "`"),
    ]

    private mutating func hexadecimal(_ count: Int, from start: Int) throws(Fault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<count {
            guard let byte = current, let digit = hexValue(byte) else {
                throw Fault(.syntax, "the escape needs \(count) hexadecimal digits", at: start)
            }
            code = code << 4 | digit
            position += 1
        }
        return code
    }

    private mutating func octal(_ first: UInt8, from start: Int) throws(Fault) -> UInt32 {
        var code = UInt32(first - UInt8(ascii: "0"))
        for _ in 0..<2 {
            guard let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else {
                throw Fault(.syntax, "an octal escape has three digits", at: start)
            }
            code = code << 3 | UInt32(byte - UInt8(ascii: "0"))
            position += 1
        }
        return code
    }
}
