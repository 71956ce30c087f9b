/// A border with a title, and what is said in the border: `╭─ 1 Workflows ───── 12 ─╮`.
public struct Pane: Hashable, Sendable {
    /// The key that moves the focus here.
    public var number: Int?
    public var title: String
    /// At the right of the upper border: a count, or what is filtered.
    public var detail: String
    /// At the right of the lower border: how old the data is.
    public var status: String
    public var isFocused: Bool
    /// Dims what says that the data is no longer fresh.
    public var isStale: Bool

    public init(
        _ title: String, number: Int? = nil, detail: String = "", status: String = "",
        isFocused: Bool = false, isStale: Bool = false
    ) {
        self.title = title
        self.number = number
        self.detail = detail
        self.status = status
        self.isFocused = isFocused
        self.isStale = isStale
    }

    /// The space inside of the border.
    public static func inside(_ rect: Rect) -> Rect {
        rect.width < 2 || rect.height < 2
            ? Rect(x: rect.x, y: rect.y, width: 0, height: 0) : rect.inset(by: 1)
    }

    /// Draws the border, blanks the inside, and returns it.
    @discardableResult
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) -> Rect {
        frame.fill(rect, style: theme[.text])
        let titleStyle = theme[isFocused ? .titleFocused : .title]
        let heading = (number.map { "\($0) " } ?? "") + title
        guard rect.width >= 2, rect.height >= 2 else {
            frame.putLine(heading, in: rect, style: titleStyle)
            return Pane.inside(rect)
        }
        let line = theme[isFocused ? .borderFocused : .border]
        Pane.box(into: &frame, in: rect, style: line)
        let top = rect.row(0).inset(horizontal: 2, vertical: 0)
        let muted = theme[isStale ? .stale : .muted]
        let used = label(heading, into: &frame, in: top, style: titleStyle, atRight: false)
        let detailRoom = Rect(
            x: top.x + used + 1, y: top.y, width: top.width - used - 1, height: 1)
        label(detail, into: &frame, in: detailRoom, style: muted, atRight: true)
        let bottom = rect.row(rect.height - 1).inset(horizontal: 2, vertical: 0)
        label(status, into: &frame, in: bottom, style: muted, atRight: true)
        return Pane.inside(rect)
    }

    /// A label in the border, with a blank at each side. At the right it is left out rather than
    /// cut: a number without its end would be a wrong number.
    @discardableResult
    private func label(
        _ text: String, into frame: inout Frame, in room: Rect, style: Style, atRight: Bool
    ) -> Int {
        guard !text.isEmpty, room.width >= 3 else { return 0 }
        let columns = TextWidth.columns(of: text)
        if atRight, columns + 2 > room.width { return 0 }
        let width = min(columns + 2, room.width)
        let place = Rect(
            x: atRight ? room.maxX - width : room.x, y: room.y, width: width, height: 1)
        frame.fill(place, style: style)
        frame.putLine(text, in: place.inset(horizontal: 1, vertical: 0), style: style)
        return width
    }

    /// A rectangle of lines with round corners; nothing when it is less than 2×2.
    public static func box(into frame: inout Frame, in rect: Rect, style: Style) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        let glyphs = frame.glyphs
        let right = rect.maxX - 1
        let bottom = rect.maxY - 1
        let across = rect.width - 2
        let down = rect.height - 2
        for y in [rect.y, bottom] {
            frame.fill(
                Rect(x: rect.x + 1, y: y, width: across, height: 1), with: glyphs.horizontal,
                style: style)
        }
        for x in [rect.x, right] {
            frame.fill(
                Rect(x: x, y: rect.y + 1, width: 1, height: down), with: glyphs.vertical,
                style: style)
        }
        frame.put(glyphs.topLeft, at: Point(x: rect.x, y: rect.y), style: style)
        frame.put(glyphs.topRight, at: Point(x: right, y: rect.y), style: style)
        frame.put(glyphs.bottomLeft, at: Point(x: rect.x, y: bottom), style: style)
        frame.put(glyphs.bottomRight, at: Point(x: right, y: bottom), style: style)
    }
}
