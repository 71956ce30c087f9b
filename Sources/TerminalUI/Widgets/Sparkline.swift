/// A course of values on one line: a bar of eighths each, the newest at the right.
public struct Sparkline: Hashable, Sendable {
    /// The oldest first; `nil` where nothing was measured.
    public var values: [Double?]
    /// The value of the highest bar; the greatest value there is when `nil`.
    public var maximum: Double?

    public init(_ values: [Double?], maximum: Double? = nil) {
        self.values = values
        self.maximum = maximum
    }

    /// The bars in at most `width` columns. When there are more values than columns, a bar
    /// stands for several of them and shows the greatest.
    public func text(width: Int, charset: Charset = .unicode) -> String {
        let bars = Chart.buckets(values, count: width)
        let top = maximum ?? bars.compactMap { $0 }.filter(\.isFinite).max() ?? 0
        let sparks = Glyphs.of(charset).sparks
        return String(
            bars.map { value -> Character in
                guard let value, value.isFinite else { return " " }
                guard top > 0, value > 0 else { return sparks[0] }
                let level = (min(value / top, 1) * Double(sparks.count - 1)).rounded()
                return sparks[Int(level)]
            })
    }

    /// Draws into the first row of `rect`, at its right end; returns the columns that are used.
    @discardableResult
    public func draw(into frame: inout Frame, in rect: Rect, style: Style) -> Int {
        let text = text(width: rect.width, charset: frame.charset)
        let columns = text.count
        return frame.put(
            text, at: Point(x: rect.maxX - columns, y: rect.y), style: style, in: rect)
    }
}
