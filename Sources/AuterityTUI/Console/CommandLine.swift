import TerminalUI

/// The line behind `:`, with completion and history.
struct CommandLine: Sendable {
    static let historyLimit = 100
    static let maximumLength = 2000
    /// Completions shown above the line, at most.
    static let mostShown = 8

    private(set) var field: TextField
    private let history: [String]
    /// How far back in the history; `nil` at the line that is being typed.
    private var historyIndex: Int?
    private var draft = ""
    /// The completions that Tab goes around in, with the text they complete.
    private var cycle: (options: [String], index: Int)?

    init(_ text: String, history: [String]) {
        field = TextField(text, maximumLength: CommandLine.maximumLength)
        self.history = history
    }

    enum Action: Hashable, Sendable { case stays, entered(String), cancelled }

    mutating func handle(_ key: Key, in model: Model) -> Action {
        switch key {
        case .escape: return .cancelled
        case .enter: return .entered(field.text)
        case .backspace where field.isEmpty: return .cancelled
        case .tab: complete(1, in: model)
        case .backTab: complete(-1, in: model)
        case .up, .control("p"): browse(-1)
        case .down, .control("n"): browse(1)
        default:
            cycle = nil
            historyIndex = nil
            edit(key)
        }
        return .stays
    }

    /// A colon in front is the one that opens the line, typed or pasted once more.
    private mutating func edit(_ key: Key) {
        let wasEmpty = field.isEmpty
        _ = field.handle(key)
        guard wasEmpty, field.text.first == ":" else { return }
        field.text = String(field.text.drop { $0 == ":" })
    }

    /// What the line could become, the whole line each.
    func completions(in model: Model) -> [String] {
        cycle?.options ?? CommandList.completions(of: field.text, in: model)
    }

    /// The completion that Tab took last.
    var completed: Int? { cycle?.index }

    private mutating func complete(_ step: Int, in model: Model) {
        let options = completions(in: model)
        guard !options.isEmpty else { return }
        let next = cycle.map { ($0.index + step + options.count) % options.count }
        let index = next ?? (step > 0 ? 0 : options.count - 1)
        field.text = options[index]
        cycle = options.count == 1 ? nil : (options, index)
    }

    private mutating func browse(_ step: Int) {
        cycle = nil
        if historyIndex == nil { draft = field.text }
        let index = (historyIndex ?? history.count) + step
        guard index >= 0 else { return }
        historyIndex = index < history.count ? index : nil
        field.text = historyIndex.map { history[$0] } ?? draft
    }

    /// Draws the line into `line` and what it could become above it.
    func draw(into frame: inout Frame, in line: Rect, above: Rect, model: Model) {
        let theme = model.theme
        frame.fill(line, style: theme[.inputFocused])
        frame.put(":", at: Point(x: line.x + 1, y: line.y), style: theme[.key])
        var rest = line
        _ = rest.takeLeft(2)
        field.draw(
            into: &frame, in: rest, theme: theme, style: theme[.inputFocused], isFocused: true)
        let options = completions(in: model)
        let first = max(
            0,
            min(
                (completed ?? 0) - CommandLine.mostShown / 2,
                options.count - CommandLine.mostShown))
        let shown = options.dropFirst(first).prefix(CommandLine.mostShown)
        guard shown.count > 1 || (shown.first.map { $0 != field.text } ?? false) else { return }
        var room = above
        var place = room.takeBottom(shown.count)
        let widest = shown.map { CommandList.usage(of: $0) }.map { TextWidth.columns(of: $0) }
        place.width = min(place.width, (widest.max() ?? 0) + 4)
        frame.fill(place, style: theme[.dialog])
        for (index, option) in shown.enumerated() where index < place.height {
            let row = place.row(index).inset(horizontal: 2, vertical: 0)
            frame.putLine(CommandList.usage(of: option), in: row, style: theme[.dialog])
            if first + index == completed {
                frame.restyle(place.row(index)) { $0.selected(theme[.selection]) }
            }
        }
    }
}
