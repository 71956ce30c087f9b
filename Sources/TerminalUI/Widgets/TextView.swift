/// Where the reader is in a text of many lines, which its owner keeps.
///
/// Only the lines in the window are ever asked for and wrapped, so that a log may be long.
public struct TextView: Hashable, Sendable {
    /// Whether long lines go on below instead of beyond the right edge.
    public var wraps: Bool
    /// Whether the end stays in view as lines are added.
    public private(set) var follows: Bool
    public var showsLineNumbers: Bool
    /// The first line in the window.
    public private(set) var line = 0
    /// The rows of that line, when wrapped, that are above the window.
    public private(set) var row = 0
    /// The columns hidden at the left, when lines are not wrapped.
    public private(set) var column = 0
    public private(set) var pattern: SearchPattern?
    /// The line the search stands on.
    public private(set) var matchLine: Int?

    /// The most rows one line is wrapped to; the rest of it is seen without wrapping.
    public static let maximumRowsPerLine = 500
    private static let sideStep = 8

    public init(wraps: Bool = false, follows: Bool = false, showsLineNumbers: Bool = false) {
        self.wraps = wraps
        self.follows = follows
        self.showsLineNumbers = showsLineNumbers
    }

    /// The text a view shows: how many lines, and each of them.
    public struct Source {
        public let count: Int
        public let line: (Int) -> TextLine

        public init(count: Int, line: @escaping (Int) -> TextLine) {
            self.count = max(0, count)
            self.line = line
        }

        public init(_ lines: [TextLine]) {
            self.init(count: lines.count) { lines[$0] }
        }
    }

    // MARK: Rows

    private func gutter(_ source: Source) -> Int {
        showsLineNumbers ? String(max(1, source.count)).count + 1 : 0
    }

    /// The space for text: without the line numbers and the scroll bar.
    private func textWidth(_ source: Source, _ size: Size) -> Int {
        max(1, size.width - gutter(source) - 1)
    }

    /// The rows of one line, as ranges of its UTF-8.
    private func rows(of line: TextLine, width: Int) -> [Range<Int>] {
        let text = line.text
        guard wraps else { return [0..<text.utf8.count] }
        let utf8 = text.utf8
        return TextWidth.wrapRanges(text, to: width, limit: TextView.maximumRowsPerLine).map {
            utf8.distance(
                from: utf8.startIndex, to: $0.lowerBound)..<utf8.distance(
                    from: utf8.startIndex, to: $0.upperBound)
        }
    }

    private func rowCount(_ index: Int, _ source: Source, _ size: Size) -> Int {
        wraps ? rows(of: source.line(index), width: textWidth(source, size)).count : 1
    }

    /// The line and row that stand at the top when the end stands at the bottom.
    private func end(_ source: Source, _ size: Size) -> (line: Int, row: Int) {
        var left = size.height
        var index = source.count
        while index > 0, left > 0 {
            index -= 1
            let count = rowCount(index, source, size)
            if count >= left { return (index, count - left) }
            left -= count
        }
        return (0, 0)
    }

    /// The position for drawing: inside of the text, and at its end when that is followed.
    private func settled(_ source: Source, _ size: Size) -> (line: Int, row: Int) {
        let end = end(source, size)
        if follows { return end }
        return (line, row) < end ? (line, row) : end
    }

    // MARK: Keys

    /// Scrolls, or goes to the next (`n`) or previous (`N`) match. `f` follows, `w` wraps.
    /// `size` is that of the rectangle drawn in. False for other keys.
    public mutating func handle(_ key: Key, size: Size, source: Source) -> Bool {
        let page = max(1, size.height - 1)
        switch key {
        case .up, .character("k"): scroll(-1, source, size)
        case .down, .character("j"): scroll(1, source, size)
        case .pageUp, .control("b"): scroll(-page, source, size)
        case .pageDown, .control("f"), .character(" "): scroll(page, source, size)
        case .control("u"): scroll(-max(1, size.height / 2), source, size)
        case .control("d"): scroll(max(1, size.height / 2), source, size)
        case .mouse(.wheelUp, _): scroll(-ListState.wheelRows, source, size)
        case .mouse(.wheelDown, _): scroll(ListState.wheelRows, source, size)
        case .home, .character("g"): go(to: 0)
        case .end, .character("G"): go(to: source.count)
        case .left, .character("h"): column = max(0, column - TextView.sideStep)
        case .right, .character("l"): scrollRight(source, size)
        case .character("f"): follow(!follows, source, size)
        case .character("w"): setWraps(!wraps, source, size)
        case .character("n"): step(1, source, size)
        case .character("N"): step(-1, source, size)
        default: return false
        }
        return true
    }

    /// Puts a line at the top of the window, or as near as the end of the text allows.
    public mutating func go(to line: Int) {
        follows = false
        self.line = max(0, line)
        row = 0
    }

