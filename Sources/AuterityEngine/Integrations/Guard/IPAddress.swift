package import Glibc

/// An IPv4 or IPv6 address, without port and zone.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// Reads every form that a resolver or a URL takes for an address: dotted decimal, the forms
    /// of `inet_aton` (`127.1`, `0x7f000001`, `0177.0.0.1`, `2130706433`), and IPv6 with or without
    /// brackets and zone. `nil` for a name.
    package init?(_ text: String) {
        if let address = Self.parseV4(text) {
            self = .v4(address)
            return
        }
        var inner = Substring(text)
        if inner.first == "[", inner.last == "]" { inner = inner.dropFirst().dropLast() }
        let plain = inner.prefix { $0 != "%" }
        guard plain.contains(":") else { return nil }
        var raw = in6_addr()
        guard inet_pton(AF_INET6, String(plain), &raw) == 1 else { return nil }
        self = .v6(withUnsafeBytes(of: raw, Self.number))
    }

    /// Takes the address out of a socket address; `nil` for other families.
    package init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let four = raw.loadUnaligned(as: sockaddr_in.self)
            self = .v4(UInt32(bigEndian: four.sin_addr.s_addr))
        case AF_INET6:
            let six = raw.loadUnaligned(as: sockaddr_in6.self)
            self = .v6(withUnsafeBytes(of: six.sin6_addr, Self.number))
        default:
            return nil
        }
    }

    /// IPv4 where an IPv4 address is only written as IPv6 (`::ffff:127.0.0.1`): the system connects
    /// to the IPv4 address.
    package var unmapped: IPAddress {
        if case .v6(let bits) = self, bits >> 32 == 0xFFFF {
            return .v4(UInt32(truncatingIfNeeded: bits))
        }
        return self
    }

    private static func number(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
        bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// One to four numbers, each decimal, octal (`0`) or hexadecimal (`0x`); the last one fills all
    /// bytes that are left. A trailing dot is taken off, as resolvers do.
    private static func parseV4(_ text: String) -> UInt32? {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, parts.last == "" { parts.removeLast() }
        guard (1...4).contains(parts.count) else { return nil }
        var numbers: [UInt64] = []
        for part in parts {
            guard let number = parseNumber(part) else { return nil }
            numbers.append(number)
        }
        let last = numbers.removeLast()
        guard numbers.allSatisfy({ $0 <= 0xFF }), last < 1 << (8 * UInt64(4 - numbers.count))
        else { return nil }
        let high = numbers.enumerated().reduce(UInt64(0)) { sum, entry in
            sum | entry.element << (24 - 8 * UInt64(entry.offset))
        }
        return UInt32(high | last)
    }

    private static func parseNumber(_ text: Substring) -> UInt64? {
        guard let first = text.utf8.first, first >= 0x30, first <= 0x39 else { return nil }
        let lowered = text.lowercased()
        if lowered == "0x" { return 0 }
        if lowered.hasPrefix("0x") { return UInt64(lowered.dropFirst(2), radix: 16) }
        if lowered.hasPrefix("0"), lowered.count > 1 { return UInt64(lowered, radix: 8) }
        return UInt64(lowered)
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .v4(let bits):
            return stride(from: 24, through: 0, by: -8).map { String(bits >> $0 & 0xFF) }
                .joined(separator: ".")
        case .v6(let bits):
            var raw = in6_addr()
            withUnsafeMutableBytes(of: &raw) { bytes in
                for index in 0..<16 {
                    bytes[index] = UInt8(truncatingIfNeeded: bits >> (120 - 8 * index))
                }
            }
            var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard inet_ntop(AF_INET6, &raw, &buffer, socklen_t(buffer.count)) != nil else {
                return String(bits, radix: 16)
            }
            return String(
                decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}

/// All addresses that begin with the same bits.
package struct IPNetwork: Hashable, Sendable {
    package let first: IPAddress
    /// 0 to 32, or to 128.
    package let prefixLength: Int

    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address alone. Bits after the prefix must be zero, so
    /// that a slip of the pen opens nothing that was not meant.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        let width = address.width
        var length = width
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...width).contains(given) else { return nil }
            length = given
        }
        guard address.hostBits(after: length) == 0 else { return nil }
        first = address
        prefixLength = length
    }

    package func contains(_ address: IPAddress) -> Bool {
        switch (first, address) {
        case (.v4(let network), .v4(let bits)):
            return prefixLength == 0 || (network ^ bits) >> UInt32(32 - prefixLength) == 0
        case (.v6(let network), .v6(let bits)):
            return prefixLength == 0 || (network ^ bits) >> UInt128(128 - prefixLength) == 0
        default:
            return false
        }
    }
}

extension IPAddress {
    fileprivate var width: Int {
        if case .v4 = self { 32 } else { 128 }
    }

    fileprivate func hostBits(after prefixLength: Int) -> UInt128 {
        let bits: UInt128 =
            switch self {
            case .v4(let value): UInt128(value)
            case .v6(let value): value
            }
        let count = width - prefixLength
        return count == 128 ? bits : bits & ((1 << UInt128(count)) - 1)
    }
}
