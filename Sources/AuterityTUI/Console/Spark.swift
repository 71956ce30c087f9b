import TerminalUI

/// A row of little bars for a title or a line of figures.
enum Spark {
    /// The last `width` values, scaled to the largest of them; a gap where nothing is known.
    static func text(_ values: [Double?], width: Int, glyphs: Glyphs) -> String {
        let shown = values.suffix(max(0, width))
        let largest = shown.compactMap { $0 }.max() ?? 0
        let steps = glyphs.sparks.count
        return String(
            shown.map { value -> Character in
                guard let value, value.isFinite else { return " " }
                guard largest > 0 else { return glyphs.sparks[0] }
                let step = Int((value / largest * Double(steps - 1)).rounded())
                return glyphs.sparks[min(steps - 1, max(0, step))]
            })
    }
}
