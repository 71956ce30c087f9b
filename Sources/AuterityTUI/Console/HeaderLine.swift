import AuterityAPI
import AuterityClient
import TerminalUI

/// The first line: the product, whom one speaks to, where one is, how things are, and the time.
/// In the colour of the profile, where it has one.
struct HeaderLine {
    let model: Model

    private var theme: Theme { model.theme }

    func draw(into frame: inout Frame, in line: Rect) {
        let style = headerStyle
        frame.fill(line, style: style)
        let glyphs = frame.glyphs
        var room = line.inset(horizontal: 1, vertical: 0)
        let clock = TimeText.clock(model.now, utcOffset: model.options.utcOffset)
        let least = leastColumns(glyphs)
        let states = connection(glyphs)
        // Everything of the state where there is room, else less of it; never the sign alone.
        let state =
            states.first { $0.columns + clock.count + 4 + least <= room.width }
            ?? states[states.count - 1]
        let tail = [state, TextLine(clock, style: style)]
        // What must not be lost stands at the right; the trail takes what is left.
        for piece in tail.reversed() where piece.columns + 2 <= room.width {
            let place = room.takeRight(piece.columns)
            frame.put(piece, at: Point(x: place.x, y: place.y), style: style, in: place)
            _ = room.takeRight(2)
        }
        for text in counts(glyphs) where text.columns + least + 4 <= room.width {
            let place = room.takeRight(text.columns)
            frame.put(text, at: Point(x: place.x, y: place.y), style: style, in: place)
            _ = room.takeRight(4)
            break
        }
        frame.putLine(left(glyphs, width: room.width), in: room, style: style)
    }

    // MARK: Colours

    private var headerStyle: Style {
        guard let color = model.server.color else { return theme[.header] }
        let (black, white) = (Color.indexed(16), Color.indexed(231))
        let isBright = (color.contrast(with: black) ?? 0) > (color.contrast(with: white) ?? 0)
        let text = isBright ? black : white
        return Style(foreground: text, background: color, attributes: .bold)
            .downsampled(to: model.colors, base: theme.base)
    }

    /// A role in the header: with its own colour where that can be read there.
    private func style(_ role: TerminalUI.Role) -> Style {
        let header = headerStyle
        guard model.server.color != nil else { return theme[role].on(header.background) }
        let contrast = theme[role].foreground.contrast(with: header.background) ?? 1
        return contrast < 4.5 ? header : theme[role].on(header.background)
    }

    // MARK: Where one is

    /// Columns that the left part is to have before anything else gets more than its least.
    private func leastColumns(_ glyphs: Glyphs) -> Int {
        let name = isNamed ? TextWidth.columns(of: "  ? \(identity)") : 0
        return TextWidth.columns(of: "auterity" + mode) + 2 + name + placeColumns(glyphs)
    }

    private func placeColumns(_ glyphs: Glyphs) -> Int {
        trail(glyphs).isEmpty ? 0 : min(30, TextWidth.columns(of: trail(glyphs)))
    }

    private func trail(_ glyphs: Glyphs) -> String {
        model.trail.places.dropFirst()
            .map { SafeText.line($0.screen.title, charset: model.charset, limit: 32) }
            .map { " \(glyphs.folded) \($0)" }.joined()
    }

    private func left(_ glyphs: Glyphs, width: Int) -> TextLine {
        let trail = trail(glyphs)
        let last =
            trail.isEmpty
            ? "" : " \(glyphs.folded) \(SafeText.line(model.trail.top.screen.title))"
        let name = "  \(glyphs.diamond) \(identity)"
        func line(_ product: String, _ name: String, _ trail: String) -> TextLine {
            var text = TextLine(product, style: style(.heading))
            // What one may do here matters more than where it is kept.
            if TextWidth.columns(of: product + mode) <= width {
                text.append(mode, style: style(.warning))
            }
            text.append(name, style: headerStyle)
            text.append(trail, style: headerStyle)
            return text
        }
        // Which server it is must be seen; of one's own store, where one is matters more.
        // The end of the trail is where one is: its beginning goes first.
        var choices = [line("auterity", name, trail)]
        if isNamed {
            let short = (mode.isEmpty ? "" : " ") + "\(glyphs.diamond) \(identity)"
            choices += [line("auterity", name, last), line("", short, last), line("", short, "")]
        } else if !trail.isEmpty {
            choices += [line("auterity", "", trail), line("auterity", "", last)]
        }
        return choices.first { $0.columns <= width } ?? choices[choices.count - 1]
    }

    /// Whether it is another server than one's own store: then its name goes before other things.
    private var isNamed: Bool {
        if case .open(let identity) = model.opening, identity.place != .embedded { return true }
        return model.server != .thisMachine
    }

    private var mode: String { model.isReadOnly ? "  read-only" : "" }

    private var identity: String {
        if let name = model.server.name { return SafeText.line(name) }
        switch model.opening {
        case .opening: return "opening"
        case .failed: return "not open"
        case .open(let identity): return SafeText.line(identity.name)
        }
    }

    // MARK: How things are

    /// The counts in words, and shorter for narrow terminals; the longest first.
    private func counts(_ glyphs: Glyphs) -> [TextLine] {
        guard let workflows = model.metrics?.workflows else { return [] }
        typealias Item = (count: Int, word: String, look: StatusLook)
        let items: [Item] = [
            (workflows.running, "running", ExecutionStatus.running.look(glyphs)),
            (workflows.waiting, "waiting", ExecutionStatus.waiting.look(glyphs)),
            (workflows.failedToday, "failed today", ExecutionStatus.failed.look(glyphs)),
        ]
        func line(_ text: (Item) -> String, between: String) -> TextLine {
            var line = TextLine()
            for (index, item) in items.enumerated() {
                if index > 0 { line.append(between, style: style(.muted)) }
                let role: TerminalUI.Role = item.count == 0 ? .muted : item.look.role
                line.append(text(item), style: style(role))
            }
            return line
        }
        return [
            line({ "\($0.count) \($0.word)" }, between: " \(glyphs.separator) "),
            line({ "\($0.look.sign)\($0.count)" }, between: " "),
        ]
    }

    /// How the line is, the longest text first.
    private func connection(_ glyphs: Glyphs) -> [TextLine] {
        guard case .open = model.opening else {
            let role: TerminalUI.Role = model.opening == .opening ? .muted : .error
            return [TextLine("\(glyphs.ring)", style: style(role))]
        }
        let (sign, words, role): (Character, [String], TerminalUI.Role) =
            switch model.line.state {
            case .live: (glyphs.dot, live, .live)
            case .connecting: (glyphs.ring, ["connecting"], model.line.isBroken ? .warning : .muted)
            case .retrying:
                (
                    glyphs.warning,
                    ["retrying in \(model.secondsToTry) s", "\(model.secondsToTry) s"], .warning
                )
            case .resynchronizing: (glyphs.ring, ["resynchronizing"], .warning)
            case .refused: (glyphs.failed, ["refused"], .error)
            }
        return words.map { TextLine("\(sign) \($0)", style: style(role)) }
    }

    /// With the time that calls take, where they go through a network.
    private var live: [String] {
        guard model.identity?.place == .network, let milliseconds = model.line.latency else {
            return ["live"]
        }
        return ["live \(Int(milliseconds.rounded())) ms", "live"]
    }
}
