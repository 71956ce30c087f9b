import AuterityAPI
import TerminalUI

extension Model {
    /// The widest text, in columns.
    private static let widestFailure = 72

    /// Why nothing is to be seen yet. What has the keyboard stands alone: nothing behind it.
    func drawOpening(into frame: inout Frame, in area: Rect) {
        switch (opening, overlay) {
        case (.opening, nil), (.opening, .command?): drawWaiting(into: &frame, in: area)
        case (.failed(let reason, _), nil), (.failed(let reason, _), .command?):
            if needsServer { drawFailure(reason, into: &frame, in: area) }
        default: break
        }
    }

    /// What can be done where nothing is open.
    var failureHints: [KeyHint] {
        guard case .failed(_, let needsLogin) = opening else { return [] }
        return [
            KeyHint(Key.enter.name, needsLogin ? "log in" : "try again", priority: 9),
            KeyHint("P", "other servers", priority: 8),
        ]
    }

    private func drawWaiting(into frame: inout Frame, in area: Rect) {
        let waited = Int(now.seconds(since: openingSince).rounded())
        guard waited >= Model.patience else {
            let text = "  opening\(frame.glyphs.ellipsis)  "
            let place = area.centered(Size(width: TextWidth.columns(of: text), height: 1))
            frame.putLine(text, in: place, style: theme[.dialog])
            return
        }
        let place = server == .thisMachine ? "the store" : SafeText.line(server.address)
        let since = TimeText.clock(openingSince, utcOffset: options.utcOffset, withSeconds: true)
        let others = servers.count > 1 ? ":profile another server   " : ""
        let lines = [
            "  Waiting for \(place) since \(since) (\(waited) s)  ", "  \(others)q quit  ",
        ]
        let width = lines.map { TextWidth.columns(of: $0) }.max() ?? 0
        let box = area.centered(Size(width: min(width, area.width), height: lines.count))
        frame.fill(box, style: theme[.dialog])
        for (row, line) in lines.enumerated() {
            frame.putLine(line, in: box.row(row), style: theme[.dialog])
        }
    }

    /// Seconds after which one wants to know what is waited for.
    private static let patience = 3

    /// Why there is nothing to be seen, in whole: what to do stands at the end of the sentence.
    func drawFailure(_ reason: String, into frame: inout Frame, in area: Rect) {
        let columns = min(Model.widestFailure, max(1, area.width - 4))
        let lines = TextWidth.wrap(SafeText.line(reason), to: columns)
        let others = servers.count > 1 ? "   P or :profile other servers" : ""
        let keys = "\(spelledEnter) \(failureHints.first?.label ?? "")\(others)   q quit"
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
