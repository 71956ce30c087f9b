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
        // Whose state it is, and how the line is, come first: no trail is worth them.
        let essential = essentialColumns(glyphs)
        let states = connection(glyphs)
        let state =
            states.first { $0.columns + 2 + essential <= room.width } ?? states[states.count - 1]
        var tail = [state]
        let trailColumns = min(Self.leastTrail, TextWidth.columns(of: trail(glyphs)))
        if state.columns + clock.count + 4 + essential + trailColumns <= room.width {
            tail.append(TextLine(clock, style: style))
        }
        for piece in tail.reversed() where piece.columns + 2 <= room.width {
            let place = room.takeRight(piece.columns)
            frame.put(piece, at: Point(x: place.x, y: place.y), style: style, in: place)
            _ = room.takeRight(2)
        }
        let least = leastColumns(glyphs)
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

    /// Columns of the trail that the clock gives way to.
    private static let leastTrail = 14
    /// Columns of a title that still say something.
    private static let leastTitle = 6

    /// Columns of what is never left out: which server it is, and that nothing can be changed.
    private func essentialColumns(_ glyphs: Glyphs) -> Int {
        TextWidth.columns(of: isNamed ? short(glyphs) : "auterity" + mode)
    }

    /// Columns that the left part is to have before there are counts.
    private func leastColumns(_ glyphs: Glyphs) -> Int {
        let name = isNamed ? TextWidth.columns(of: "  ? \(shortest(glyphs))") : 0
        let trail = min(30, TextWidth.columns(of: trail(glyphs)))
        return TextWidth.columns(of: "auterity" + mode) + 2 + name + trail
    }

    /// The server without the product before it.
    private func short(_ glyphs: Glyphs) -> String {
        mode.trimmed + (mode.isEmpty ? "" : " ") + "\(glyphs.diamond) \(shortest(glyphs))"
    }

    /// The server, the longest name first. The path of a store gives way from the left: its end
    /// is what tells it from another.
    private func identities(_ glyphs: Glyphs) -> [String] {
        let whole = identity
        guard case .open(let open) = model.opening, open.place == .socket,
            model.server.name == nil, let start = whole.firstRange(of: " · ")
        else { return [whole] }
        let how = String(whole[..<start.upperBound])
        let parts = whole[start.upperBound...].split(separator: "/")
        let ends = parts.indices.dropFirst().map { index in
            "\(glyphs.ellipsis)/" + parts[index...].joined(separator: "/")
        }
        let last = parts.last.map { [String($0)] } ?? []
        return [whole] + ends.map { how + $0 } + ends + last
    }

    private func shortest(_ glyphs: Glyphs) -> String { identities(glyphs).last ?? identity }

    private var titles: [String] {
        model.trail.places.dropFirst().map {
            SafeText.line($0.screen.title, charset: model.charset, limit: 32)
        }
    }

    private func trail(_ glyphs: Glyphs) -> String { trail(of: titles, glyphs) }

    private func trail(of titles: [String], _ glyphs: Glyphs) -> String {
        titles.map { " \(glyphs.folded) \($0)" }.joined()
    }

    /// As much of the trail as there is room for. Its end is where one is: what lies between the
    /// beginning and the end goes first, then the beginning, then the middle of the title.
    private func trail(_ glyphs: Glyphs, width: Int) -> String {
        guard let first = titles.first, let last = titles.last else { return "" }
        let dots = String(glyphs.ellipsis)
        var forms = [titles]
        if titles.count > 2 { forms.append([first, dots, last]) }
        if titles.count > 1 { forms.append([dots, last]) }
        forms.append([last])
        let texts = forms.map { trail(of: $0, glyphs) }
        if let whole = texts.first(where: { TextWidth.columns(of: $0) <= width }) { return whole }
        let columns = width - TextWidth.columns(of: trail(of: [""], glyphs))
        guard columns >= Self.leastTitle else { return "" }
        return trail(of: [Self.cutInTheMiddle(last, to: columns, dots)], glyphs)
    }

    private static func cutInTheMiddle(_ text: String, to columns: Int, _ dots: String) -> String {
        var (head, tail) = (text[...], text[...])
        let room = columns - TextWidth.columns(of: dots)
        while TextWidth.columns(of: head) > (room + 1) / 2 { head.removeLast() }
        while TextWidth.columns(of: tail) > room / 2 { tail.removeFirst() }
        return head + dots + tail
    }

    private func left(_ glyphs: Glyphs, width: Int) -> TextLine {
        func line(_ product: String, _ name: String, isShort: Bool = false) -> TextLine {
            var text = TextLine(product, style: style(.heading))
            // What one may do here matters more than where it is kept.
            if !isShort, TextWidth.columns(of: product + mode) <= width {
                text.append(mode, style: style(.warning))
            }
            if isShort, !mode.isEmpty { text.append(mode.trimmed + " ", style: style(.warning)) }
            text.append(name, style: headerStyle)
            return text
        }
        let trail = trail(glyphs)
        let names = identities(glyphs)
        func with(_ name: String) -> TextLine {
            line("auterity", "  \(glyphs.diamond) \(name)")
        }
        // Which server it is must be seen; of one's own store, where one is matters more.
        let forms: [TextLine] =
            if isNamed {
                names.flatMap {
                    [with($0), line("", "\(glyphs.diamond) \($0)", isShort: true)]
                }
            } else {
                trail.isEmpty ? [with(identity)] : [with(identity), line("auterity", "")]
            }
        let room = width - TextWidth.columns(of: trail)
        var text = forms.first { $0.columns <= room } ?? forms[forms.count - 1]
        text.append(self.trail(glyphs, width: width - text.columns), style: headerStyle)
        return text
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
            case .live where model.line.lateness.seconds != nil: (glyphs.warning, late, .warning)
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

    /// Events come later than they should.
    private var late: [String] {
        let seconds = model.line.lateness.seconds ?? 0
        return ["\(seconds) s behind", "\(seconds) s late"]
    }

    /// With the time that calls take, where they go through a network.
    private var live: [String] {
        guard model.identity?.place == .network, let milliseconds = model.line.latency else {
            return ["live"]
        }
        return ["live \(Int(milliseconds.rounded())) ms", "live"]
    }
}
