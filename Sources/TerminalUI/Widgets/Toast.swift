/// A short message at the edge of the screen. When it goes is its owner's affair.
public struct Toast: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case info, success, warning, error }

    public var text: String
    public var kind: Kind

    public init(_ text: String, kind: Kind = .info) {
        self.text = text
        self.kind = kind
    }

    private static let widest = 60
    private static let mostLines = 4

    private func sign(_ glyphs: Glyphs) -> Character {
        switch kind {
        case .info: glyphs.bullet
        case .success: glyphs.completed
        case .warning: glyphs.warning
        case .error: glyphs.failed
        }
    }

    private var role: Role {
        switch kind {
        case .info: .toast
        case .success: .success
        case .warning: .warning
        case .error: .error
        }
    }

    /// Draws toasts above each other in the lower right corner of `rect`, the last one lowest.
    /// Those that find no room are left out, the oldest first.
    public static func draw(
        _ toasts: [Toast], into frame: inout Frame, in rect: Rect, theme: Theme
    ) {
        var room = rect
        for toast in toasts.reversed() {
            let width = min(widest, room.width - 2)
            guard width > 8 else { return }
            var lines = TextWidth.wrap(toast.text, to: width - 4)
            if lines.count > mostLines {
                lines = Array(lines.prefix(mostLines))
                lines[mostLines - 1] += " …"
            }
            guard room.height >= lines.count else { return }
            let columns = (lines.map { TextWidth.columns(of: $0) }.max() ?? 0) + 4
            let area = room.takeBottom(lines.count)
            let place = Rect(
                x: area.maxX - min(columns, width) - 1, y: area.y, width: min(columns, width),
                height: area.height)
            toast.draw(lines, into: &frame, in: place, theme: theme)
        }
    }

    private func draw(
        _ lines: [String], into frame: inout Frame, in place: Rect, theme: Theme
    ) {
        let style = theme[.toast]
        frame.fill(place, style: style)
        let sign = theme[role].on(style.background).with(style.attributes)
        frame.put(self.sign(frame.glyphs), at: Point(x: place.x + 1, y: place.y), style: sign)
        for (index, line) in lines.enumerated() {
            var row = place.row(index)
            _ = row.takeLeft(3)
            frame.putLine(line, in: row, style: style)
        }
    }
}
