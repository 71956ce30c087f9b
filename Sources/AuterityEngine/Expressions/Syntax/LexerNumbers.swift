extension Lexer {
    /// `42`, `0x2A`, `42u`, `4.2`, `.5`, `1e3`: at a digit, or at a dot before one.
    mutating func number() throws(Fault) -> Token.Kind {
        let start = position
        if current == UInt8(ascii: "0"), let mark = byte(at: start + 1), mark | 0x20 == 0x78 {
            return try hexadecimal()
        }
        skipDigits()
        var isDouble = false
        if current == UInt8(ascii: "."), let next = byte(at: position + 1), isDigit(next) {
            isDouble = true
            position += 1
            skipDigits()
        }
        if let mark = current, mark | 0x20 == UInt8(ascii: "e"), skipExponent() {
            isDouble = true
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isDouble {
            try endNumber(from: start)
            guard let value = Double(text), value.isFinite else {
                throw Fault(.syntax, "the number is beyond the range of double", at: start)
            }
            return .double(value)
        }
        return try integer(UInt64(text), from: start)
    }

    private mutating func hexadecimal() throws(Fault) -> Token.Kind {
        let start = position
        position += 2
        while let byte = current, hexValue(byte) != nil { position += 1 }
        let digits = String(decoding: bytes[(start + 2)..<position], as: UTF8.self)
        guard !digits.isEmpty else {
            throw Fault(.syntax, "digits must follow '0x'", at: start)
        }
        return try integer(UInt64(digits, radix: 16), from: start)
    }

    private mutating func integer(_ value: UInt64?, from start: Int) throws(Fault) -> Token.Kind {
        var isUnsigned = false
        if let mark = current, mark | 0x20 == UInt8(ascii: "u") {
            isUnsigned = true
            position += 1
        }
        try endNumber(from: start)
        guard let value else {
            throw Fault(.syntax, "the number is beyond 64 bits", at: start)
        }
        return isUnsigned ? .uint(value) : .int(value)
    }

    private func endNumber(from start: Int) throws(Fault) {
        if let byte = current, isNameStart(byte) || isDigit(byte) {
            throw Fault(.syntax, "a letter right after a number", at: start)
        }
    }

    private mutating func skipDigits() {
        while let byte = current, isDigit(byte) { position += 1 }
    }

    private mutating func skipExponent() -> Bool {
        var end = position + 1
        if byte(at: end) == UInt8(ascii: "+") || byte(at: end) == UInt8(ascii: "-") { end += 1 }
        guard let digit = byte(at: end), isDigit(digit) else { return false }
        position = end
        skipDigits()
        return true
    }
}
