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
    /// Line feeds break lines too. A line keeps its indentation. The blank at a break is dropped.
    /// A character wider than `columns` gets a line of its own. At least one line is returned.
    public static func wrap(_ text: String, to columns: Int) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
        {
            wrap(paragraph: paragraph, to: max(1, columns), into: &lines)
        }
        return lines
    }

    private static func wrap(
        paragraph: Substring, to columns: Int, into lines: inout [String]
    ) {
        var start = paragraph.startIndex
        var used = 0
        var breakAt: Substring.Index?
        var index = start
        while index < paragraph.endIndex {
            let character = paragraph[index]
            let width = self.columns(of: character)
            if used + width > columns, index > start {
                if character == " " {
                    breakAt = index
                }
                let end = breakAt ?? index
                lines.append(String(paragraph[start..<end]))
                start = end
                while start < paragraph.endIndex, breakAt != nil, paragraph[start] == " " {
                    start = paragraph.index(after: start)
                }
                index = start
                used = 0
                breakAt = nil
                continue
            }
            // A blank of the indentation is no place to break at: nothing stands before it.
            if character == " ", paragraph[start..<index].contains(where: { $0 != " " }) {
                if breakAt == nil || paragraph[paragraph.index(before: index)] != " " {
                    breakAt = index
                }
            }
            used += width
            index = paragraph.index(after: index)
        }
        lines.append(String(paragraph[start...]))
    }
}
