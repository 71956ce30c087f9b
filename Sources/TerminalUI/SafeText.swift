/// Text made safe for places outside of a frame: window titles, clipboard labels, printed lines.
public enum SafeText {
    /// The longest result, in columns, when the caller names no other.
    public static let defaultLimit = 4096

    /// `text` on one line, with everything that could control a terminal, hide or reorder shown
    /// as something visible, and cut after `limit` columns with an ellipsis.
    public static func line(
        _ text: String, charset: Charset = .unicode, limit: Int = defaultLimit
    ) -> String {
        var result = ""
        var columns = 0
        CellText.forEachCell(in: text[...]) { character, width in
            guard columns + width <= limit else {
                if columns == limit, !result.isEmpty { result.removeLast() }
                if limit > 0 { result.append(Glyphs.of(charset).ellipsis) }
                return false
            }
            columns += width
            if charset == .unicode || character.isASCII {
                result.append(character)
            } else {
                let twin = AsciiTwin.of(character)
                for _ in 0..<width { result.append(twin) }
            }
            return true
        }
        return result
    }

    /// As `line`, uncut, where the lines of `text` stay lines.
    public static func lines(_ text: String, charset: Charset = .unicode) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line(String($0), charset: charset, limit: .max) }
            .joined(separator: "\n")
    }
}
