/// The forms that texts from people are held to: lenient where addresses of the real world are
/// odd, strict where a mistake would go unnoticed.
public enum TextForm {
    /// In bytes of UTF-8, as RFC 5321 has it.
    public static let maximumEmailLength = 254
    /// In bytes of UTF-8, of what stands before the `@`.
    private static let maximumLocalLength = 64
    /// In bytes of UTF-8.
    public static let maximumURLLength = 2048

    /// `name@domain` with a dot in the domain, without spaces, quotes or control characters.
    public static func isEmail(_ text: String) -> Bool {
        // By scalars: a combining mark after it would hide a sign from a comparison of characters.
        let parts = text.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= maximumEmailLength else { return false }
        let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let forbidden = "\"<>(),;:\\[]".unicodeScalars
        let isClean = atoms.allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { isPrintable($0) && !forbidden.contains($0) }
        }
        let labels = Substring(parts[1]).split(separator: ".", omittingEmptySubsequences: false)
        return isClean && Substring(parts[0]).utf8.count <= maximumLocalLength
            && labels.count >= 2 && labels.allSatisfy(isDomainLabel)
    }

    /// An absolute `http` or `https` address.
    public static func isURL(_ text: String) -> Bool {
        guard let scheme = scheme(of: text) else { return false }
        return ["http", "https"].contains(scheme.lowercased()) && hasAuthority(text, scheme)
    }

    /// A scheme, a colon, and something without spaces.
    public static func isURI(_ text: String) -> Bool {
        guard let scheme = scheme(of: text) else { return false }
        return text.utf8.count > scheme.utf8.count + 1
    }

    /// A day of the calendar such as `2026-01-31`.
    public static func isDate(_ text: String) -> Bool {
        text.utf8.count == 10 && Timestamp("\(text)T00:00:00Z") != nil
    }

    /// 7 to 15 digits as ITU-T E.164 has it, with `+`, spaces, dots, hyphens and brackets as people
    /// write them.
    public static func isPhone(_ text: String) -> Bool {
        let digits = text.utf8.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let isPlausible = text.enumerated().allSatisfy { index, character in
            switch character {
            case "+": index == 0
            case " ", "-", ".", "(", ")", "/": true
            default: character.isASCII && character.isWholeNumber
            }
        }
        return isPlausible && (7...15).contains(digits) && text.utf8.count <= 32
    }

    /// Neither white space nor anything that controls how text is shown or read.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: false
        default: true
        }
    }

    private static func isDomainLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
    }

    private static func scheme(of text: String) -> Substring? {
        guard text.utf8.count <= maximumURLLength, text.unicodeScalars.allSatisfy(isPrintable),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        let scheme = text[..<colon]
        let isWord = scheme.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))
        }
        return isWord && scheme.first?.isLetter == true ? scheme : nil
    }

    private static func hasAuthority(_ text: String, _ scheme: Substring) -> Bool {
        let rest = text.dropFirst(scheme.count + 1)
        guard rest.hasPrefix("//") else { return false }
        let host = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        return !host.isEmpty && !host.hasPrefix(":") && !host.hasSuffix("@")
    }
}
