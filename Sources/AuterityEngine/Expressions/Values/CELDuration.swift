/// A length of time in nanoseconds, up to about 292 years either way.
package struct CELDuration: Hashable, Comparable, Sendable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package var seconds: Double { Double(nanoseconds) / 1_000_000_000 }

    package static func < (left: CELDuration, right: CELDuration) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension CELDuration: CustomStringConvertible {
    /// In seconds, with as many decimals as there are: `90s`, `-0.5s`.
    package var description: String {
        let size = nanoseconds.magnitude
        let rest = Int32(size % 1_000_000_000)
        let sign = nanoseconds < 0 ? "-" : ""
        return "\(sign)\(size / 1_000_000_000)\(rest == 0 ? "" : decimals(rest))s"
    }

    /// Reads `1h30m`, `-1.5s`, `250ms`: numbers with a unit (h, m, s, ms, us, µs, ns) each, in any
    /// order; also `0`. `nil` for anything else, and outside the range.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.elementsEqual("0".utf8) {
            self.init(nanoseconds: 0)
            return
        }
        guard !rest.isEmpty else { return nil }
        var total: UInt64 = 0
        while !rest.isEmpty {
            guard let part = Self.takePart(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        let bound = UInt64(Int64.max) + (isNegative ? 1 : 0)
        guard total <= bound else { return nil }
        self.init(nanoseconds: Int64(truncatingIfNeeded: isNegative ? 0 &- total : total))
    }

    private static func takePart(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        let whole = rest.prefix(while: isDigit)
        rest = rest[whole.endIndex...]
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let unit = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
        rest = rest[unit.endIndex...]
        guard let scale = units[String(decoding: unit, as: UTF8.self)] else { return nil }
        var value: UInt64 = 0
        if !whole.isEmpty {
            guard let number = UInt64(String(decoding: whole, as: UTF8.self)) else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: scale)
            guard !overflow else { return nil }
            value = product
        }
        var place = scale
        for digit in fraction where place > 0 {
            place /= 10
            value += UInt64(digit - 0x30) * place
        }
        return value
    }

    private static let units: [String: UInt64] = [
        "h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000,
        "ms": 1_000_000, "us": 1000, "\u{B5}s": 1000, "\u{3BC}s": 1000, "ns": 1,
    ]
}
