/// All the decimal digits of a double, so that rounding to a number of places is exact, and the
/// same under every locale of the process.
struct ExactDecimal {
    private let isNegative: Bool
    /// Without leading zeros; empty for zero.
    private let digits: [UInt8]
    /// Where the point stands in the digits; may lie before or after them.
    private let point: Int

    /// What the digits of a finite double cost, in operations of an expression: with its distance
    /// from 1 both the number of multiplications grows and the length of what is multiplied.
    static func steps(of value: Double) -> Int {
        guard value != 0 else { return 0 }
        let exponent = Int(value.exponentBitPattern) - 1075
        return exponent * exponent / 400
    }

    /// The value must be finite.
    init(_ value: Double) {
        isNegative = value.sign == .minus
        guard value != 0, value.isFinite else {
            digits = []
            point = 0
            return
        }
        let isNormal = value.exponentBitPattern != 0
        let significand = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
        let exponent = Int(isNormal ? value.exponentBitPattern : 1) - 1075
        var number = BigDigits(significand)
        // m × 2^-k is m × 5^k, with the point moved k places.
        for _ in 0..<exponent.magnitude { number.multiply(by: exponent < 0 ? 5 : 2) }
        digits = number.decimal
        point = digits.count - (exponent < 0 ? -exponent : 0)
    }

    /// `-12.50`
    func fixed(_ precision: Int) -> String {
        let (rounded, newPoint) = round(keeping: point + precision)
        let whole = newPoint > 0 ? rounded.prefix(newPoint) : []
        let missing = max(0, newPoint - rounded.count)
        var text = whole + Array(repeating: 0, count: missing)
        if text.isEmpty { text = [0] }
        var fraction = Array(repeating: UInt8(0), count: min(precision, max(0, -newPoint)))
        fraction += rounded.dropFirst(max(0, newPoint))
        fraction += Array(repeating: 0, count: max(0, precision - fraction.count))
        let sign = isNegative ? "-" : ""
        return sign + Self.text(text) + (precision > 0 ? "." + Self.text(fraction) : "")
    }

    /// `-1.250000e+03`
    func scientific(_ precision: Int) -> String {
        let (rounded, newPoint) = round(keeping: precision + 1)
        let exponent = digits.isEmpty ? 0 : newPoint - 1
        let all = rounded + Array(repeating: 0, count: max(0, precision + 1 - rounded.count))
        let fraction = precision > 0 ? "." + Self.text(all[1...(precision)]) : ""
        let size = String(exponent.magnitude)
        let power = (exponent < 0 ? "-" : "+") + (size.count < 2 ? "0" : "") + size
        return (isNegative ? "-" : "") + Self.text(all[0...0]) + fraction + "e" + power
    }

    private static func text(_ digits: some Sequence<UInt8>) -> String {
        String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    }

    /// The first `count` digits, rounded to the nearest, halves to even.
    private func round(keeping count: Int) -> (digits: [UInt8], point: Int) {
        guard count < digits.count else { return (digits, point) }
        guard count >= 0 else { return ([], point) }
        var kept = Array(digits.prefix(count))
        let isOdd = (kept.last ?? 0) % 2 == 1
        let rest = digits.dropFirst(count)
        let isHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
        guard let first = rest.first, isHalf ? isOdd : first >= 5 else { return (kept, point) }
        var index = kept.count - 1
        while index >= 0 {
            if kept[index] < 9 {
                kept[index] += 1
                return (kept, point)
            }
            kept[index] = 0
            index -= 1
        }
        return ([1] + kept, point + 1)
    }
}

/// A large natural number, in limbs of nine decimal digits, the lowest first.
private struct BigDigits {
    private var limbs: [UInt64]

    init(_ value: UInt64) {
        limbs = [value % 1_000_000_000, value / 1_000_000_000]
    }

    mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = limbs[index] * factor + carry
            limbs[index] = product % 1_000_000_000
            carry = product / 1_000_000_000
        }
        if carry > 0 { limbs.append(carry) }
    }

    var decimal: [UInt8] {
        var digits: [UInt8] = []
        for limb in limbs.reversed() {
            let text = String(limb)
            digits += Array(repeating: 0, count: 9 - text.utf8.count)
            digits += text.utf8.map { $0 - UInt8(ascii: "0") }
        }
        return Array(digits.drop { $0 == 0 })
    }
}
