/// One of the answers to a question.
public struct DialogButton: Hashable, Sendable {
    public var label: String
    /// The letter that presses it.
    public var key: Character?
    /// Whether it does what cannot be undone. Such a button waits for the typed name, if one is
    /// asked for.
    public var isDestructive: Bool

    public init(_ label: String, key: Character? = nil, isDestructive: Bool = false) {
        self.label = label
        self.key = key
        self.isDestructive = isDestructive
    }
}

/// A question in front of the screen.
///
/// The safe answer comes first and has the focus, so that Enter pressed in haste harms nothing.
public struct Dialog: Hashable, Sendable {
    public let title: String
    public let body: [String]
    public let buttons: [DialogButton]
    /// What must be typed before a destructive button can be pressed.
    public let nameToType: String?
    /// The button that Enter presses.
    public private(set) var focus: Int
    public private(set) var typed = TextField("", maximumLength: 200)
    /// Whether Enter was pressed after another name than the one to type.
    public private(set) var isNameWrong = false
    /// Whether the focus was moved since something was typed: then Enter means the button.
    private var hasMoved = false

    public enum Action: Hashable, Sendable {
        case ignored
        /// The dialog changed and stays open.
        case stays
        /// The position of the button that was pressed.
        case chose(Int)
        /// Esc: no answer.
        case cancelled
    }

    private static let widest = 72
    /// Cells between the border and the text.
    private static let margin = 2

    public init(
        title: String, body: [String], buttons: [DialogButton], nameToType: String? = nil
    ) {
        self.title = title
        self.body = body
        self.buttons = buttons
        self.nameToType = nameToType.flatMap { $0.isEmpty ? nil : $0 }
        focus = buttons.firstIndex { !$0.isDestructive } ?? 0
    }

    /// Whether a button can be pressed as things are.
    public func isEnabled(_ index: Int) -> Bool {
        guard buttons.indices.contains(index) else { return false }
        guard let nameToType, buttons[index].isDestructive else { return true }
        return typed.text == nameToType
    }

    public mutating func handle(_ key: Key) -> Action {
        switch key {
        case .escape: return .cancelled
        case .enter: return enter()
        case .tab: return step(1)
        case .backTab: return step(-1)
        // In a dialog with a name to type, Left and Right belong to the text.
        case .right where nameToType == nil: return step(1)
        case .left where nameToType == nil: return step(-1)
        default: break
        }
        if let nameToType {
            guard typed.handle(key) else { return .ignored }
            (isNameWrong, hasMoved) = (false, false)
            // Who has typed the whole name has said what they want: Enter is to do it.
            if typed.text == nameToType, let index = buttons.firstIndex(where: \.isDestructive) {
                focus = index
            }
            return .stays
        }
        guard case .character(let character) = key else { return .ignored }
        let pressed = buttons.firstIndex { $0.key?.lowercased() == character.lowercased() }
        return pressed.map(Action.chose) ?? .ignored
    }

    private mutating func enter() -> Action {
        // Who types a name and presses Enter means the change, not the safe answer.
        let means = nameToType == nil || typed.isEmpty || hasMoved || typed.text == nameToType
        if means, isEnabled(focus) { return .chose(focus) }
        isNameWrong = nameToType != nil
        return .stays
    }

    private mutating func step(_ step: Int) -> Action {
        guard !buttons.isEmpty else { return .ignored }
        hasMoved = true
        focus = (focus + step + buttons.count) % buttons.count
        return .stays
    }

    // MARK: Drawing

    private var labels: [String] { buttons.map { "  \($0.label)  " } }

