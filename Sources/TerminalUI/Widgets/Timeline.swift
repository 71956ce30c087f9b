/// What happened when: a row a thing, its stretches as bars on one axis of time.
public struct Timeline: Hashable, Sendable {
    public struct Segment: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case working, waiting
            /// An attempt that failed and was made again.
            case failedAttempt
        }

        /// Milliseconds on a clock that all rows share.
        public let start: Int64
        /// `nil` while it goes on.
        public let end: Int64?
        public let kind: Kind

        public init(start: Int64, end: Int64?, kind: Kind) {
            self.start = start
            self.end = end
            self.kind = kind
        }
    }

    public struct Row: Hashable, Sendable {
        public let label: String
        public let sign: Character
        public let role: Role
        public let segments: [Segment]
        /// What stands behind the bar, such as how long it took.
        public let detail: String
        /// Without it, the whole would have ended earlier.
        public let isCritical: Bool

        public init(
            label: String, sign: Character, role: Role, segments: [Segment], detail: String = "",
            isCritical: Bool = false
        ) {
            self.label = label
            self.sign = sign
            self.role = role
            self.segments = segments
            self.detail = detail
            self.isCritical = isCritical
        }
    }

    public var rows: [Row]
    /// The whole time, in milliseconds.
    public var start: Int64
    public var end: Int64

    public init(rows: [Row], start: Int64, end: Int64) {
        self.rows = rows
        self.start = start
        self.end = max(end, start + 1)
    }
}

/// Which rows, and which part of the time, are in view.
public struct TimelineView: Hashable, Sendable {
    public private(set) var list = ListState()
    /// The whole time is `zoom` times as long as what is seen.
    public private(set) var zoom = 1.0
    /// The middle of what is seen, as a part of the whole.
    public private(set) var center = 0.5

    public static let maximumZoom = 100_000.0

    public init() {}

    /// The row under the cursor.
    public var cursor: Int { list.cursor }

    public mutating func move(to row: Int, count: Int, height: Int) {
        list.move(to: row, count: count, height: height)
    }

    /// `+` and `-` zoom, `0` shows all, `h` `l` and the arrows move in time; others move the
    /// cursor. `height` is that of the area drawn in. False for other keys.
    public mutating func handle(_ key: Key, count: Int, height: Int) -> Bool {
        switch key {
        case .character("+"), .character("="): zoom = min(zoom * 2, TimelineView.maximumZoom)
        case .character("-"): zoom = max(zoom / 2, 1)
        case .character("0"): zoom = 1
        case .character("h"), .left: center -= 0.25 / zoom
        case .character("l"), .right: center += 0.25 / zoom
        default: return list.handle(key, count: count, height: max(1, height - 1))
        }
        let half = 0.5 / zoom
        center = min(max(center, half), 1 - half)
        return true
    }

    /// The part of the whole time that is seen, in milliseconds.
    func window(of timeline: Timeline) -> (start: Double, length: Double) {
        let whole = Double(timeline.end - timeline.start)
        let length = max(whole / zoom, 1)
        return (Double(timeline.start) + whole * center - length / 2, length)
    }

    // MARK: Drawing

    /// The least columns for bars; below them labels and details give way.
    static let leastBars = 12

    public func draw(_ timeline: Timeline, into frame: inout Frame, in area: Rect, theme: Theme) {
        guard area.height > 1, area.width > 2 else { return }
        let widest =
            timeline.rows.lazy.map {
                TextWidth.columns(of: GraphLimits.cut($0.label, to: GraphLimits.maximumLabel))
            }.max() ?? 0
        let label = min(widest + 5, max(2, area.width - TimelineView.leastBars))
        let detail = area.width - label >= TimelineView.leastBars + 8 ? 9 : 0
        var axis = area
        let body = axis.takeBottom(area.height - 1)
        let bars = Rect(
            x: area.x + min(label, area.width / 2), y: area.y,
            width: area.width - min(label, area.width / 2) - detail, height: area.height)
        let ticks = TimelineTicks(self, timeline, width: bars.width)
        ticks.draw(into: &frame, in: axis, bars: bars, theme: theme)
        let window = list.window(count: timeline.rows.count, height: body.height)
        for (line, row) in window.enumerated() {
            let place = Rect(x: area.x, y: body.y + line, width: area.width, height: 1)
            draw(timeline.rows[row], isCursor: row == list.cursor, in: place, bars, &frame, theme)
            drawBars(timeline, timeline.rows[row], y: place.y, bars, &frame, theme)
        }
    }

