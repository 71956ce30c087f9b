/// A mailbox with the name to show for it.
struct MailAddress: Hashable, Sendable {
    private static let maximumLocalBytes = 64
    private static let maximumDomainBytes = 253
    private static let maximumNameBytes = 200

    let name: String?
    /// `ann@example.com`.
    let mailbox: String

    var domain: String { String(mailbox.split(separator: "@").last ?? "") }

    /// Reads `ann@example.com` or `Ann Example <ann@example.com>`.
    init(_ text: String) throws(MailError) {
        let whole = trimmed(text)
        guard !whole.unicodeScalars.contains(where: isControl) else {
            throw MailError(
                .invalidMessage,
                "An email address holds a line end or another control character. Take it out.")
        }
        var mailbox = whole
        var name: String?
        if whole.hasSuffix(">"), let open = whole.lastIndex(of: "<") {
            mailbox = String(whole[whole.index(after: open)...].dropLast())
            name = Self.unquoted(trimmed(whole[..<open]))
        }
        guard Self.isMailbox(mailbox), (name?.utf8.count ?? 0) <= Self.maximumNameBytes else {
            throw MailError(
                .invalidMessage,
                "'\(whole.prefix(100))' is not an email address. Write ann@example.com or Ann "
                    + "Example <ann@example.com>; a domain with other letters in its xn-- form.")
        }
        self.mailbox = mailbox
        self.name = name?.isEmpty == true ? nil : name
    }

    /// Reads a list separated by commas; a comma between quotation marks belongs to a name.
    static func list(_ text: String) throws(MailError) -> [MailAddress] {
        var parts: [String] = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        var addresses: [MailAddress] = []
        for part in parts where !trimmed(part).isEmpty { addresses.append(try MailAddress(part)) }
        return addresses
    }

    private static func unquoted(_ name: String) -> String {
        guard name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") else { return name }
        return String(name.dropFirst().dropLast().filter { $0 != "\\" })
    }

    /// RFC 5321, without quoted local parts, address literals and letters beyond ASCII.
    private static func isMailbox(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...maximumLocalBytes).contains(parts[0].count),
            (1...maximumDomainBytes).contains(parts[1].count)
        else { return false }
        let dot = UInt8(ascii: ".")
        let atoms = parts[0].split(separator: dot, omittingEmptySubsequences: false)
        let labels = parts[1].split(separator: dot, omittingEmptySubsequences: false)
        let marks = Array("!#$%&'*+-/=?^_`{|}~".utf8)
        return atoms.allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { isLetterOrDigit($0) || marks.contains($0) }
        }
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
                    && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }
}

func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}

/// C0, DEL and C1, and the line and paragraph separators.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x2028...0x2029).contains(scalar.value)
}
