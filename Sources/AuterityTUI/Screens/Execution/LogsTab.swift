import AuterityAPI
import TerminalUI

/// The log of an execution: the newest lines, older ones as one scrolls up.
struct LogsTab: Sendable {
    private(set) var lines: [LogLine] = []
    private var known: Set<LogLineID> = []
    private(set) var text = TextView(follows: true)
    private(set) var level: LogLevel?
    private(set) var showsTimes = true
    /// Where older lines begin; `nil` when there are none.
    private(set) var older: String?
    private(set) var hasRead = false

    /// Lines kept; the oldest go first.
    static let maximumLines = 10_000

    // MARK: Reading

    func request(_ id: ExecutionID) -> Request {
        Request(
            ListExecutionLogs(
                executionID: id, level: level, pageSize: PageLimits.maximumSize, cursor: ""),
            tag: "logs", showsErrors: true)
    }

    func olderRequest(_ id: ExecutionID) -> Request? {
        older.map {
            Request(
                ListExecutionLogs(
                    executionID: id, level: level, pageSize: PageLimits.maximumSize, cursor: $0),
                tag: "logs.older", showsErrors: true)
        }
    }

    /// Takes the newest page, or an older one.
    mutating func take(_ page: Page<LogLine>, call: ListExecutionLogs) {
        guard call.level == level else { return }
        let new = page.items.filter { !known.contains($0.id) }.reversed()
        if call.cursor == "" {
            // A page of nothing but new lines hides how many came before them.
            if new.count == PageLimits.maximumSize || !hasRead {
                lines = []
                known = []
                older = page.nextCursor
            }
            hasRead = true
            lines.append(contentsOf: new)
        } else {
            older = page.nextCursor
            lines.insert(contentsOf: new, at: 0)
            if !text.follows { text.go(to: text.line + new.count) }
        }
        known.formUnion(new.map(\.id))
        guard lines.count > LogsTab.maximumLines else { return }
        let excess = lines.count - LogsTab.maximumLines
        known.subtract(lines.prefix(excess).map(\.id))
        lines.removeFirst(excess)
        if !text.follows { text.go(to: max(0, text.line - excess)) }
    }

    // MARK: Keys

    /// Shows more of the log, then less, then all again.
    mutating func nextLevel() {
        switch level {
        case nil, .debug: level = .info
        case .info: level = .warning
        case .warning: level = .error
        case .error: level = nil
        }
        lines = []
        known = []
        older = nil
        hasRead = false
    }

    mutating func toggleTimes() { showsTimes.toggle() }

    /// Whether older lines are wanted for what is in view now.
    var wantsOlder: Bool { older != nil && !text.follows && text.line == 0 }

    mutating func handle(_ key: Key, in area: Rect, context: ScreenContext) -> Bool {
        text.handle(key, size: area.size, source: source(context, Glyphs.of(context.charset)))
    }

    mutating func search(_ pattern: String, in area: Rect, context: ScreenContext) -> Bool {
        text.search(
            pattern, size: area.size, source: source(context, Glyphs.of(context.charset)))
    }

    // MARK: Drawing

    private func source(_ context: ScreenContext, _ glyphs: Glyphs) -> TextView.Source {
        TextView.Source(count: lines.count) { index in
            let line = lines[index]
            let look = line.level.look(glyphs)
            var text = TextLine()
            if showsTimes {
                let clock = TimeText.clock(
                    line.timestamp, utcOffset: context.utcOffset, withSeconds: true)
                text.append(clock + " ", style: context.theme[.muted])
            }
            let word = look.word + String(repeating: " ", count: max(0, 5 - look.word.count))
            text.append("\(look.sign) \(word) ", style: context.theme[look.role])
            if let step = line.stepID {
                text.append("\(step.rawValue): ", style: context.theme[.muted])
            }
            text.append(line.message)
            return text
        }
    }

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        guard !lines.isEmpty else {
            let empty =
                level.map { "No lines of level \($0.rawValue) or above" }
                ?? (hasRead ? "Nothing was logged" : context.loading)
            frame.putLine(
                empty, in: area.row(area.height / 2), style: context.theme[.muted],
                alignment: .center)
            return
        }
        text.draw(
            into: &frame, in: area, theme: context.theme, source: source(context, frame.glyphs))
    }

    /// What the tab's title says of its state.
    var state: String {
        var words: [String] = []
        if text.follows { words.append("following") }
        if text.wraps { words.append("wrapped") }
        if let level { words.append("\(level.rawValue) and above") }
        return words.joined(separator: " · ")
    }

    var selectedText: String {
        lines.indices.contains(text.matchLine ?? text.line)
            ? lines[text.matchLine ?? text.line].message : ""
    }
}
