import TerminalUI

/// A row of little bars for a title or a line of figures.
enum Spark {
    /// The last `width` values; a gap where nothing is known. The highest bar stands for
    /// `maximum`, or for the largest of them when `nil`.
    static func text(
        _ values: [Double?], width: Int, maximum: Double? = nil, glyphs: Glyphs
    ) -> String {
        let shown = values.suffix(max(0, width))
        let largest = maximum ?? shown.compactMap { $0 }.max() ?? 0
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
