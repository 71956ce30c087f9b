import AuterityAPI
import TerminalUI

/// The text of a definition, with what is wrong in it at its lines.
struct DefinitionTab: Sendable {
    private(set) var lines: [String] = []
    private(set) var text = TextView(showsLineNumbers: true)
    private(set) var faults: [DefinitionDraft.Fault] = []
    private(set) var fault = 0

    mutating func show(_ text: String, faults: [DefinitionDraft.Fault]) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard self.faults != faults else { return }
        self.faults = faults
        fault = 0
        if let first = faults.first { go(to: first) }
    }

    private mutating func go(to fault: DefinitionDraft.Fault) {
        text.go(to: max(0, fault.line - 3))
    }

    mutating func nextFault() {
        guard !faults.isEmpty else { return }
        fault = (fault + 1) % faults.count
        go(to: faults[fault])
    }

    private func places(in area: Rect) -> (text: Rect, faults: Rect) {
        var rest = area
        let height = faults.isEmpty ? 0 : min(faults.count + 1, max(2, area.height / 3))
        let list = rest.takeBottom(height)
        return (rest, list)
    }

    private func source(_ theme: Theme) -> TextView.Source {
        let wrong = Dictionary(
            faults.map { ($0.line, $0.isWarning) }, uniquingKeysWith: { $0 && $1 })
        return TextView.Source(count: lines.count) { index in
            if let isWarning = wrong[index + 1] {
                return TextLine(lines[index], style: theme[isWarning ? .warning : .error])
            }
            return DefinitionTab.colored(lines[index], theme: theme)
        }
    }

    /// A line of indented JSON with its key and value in their colours.
    static func colored(_ line: String, theme: Theme) -> TextLine {
        let indent = line.prefix { $0 == " " }
        var rest = line[indent.endIndex...]
        var result = TextLine(String(indent))
        if rest.first == "\"", let colon = rest.firstRange(of: "\": ") {
            let key = rest[..<rest.index(after: colon.lowerBound)]
            result.append(String(key), style: theme[.jsonKey])
            result.append(": ", style: theme[.jsonPunctuation])
            rest = rest[colon.upperBound...]
        }
        let role: TerminalUI.Role =
            switch rest.first {
            case "\"": .jsonString
            case "{", "}", "[", "]", nil: .jsonPunctuation
            case "t", "f": .jsonBool
            case "n": .jsonNull
            default: .jsonNumber
            }
        result.append(String(rest), style: theme[role])
        return result
    }

    mutating func handle(_ key: Key, in area: Rect, theme: Theme) -> Bool {
        if case .mouse(.press, let point) = key {
            let (_, list) = places(in: area)
            let index = firstFault(in: list) + point.y - list.y - 1
            guard list.contains(point), faults.indices.contains(index) else { return false }
            fault = index
            go(to: faults[index])
            return true
        }
        return text.handle(key, size: places(in: area).text.size, source: source(theme))
    }

    mutating func search(_ pattern: String, in area: Rect, theme: Theme) -> Bool {
        text.search(pattern, size: places(in: area).text.size, source: source(theme))
    }

    private func firstFault(in list: Rect) -> Int {
        ListState(cursor: fault).window(count: faults.count, height: list.height - 1).lowerBound
    }

    func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        let (body, list) = places(in: area)
        text.draw(into: &frame, in: body, theme: theme, source: source(theme))
        guard !list.isEmpty else { return }
        let errors = faults.count { !$0.isWarning }
        let title =
            " \(errors.counted("fault")), "
            + "\((faults.count - errors).counted("warning")) "
        frame.putLine(
            String(repeating: frame.glyphs.horizontal, count: list.width), in: list.row(0),
            style: theme[.border])
        let corner = list.row(0).inset(horizontal: 2, vertical: 0)
        frame.putLine(title, in: corner, style: theme[.title])
        let first = firstFault(in: list)
        for (row, index) in (first..<min(faults.count, first + list.height - 1)).enumerated() {
            let one = faults[index]
            let role: TerminalUI.Role = one.isWarning ? .warning : .error
            let place = list.row(row + 1)
            if index == fault { frame.fill(place, style: theme[.selection]) }
            var line = TextLine(
                "\(one.isWarning ? frame.glyphs.warning : frame.glyphs.failed) ",
                style: index == fault ? theme[.selection] : theme[role])
            line.append("line \(one.line)  ", style: index == fault ? nil : theme[.muted])
            line.append(one.field.isEmpty ? one.message : "\(one.field): \(one.message)")
            frame.putLine(
                line, in: place, style: index == fault ? theme[.selection] : theme[.text])
        }
    }
}
