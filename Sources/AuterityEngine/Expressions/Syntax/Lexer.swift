/// Splits a source into words. White space and comments (`//` to the end of the line) fall away.
struct Lexer {
    let bytes: [UInt8]
    var position: Int

    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        position = start
    }

    func byte(at offset: Int) -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    var current: UInt8? { byte(at: position) }

    mutating func next() throws(Fault) -> Token {
        skipBlanks()
        let start = position
        guard let byte = current else { return Token(kind: .end, start: start, end: start) }
        let kind = try kind(startingWith: byte)
        return Token(kind: kind, start: start, end: position)
    }

    private mutating func kind(startingWith byte: UInt8) throws(Fault) -> Token.Kind {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "."):
            if let next = self.byte(at: position + 1), isDigit(next) { return try number() }
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try string()
        case UInt8(ascii: "r"), UInt8(ascii: "R"), UInt8(ascii: "b"), UInt8(ascii: "B"):
            if startsString() { return try string() }
            return .name(takeName())
        case UInt8(ascii: "`"): return try quotedName()
        case _ where isNameStart(byte): return .name(takeName())
        default: break
        }
        return .symbol(try symbol(byte))
    }

    private mutating func skipBlanks() {
        while let byte = current {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
            case UInt8(ascii: "/") where self.byte(at: position + 1) == UInt8(ascii: "/"):
                while let byte = current, byte != 0x0A { position += 1 }
            default: return
            }
        }
    }

    private mutating func takeName() -> String {
        let start = position
        while let byte = current, isNameStart(byte) || isDigit(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedName() throws(Fault) -> Token.Kind {
        let start = position
        position += 1
        while let byte = current, byte != UInt8(ascii: "`") {
            let isAllowed =
                isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/") || byte == 0x20
            guard isAllowed else {
                throw Fault(
                    .syntax,
                    "a name in backquotes holds letters, digits, '_', '.', '-', '/' and "
                        + "spaces only; write ['…'] for other keys", at: position)
            }
            position += 1
        }
        guard current != nil, position > start + 1 else {
            throw Fault(.syntax, "a name in backquotes does not end or is empty", at: start)
        }
        position += 1
        return .quotedName(String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self))
    }

    private mutating func symbol(_ byte: UInt8) throws(Fault) -> Symbol {
        if let next = self.byte(at: position + 1) {
            let pair = String(decoding: [byte, next], as: UTF8.self)
            if let symbol = Symbol(rawValue: pair) {
                position += 2
                return symbol
            }
        }
        guard let symbol = Symbol(rawValue: String(decoding: [byte], as: UTF8.self)) else {
            throw Fault(.syntax, unexpected(byte), at: position)
        }
        position += 1
        return symbol
    }

    private func unexpected(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "="): return "'=' has no meaning here; to compare, write '=='"
        case UInt8(ascii: "&"): return "'&' has no meaning here; for 'and', write '&&'"
        case UInt8(ascii: "|"): return "'|' has no meaning here; for 'or', write '||'"
        default:
            let rest = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
            guard let scalar = rest.unicodeScalars.first else { return "unexpected text" }
            if scalar.properties.generalCategory == .control || scalar.value > 0x7E {
                return "unexpected character U+\(String(scalar.value, radix: 16, uppercase: true))"
            }
            return "unexpected character '\(scalar)'"
        }
    }
}

func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}

func isNameStart(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
}

func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}