    private func draw(
        _ row: Timeline.Row, isCursor: Bool, in place: Rect, _ bars: Rect, _ frame: inout Frame,
        _ theme: Theme
    ) {
        if isCursor { frame.fill(place, style: theme[.selection]) }
        let style = isCursor ? theme[.selection] : theme[row.role]
        frame.put(row.sign, at: Point(x: place.x, y: place.y), style: style, in: place)
        let name = Rect(x: place.x + 2, y: place.y, width: bars.x - place.x - 5, height: 1)
        let text = GraphLimits.cut(row.label, to: GraphLimits.maximumLabel)
        frame.putLine(text, in: name, style: row.isCritical ? style.with(.bold) : style)
        if row.isCritical {
            let at = Point(x: bars.x - 2, y: place.y)
            frame.put(frame.glyphs.marked, at: at, style: theme[.accent], in: place)
        }
        let detail = Rect(
            x: bars.maxX + 1, y: place.y, width: place.maxX - bars.maxX - 1, height: 1)
        frame.putLine(row.detail, in: detail, style: isCursor ? style : theme[.muted])
    }

    private func drawBars(
        _ timeline: Timeline, _ row: Timeline.Row, y: Int, _ bars: Rect, _ frame: inout Frame,
        _ theme: Theme
    ) {
        let (start, length) = window(of: timeline)
        let scale = Double(bars.width) / length
        for segment in row.segments {
            let from = (Double(segment.start) - start) * scale
            let to = (Double(segment.end ?? timeline.end) - start) * scale
            guard to >= 0, from < Double(bars.width) else { continue }
            let first = Int(max(0, from))
            // What was too short for a cell is seen all the same.
            let last = max(first + 1, min(bars.width, Int(min(to, Double(bars.width)).rounded())))
            let sign: Character
            let style: Style
            switch segment.kind {
            case .working: (sign, style) = (frame.glyphs.full, theme[row.role])
            case .waiting: (sign, style) = (frame.glyphs.trough, theme[.statusWaiting])
            case .failedAttempt: (sign, style) = ("▒", theme[.statusFailed])
            }
            let run = String(repeating: sign, count: last - first)
            frame.put(run, at: Point(x: bars.x + first, y: y), style: style, in: bars)
        }
    }
}

/// Round moments on the axis, far enough apart for their labels.
struct TimelineTicks {
    /// Milliseconds from the start of the whole, and the column.
    let ticks: [(milliseconds: Double, column: Int)]
    let step: Double

    private static let leastColumns = 12.0
    private static let steps: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3,
        600e3, 900e3, 1800e3, 3600e3, 7200e3, 14_400e3, 28_800e3, 43_200e3, 86_400e3, 172_800e3,
        604_800e3, 1_209_600e3, 2_592_000e3, 7_776_000e3, 31_536_000e3,
    ]

    init(_ view: TimelineView, _ timeline: Timeline, width: Int) {
        let (start, length) = view.window(of: timeline)
        let wanted = length * TimelineTicks.leastColumns / Double(max(width, 1))
        step = TimelineTicks.steps.first { $0 >= wanted } ?? max(wanted, 1)
        let offset = start - Double(timeline.start)
        var ticks: [(Double, Int)] = []
        var next = (max(offset, 0) / step).rounded(.up) * step
        while next <= offset + length, ticks.count <= width {
            let column = Int((next - offset) / length * Double(width))
            if column < width { ticks.append((next, column)) }
            next += step
        }
        self.ticks = ticks
    }

    func draw(into frame: inout Frame, in axis: Rect, bars: Rect, theme: Theme) {
        let line = Rect(x: bars.x, y: axis.y, width: axis.maxX - bars.x, height: 1)
        for tick in ticks {
            let at = Point(x: bars.x + tick.column, y: axis.y)
            let text = "│" + TimelineTicks.text(tick.milliseconds, step: step)
            frame.put(text, at: at, style: theme[.chartAxis], in: line)
        }
    }

    /// As exact as the step needs: `0`, `250ms`, `1.5s`, `90s`, `5m`, `2h`, `3d`.
    static func text(_ milliseconds: Double, step: Double) -> String {
        guard milliseconds > 0 else { return "0" }
        func units(_ unit: Double, _ name: String) -> String {
            let tenths = (milliseconds / unit * 10).rounded()
            return
                (tenths.truncatingRemainder(dividingBy: 10) == 0
                ? String(Int(tenths / 10)) : "\(tenths / 10)") + name
        }
        switch step {
        case ..<100: return units(1, "ms")
        case ..<60e3: return units(1e3, "s")
        case ..<3600e3: return units(60e3, "m")
        case ..<86_400e3: return units(3600e3, "h")
        default: return units(86_400e3, "d")
        }
    }
}
