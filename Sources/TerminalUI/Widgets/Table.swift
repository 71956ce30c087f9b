/// What stands in one cell of a table.
public struct TableCell: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case text(String)
        case line(TextLine)
        /// A bar with its percentage; from 0 to 1.
        case progress(Double)
    }

    public var content: Content
    /// Nil takes the row's style.
    public var style: Style?

    public init(_ text: String, style: Style? = nil) {
        content = .text(text)
        self.style = style
    }

    public init(_ line: TextLine) {
        content = .line(line)
    }

    public init(progress: Double, style: Style? = nil) {
        content = .progress(progress)
        self.style = style
    }
}

/// One row of a table; a cell for each column, in the order of `Table.columns`.
public struct TableRow: Hashable, Sendable {
    public var cells: [TableCell]
    /// Nil takes the style of ordinary text.
    public var style: Style?
    public var isMarked: Bool

    public init(_ cells: [TableCell], style: Style? = nil, isMarked: Bool = false) {
        self.cells = cells
        self.style = style
        self.isMarked = isMarked
    }
}

/// Which column orders a table, and which way.
public struct TableSort: Hashable, Sendable {
    public var column: Int
    public var isAscending: Bool

    public init(column: Int, isAscending: Bool) {
        self.column = column
        self.isAscending = isAscending
    }
}

/// Rows in columns, of which only those in the window are ever asked for.
public struct Table: Hashable, Sendable {
    public var columns: [TableColumn]
    public var sort: TableSort?
    public var isFocused: Bool
    public var showsHeader: Bool
    /// Said in the middle when there are no rows.
    public var emptyText: String
    /// Lit up wherever it occurs.
    public var pattern: SearchPattern?

    public init(
        columns: [TableColumn], sort: TableSort? = nil, isFocused: Bool = false,
        showsHeader: Bool = true, emptyText: String = "", pattern: SearchPattern? = nil
    ) {
        self.columns = columns
        self.sort = sort
        self.isFocused = isFocused
        self.showsHeader = showsHeader
        self.emptyText = emptyText
        self.pattern = pattern
    }

    /// Below this width the columns stand one cell apart instead of two.
    private static let compactWidth = 60

    /// The rows a rectangle shows: its height without the header.
    public func pageHeight(in rect: Rect) -> Int {
        max(0, rect.height - (showsHeader ? 1 : 0))
    }

    private func body(of rect: Rect) -> Rect {
        var body = rect
        if showsHeader { _ = body.takeTop(1) }
        return body
    }

    /// The columns that fit, their offsets counted from the left edge of `rect`.
    public func placedColumns(in rect: Rect) -> [PlacedColumn] {
        // A column for the marks at the left, one for the scroll bar at the right.
        let gap = rect.width < Table.compactWidth ? 1 : 2
        return Layout.place(columns, in: rect.width - 2, gap: gap).map {
            PlacedColumn(index: $0.index, x: $0.x + 1, width: $0.width)
        }
    }

    /// Draws the rows in the window of `list`. A row that `row` has nothing for yet is shown as
    /// an ellipsis.
    public func draw(
        into frame: inout Frame, in rect: Rect, theme: Theme, list: ListState, count: Int,
        row: (Int) -> TableRow?
    ) {
        guard !rect.isEmpty else { return }
        let placed = placedColumns(in: rect)
        if showsHeader { drawHeader(into: &frame, in: rect.row(0), theme: theme, placed) }
        let body = body(of: rect)
        guard count > 0 else {
            let middle = body.row(max(0, body.height / 2 - 1))
            frame.putLine(emptyText, in: middle, style: theme[.muted], alignment: .center)
            return
        }
        let window = list.window(count: count, height: body.height)
        let cursor = min(list.cursor, count - 1)
        for (line, index) in window.enumerated() {
            let place = body.row(line)
            draw(row(index), into: &frame, in: place, theme: theme, placed)
            if index == cursor { drawCursor(into: &frame, in: place, theme: theme) }
        }
        let bar = Scrollbar(offset: window.lowerBound, visible: body.height, total: count)
        bar.draw(into: &frame, in: body, theme: theme)
    }

    private func drawHeader(
        into frame: inout Frame, in line: Rect, theme: Theme, _ placed: [PlacedColumn]
    ) {
        let glyphs = frame.glyphs
        for column in placed {
            var place = Rect(x: line.x + column.x, y: line.y, width: column.width, height: 1)
            let spec = columns[column.index]
            if let sort, sort.column == column.index, place.width > 1 {
                let columns = min(TextWidth.columns(of: spec.title), place.width - 1)
                let x = spec.alignment == .right ? place.maxX - 1 : place.x + columns
                let arrow = sort.isAscending ? glyphs.sortAscending : glyphs.sortDescending
                frame.put(arrow, at: Point(x: x, y: place.y), style: theme[.accent])
                place.width -= 1
            }
            frame.putLine(
                spec.title, in: place, style: theme[.columnHeader], alignment: spec.alignment)
        }
    }

    private func draw(
        _ row: TableRow?, into frame: inout Frame, in line: Rect, theme: Theme,
        _ placed: [PlacedColumn]
    ) {
        guard let row else {
            frame.put(
                frame.glyphs.ellipsis, at: Point(x: line.x + 1, y: line.y), style: theme[.muted],
                in: line)
            return
        }
        let style = row.style ?? theme[.text]
        if row.isMarked {
            frame.put(frame.glyphs.marked, at: Point(x: line.x, y: line.y), style: theme[.marked])
        }
        for column in placed where column.index < row.cells.count {
            let cell = row.cells[column.index]
            let place = Rect(x: line.x + column.x, y: line.y, width: column.width, height: 1)
            let alignment = columns[column.index].alignment
            switch cell.content {
            case .text(let text):
                frame.putLine(text, in: place, style: cell.style ?? style, alignment: alignment)
                highlight(text, into: &frame, in: place, theme: theme, alignment)
            case .line(let text):
                frame.putLine(text, in: place, style: cell.style ?? style)
                highlight(text.text, into: &frame, in: place, theme: theme, .left)
            case .progress(let fraction):
                ProgressBar(fraction, showsPercent: true).draw(
                    into: &frame, in: place, theme: theme, style: cell.style)
            }
        }
    }

    private func highlight(
        _ text: String, into frame: inout Frame, in place: Rect, theme: Theme,
        _ alignment: Alignment
    ) {
        guard let pattern, pattern.matches(text) else { return }
        let offset = alignment.offset(of: TextWidth.columns(of: text), in: place.width)
        frame.highlight(
            pattern, in: text, at: Point(x: place.x + offset, y: place.y), clip: place,
            style: theme[.match])
    }

    private func drawCursor(into frame: inout Frame, in line: Rect, theme: Theme) {
        let selection = theme[isFocused ? .selection : .selectionUnfocused]
        let match = theme[.match]
        frame.restyle(line) { $0 == match ? $0 : $0.selected(selection) }
    }

    // MARK: The mouse

    /// The row under a point; nil beside the rows.
    public func row(at point: Point, in rect: Rect, list: ListState, count: Int) -> Int? {
        let body = body(of: rect)
        guard body.contains(point) else { return nil }
        let window = list.window(count: count, height: body.height)
        let index = window.lowerBound + point.y - body.y
        return window.contains(index) ? index : nil
    }

    /// The column whose title is under a point.
    public func column(at point: Point, in rect: Rect) -> Int? {
        guard showsHeader, rect.row(0).contains(point) else { return nil }
        let x = point.x - rect.x
        return placedColumns(in: rect).first { $0.x <= x && x < $0.x + $0.width }?.index
    }
}
