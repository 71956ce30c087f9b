/// One cell of the screen: what stands in it, and how.
///
/// A wide character fills its cell and the one to the right of it, which is then a `continuation`.
public struct Cell: Hashable, Sendable {
    /// One grapheme cluster that is safe to send to a terminal: never a control character.
    public private(set) var character: Character
    public var style: Style
    /// 1 or 2 columns; 0 marks the right half of a wide character.
    public private(set) var width: UInt8

    public static let blank = Cell(" ", style: .plain, width: 1)

    /// Only `Frame` makes cells, so that nothing unsafe and no half of a wide character gets in.
    init(_ character: Character, style: Style, width: UInt8) {
        self.character = character
        self.style = style
        self.width = width
    }

    static func continuation(style: Style) -> Cell {
        Cell(" ", style: style, width: 0)
    }

    public var isContinuation: Bool { width == 0 }

    /// The first spacing scalar with its combining marks: what a terminal that cannot join
    /// emoji into one picture shows instead of the whole. It may be narrower than `width`;
    /// the difference is to be filled with a blank.
    public var simplified: Character {
        let scalars = character.unicodeScalars
        guard width == 2, let first = scalars.first, scalars.count > 1 else { return character }
        let others = scalars.dropFirst()
        guard
            others.contains(where: {
                $0.properties.isVariationSelector || $0.value == 0x200D
                    || $0.properties.isEmojiModifier || $0.value == 0x20E3
            })
        else { return character }
        return Character(first)
    }
}
