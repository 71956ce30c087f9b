/// A JSON value as a tree that folds, with colours, a cursor and a search.
public struct JSONView<Value: JSONTreeValue>: Hashable, Sendable {
    public let value: Value
    private(set) var content: JSONRows<Value>
    public private(set) var list = ListState()
    public private(set) var pattern: SearchPattern?

    /// Rows that "open all" aims at.
    public static var openAllLimit: Int { 10_000 }
    /// Containers up to this many rows in all are open from the start.
    static var openAtStart: Int { 40 }
    /// The deepest indentation, in levels.
    static var maximumIndent: Int { 24 }

    public init(_ value: Value) {
        self.value = value
        content = JSONRows(value)
        content.openAll(limit: JSONView.openAtStart)
    }

    public var rowCount: Int { content.rows.count }

    /// Where the cursor is: `.items[3].name`, or `.` for the whole.
    public var path: String {
        let path = content.path(of: list.cursor).map(\.pathText).joined()
        return path.isEmpty ? "." : path
    }

    /// The value under the cursor as JSON; of a text the text itself.
    public var selectedText: String {
        guard content.rows.indices.contains(list.cursor) else { return "" }
        let value = content.rows[list.cursor].value
        if case .string(let text) = value.treeKind { return text }
        return value.treeText
    }

    // MARK: Keys

    /// Right opens, Left closes or goes to the parent, Space and Enter do either, `E` opens and
    /// `C` closes all, `n` and `N` go through the matches; others move the cursor. `size` is
    /// that of the area drawn in. False for other keys.
    public mutating func handle(_ key: Key, size: Size) -> Bool {
        let height = size.height
        switch key {
        case .character(" "), .enter: toggle(width: size.width)
        case .right, .character("l"): open(width: size.width)
        case .left, .character("h"): closeOrLeave(height: height)
        case .character("E"): content.openAll(limit: JSONView.openAllLimit)
        case .character("C"):
            content.closeAll()
            list.move(to: 0, count: rowCount, height: height)
        case .character("n") where pattern != nil: findNext(forward: true, height: height)
        case .character("N") where pattern != nil: findNext(forward: false, height: height)
        default: return list.handle(key, count: rowCount, height: height)
        }
        list.settle(count: rowCount, height: height)
        return true
    }

    private mutating func open(width: Int) {
        if content.canOpen(list.cursor) {
            content.open(list.cursor)
        } else {
            content.openText(list.cursor, width: width - indent(of: list.cursor) - 4)
        }
    }

    private mutating func toggle(width: Int) {
        guard content.rows.indices.contains(list.cursor) else { return }
        if content.rows[list.cursor].isOpen {
            content.close(list.cursor)
        } else {
            open(width: width)
        }
    }

    private mutating func closeOrLeave(height: Int) {
        guard content.rows.indices.contains(list.cursor) else { return }
        if content.rows[list.cursor].isOpen {
            content.close(list.cursor)
        } else if let parent = content.parent(of: list.cursor) {
            list.move(to: parent, count: rowCount, height: height)
        }
    }

    /// Looks for a text in keys and values from the cursor on; an empty one ends the search.
    /// False when it occurs nowhere.
    @discardableResult
    public mutating func search(_ text: String, height: Int) -> Bool {
        pattern = SearchPattern(text)
        guard pattern != nil else { return true }
        return findNext(forward: true, height: height)
    }

    @discardableResult
    private mutating func findNext(forward: Bool, height: Int) -> Bool {
        guard let pattern else { return false }
        let current = content.path(of: list.cursor).map { step -> Int in
            switch step {
            case .key(_, let position), .index(let position): position
            case .stretch, .text: 0
            }
        }
        let search = JSONSearch(root: value, pattern: pattern)
        guard let found = search.match(from: current, forward: forward),
            let row = content.reveal(found)
        else { return false }
        list.move(to: row, count: rowCount, height: height)
        return true
    }

    // MARK: Drawing

    private func indent(of row: Int) -> Int {
        guard content.rows.indices.contains(row) else { return 0 }
        return 2 * min(content.rows[row].depth, JSONView.maximumIndent)
    }

