/// The Unicode scalars that one place of a regular expression accepts.
struct RegexSet: Sendable {
    typealias Test = @Sendable (Unicode.Scalar) -> Bool

    private(set) var ranges: [ClosedRange<UInt32>] = []
    private(set) var tests: [Test] = []
    var isNegated = false
    var ignoresCase = false
    /// The answers for ASCII, one bit each.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    mutating func insert(_ scalar: Unicode.Scalar) {
        ranges.append(scalar.value...scalar.value)
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        ranges.append(range)
    }

    mutating func insert(_ ranges: [ClosedRange<UInt32>], negated: Bool = false) {
        guard negated else {
            self.ranges += ranges
            return
        }
        tests.append { scalar in !ranges.contains { $0.contains(scalar.value) } }
    }

    mutating func insert(where test: @escaping Test) {
        tests.append(test)
    }

    /// Works out the answers for ASCII; after the last change.
    mutating func seal() {
        low = 0
        high = 0
        for value in UInt8(0)..<128 {
            let scalar = Unicode.Scalar(value)
            let variants = ignoresCase ? Self.variants(of: scalar) : []
            guard accepts(scalar, variants) else { continue }
            if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
        }
    }

    /// `variants` is the same letter in the other case, asked for beyond ASCII only.
    func contains(_ scalar: Unicode.Scalar, variants: () -> [Unicode.Scalar]) -> Bool {
        switch scalar.value {
        case 0..<64: low >> UInt64(scalar.value) & 1 == 1
        case 64..<128: high >> UInt64(scalar.value - 64) & 1 == 1
        default: accepts(scalar, ignoresCase ? variants() : [])
        }
    }

    private func accepts(_ scalar: Unicode.Scalar, _ variants: [Unicode.Scalar]) -> Bool {
        let found = holds(scalar) || variants.contains { holds($0) }
        return found != isNegated
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } || tests.contains { $0(scalar) }
    }

    /// The same letter in the other case, where that is one scalar.
    static func variants(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        var variants: [Unicode.Scalar] = []
        let mappings = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
        for mapping in mappings {
            let scalars = mapping.unicodeScalars
            if scalars.count == 1, let variant = scalars.first, variant != scalar {
                variants.append(variant)
            }
        }
        return variants
    }
}

extension RegexSet {
    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let words: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let spaces: [ClosedRange<UInt32>] = [0x09...0x0A, 0x0C...0x0D, 0x20...0x20]

    static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return words.contains { $0.contains(scalar.value) }
    }

    /// `[[:alpha:]]` and the like; ASCII, as in RE2.
    static let namedClasses: [String: [ClosedRange<UInt32>]] = [
        "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A],
        "ascii": [0...0x7F], "blank": [0x09...0x09, 0x20...0x20],
        "cntrl": [0...0x1F, 0x7F...0x7F], "digit": digits, "graph": [0x21...0x7E],
        "lower": [0x61...0x7A], "print": [0x20...0x7E],
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
        "space": [0x09...0x0D, 0x20...0x20], "upper": [0x41...0x5A], "word": words,
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    ]

    /// `\p{L}`, `\p{Lu}`: general categories by their names in Unicode; `nil` for an unknown one.
    static func category(_ name: String) -> Test? {
        if name == "Any" { return { _ in true } }
        let categories = categories.filter { $0.key.hasPrefix(name) }.map(\.value)
        guard !name.isEmpty, !categories.isEmpty else { return nil }
        let wanted = Set(categories)
        return { wanted.contains($0.properties.generalCategory) }
    }

    private static let categories: [String: Unicode.GeneralCategory] = [
        "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter,
        "Lm": .modifierLetter, "Lo": .otherLetter, "Mn": .nonspacingMark, "Mc": .spacingMark,
        "Me": .enclosingMark, "Nd": .decimalNumber, "Nl": .letterNumber, "No": .otherNumber,
        "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Ps": .openPunctuation,
        "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation,
        "Po": .otherPunctuation, "Sm": .mathSymbol, "Sc": .currencySymbol,
        "Sk": .modifierSymbol, "So": .otherSymbol, "Zs": .spaceSeparator, "Zl": .lineSeparator,
        "Zp": .paragraphSeparator, "Cc": .control, "Cf": .format, "Co": .privateUse,
    ]
}
