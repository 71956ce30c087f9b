/// The lines of the visible part of a graph, as the sides to which each cell is connected.
struct GraphCanvas {
    /// Where in the frame.
    let area: Rect
    /// The cell of the drawing that stands in the area's corner.
    let origin: Point

    private struct Mark {
        /// 1 up, 2 right, 4 down, 8 left.
        var sides: UInt8 = 0
        /// A line turns or branches here; where none does, lines only cross.
        var isTurn = false
        var emphasis = GraphModel.Emphasis.dim
    }

    private var marks: [Mark]

    init(area: Rect, origin: Point) {
        self.area = area
        self.origin = origin
        marks = Array(repeating: Mark(), count: area.width * area.height)
    }

    func placed(_ point: Point) -> Point {
        Point(x: point.x - origin.x + area.x, y: point.y - origin.y + area.y)
    }

    func placed(_ rect: Rect) -> Rect {
        let corner = placed(Point(x: rect.x, y: rect.y))
        return Rect(x: corner.x, y: corner.y, width: rect.width, height: rect.height)
    }

    func emphasis(at point: Point) -> GraphModel.Emphasis? {
        index(of: point).map { marks[$0].emphasis }
    }

    private func index(of point: Point) -> Int? {
        let x = point.x - origin.x
        let y = point.y - origin.y
        guard x >= 0, y >= 0, x < area.width, y < area.height else { return nil }
        return y * area.width + x
    }

    // MARK: Strokes

    mutating func add(
        _ band: GraphDrawing.Band, of drawing: GraphDrawing, edges: [GraphModel.Edge]
    ) {
        for stroke in band.strokes where edges.indices.contains(stroke.edge) {
            let emphasis = edges[stroke.edge].emphasis
            let isDown = drawing.direction == .down
            for (from, to) in zip(stroke.points, stroke.points.dropFirst()) {
                line(from, to, within: band.range, isDown: isDown, emphasis)
            }
            for (index, point) in stroke.points.enumerated().dropFirst().dropLast()
            where stroke.points[index - 1] != point && stroke.points[index + 1] != point {
                if let cell = self.index(of: point) { marks[cell].isTurn = true }
            }
        }
    }

    private mutating func line(
        _ from: Point, _ to: Point, within range: Range<Int>, isDown: Bool,
        _ emphasis: GraphModel.Emphasis
    ) {
        let stepX = (to.x - from.x).signum()
        let stepY = (to.y - from.y).signum()
        let forward: UInt8 = stepX > 0 ? 2 : stepX < 0 ? 8 : stepY > 0 ? 4 : 1
        let back: UInt8 = stepX > 0 ? 8 : stepX < 0 ? 2 : stepY > 0 ? 1 : 4
        // Only the visible part is walked through.
        let length = max(abs(to.x - from.x), abs(to.y - from.y))
        let start = max(0, skipped(from, stepX, stepY))
        let end = min(length, start + max(area.width, area.height) + 2)
        guard length > 0, start <= end else { return }
        for step in start...end {
            let point = Point(x: from.x + stepX * step, y: from.y + stepY * step)
            guard range.contains(isDown ? point.y : point.x), let cell = index(of: point) else {
                continue
            }
            if step < length { marks[cell].sides |= forward }
            if step > 0 { marks[cell].sides |= back }
            marks[cell].emphasis = max(marks[cell].emphasis, emphasis)
        }
    }

    /// How many cells of a line lie before the view.
    private func skipped(_ from: Point, _ stepX: Int, _ stepY: Int) -> Int {
        if stepX > 0 { return origin.x - from.x - 1 }
        if stepX < 0 { return from.x - (origin.x + area.width) }
        if stepY > 0 { return origin.y - from.y - 1 }
        return from.y - (origin.y + area.height)
    }

    // MARK: Signs

    func draw(into frame: inout Frame, theme: Theme) {
        for (index, mark) in marks.enumerated() where mark.sides != 0 {
            let point = Point(x: area.x + index % area.width, y: area.y + index / area.width)
            let isDashed = mark.emphasis == .dim
            let sign = sign(of: mark, isDashed: isDashed, charset: frame.charset)
            frame.put(sign, at: point, style: theme[mark.emphasis.role], in: area)
        }
    }

    private func sign(of mark: Mark, isDashed: Bool, charset: Charset) -> Character {
        let isASCII = charset == .ascii
        switch mark.sides {
        case 1, 4, 5: return isDashed ? (isASCII ? ":" : "┆") : "│"
        case 2, 8, 10: return isDashed ? (isASCII ? "." : "┄") : "─"
        case 15 where !mark.isTurn: return isDashed ? (isASCII ? ":" : "┆") : "│"
        default: return GraphCanvas.signs[Int(mark.sides & 15)]
        }
    }

    /// By sides.
    private static let signs: [Character] = Array(" │─╰││╭├─╯─┴╮┤┬┼")
}
