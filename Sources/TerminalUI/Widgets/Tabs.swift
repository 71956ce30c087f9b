/// A row of names, one of which is open.
public struct Tabs: Hashable, Sendable {
    public var titles: [String]
    /// The open one; always one of `titles` unless there is none.
    public private(set) var selected: Int

    private static let gap = 2

    public init(_ titles: [String], selected: Int = 0) {
        self.titles = titles
        self.selected = max(0, min(selected, titles.count - 1))
    }

    public mutating func select(_ index: Int) {
        selected = max(0, min(index, titles.count - 1))
    }

    /// `[` and `]` go around. False for other keys.
    public mutating func handle(_ key: Key) -> Bool {
        guard !titles.isEmpty else { return false }
        switch key {
        case .character("["): selected = (selected + titles.count - 1) % titles.count
        case .character("]"): selected = (selected + 1) % titles.count
        default: return false
        }
        return true
    }

    /// The places of the titles that fit, the open one always among them.
    private func places(in rect: Rect) -> [(index: Int, place: Rect)] {
        guard !rect.isEmpty, titles.indices.contains(selected) else { return [] }
        let widths = titles.map { TextWidth.columns(of: $0) + 2 }
        // Room for an arrow at each end, when not all fit.
        let all = widths.reduce(0, +)
        let room = all <= rect.width ? rect.row(0) : rect.row(0).inset(horizontal: 2, vertical: 0)
        var first = 0
        while first < selected, widths[first...selected].reduce(0, +) > room.width { first += 1 }
        var x = room.x
        var placed: [(Int, Rect)] = []
        for index in first..<titles.count {
            let width = min(widths[index], room.maxX - x)
            guard width == widths[index] || index == selected, width > 0 else { break }
            placed.append((index, Rect(x: x, y: room.y, width: width, height: 1)))
            x += width
        }
        return placed
    }

    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let placed = places(in: rect)
        for (index, place) in placed {
            let inner = place.width > 2 ? place.inset(horizontal: 1, vertical: 0) : place
            let role: Role = index == selected ? .tabActive : .tab
            frame.putLine(titles[index], in: inner, style: theme[role])
        }
        guard let first = placed.first, let last = placed.last, rect.width > 4 else { return }
        let glyphs = frame.glyphs
        if first.index > 0 {
            frame.put(glyphs.arrowLeft, at: Point(x: rect.x, y: rect.y), style: theme[.muted])
        }
        if last.index < titles.count - 1 {
            frame.put(
                glyphs.arrowRight, at: Point(x: rect.maxX - 1, y: rect.y), style: theme[.muted])
        }
    }

    /// The title under a point, for the mouse.
    public func title(at point: Point, in rect: Rect) -> Int? {
        places(in: rect).first { $0.place.contains(point) }?.index
    }
}