    public func draw(into frame: inout Frame, in area: Rect, theme: Theme, isFocused: Bool) {
        let window = list.window(count: rowCount, height: area.height)
        for (offset, index) in window.enumerated() {
            let place = Rect(x: area.x, y: area.y + offset, width: area.width, height: 1)
            let isCursor = index == list.cursor
            if isCursor {
                frame.fill(
                    place, style: theme[isFocused ? .selection : .selectionUnfocused])
            }
            let start = place.x + min(indent(of: index), place.width / 3)
            let row = content.rows[index]
            let canOpen = content.canOpen(index)
            if canOpen || row.isOpen {
                let mark = row.isOpen ? frame.glyphs.unfolded : frame.glyphs.folded
                frame.put(mark, at: Point(x: start, y: place.y), style: theme[.muted], in: place)
            }
            let rest = Rect(
                x: start + 2, y: place.y, width: max(0, place.maxX - start - 2), height: 1)
            let line = JSONLine(theme: theme, width: rest.width).line(for: row)
            frame.putLine(line, in: rest)
            let origin = Point(x: rest.x, y: rest.y)
            if let pattern {
                frame.highlight(
                    pattern, in: line.text, at: origin, clip: rest,
                    style: theme[isCursor ? .matchCurrent : .match])
            }
            if isCursor {
                let selection = theme[isFocused ? .selection : .selectionUnfocused]
                frame.restyle(place) {
                    $0.background == theme.base ? $0.selected(selection) : $0
                }
            }
        }
    }

    /// Puts the cursor on the row at a position; false beside the rows.
    public mutating func click(at point: Point, in area: Rect) -> Bool {
        let row = list.window(count: rowCount, height: area.height).lowerBound + point.y - area.y
        guard area.contains(point), row < rowCount else { return false }
        list.move(to: row, count: rowCount, height: area.height)
        return true
    }
}

/// Writes one row of a JSON tree.
struct JSONLine {
    let theme: Theme
    /// Columns there are: no more of a text is looked at than may be seen.
    let width: Int

    static let previewCount = 4

    func line<Value>(for row: JSONRows<Value>.Row) -> TextLine {
        var line = TextLine()
        switch row.step {
        case .key(let key, _):
            line.append(start(of: key), style: theme[.jsonKey])
            line.append(": ", style: theme[.jsonPunctuation])
        case .index(let index):
            line.append("\(index)", style: theme[.jsonPunctuation])
            line.append(": ", style: theme[.jsonPunctuation])
        case .stretch(let range):
            line.append("\(range.lowerBound) … \(range.upperBound - 1)", style: theme[.muted])
            return line
        case .text(let text):
            line.append(text, style: theme[.jsonString])
            return line
        case nil: break
        }
        append(row.value, isOpen: row.isOpen, to: &line)
        return line
    }

    private func append(_ value: some JSONTreeValue, isOpen: Bool, to line: inout TextLine) {
        switch value.treeKind {
        case .null: line.append("null", style: theme[.jsonNull])
        case .bool(let bool): line.append(bool ? "true" : "false", style: theme[.jsonBool])
        case .number(let text): line.append(text, style: theme[.jsonNumber])
        case .string(let text):
            line.append("\"\(start(of: text))\"", style: theme[.jsonString])
        case .array(let count):
            line.append(count == 0 ? "[]" : "[\(count)]", style: theme[.jsonPunctuation])
            if !isOpen { appendPreview(of: value, count: count, to: &line) }
        case .object(let count):
            line.append(count == 0 ? "{}" : "{\(count)}", style: theme[.jsonPunctuation])
            if !isOpen { appendPreview(of: value, count: count, to: &line) }
        }
    }

    /// The first children of a closed container, in short.
    private func appendPreview(
        of value: some JSONTreeValue, count: Int, to line: inout TextLine
    ) {
        var parts: [String] = []
        for index in 0..<min(count, JSONLine.previewCount) {
            let (key, child) = value.treeChild(at: index)
            let text =
                switch child.treeKind {
                case .null: "null"
                case .bool(let bool): bool ? "true" : "false"
                case .number(let text): text
                case .string(let text): "\"\(GraphLimits.cut(text, to: 16))\""
                case .array: "[…]"
                case .object: "{…}"
                }
            parts.append(key.map { "\(GraphLimits.cut($0, to: 16)): \(text)" } ?? text)
        }
        guard !parts.isEmpty else { return }
        let more = count > JSONLine.previewCount ? ", …" : ""
        line.append("  " + parts.joined(separator: ", ") + more, style: theme[.muted])
    }

    private func start(of text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(8, 2 * width))))
    }
}
