/// A line of text in pieces of different styles.
public struct TextLine: Hashable, Sendable {
    public struct Run: Hashable, Sendable {
        public var text: String
        /// Nil takes the style of what the line is drawn in.
        public var style: Style?
    }

    public private(set) var runs: [Run]

    public init(_ text: String = "", style: Style? = nil) {
        runs = text.isEmpty ? [] : [Run(text: text, style: style)]
    }

    public mutating func append(_ text: String, style: Style? = nil) {
        guard !text.isEmpty else { return }
        runs.append(Run(text: text, style: style))
    }

    /// The line without its styles.
    public var text: String {
        runs.count == 1 ? runs[0].text : runs.reduce(into: "") { $0 += $1.text }
    }

    public var columns: Int {
        runs.reduce(0) { $0 + TextWidth.columns(of: $1.text) }
    }
}

extension Frame {
    /// Draws the pieces of a line one after the other; returns the columns that fit.
    ///
    /// `bytes` picks a part of the line's text, counted in UTF-8 over all its pieces.
    @discardableResult
    public mutating func put(
        _ line: TextLine, at point: Point, style: Style = .plain, in clip: Rect? = nil,
        bytes: Range<Int>? = nil
    ) -> Int {
        var x = point.x
        var start = 0
        for run in line.runs {
            let utf8 = run.text.utf8
            let end = start + utf8.count
            defer { start = end }
            var piece = run.text[...]
            if let bytes {
                let from = max(start, bytes.lowerBound)
                let to = min(end, bytes.upperBound)
                guard from < to else { continue }
                piece =
                    run.text[
                        utf8.index(
                            utf8.startIndex, offsetBy: from - start)..<utf8.index(
                                utf8.startIndex, offsetBy: to - start)]
            }
            x += put(piece, at: Point(x: x, y: point.y), style: run.style ?? style, in: clip)
        }
        return x - point.x
    }

    /// Draws one line into the first row of `rect`, with an ellipsis where it is cut.
    @discardableResult
    public mutating func putLine(_ line: TextLine, in rect: Rect, style: Style = .plain) -> Int {
        guard !rect.isEmpty else { return 0 }
        let columns = line.columns
        let at = Point(x: rect.x, y: rect.y)
        guard columns > rect.width else { return put(line, at: at, style: style, in: rect) }
        put(line, at: at, style: style, in: rect)
        let last = line.runs.last?.style ?? style
        put(glyphs.ellipsis, at: Point(x: rect.maxX - 1, y: rect.y), style: last, in: rect)
        return rect.width
    }
}
