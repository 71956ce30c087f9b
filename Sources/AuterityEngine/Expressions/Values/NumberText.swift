/// The shortest text that reads back as this double, without an exponent from 1e-6 up to 1e21, and
/// without a fraction where there is none: `1250000`, `0.1`, `6.02214e+23`, `NaN`, `-Infinity`.
/// (The rules of ECMAScript's `Number::toString`.)
func numberText(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    let sign = value < 0 ? "-" : ""
    let (digits, point) = shortestDigits(value.magnitude)
    let text = String(decoding: digits, as: UTF8.self)
    if point > 0, point <= 21 {
        if digits.count <= point {
            return sign + text + String(repeating: "0", count: point - digits.count)
        }
        return "\(sign)\(text.prefix(point)).\(text.dropFirst(point))"
    }
    if point <= 0, point > -6 {
        return "\(sign)0.\(String(repeating: "0", count: -point))\(text)"
    }
    let exponent = point - 1
    let fraction = digits.count > 1 ? ".\(text.dropFirst())" : ""
    return "\(sign)\(text.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
}

/// The shortest decimal digits, and where the point stands in them: 12.5 is `125` and 2.
private func shortestDigits(_ value: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let bytes = Array(value.description.utf8)
    for (index, byte) in bytes.enumerated() {
        if byte == UInt8(ascii: ".") {
            point = digits.count
        } else if byte | 0x20 == UInt8(ascii: "e") {
            exponent = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self)) ?? 0
            break
        } else {
            digits.append(byte)
        }
    }
    var place = (point ?? digits.count) + exponent
    while digits.count > 1, digits.first == UInt8(ascii: "0") {
        digits.removeFirst()
        place -= 1
    }
    while digits.count > 1, digits.last == UInt8(ascii: "0") {
        digits.removeLast()
    }
    return (digits, place)
}
