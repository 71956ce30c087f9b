/// A bar one column wide that shows which part of a list is in the window.
public struct Scrollbar: Hashable, Sendable {
    public var offset: Int
    public var visible: Int
    public var total: Int

    public init(offset: Int, visible: Int, total: Int) {
        self.offset = offset
        self.visible = visible
        self.total = total
    }

    /// The rows of the thumb in a track of `height`; nil when everything is in the window.
    public func thumb(height: Int) -> Range<Int>? {
        guard height > 0, visible > 0, total > visible else { return nil }
        let share = Double(height) * Double(visible) / Double(total)
        let length = max(1, min(height - 1, Int(share + 0.5)))
        let space = height - length
        let last = total - visible
        let at = min(max(0, offset), last)
        var start = Int(Double(space) * Double(at) / Double(last) + 0.5)
        // Only the very first and last rows are shown as the ends.
        if at > 0, start == 0, space > 1 { start = 1 }
        if at < last, start == space, space > 1 { start = space - 1 }
        return start..<min(height, start + max(1, length))
    }

    /// Draws into the last column of `rect`; nothing when everything is in the window.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard rect.width > 0, let thumb = thumb(height: rect.height) else { return }
        let glyphs = frame.glyphs
        let track = Rect(x: rect.maxX - 1, y: rect.y, width: 1, height: rect.height)
        frame.fill(track, with: glyphs.scrollTrack, style: theme[.scrollbar])
        let bar = Rect(x: track.x, y: track.y + thumb.lowerBound, width: 1, height: thumb.count)
        frame.fill(bar, with: glyphs.scrollThumb, style: theme[.muted])
    }
}
