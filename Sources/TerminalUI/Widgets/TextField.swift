/// Text under edit. It moves and deletes by what a reader takes for one character.
public struct TextField: Hashable, Sendable {
    private var characters: [Character]
    /// The position of the cursor, in characters from the start.
    public private(set) var cursor: Int
    /// Whether Enter makes a new line, and Up and Down move by lines.
    public let allowsLines: Bool
    /// The longest text, in characters; what is typed or pasted beyond is dropped.
    public let maximumLength: Int

    public static let defaultMaximumLength = 16_384

    public init(
        _ text: String = "", allowsLines: Bool = false,
        maximumLength: Int = TextField.defaultMaximumLength
    ) {
        self.allowsLines = allowsLines
        self.maximumLength = max(0, maximumLength)
        characters = []
        cursor = 0
        insert(text)
    }

    public var text: String {
        get { String(characters) }
        set {
            characters = []
            cursor = 0
            insert(newValue)
        }
    }

    public var isEmpty: Bool { characters.isEmpty }

    public mutating func insert(_ text: String) {
        let clean = allowsLines ? text.map(TextField.lineFeed) : TextField.oneLine(text)
        let piece = clean.prefix(maximumLength - characters.count)
        let behind = characters.count - cursor
        // Joined as text, because a combining mark becomes one with what is before it.
        let joined = String(characters[..<cursor]) + String(piece)
        characters = Array(joined + String(characters[cursor...]))
        cursor = max(0, characters.count - behind)
    }

    private static func lineFeed(_ character: Character) -> Character {
        character == "\r\n" || character == "\r" ? "\n" : character
    }

    /// Line feeds at the end are dropped, because copying adds them; others become blanks.
    private static func oneLine(_ text: String) -> [Character] {
        var characters = Array(text)
        while characters.last?.isNewline == true { characters.removeLast() }
        return characters.map { $0.isNewline ? " " : $0 }
    }

    /// Edits by a key; false when the key means nothing here.
    ///
    /// Left, Right, Home, End, Control-A, E, B, F; Alt-B and F by words; Backspace, Delete and
    /// Control-H, D; Control-W, U and K delete a word, and to the start and end of the line.
    public mutating func handle(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .paste(let text): insert(text)
        case .enter where allowsLines: insert("\n")
        case .up where allowsLines: return moveLine(-1)
        case .down where allowsLines: return moveLine(1)
        default: return move(key) || delete(key)
        }
        return true
    }

    private mutating func move(_ key: Key) -> Bool {
        switch key {
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(characters.count, cursor + 1)
        case .home, .control("a"): cursor = lineStart
        case .end, .control("e"): cursor = lineEnd
        case .alt("b"): cursor = wordStart
        case .alt("f"): cursor = wordEnd
        default: return false
        }
        return true
    }

    private mutating func delete(_ key: Key) -> Bool {
        switch key {
        case .backspace, .control("h"): remove(max(0, cursor - 1)..<cursor)
        case .delete, .control("d"): remove(cursor..<min(characters.count, cursor + 1))
        case .control("w"): remove(wordStart..<cursor)
        case .control("u"): remove(lineStart..<cursor)
        case .control("k"): remove(cursor..<lineEnd)
        default: return false
        }
        return true
    }

    private mutating func remove(_ range: Range<Int>) {
        let behind = characters.count - range.upperBound
        characters.removeSubrange(range)
        // What was apart may have become one character.
        characters = Array(String(characters))
        cursor = max(0, characters.count - behind)
    }

    private var lineStart: Int {
        (characters[..<cursor].lastIndex(of: "\n") ?? -1) + 1
    }

    private var lineEnd: Int {
        characters[cursor...].firstIndex(of: "\n") ?? characters.count
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, characters[index - 1].isWhitespace { index -= 1 }
        while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < characters.count, characters[index].isWhitespace { index += 1 }
        while index < characters.count, !characters[index].isWhitespace { index += 1 }
        return index
    }

    /// False at the first and last line, so that a form can move on.
    private mutating func moveLine(_ step: Int) -> Bool {
        let column = cursor - lineStart
        if step < 0 {
            guard lineStart > 0 else { return false }
            cursor = lineStart - 1
        } else {
            guard lineEnd < characters.count else { return false }
            cursor = lineEnd + 1
        }
        cursor = min(lineStart + column, lineEnd)
        return true
    }

    /// Draws the text: from its start, or scrolled so that the cursor is in view, with the
    /// terminal's cursor there, when the field has the focus. `isSecret` shows a dot a character; `hint` stands in
    /// an empty field.
    public func draw(
        into frame: inout Frame, in rect: Rect, theme: Theme, style: Style,
        isFocused: Bool, isSecret: Bool = false, hint: String = ""
    ) {
        guard !rect.isEmpty else { return }
        frame.fill(rect, style: style)
        if isEmpty, !hint.isEmpty {
            let muted = theme[.muted].on(style.background)
            frame.putLine(hint, in: rect.row(0), style: muted)
        }
        let lines = characters.split(separator: "\n", omittingEmptySubsequences: false)
        let cursorLine = lines.lastIndex { $0.startIndex <= cursor } ?? 0
        let first = max(0, min(cursorLine - rect.height / 2, lines.count - rect.height))
        for (row, line) in lines.enumerated().dropFirst(first).prefix(rect.height) {
            let place = rect.row(row - first)
            let isHere = isFocused && row == cursorLine
            let shown =
                isSecret
                ? String(repeating: frame.glyphs.secret, count: line.count) : String(line)
            let at = isHere ? TextField.columns(line[..<cursor], isSecret: isSecret) : 0
            let all = isHere ? TextField.columns(line, isSecret: isSecret) : 0
            let scroll = TextField.scroll(cursor: at, columns: all, width: place.width)
            frame.put(shown, at: Point(x: place.x - scroll, y: place.y), style: style, in: place)
            if isHere { frame.cursor = Point(x: place.x + at - scroll, y: place.y) }
        }
    }

    private static func columns(_ line: ArraySlice<Character>, isSecret: Bool) -> Int {
        isSecret ? line.count : line.reduce(0) { $0 + TextWidth.columns(of: $1) }
    }

    /// Columns hidden at the left: the cursor stands at two thirds, unless an end is nearer.
    private static func scroll(cursor: Int, columns: Int, width: Int) -> Int {
        max(0, min(cursor - width * 2 / 3, columns + 1 - width))
    }
}
