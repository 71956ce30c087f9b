/// Text from anywhere, cut into the cells that show it.
///
/// This is where text becomes safe. A cell holds one of:
/// - a spacing scalar with up to `maximumMarks` combining marks, 1 or 2 columns wide;
/// - an emoji sequence (variation selector, skin tone, joiners), always 2 columns wide.
///
/// Everything that could move a cursor, hide, or reorder is replaced by something that shows it.
enum CellText {
    /// More marks than this on one character are noise that paints over the lines around it.
    static let maximumMarks = 4
    /// The longest emoji sequence in use (a couple, kissing, with skin tones) has ten scalars.
    static let maximumEmojiScalars = 12
    static let replacement: Character = "\u{FFFD}"
    /// A mark with nothing to stand on would join the cell before: it stands on this.
    static let circle: Unicode.Scalar = "\u{25CC}"
    /// A tab is shown as an arrow and three blanks, wherever it stands.
    static let tab: [Character] = ["→", " ", " ", " "]

    /// Calls `body` with each cell and its width in columns, until it returns false.
    static func forEachCell(in text: Substring, _ body: (Character, Int) -> Bool) {
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            if standsAlone(scalar), next == scalars.endIndex || standsAlone(scalars[next]) {
                guard body(Character(scalar), TextWidth.columns(of: scalar)) else { return }
                index = next
            } else {
                guard forEachCell(in: text[index], body) else { return }
                index = text.index(after: index)
            }
        }
    }

    /// Whether a scalar is safe, and no part of a cluster if the next one is the same: most text
    /// is, and finding clusters is slow.
    static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F, 0xA1..<0xAD, 0xAE..<0x300, 0x2190..<0x2427, 0x2460..<0x2900,
            0x4E00..<0x9FFF, 0xAC00...0xD7A3:
            true
        default: false
        }
    }

    /// As above, for one grapheme cluster; false when `body` wants no more.
    @discardableResult
    static func forEachCell(in character: Character, _ body: (Character, Int) -> Bool) -> Bool {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return true }
        if scalars.index(after: scalars.startIndex) == scalars.endIndex {
            return emit(first, whole: character, body)
        }
        if isEmojiSequence(scalars) { return body(character, 2) }
        return emitParts(of: scalars, body)
    }

    /// A cluster that is no emoji: each spacing scalar starts a cell, as terminals have it.
    private static func emitParts(
        of scalars: Character.UnicodeScalarView, _ body: (Character, Int) -> Bool
    ) -> Bool {
        var cell = String.UnicodeScalarView()
        var width = 0
        var marks = 0
        func flush() -> Bool {
            guard !cell.isEmpty else { return true }
            defer { cell = String.UnicodeScalarView() }
            return body(Character(String(cell)), width)
        }
        for scalar in scalars {
            let kind = Kind(scalar)
            if kind == .mark {
                marks += 1
                if marks == maximumMarks + 1 {
                    guard flush(), body(replacement, 1) else { return false }
                }
                guard marks <= maximumMarks else { continue }
                if cell.isEmpty {
                    cell.append(circle)
                    width = 1
                }
                cell.append(scalar)
            } else {
                guard flush() else { return false }
                marks = 0
                if kind == .spacing {
                    cell.append(scalar)
                    width = TextWidth.columns(of: scalar)
                } else {
                    guard emit(scalar, whole: Character(scalar), body) else { return false }
                }
            }
        }
        return flush()
    }

    private static func emit(
        _ scalar: Unicode.Scalar, whole: Character, _ body: (Character, Int) -> Bool
    ) -> Bool {
        switch Kind(scalar) {
        case .spacing:
            return body(whole, TextWidth.columns(of: scalar))
        case .mark:
            var text = String.UnicodeScalarView()
            text.append(circle)
            text.append(scalar)
            return body(Character(String(text)), 1)
        case .tab:
            for character in tab where !body(character, 1) { return false }
            return true
        case .control:
            return body(picture(of: scalar), 1)
        case .unknown:
            return body(replacement, 1)
        case .invisible:
            for character in name(of: scalar) where !body(character, 1) { return false }
            return true
        }
    }

    /// `␛` for Escape, `␤` for a line feed, `␡` for Delete.
    private static func picture(of scalar: Unicode.Scalar) -> Character {
        let value = scalar.value
        if value == 0x0A { return "\u{2424}" }
        if value == 0x7F { return "\u{2421}" }
        return Unicode.Scalar(0x2400 + value).map(Character.init) ?? replacement
    }

    /// `<U+202E>`: what cannot be seen is named.
    static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
    }

    private static func isEmojiSequence(_ scalars: Character.UnicodeScalarView) -> Bool {
        guard let first = scalars.first, first.properties.isEmoji,
            !first.properties.isEmojiModifier, !isRegionalIndicator(first)
        else { return false }
        var count = 0
        var sawJoiner = false
        var special = false
        for scalar in scalars {
            count += 1
            guard count > 1 else { continue }
            if count > maximumEmojiScalars { return false }
            switch scalar.value {
            case 0x200D:
                if sawJoiner { return false }
                sawJoiner = true
                special = true
            case 0xFE0F, 0x1F3FB...0x1F3FF:
                if sawJoiner { return false }
                special = true
            case 0x20E3:
                if sawJoiner { return false }
            default:
                guard sawJoiner, scalar.properties.isEmoji, scalar.value > 0xFF else {
                    return false
                }
                sawJoiner = false
            }
        }
        return special && !sawJoiner
    }

    private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }

    /// What a scalar may do to a terminal.
    enum Kind {
        case spacing, mark, tab, control, invisible, unknown

        init(_ scalar: Unicode.Scalar) {
            let value = scalar.value
            if value < 0x300 {
                self = Kind.latin(value)
                return
            }
            if CellText.standsAlone(scalar) {
                self = .spacing
                return
            }
            let properties = scalar.properties
            switch properties.generalCategory {
            case .unassigned, .surrogate:
                self = .unknown
            case .control, .format, .privateUse, .lineSeparator, .paragraphSeparator:
                self = .invisible
            case .nonspacingMark, .enclosingMark:
                self = properties.isDefaultIgnorableCodePoint ? .invisible : .mark
            default:
                if properties.isDefaultIgnorableCodePoint {
                    self = .invisible
                } else {
                    self = TextWidth.columns(of: scalar) == 0 ? .mark : .spacing
                }
            }
        }

        private static func latin(_ value: UInt32) -> Kind {
            switch value {
            case 0x09: .tab
            case 0..<0x20, 0x7F: .control
            case 0x80..<0xA0, 0xAD: .invisible
            default: .spacing
            }
        }
    }
}
