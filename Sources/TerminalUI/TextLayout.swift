extension TextWidth {
    /// The start of `text` that fits `columns`, with an ellipsis at its end if it was cut.
    public static func truncate(
        _ text: String, to columns: Int, ellipsis: Character = "…"
    ) -> String {
        guard columns > 0 else { return "" }
        guard self.columns(of: text) > columns else { return text }
        let room = columns - self.columns(of: ellipsis)
        return prefix(of: text, columns: room).0 + String(ellipsis)
    }

    /// The longest start of `text` that fits, and the columns it takes.
    static func prefix(of text: some StringProtocol, columns: Int) -> (String, Int) {
        var used = 0
        var index = text.startIndex
        while index < text.endIndex {
            let width = self.columns(of: text[index])
            if used + width > columns { break }
            used += width
            index = text.index(after: index)
        }
        return (String(text[..<index]), used)
    }

    /// `text` cut or filled up with blanks to exactly `columns`.
    public static func pad(
        _ text: String, to columns: Int, alignment: Alignment = .left, ellipsis: Character = "…"
    ) -> String {
        let cut = truncate(text, to: columns, ellipsis: ellipsis)
        let used = self.columns(of: cut)
        let before = alignment.offset(of: used, in: columns)
        return String(repeating: " ", count: before) + cut
            + String(repeating: " ", count: max(0, columns - used - before))
    }

    /// `text` in lines of at most `columns`, broken at blanks; a longer word is broken anywhere.
    ///
    /// Line feeds break lines too. A line keeps its indentation. The blanks at a break are
    /// dropped. A character wider than `columns` gets a line of its own. At least one line is
    /// returned, and at most `limit`.
    public static func wrap(_ text: String, to columns: Int, limit: Int = .max) -> [String] {
        wrapRanges(text, to: columns, limit: limit).map { String(text[$0]) }
    }

    /// As `wrap`, but where the lines are.
    static func wrapRanges(
        _ text: String, to columns: Int, limit: Int = .max
    ) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        for paragraph in text.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
        {
            var rest = paragraph
            repeat {
                guard ranges.count < limit else { return ranges }
                let line = firstLine(of: rest, columns: max(1, columns))
                ranges.append(line.startIndex..<line.endIndex)
                rest = rest[line.endIndex...]
                if !rest.isEmpty { rest = rest.drop { $0 == " " } }
            } while !rest.isEmpty
        }
        return ranges
    }

    private static func firstLine(of text: Substring, columns: Int) -> Substring {
        var used = 0
        var sawWord = false
        var previous: Character = " "
        var breakAt: String.Index?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if character == " " {
                // The blanks of the indentation are no place to break at.
                if sawWord, previous != " " { breakAt = index }
            } else {
                sawWord = true
            }
            used += self.columns(of: character)
            if used > columns, index > text.startIndex {
                return text[..<(breakAt ?? index)]
            }
            previous = character
            index = text.index(after: index)
        }
        return text
    }
}
