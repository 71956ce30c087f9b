/// A key and what it does here.
public struct KeyHint: Hashable, Sendable {
    public var key: String
    public var label: String
    /// Hints with the lowest number are dropped first when space is short.
    public var priority: Int

    public init(_ key: String, _ label: String, priority: Int = 0) {
        self.key = key
        self.label = label
        self.priority = priority
    }

    var columns: Int { TextWidth.columns(of: key) + 1 + TextWidth.columns(of: label) }
}

/// A line with key hints at the left and a text or hints at the right.
public struct StatusBar: Hashable, Sendable {
    public var hints: [KeyHint]
    /// Hints at the right edge: how to leave.
    public var trailing: [KeyHint]

    private static let gap = 3

    public init(hints: [KeyHint], trailing: [KeyHint] = []) {
        self.hints = hints
        self.trailing = trailing
    }

    /// The hints that fit into `width` columns, in their order.
    public func fitting(_ width: Int) -> (hints: [KeyHint], trailing: [KeyHint]) {
        var entries = hints.map { (hint: $0, trails: false) }
        entries += trailing.map { (hint: $0, trails: true) }
        func columns() -> Int {
            entries.reduce(0) { $0 + $1.hint.columns } + StatusBar.gap * max(0, entries.count - 1)
        }
        while !entries.isEmpty, columns() > width {
            let victim = entries.indices.min { left, right in
                let first = entries[left].hint.priority
                let second = entries[right].hint.priority
                return first == second ? left > right : first < second
            }
            if let victim { entries.remove(at: victim) }
        }
        return (
            entries.filter { !$0.trails }.map(\.hint), entries.filter { $0.trails }.map(\.hint)
        )
    }

    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        let style = theme[.footer]
        let line = rect.row(0)
        frame.fill(line, style: style)
        let inner = line.width > 2 ? line.inset(horizontal: 1, vertical: 0) : line
        let shown = fitting(inner.width)
        var x = inner.x
        for hint in shown.hints {
            x += put(hint, into: &frame, x: x, in: inner, theme: theme) + StatusBar.gap
        }
        let width =
            shown.trailing.reduce(0) { $0 + $1.columns }
            + StatusBar.gap * max(0, shown.trailing.count - 1)
        x = inner.maxX - width
        for hint in shown.trailing {
            x += put(hint, into: &frame, x: x, in: inner, theme: theme) + StatusBar.gap
        }
    }

    private func put(
        _ hint: KeyHint, into frame: inout Frame, x: Int, in rect: Rect, theme: Theme
    ) -> Int {
        var line = TextLine(hint.key, style: theme[.key])
        line.append(" " + hint.label, style: theme[.footer])
        return frame.put(line, at: Point(x: x, y: rect.y), in: rect)
    }
}
