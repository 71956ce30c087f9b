/// Strong entity tags (RFC 9110, section 8.8.3).
enum EntityTag {
    /// The tag of an answer: a digest of its bytes, behind the version where it has one, which is
    /// what `If-Match` is held against.
    static func of(_ bytes: [UInt8], version: Int? = nil) -> String {
        let (low, high) = MurmurHash.hash(bytes, seed: seed)
        let hexadecimal = String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<16 {
                let shift = UInt64(60 - index * 4)
                buffer[index] = digit(high >> shift & 0xF)
                buffer[index + 16] = digit(low >> shift & 0xF)
            }
            return 32
        }
        guard let version else { return "\"\(hexadecimal)\"" }
        return "\"\(version)-\(hexadecimal)\""
    }

    /// Whether `If-None-Match` names the tag. Its comparison is the weak one (section 13.1.2).
    static func isNamed(_ tag: String, in list: String) -> Bool {
        list.split(separator: ",").contains { part in
            var name = part.drop { $0 == " " || $0 == "\t" }
            while name.last == " " || name.last == "\t" { name.removeLast() }
            if name.hasPrefix("W/") { name = name.dropFirst(2) }
            return name == "*" || name == tag
        }
    }

    /// Any number: with 0 the hash of nothing would be nothing.
    private static let seed: UInt32 = 0x4155_5445

    private static func digit(_ nibble: UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: nibble)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
