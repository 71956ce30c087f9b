/// How much of something is done, in eighths of a cell.
public struct ProgressBar: Hashable, Sendable {
    /// From 0 to 1; anything else is clamped.
    public var fraction: Double
    /// Puts the percentage behind the bar, where six columns and more remain for it.
    public var showsPercent: Bool

    public init(_ fraction: Double, showsPercent: Bool = false) {
        self.fraction = fraction.isNaN ? 0 : min(1, max(0, fraction))
        self.showsPercent = showsPercent
    }

    private static let percentColumns = 5
    private static let leastBar = 3

    /// Whole percents, rounded down: 100 means done.
    public var percent: Int { Int(fraction * 100) }

    public func draw(
        into frame: inout Frame, in rect: Rect, theme: Theme, style: Style? = nil
    ) {
        guard !rect.isEmpty else { return }
        var bar = rect.row(0)
        let filled = style ?? theme[.progress]
        if showsPercent {
            let number =
                bar.width >= ProgressBar.percentColumns + ProgressBar.leastBar
                ? bar.takeRight(ProgressBar.percentColumns) : bar.takeRight(bar.width)
            frame.putLine("\(percent)%", in: number, style: theme[.text], alignment: .right)
        }
        let glyphs = frame.glyphs
        let eighths = Int(fraction * Double(bar.width * 8))
        frame.fill(bar, with: glyphs.trough, style: theme[.progressTrough])
        frame.fill(bar.takeLeft(eighths / 8), with: glyphs.full, style: filled)
        if eighths % 8 > 0, !bar.isEmpty {
            frame.put(glyphs.eighths[eighths % 8 - 1], at: Point(x: bar.x, y: bar.y), style: filled)
        }
    }
}
