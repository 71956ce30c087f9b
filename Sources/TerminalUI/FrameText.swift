extension Frame {
    /// The frame as plain text, a string a row, without the blanks at the ends.
    public func lines() -> [String] {
        (0..<size.height).map { y in
            var line = ""
            for cell in row(y) where !cell.isContinuation { line.append(cell.character) }
            return Frame.trimmed(line)
        }
    }

    /// The frame as text with a mark before each run of a style: `{#ff0000 bold}text{}`.
    ///
    /// The plain style's mark is `{}`. Blanks at the ends stay when they are styled.
    public func styledLines() -> [String] {
        (0..<size.height).map { y in
            var line = ""
            var style = Style.plain
            for cell in row(y) where !cell.isContinuation {
                if cell.style != style {
                    style = cell.style
                    line += style == .plain ? "{}" : "{\(style)}"
                }
                line.append(cell.character)
            }
            return style == .plain ? Frame.trimmed(line) : line
        }
    }

    private static func trimmed(_ line: String) -> String {
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    /// Draws one line of text into the first row of `rect`, with an ellipsis when it is too
    /// long, and blanks nothing beside it.
    @discardableResult
    public mutating func putLine(
        _ text: String, in rect: Rect, style: Style = .plain, alignment: Alignment = .left
    ) -> Int {
        guard !rect.isEmpty else { return 0 }
        let columns = TextWidth.columns(of: text)
        guard columns <= rect.width else {
            let cut = TextWidth.truncate(text, to: rect.width, ellipsis: glyphs.ellipsis)
            return put(cut, at: Point(x: rect.x, y: rect.y), style: style, in: rect)
        }
        let offset = alignment.offset(of: columns, in: rect.width)
        return put(text, at: Point(x: rect.x + offset, y: rect.y), style: style, in: rect)
    }
}

/// Where text stands in a space that is wider than it.
public enum Alignment: Hashable, Sendable {
    case left, center, right

    func offset(of columns: Int, in width: Int) -> Int {
        switch self {
        case .left: 0
        case .center: max(0, width - columns) / 2
        case .right: max(0, width - columns)
        }
    }
}
