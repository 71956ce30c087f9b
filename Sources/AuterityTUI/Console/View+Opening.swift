import TerminalUI

extension Model {
    /// The widest text, in columns.
    private static let widestFailure = 72

    func drawOpening(into frame: inout Frame, in area: Rect) {
        let text = "  opening\(frame.glyphs.ellipsis)  "
        let place = area.centered(Size(width: TextWidth.columns(of: text), height: 1))
        frame.putLine(text, in: place, style: theme[.dialog])
    }

    /// Why there is nothing to be seen, in whole: what to do stands at the end of the sentence.
    func drawFailure(_ reason: String, into frame: inout Frame, in area: Rect) {
        let columns = min(Model.widestFailure, max(1, area.width - 4))
        let lines = TextWidth.wrap(SafeText.line(reason), to: columns)
        let others = servers.count > 1 ? "   P other servers" : ""
        let keys = "\(spelledEnter) try again\(others)   q quit"
        let isRoomy = area.height >= lines.count + 4
        let size = Size(
            width: columns + 4, height: min(area.height, lines.count + (isRoomy ? 4 : 2)))
        let place = area.centered(size)
        let style = theme[.dialog]
        frame.fill(place, style: style)
        Pane.box(into: &frame, in: place, style: theme[.error].on(style.background))
        frame.putLine(
            " \(frame.glyphs.failed) Not open ",
            in: place.row(0).inset(horizontal: 2, vertical: 0),
            style: theme[.error].on(style.background))
        var inside = place.inset(horizontal: 2, vertical: 1)
        if isRoomy {
            frame.putLine(
                keys, in: inside.takeBottom(1), style: theme[.muted].on(style.background))
        }
        for (row, line) in lines.prefix(inside.height).enumerated() {
            frame.putLine(line, in: inside.row(row), style: style)
        }
    }

    private var spelledEnter: String { charset == .ascii ? "Enter" : Key.enter.name }
}
