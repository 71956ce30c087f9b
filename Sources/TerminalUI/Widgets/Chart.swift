/// Courses of values in a coordinate system: lines of braille dots, or one area of blocks.
public struct Chart: Sendable {
    public struct Series: Hashable, Sendable {
        public var name: String
        public var role: Role
        /// At equal distances, the oldest first; `nil` where nothing was measured.
        public var values: [Double?]

        public init(_ name: String, role: Role, values: [Double?]) {
            self.name = name
            self.role = role
            self.values = values
        }
    }

    public enum Form: Hashable, Sendable {
        case lines
        /// The first series as blocks from the axis up.
        case area
    }

    public var series: [Series]
    public var form: Form
    /// The ends of the scale; taken from the values where `nil`, 0 included.
    public var minimum: Double?
    public var maximum: Double?
    /// What stands under the left and the right end.
    public var start: String
    public var end: String
    /// How values are written at the scale.
    public var format: @Sendable (Double) -> String

    public init(
        _ series: [Series], form: Form = .lines, minimum: Double? = nil, maximum: Double? = nil,
        start: String = "", end: String = "",
        format: @escaping @Sendable (Double) -> String = Chart.plainNumber
    ) {
        self.series = series
        self.form = form
        self.minimum = minimum
        self.maximum = maximum
        self.start = start
        self.end = end
        self.format = format
    }

    /// At most three digits that mean something: `0.25`, `12`, `1.5k`, `3M`.
    public static func plainNumber(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if abs(value) >= 1e15 { return value < 0 ? "<-999T" : ">999T" }
        let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
        for (unit, name) in units where abs(value) >= unit {
            return number(value / unit) + name
        }
        return number(value)
    }

    private static func number(_ value: Double) -> String {
        let scale: Double = abs(value) < 1 ? 100 : abs(value) < 10 ? 10 : 1
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
    }

    /// The values in at most `count` stretches of equal length, each by its greatest; as they
    /// are when there are no more than that.
    static func buckets(_ values: [Double?], count: Int) -> [Double?] {
        guard count > 0 else { return [] }
        guard values.count > count else { return values }
        return (0..<count).map { bucket in
            let range = bucket * values.count / count..<(bucket + 1) * values.count / count
            return values[range].compactMap { $0 }.filter(\.isFinite).max()
        }
    }

    // MARK: Drawing

    /// The narrowest place in which a chart says something.
    public static let leastWidth = 12
    /// The narrowest place that gets a scale.
    static let leastScaled = 20

