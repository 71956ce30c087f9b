import AuterityAPI
import AuterityClient
import TerminalUI

/// The first line: the product, whom one speaks to, where one is, how things are, and the time.
struct HeaderLine {
    let model: Model

    private var theme: Theme { model.theme }

    func draw(into frame: inout Frame, in line: Rect) {
        let style = theme[.header]
        frame.fill(line, style: style)
        let glyphs = frame.glyphs
        var room = line.inset(horizontal: 1, vertical: 0)
        let clock = TimeText.clock(model.now, utcOffset: model.options.utcOffset)
        let state = connection(glyphs)
        let tail = [state, TextLine(clock, style: style)]
        // What must not be lost stands at the right; the trail takes what is left.
        for piece in tail.reversed() where piece.columns + 2 <= room.width {
            let place = room.takeRight(piece.columns)
            frame.put(piece, at: Point(x: place.x, y: place.y), style: style, in: place)
            _ = room.takeRight(2)
        }
        let counts = counts(glyphs)
        let least = TextWidth.columns(of: "auterity" + mode) + 2 + placeColumns(glyphs)
        for text in counts where TextWidth.columns(of: text.text) + least + 4 <= room.width {
            let place = room.takeRight(text.columns)
            frame.put(text, at: Point(x: place.x, y: place.y), style: style, in: place)
            _ = room.takeRight(4)
            break
        }
        frame.putLine(left(glyphs, width: room.width), in: room, style: style)
    }

    // MARK: Where one is

    private func placeColumns(_ glyphs: Glyphs) -> Int {
        trail(glyphs).isEmpty ? 0 : min(30, TextWidth.columns(of: trail(glyphs)))
    }

    private func trail(_ glyphs: Glyphs) -> String {
        model.trail.places.dropFirst()
            .map { SafeText.line($0.screen.title, charset: model.charset, limit: 32) }
            .map { " \(glyphs.folded) \($0)" }.joined()
    }

    private func left(_ glyphs: Glyphs, width: Int) -> TextLine {
        var text = TextLine("auterity", style: theme[.heading].on(theme[.header].background))
        let trail = trail(glyphs)
        // What one may do here matters more than where it is kept.
        if TextWidth.columns(of: "auterity" + mode) <= width {
            text.append(mode, style: theme[.warning].on(theme[.header].background))
        }
        let name = "  \(glyphs.diamond) \(identity)"
        let needed = text.columns + TextWidth.columns(of: name + trail)
        if trail.isEmpty || needed <= width {
            text.append(name, style: theme[.header])
        }
        guard text.columns + TextWidth.columns(of: trail) > width else {
            text.append(trail, style: theme[.header])
            return text
        }
        // The end of the trail is where one is: its beginning goes first.
        let last = model.trail.top.screen.title
        text.append(" \(glyphs.folded) \(last)", style: theme[.header])
        return text
    }

    private var mode: String { model.options.isReadOnly ? "  read-only" : "" }

    private var identity: String {
        switch model.opening {
        case .opening: "opening"
        case .failed: "not open"
        case .open(let identity): identity.name
        }
    }

    // MARK: How things are

    /// The counts in words, and shorter for narrow terminals; the longest first.
    private func counts(_ glyphs: Glyphs) -> [TextLine] {
        guard let workflows = model.metrics?.workflows else { return [] }
        let header = theme[.header].background
        let items: [(count: Int, word: String, look: StatusLook)] = [
            (workflows.running, "running", ExecutionStatus.running.look(glyphs)),
            (workflows.waiting, "waiting", ExecutionStatus.waiting.look(glyphs)),
            (workflows.failedToday, "failed today", ExecutionStatus.failed.look(glyphs)),
        ]
        typealias Item = (count: Int, word: String, look: StatusLook)
        func line(_ text: (Item) -> String, between: String) -> TextLine {
            var line = TextLine()
            for (index, item) in items.enumerated() {
                if index > 0 { line.append(between, style: theme[.muted].on(header)) }
                let role: TerminalUI.Role = item.count == 0 ? .muted : item.look.role
                line.append(text(item), style: theme[role].on(header))
            }
            return line
        }
        return [
            line({ "\($0.count) \($0.word)" }, between: " \(glyphs.separator) "),
            line({ "\($0.look.sign)\($0.count)" }, between: " "),
        ]
    }

    private func connection(_ glyphs: Glyphs) -> TextLine {
        let header = theme[.header].background
        guard case .open = model.opening else {
            let role: TerminalUI.Role = model.opening == .opening ? .muted : .error
            return TextLine("\(glyphs.ring)", style: theme[role].on(header))
        }
        let (sign, word, role): (Character, String, TerminalUI.Role) =
            switch model.connection {
            case .live: (glyphs.dot, "live", .live)
            case .connecting: (glyphs.ring, "connecting", .muted)
            case .retrying: (glyphs.warning, "offline", .warning)
            case .resynchronizing: (glyphs.ring, "catching up", .warning)
            case .refused: (glyphs.failed, "refused", .error)
            }
        return TextLine("\(sign) \(word)", style: theme[role].on(header))
    }
}
