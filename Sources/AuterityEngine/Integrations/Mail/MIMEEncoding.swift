/// The encodings of MIME (RFC 2045, RFC 2047) and dates of RFC 5322.
enum MIMEEncoding {
    private static let maximumLine = 76
    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    // MARK: Header texts

    /// A text of a header: as it stands when it is short plain ASCII, else as encoded words in
    /// UTF-8 and base64, each on a line of its own.
    static func headerText(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if isPlain, text.utf8.count <= 60, !text.contains("=?") { return text }
        var words: [String] = []
        var chunk: [UInt8] = []
        // 45 bytes are 60 in base64, and 72 with the frame of an encoded word.
        for scalar in text.unicodeScalars {
            let bytes = Array(UTF8.encode(scalar) ?? UTF8.EncodedScalar())
            if chunk.count + bytes.count > 45 {
                words.append("=?UTF-8?B?\(base64(chunk))?=")
                chunk = []
            }
            chunk += bytes
        }
        words.append("=?UTF-8?B?\(base64(chunk))?=")
        return words.joined(separator: "\r\n ")
    }

    static func header(_ address: MailAddress) -> String {
        guard let name = address.name else { return address.mailbox }
        let isAtom = name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x20 }
        let isPlain = name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if isAtom, name.utf8.count <= 60 { return "\(name) <\(address.mailbox)>" }
        if isPlain, name.utf8.count <= 60, !name.contains("=?") {
            let escaped = name.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
            return "\"\(escaped)\" <\(address.mailbox)>"
        }
        return "\(headerText(name))\r\n <\(address.mailbox)>"
    }

    // MARK: Bodies

    /// A body with its transfer encoding: quoted-printable where most of it can be read so, else
    /// base64.
    static func body(_ text: String) -> (encoding: String, lines: [UInt8]) {
        let bytes = withNetworkLineEnds(text)
        let foreign = bytes.count { $0 >= 0x80 }
        if foreign * 3 > bytes.count { return ("base64", base64Lines(bytes)) }
        return ("quoted-printable", quotedPrintable(bytes))
    }

    private static func withNetworkLineEnds(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var lastWasReturn = false
        for byte in text.utf8 {
            if byte == 0x0A {
                if !lastWasReturn { result += [0x0D, 0x0A] }
            } else if byte == 0x0D {
                result += [0x0D, 0x0A]
            } else {
                result.append(byte)
            }
            lastWasReturn = byte == 0x0D
        }
        return result
    }

    private static func base64Lines(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            result += Array(base64(Array(rest.prefix(57))).utf8) + [0x0D, 0x0A]
            rest = rest.dropFirst(57)
        }
        return result
    }

    static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var column = 0
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0x0D
            if byte == 0x0D, next == 0x0A { continue }
            if byte == 0x0A {
                result += [0x0D, 0x0A]
                column = 0
                continue
            }
            // A blank at the end of a line may get lost on the way.
            let isBlank = (byte == 0x20 || byte == 0x09) && next != 0x0D
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || isBlank
            let width = isPlain ? 1 : 3
            if column + width > maximumLine - 1 {
                result += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            if isPlain {
                result.append(byte)
            } else {
                result += [
                    UInt8(ascii: "="), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)],
                ]
            }
            column += width
        }
        return result + [0x0D, 0x0A]
    }
}
