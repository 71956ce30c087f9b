extension String {
    /// JSON or YAML in which nothing controls a terminal or reorders what it shows: such scalars
    /// stand in quoted texts only, where `\u` means the same (RFC 8259, section 7).
    var harmlessData: String {
        guard unicodeScalars.contains(where: Self.isEscaped) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            guard Self.isEscaped(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
        return result
    }

    /// Those below the blank are escaped by every writer of JSON.
    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x20 && PlainText.isHarmful(scalar)
    }
}