    /// Draws into all of `rect`: the plot, the scale at its left, and under it, where three rows
    /// and more are there, the axis with its labels.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        let (low, high) = scale
        var plot = rect
        var labels: [String] = []
        if rect.width >= Chart.leastScaled {
            labels = [format(high), format(low)]
            let columns = labels.map { TextWidth.columns(of: $0) }.max() ?? 0
            let gutter = plot.takeLeft(min(columns, rect.width / 3) + 1)
            let hasAxis = rect.height >= 3
            let bottom = max(rect.y, rect.maxY - (hasAxis ? 2 : 1))
            drawScale(labels, in: gutter, bottom: bottom, &frame, theme)
        }
        if rect.height >= 3 { drawAxis(in: plot.takeBottom(1), &frame, theme) }
        if form == .area, let first = series.first {
            drawArea(first, in: plot, low: low, high: high, &frame, theme)
        } else {
            for one in series { drawLine(one, in: plot, low: low, high: high, &frame, theme) }
        }
    }

    /// The ends of the scale; never the same.
    private var scale: (Double, Double) {
        var low = Double.infinity
        var high = -Double.infinity
        for value in series.lazy.flatMap(\.values) {
            guard let value, value.isFinite else { continue }
            low = min(low, value)
            high = max(high, value)
        }
        let bottom = minimum ?? (low.isFinite ? min(0, low) : 0)
        let top = maximum ?? (high.isFinite ? max(0, high) : 1)
        return (bottom, top > bottom ? top : bottom + 1)
    }

    /// Where a value stands between two others, from 0 to 1. Halved, so that no difference
    /// exceeds what a number can be.
    private static func fraction(of value: Double, from low: Double, to high: Double) -> Double {
        let fraction = (value / 2 - low / 2) / (high / 2 - low / 2)
        return fraction.isFinite ? min(max(fraction, 0), 1) : 0
    }

    private func drawScale(
        _ labels: [String], in gutter: Rect, bottom: Int, _ frame: inout Frame, _ theme: Theme
    ) {
        for (label, y) in zip(labels, [gutter.y, bottom]) where y == gutter.y || y > gutter.y {
            let line = Rect(x: gutter.x, y: y, width: gutter.width - 1, height: 1)
            frame.putLine(label, in: line, style: theme[.chartAxis], alignment: .right)
        }
    }

    private func drawAxis(in line: Rect, _ frame: inout Frame, _ theme: Theme) {
        let style = theme[.chartAxis]
        let width = TextWidth.columns(of: end)
        frame.putLine(start, in: line, style: style)
        let room = line.width - TextWidth.columns(of: start) - 1
        if width <= room { frame.putLine(end, in: line, style: style, alignment: .right) }
    }

    private func drawArea(
        _ series: Series, in plot: Rect, low: Double, high: Double, _ frame: inout Frame,
        _ theme: Theme
    ) {
        let bars = Chart.buckets(series.values, count: plot.width)
        let left = plot.maxX - bars.count
        for (index, value) in bars.enumerated() {
            guard let value, value.isFinite else { continue }
            let fraction = Chart.fraction(of: value, from: low, to: high)
            let eighths = Int((fraction * Double(plot.height * 8)).rounded())
            for row in 0..<plot.height {
                let filled = min(8, eighths - row * 8)
                // A value that was measured is seen, even if it is nothing.
                guard filled > 0 || row == 0 else { break }
                frame.put(
                    frame.glyphs.sparks[max(0, filled - 1)],
                    at: Point(x: left + index, y: plot.maxY - 1 - row), style: theme[series.role],
                    in: plot)
            }
        }
    }

    private func drawLine(
        _ series: Series, in plot: Rect, low: Double, high: Double, _ frame: inout Frame,
        _ theme: Theme
    ) {
        var canvas = BrailleCanvas(size: plot.size)
        let points = Chart.buckets(series.values, count: plot.width * 2)
        guard !points.isEmpty, plot.height > 0 else { return }
        let dots = plot.height * 4 - 1
        // Fewer values than dots are spread over the whole width.
        let step = points.count > 1 ? Double(plot.width * 2 - 1) / Double(points.count - 1) : 0
        var last: Point?
        for (index, value) in points.enumerated() {
            guard let value, value.isFinite else {
                last = nil
                continue
            }
            let fraction = Chart.fraction(of: value, from: low, to: high)
            let point = Point(
                x: Int((Double(index) * step).rounded()),
                y: dots - Int((fraction * Double(dots)).rounded()))
            canvas.line(from: last ?? point, to: point)
            last = point
        }
        canvas.draw(into: &frame, at: Point(x: plot.x, y: plot.y), style: theme[series.role])
    }
}

/// Dots, two wide and four high a cell.
struct BrailleCanvas {
    private let size: Size
    private var cells: [UInt8]

    init(size: Size) {
        self.size = size
        cells = Array(repeating: 0, count: size.width * size.height)
    }

    /// Bit by row and column, as Unicode numbers the dots.
    private static let bits: [[UInt8]] = [
        [0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80],
    ]

    mutating func set(_ point: Point) {
        let x = point.x / 2
        let y = point.y / 4
        guard point.x >= 0, point.y >= 0, x < size.width, y < size.height else { return }
        cells[y * size.width + x] |= BrailleCanvas.bits[point.y % 4][point.x % 2]
    }

    /// By Bresenham's algorithm.
    mutating func line(from: Point, to: Point) {
        var point = from
        let width = abs(to.x - from.x)
        let height = -abs(to.y - from.y)
        let stepX = (to.x - from.x).signum()
        let stepY = (to.y - from.y).signum()
        var error = width + height
        set(point)
        while point != to {
            let double = 2 * error
            if double >= height {
                error += height
                point.x += stepX
            }
            if double <= width {
                error += width
                point.y += stepY
            }
            set(point)
        }
    }

    func draw(into frame: inout Frame, at corner: Point, style: Style) {
        for (index, dots) in cells.enumerated() where dots != 0 {
            let at = Point(x: corner.x + index % size.width, y: corner.y + index / size.width)
            frame.put(frame.glyphs.braille(dots), at: at, style: style)
        }
    }
}
