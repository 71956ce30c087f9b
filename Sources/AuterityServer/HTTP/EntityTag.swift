/// Strong entity tags (RFC 9110, section 8.8.3).
enum EntityTag {
    /// The tag of an answer: a digest of its bytes, behind the version where it has one, which is
    /// what `If-Match` is held against.
    static func of(_ bytes: [UInt8], version: Int? = nil) -> String {
        let (high, low) = digest(bytes)
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

    /// 128 bits that tell two answers apart; not meant against whoever looks for a collision, who
    /// would only deceive themselves.
    private static func digest(_ bytes: [UInt8]) -> (UInt64, UInt64) {
        bytes.withUnsafeBytes { data in
            var (high, low) = (firstKey ^ UInt64(data.count), secondKey)
            func take(_ left: UInt64, _ right: UInt64) {
                let mixed = mix(left ^ firstKey, right ^ high)
                low = mix(right ^ secondKey, left ^ low) ^ low << 17
                high = mixed ^ high << 23
            }
            var offset = 0
            while offset + 16 <= data.count {
                take(
                    data.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                    data.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
                offset += 16
            }
            var rest: (UInt64, UInt64) = (0, 0)
            withUnsafeMutableBytes(of: &rest) { $0.copyBytes(from: data[offset...]) }
            take(rest.0, rest.1)
            take(low, high)
            return (high, low)
        }
    }

    /// Odd, and with a high bit in every byte, so that no text can cancel them out.
    private static let firstKey: UInt64 = 0xA0F6_E4C7_91D8_B3ED
    private static let secondKey: UInt64 = 0xE7B3_9AD5_C8F1_86DB

    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    private static func digit(_ nibble: UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: nibble)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
