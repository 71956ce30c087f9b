import AuterityAPI
import AuterityClient
import TerminalUI

extension Model {
    /// The whole screen as it is to be seen now.
    func view() -> Frame {
        var frame = Frame(size: size, charset: charset, style: theme[.background])
        let layout = ScreenLayout(size: size, of: self)
        guard !layout.isTooSmall else {
            drawTooSmall(into: &frame)
            return frame
        }
        let screen = trail.top.screen
        // Without a server there is nothing to show, and nothing that is on its way.
        let isVoid = opening.hasFailed && needsServer
        if !isVoid { screen.draw(into: &frame, in: layout.body, context: context) }
        drawOpening(into: &frame, in: layout.body)
        // Bold would undo it: many terminals show both as neither.
        if isStale { frame.restyle(layout.body) { $0.dimmed } }
        HeaderLine(model: self).draw(into: &frame, in: layout.header)
        drawBanner(into: &frame, in: layout.banner)
        drawFooter(into: &frame, in: layout.footer)
        let toastArea = overlay == nil ? layout.body : Rect(x: 0, y: 0, width: 0, height: 0)
        Toast.draw(toasts.map(\.toast), into: &frame, in: toastArea, theme: theme)
        drawOverlay(into: &frame, layout: layout)
        if isPlain { Model.removeLines(from: &frame) }
        frame.title = "auterity \(frame.glyphs.separator) \(screen.title)"
        return frame
    }

    /// Whether what is shown may be out of date.
    private var isStale: Bool {
        guard case .open = opening else { return false }
        return line.isBroken
    }

    private func drawTooSmall(into frame: inout Frame) {
        let least = Model.smallestSize
        let times = charset == .unicode ? "×" : "x"
        let text =
            "auterity needs \(least.width)\(times)\(least.height), "
            + "here are \(size.width)\(times)\(size.height)"
        for (row, line) in TextWidth.wrap(text, to: max(1, size.width)).enumerated() {
            frame.putLine(line, in: frame.bounds.row(row), style: theme[.warning])
        }
    }

    private func drawFooter(into frame: inout Frame, in area: Rect) {
        guard !area.isEmpty else { return }
        if case .command? = overlay { return }
        let screen = trail.top.screen
        var hints = allowed(screen.bindings(in: context)).filter { $0.priority >= 0 }
            .map(\.hint)
        if opening.hasFailed, needsServer { hints = failureHints }
        var trailing: [KeyHint] = []
        if !screen.capturesText {
            let isRoot = trail.places.count == 1
            // A key that the screen takes for itself does nothing else here.
            let taken = Set(hints.map(\.key))
            hints += GlobalKeys.bindings.filter {
                $0.priority >= 0 && $0.action != GlobalKeys.quit
                    && !(isRoot && $0.action == GlobalKeys.back)
            }.map(\.hint).filter { !taken.contains($0.key) }
            trailing = GlobalKeys.bindings.filter { $0.action == GlobalKeys.quit }.map(\.hint)
        }
        if let activityText {
            trailing = [KeyHint(String(frame.glyphs.running), activityText, priority: 20)]
        }
        StatusBar(hints: hints.map(spelled), trailing: trailing.map(spelled)).draw(
            into: &frame, in: area, theme: theme)
    }

    /// A hint in the characters that the terminal has.
    private func spelled(_ hint: KeyHint) -> KeyHint {
        guard charset == .ascii, hint.key == Key.enter.name else { return hint }
        return KeyHint("Enter", hint.label, priority: hint.priority)
    }

    private func drawOverlay(into frame: inout Frame, layout: ScreenLayout) {
        switch overlay {
        case nil: break
        case .question(_, _, let dialog)?, .leaving(_, let dialog)?:
            frame.cursor = nil
            dialog.draw(into: &frame, in: layout.body, theme: theme)
        case .prompt(_, let prompt, let field)?:
            draw(prompt, field, into: &frame, in: layout.body)
        case .command(let line)?:
            line.draw(into: &frame, in: layout.footer, above: layout.body, model: self)
        case .picker(let picker, _)?:
            picker.draw(into: &frame, in: layout.body, theme: theme)
        case .confirming(let held)?:
            held.dialog.draw(into: &frame, in: layout.body, theme: theme)
        case .login(let form)?: form.draw(into: &frame, in: layout.body, theme: theme)
        case .unreached(_, let dialog)?:
            frame.cursor = nil
            dialog.draw(into: &frame, in: layout.body, theme: theme)
        }
    }

    private func draw(
        _ prompt: Prompt, _ field: TextField, into frame: inout Frame, in area: Rect
    ) {
        let width = min(area.width, 66)
        let place = area.centered(Size(width: width, height: 5))
        guard place.width > 6, place.height > 2 else { return }
        let style = theme[.dialog]
        frame.fill(place, style: style)
        Pane.box(into: &frame, in: place, style: theme[.dialogBorder])
        frame.putLine(
            " \(prompt.title) ", in: place.row(0).inset(horizontal: 2, vertical: 0),
            style: theme[.heading].on(style.background))
        let inside = place.inset(horizontal: 2, vertical: 1)
        let keys = "\(frame.glyphs.enter) confirm   Esc cancel"
        if inside.height > 2 {
            frame.putLine(
                keys, in: inside.row(2), style: theme[.muted].on(style.background))
        }
        field.draw(
            into: &frame, in: inside.row(0), theme: theme, style: theme[.inputFocused],
            isFocused: true, hint: prompt.hint)
    }

    /// Takes the lines of boxes away, so that a selection holds text alone.
    private static func removeLines(from frame: inout Frame) {
        let glyphs = frame.glyphs
        let lines: Set<Character> = [
            glyphs.horizontal, glyphs.vertical, glyphs.topLeft, glyphs.topRight,
            glyphs.bottomLeft, glyphs.bottomRight, glyphs.teeLeft, glyphs.teeRight,
            glyphs.teeTop, glyphs.teeBottom, glyphs.cross, glyphs.scrollThumb,
        ]
        // In ASCII the lines are also signs that stand in text: only whole borders would do.
        guard frame.charset == .unicode else { return }
        for y in 0..<frame.size.height {
            for x in 0..<frame.size.width {
                guard let cell = frame[x, y], lines.contains(cell.character) else { continue }
                frame.put(" ", at: Point(x: x, y: y), style: cell.style)
            }
        }
    }
}

extension KeyBinding {
    /// For the footer.
    var hint: KeyHint { KeyHint(shown, label, priority: priority) }
}
