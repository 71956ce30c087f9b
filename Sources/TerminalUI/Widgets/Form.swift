/// Questions one below the other. What is wrong with the answers is the owner's to say, after
/// every change, in `errors`.
public struct Form: Hashable, Sendable {
    public private(set) var fields: [FormField]
    /// The position of the field that has the keyboard.
    public private(set) var focus: Int
    /// A sentence for each field with a fault, by the field's id.
    public var errors: [String: String]

    public enum Action: Hashable, Sendable {
        /// The key means nothing here.
        case ignored
        case moved
        case changed(id: String)
        /// Enter on the last field, or Control-S anywhere.
        case submitted
        /// Esc.
        case cancelled
    }

    public init(_ fields: [FormField], errors: [String: String] = [:]) {
        self.fields = fields
        self.errors = errors
        focus = 0
    }

    public var focused: FormField? { fields.indices.contains(focus) ? fields[focus] : nil }

    public func value(of id: String) -> String? {
        fields.first { $0.id == id }?.value
    }

    public mutating func setValue(_ value: String, of id: String) {
        guard let index = fields.firstIndex(where: { $0.id == id }) else { return }
        fields[index].value = value
    }

    public mutating func move(to index: Int) {
        focus = max(0, min(index, fields.count - 1))
    }

    /// Goes to the first field with an error; false when there is none.
    @discardableResult
    public mutating func moveToFirstError() -> Bool {
        guard let index = fields.firstIndex(where: { errors[$0.id] != nil }) else { return false }
        focus = index
        return true
    }

    public mutating func handle(_ key: Key) -> Action {
        switch key {
        case .escape: return .cancelled
        case .control("s"): return .submitted
        case .tab: return step(1, wraps: true)
        case .backTab: return step(-1, wraps: true)
        default: break
        }
        guard fields.indices.contains(focus) else { return key == .enter ? .submitted : .ignored }
        let before = fields[focus].value
        if fields[focus].handle(key) {
            return before == fields[focus].value ? .moved : .changed(id: fields[focus].id)
        }
        switch key {
        case .enter: return focus == fields.count - 1 ? .submitted : step(1, wraps: false)
        case .down: return step(1, wraps: false)
        case .up: return step(-1, wraps: false)
        default: return .ignored
        }
    }

    private mutating func step(_ step: Int, wraps: Bool) -> Action {
        guard !fields.isEmpty else { return .ignored }
        let next = focus + step
        if wraps {
            focus = (next + fields.count) % fields.count
        } else {
            focus = max(0, min(next, fields.count - 1))
        }
        return .moved
    }

    // MARK: Layout

    /// From this width on the labels stand beside the fields, not above them.
    private static let wideWidth = 60
    /// The widest field, in cells: a line of text is hard to read beyond it.
    private static let widestInput = 80

    private func isWide(_ width: Int) -> Bool { width >= Form.wideWidth }

    private func labelWidth(_ width: Int) -> Int {
        guard isWide(width) else { return width }
        let longest = fields.map { TextWidth.columns(of: $0.label) + 2 }.max() ?? 0
        return min(longest + 1, width / 3)
    }

    /// Rows of what stands below the field with the keyboard, at most: the texts are from outside.
    private static let mostNoteRows = 12

    private func noteWidth(_ width: Int) -> Int {
        max(1, min(width - (isWide(width) ? labelWidth(width) : 0), Form.widestInput))
    }

    /// What stands below a field: what is wrong with the answer, else what it is for. Of the field
    /// with the keyboard all of it, of the others one row.
    private func note(of index: Int, width: Int, _ glyphs: Glyphs) -> [String] {
        let field = fields[index]
        let text = errors[field.id].map { "\(glyphs.failed) \($0)" } ?? field.help
        guard index == focus else { return [text] }
        let lines = TextWidth.wrap(
            text, to: noteWidth(width), limit: Form.mostNoteRows)
        return lines.isEmpty ? [""] : lines
    }

    /// The rows of a field: its label when above, its input, and those for help or an error.
    private func height(of index: Int, width: Int) -> Int {
        // Each sign is one column wide, whatever the charset.
        let note = note(of: index, width: width, Glyphs.of(.unicode))
        return (isWide(width) ? 0 : 1) + fields[index].rows + note.count
    }

    /// The rows the whole form takes at a width.
    public func height(width: Int) -> Int {
        fields.indices.reduce(0) { $0 + height(of: $1, width: width) }
    }

    /// The place of each field in a rectangle that may be too low for all of them: the field
    /// with the keyboard is in the middle, unless an end is nearer.
    private func places(in rect: Rect) -> [Rect] {
        var y = 0
        let tops = fields.indices.map { index in
            defer { y += height(of: index, width: rect.width) }
            return y
        }
        var scroll = 0
        if fields.indices.contains(focus), y > rect.height {
            let focusHeight = height(of: focus, width: rect.width)
            let middle = tops[focus] + focusHeight / 2 - rect.height / 2
            // However low the rectangle, the first row of the input is in view, and above it the
            // label where there is a row for it.
            let input = tops[focus] + (isWide(rect.width) || rect.height > 1 ? 0 : 1)
            scroll = max(0, min(min(middle, y - rect.height), input))
        }
        return fields.indices.map {
            Rect(
                x: rect.x, y: rect.y + tops[$0] - scroll, width: rect.width,
                height: height(of: $0, width: rect.width))
        }
    }

    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme, isFocused: Bool) {
        guard !rect.isEmpty else { return }
        // The last column is the scroll bar's when there is one.
        var area = rect
        var total = height(width: rect.width)
        if total > rect.height {
            _ = area.takeRight(1)
            total = height(width: area.width)
        }
        let places = places(in: area)
        for (index, place) in places.enumerated() {
            let visible = place.intersection(area)
            guard !visible.isEmpty else { continue }
            draw(
                index, into: &frame, in: place, clip: area, theme: theme,
                isFocused: isFocused && index == focus)
        }
        if let first = places.first, total > rect.height {
            let bar = Scrollbar(offset: rect.y - first.y, visible: rect.height, total: total)
            bar.draw(into: &frame, in: rect, theme: theme)
        }
    }

    private func draw(
        _ index: Int, into frame: inout Frame, in place: Rect, clip: Rect, theme: Theme,
        isFocused: Bool
    ) {
        let field = fields[index]
        var rest = place
        var label =
            isWide(place.width)
            ? rest.takeLeft(labelWidth(place.width)) : rest.takeTop(1)
        label = Rect(x: label.x, y: label.y, width: label.width, height: 1)
        var title = TextLine(field.label, style: theme[isFocused ? .heading : .label])
        if field.isRequired { title.append(" *", style: theme[.accent]) }
        if label.intersection(clip) == label { frame.putLine(title, in: label) }
        rest.width = min(rest.width, Form.widestInput)
        let error = errors[field.id]
        let input = rest.takeTop(field.rows).intersection(clip)
        field.drawInput(
            into: &frame, in: input, theme: theme, isFocused: isFocused, isInvalid: error != nil)
        let note = note(of: index, width: place.width, frame.glyphs)
        for (row, line) in note.enumerated() {
            frame.putLine(
                line, in: rest.row(row).intersection(clip),
                style: theme[error == nil ? .muted : .error])
        }
    }

    /// The field under a point, for the mouse.
    public func field(at point: Point, in rect: Rect) -> Int? {
        guard rect.contains(point) else { return nil }
        return places(in: rect).firstIndex { $0.contains(point) }
    }
}