    private func layout(in screen: Rect) -> (rect: Rect, lines: [String], stacked: Bool) {
        let frameCells = 2 + 2 * Dialog.margin
        let most = max(1, min(Dialog.widest, screen.width) - frameCells)
        let buttonColumns = labels.reduce(-2) { $0 + TextWidth.columns(of: $1) + 2 }
        let lines = body.flatMap { TextWidth.wrap($0, to: most) }
        let prompt = nameToType.map { TextWidth.columns(of: $0) + 20 } ?? 0
        let widths = lines.map { TextWidth.columns(of: $0) }
        let wish = max(widths.max() ?? 0, TextWidth.columns(of: title) + 4, prompt)
        let stacked = buttonColumns > most
        let width = min(most, max(wish, stacked ? 0 : buttonColumns))
        let inputRows = nameToType == nil ? 0 : 3
        let height = 4 + lines.count + inputRows + (stacked ? buttons.count : 1)
        let rect = screen.centered(Size(width: width + frameCells, height: height))
        return (rect, lines, stacked)
    }

    /// Draws the dialog in the middle of `screen` and returns where. When it is too high, the
    /// text is cut, not the buttons.
    @discardableResult
    public func draw(into frame: inout Frame, in screen: Rect, theme: Theme) -> Rect {
        let (rect, lines, stacked) = layout(in: screen)
        guard !rect.isEmpty else { return rect }
        let style = theme[.dialog]
        frame.fill(rect, style: style)
        frame.cursor = nil
        Pane.box(into: &frame, in: rect, style: theme[.dialogBorder])
        let heading = theme[.heading].on(style.background)
        if rect.width > 6 {
            let top = rect.row(0).inset(horizontal: 2, vertical: 0)
            frame.putLine(" " + title + " ", in: top, style: heading)
        }
        var room = rect.inset(horizontal: 1 + Dialog.margin, vertical: 1)
        if room.height > 2 { _ = room.takeTop(1) }
        let rows = buttonRows(of: &room, stacked: stacked)
        let input = nameToType == nil ? nil : room.takeBottom(min(3, room.height))
        for (index, line) in lines.prefix(room.height).enumerated() {
            frame.putLine(line, in: room.row(index), style: style)
        }
        if let input { drawInput(into: &frame, in: input, theme: theme) }
        for (index, place) in rows { drawButton(index, into: &frame, in: place, theme: theme) }
        return rect
    }

    private func buttonRows(of room: inout Rect, stacked: Bool) -> [(Int, Rect)] {
        if stacked {
            var area = room.takeBottom(buttons.count)
            // When there is room for fewer, those from the focus on.
            let first = max(0, min(focus, buttons.count - area.height))
            return (first..<buttons.count).prefix(area.height).map { ($0, area.takeTop(1)) }
        }
        var line = room.takeBottom(1)
        if room.height > 1 { _ = room.takeBottom(1) }
        return labels.enumerated().map { index, label in
            let place = line.takeLeft(TextWidth.columns(of: label))
            _ = line.takeLeft(2)
            return (index, place)
        }
    }

    private func drawInput(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard let nameToType else { return }
        let prompt = rect.height > 1 ? rect.row(0) : rect.row(rect.height)
        frame.putLine(
            "Type \(nameToType) to confirm:", in: prompt,
            style: theme[.muted].on(theme[.dialog].background))
        typed.draw(
            into: &frame, in: rect.row(rect.height > 1 ? 1 : 0), theme: theme,
            style: theme[.inputFocused], isFocused: true)
        guard isNameWrong, rect.height > 2 else { return }
        frame.putLine(
            typed.isEmpty ? "Nothing is typed yet" : "That is not the name: nothing is done",
            in: rect.row(2), style: theme[.error].on(theme[.dialog].background))
    }

    private func drawButton(
        _ index: Int, into frame: inout Frame, in place: Rect, theme: Theme
    ) {
        var style = theme[index == focus ? .buttonFocused : .button]
        if !isEnabled(index) { style = theme[.muted].on(style.background).with(.dim) }
        frame.fill(place, style: style)
        frame.putLine(labels[index], in: place, style: style)
        guard let key = buttons[index].key, nameToType == nil,
            let at = labels[index].firstIndex(where: { $0.lowercased() == key.lowercased() })
        else { return }
        let before = TextWidth.columns(of: labels[index][..<at])
        let letter = Rect(x: place.x + before, y: place.y, width: 1, height: 1)
        frame.restyle(letter.intersection(place)) { $0.with(.underline) }
    }
}
