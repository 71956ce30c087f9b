/// One question of a form.
public struct FormField: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case text, number
        /// Shown as dots.
        case secret
        /// A day as `2026-01-31`; the hyphens come by themselves.
        case date
        case boolean
        case select([String])
        /// Text of several lines, of which `rows` are in view.
        case multiline(rows: Int)
    }

    /// What the owner knows the field by.
    public let id: String
    public var label: String
    /// A sentence under the field; an error takes its place.
    public var help: String
    public let kind: Kind
    public var isRequired: Bool
    private(set) var input: TextField

    public init(
        id: String, label: String, kind: Kind, value: String = "", help: String = "",
        isRequired: Bool = false
    ) {
        self.id = id
        self.label = label
        self.kind = kind
        self.help = help
        self.isRequired = isRequired
        if case .multiline = kind {
            input = TextField("", allowsLines: true)
        } else {
            input = TextField("")
        }
        self.value = value
    }

    /// The answer as text: `true` or `false` for a boolean, one of the options of a select, or
    /// empty.
    public var value: String {
        get { input.text }
        set {
            switch kind {
            case .boolean: input.text = newValue == "true" ? "true" : "false"
            case .select(let options): input.text = options.contains(newValue) ? newValue : ""
            default: input.text = newValue
            }
        }
    }

    var rows: Int {
        if case .multiline(let rows) = kind { return max(1, rows) }
        return 1
    }

    // MARK: Keys

    /// False when the key means nothing to this kind of field.
    mutating func handle(_ key: Key) -> Bool {
        switch kind {
        case .text, .secret, .multiline: return input.handle(key)
        case .number: return handleFiltered(key) { "0123456789+-.eE".contains($0) }
        case .date: return handleDate(key)
        case .boolean: return handleBoolean(key)
        case .select(let options): return handleSelect(key, options)
        }
    }

    private mutating func handleFiltered(_ key: Key, _ allows: (Character) -> Bool) -> Bool {
        switch key {
        case .character(let character) where !allows(character): return true
        case .paste(let text): return input.handle(.paste(text.filter(allows)))
        default: return input.handle(key)
        }
    }

    private static let dateLength = 10

    private mutating func handleDate(_ key: Key) -> Bool {
        if case .character(let character) = key {
            let count = input.text.count
            guard count < FormField.dateLength else { return true }
            let atEnd = input.cursor == count
            if atEnd, count == 4 || count == 7, character.isWholeNumber {
                input.insert("-")
            }
        }
        return handleFiltered(key) { "0123456789-".contains($0) }
    }

    private mutating func handleBoolean(_ key: Key) -> Bool {
        switch key {
        case .character(" "), .left, .right: value = value == "true" ? "false" : "true"
        case .character("y"), .character("Y"): value = "true"
        case .character("n"), .character("N"): value = "false"
        default: return false
        }
        return true
    }

    private mutating func handleSelect(_ key: Key, _ options: [String]) -> Bool {
        guard !options.isEmpty else { return false }
        let current = options.firstIndex(of: value)
        switch key {
        case .left: value = options[((current ?? 0) + options.count - 1) % options.count]
        case .right, .character(" "):
            value = options[current.map { ($0 + 1) % options.count } ?? 0]
        case .character(let character):
            // The next option that begins with the letter, after the one that is chosen.
            let start = (current ?? -1) + 1
            let order = (0..<options.count).map { (start + $0) % options.count }
            let found = order.first {
                options[$0].first?.lowercased() == character.lowercased()
            }
            guard let found else { return false }
            value = options[found]
        case .delete, .backspace:
            guard !isRequired else { return true }
            value = ""
        default: return false
        }
        return true
    }

    // MARK: Drawing

    func drawInput(
        into frame: inout Frame, in rect: Rect, theme: Theme, isFocused: Bool, isInvalid: Bool
    ) {
        var style = theme[isFocused ? .inputFocused : .input]
        if isInvalid { style.foreground = theme[.inputInvalid].foreground }
        switch kind {
        case .text, .number, .secret, .multiline, .date:
            input.draw(
                into: &frame, in: rect, theme: theme, style: style, isFocused: isFocused,
                isSecret: kind == .secret, hint: kind == .date ? "YYYY-MM-DD" : "")
        case .boolean:
            let text = value == "true" ? "[x] yes" : "[ ] no"
            drawChoice(text, into: &frame, in: rect, style: style, isFocused: isFocused)
        case .select:
            let glyphs = frame.glyphs
            let shown = value.isEmpty ? "–" : value
            let text = "\(glyphs.arrowLeft) \(shown) \(glyphs.arrowRight)"
            drawChoice(text, into: &frame, in: rect, style: style, isFocused: isFocused)
        }
    }

    private func drawChoice(
        _ text: String, into frame: inout Frame, in rect: Rect, style: Style, isFocused: Bool
    ) {
        frame.fill(rect, style: style)
        frame.putLine(text, in: rect, style: style)
        if isFocused { frame.cursor = Point(x: rect.x, y: rect.y) }
    }
}