    public mutating func follow(_ isOn: Bool, _ source: Source, _ size: Size) {
        (line, row) = settled(source, size)
        follows = isOn
    }

    public mutating func setWraps(_ isOn: Bool, _ source: Source, _ size: Size) {
        (line, row) = settled(source, size)
        wraps = isOn
        row = 0
        column = 0
    }

    private mutating func scroll(_ rows: Int, _ source: Source, _ size: Size) {
        (line, row) = settled(source, size)
        follows = false
        row += rows
        while row < 0 {
            guard line > 0 else {
                row = 0
                break
            }
            line -= 1
            row += rowCount(line, source, size)
        }
        while line < source.count {
            let count = rowCount(line, source, size)
            guard row >= count else { break }
            row -= count
            line += 1
        }
        (line, row) = settled(source, size)
    }

    private mutating func scrollRight(_ source: Source, _ size: Size) {
        guard !wraps else { return }
        let first = settled(source, size).line
        let last = min(source.count, first + size.height)
        guard first < last else { return }
        let longest = (first..<last).map { source.line($0).columns }.max() ?? 0
        let most = max(0, longest - textWidth(source, size))
        column = min(column + TextView.sideStep, max(column, most))
    }

    // MARK: Search

    /// Looks for a text from the top of the window on, around the end. An empty one ends the
    /// search. False when it occurs nowhere.
    @discardableResult
    public mutating func search(_ text: String, size: Size, source: Source) -> Bool {
        pattern = SearchPattern(text)
        matchLine = nil
        guard pattern != nil else { return true }
        let top = settled(source, size).line
        return find(from: top, step: 1, source, size)
    }

    private mutating func step(_ step: Int, _ source: Source, _ size: Size) {
        let from = matchLine ?? settled(source, size).line
        find(from: from + step, step: step, source, size)
    }

    @discardableResult
    private mutating func find(
        from start: Int, step: Int, _ source: Source, _ size: Size
    ) -> Bool {
        guard let pattern, source.count > 0 else { return false }
        for distance in 0..<source.count {
            let offset = (start + step * distance) % source.count
            let index = offset < 0 ? offset + source.count : offset
            guard pattern.matches(source.line(index).text) else { continue }
            matchLine = index
            show(index, pattern, source, size)
            return true
        }
        return false
    }

    /// Brings a match into the window: a third from the top, unless it is there already.
    private mutating func show(
        _ index: Int, _ pattern: SearchPattern, _ source: Source, _ size: Size
    ) {
        (line, row) = settled(source, size)
        follows = false
        if index < line || index >= line + size.height || (wraps && index != line) {
            line = max(0, wraps ? index : index - size.height / 3)
            row = 0
        }
        guard !wraps, let match = pattern.ranges(in: source.line(index).text).first else { return }
        let text = source.line(index).text
        let from = TextWidth.columns(of: text[..<match.lowerBound])
        let to = TextWidth.columns(of: text[..<match.upperBound])
        let width = textWidth(source, size)
        if from < column || to > column + width { column = max(0, from - width / 3) }
    }

    // MARK: Drawing

    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, source: Source) {
        guard !rect.isEmpty, source.count > 0 else { return }
        let start = settled(source, rect.size)
        let gutter = gutter(source)
        var area = rect
        _ = area.takeRight(1)
        let numbers = area.takeLeft(gutter)
        var index = start.line
        var skip = start.row
        var y = 0
        while index < source.count, y < area.height {
            let line = source.line(index)
            for (part, bytes) in rows(of: line, width: max(1, area.width)).enumerated()
            where part >= skip && y < area.height {
                if part == 0, gutter > 0 {
                    let place = numbers.row(y)
                    frame.putLine(
                        "\(index + 1) ", in: place, style: theme[.lineNumber], alignment: .right)
                }
                draw(line, bytes, isMatch: index == matchLine, &frame, area.row(y), theme)
                y += 1
            }
            skip = 0
            index += 1
        }
        let visible = max(1, index - start.line)
        let bar = Scrollbar(offset: start.line, visible: visible, total: source.count)
        bar.draw(into: &frame, in: rect, theme: theme)
    }

    private func draw(
        _ line: TextLine, _ bytes: Range<Int>, isMatch: Bool, _ frame: inout Frame,
        _ place: Rect, _ theme: Theme
    ) {
        let at = Point(x: place.x - (wraps ? 0 : column), y: place.y)
        frame.put(line, at: at, style: theme[.text], in: place, bytes: bytes)
        guard let pattern else { return }
        let text = line.text
        let start = text.utf8.index(text.startIndex, offsetBy: bytes.lowerBound)
        let end = text.utf8.index(text.startIndex, offsetBy: bytes.upperBound)
        frame.highlight(
            pattern, in: text[start..<end], at: at, clip: place,
            style: theme[isMatch ? .matchCurrent : .match])
    }
}
