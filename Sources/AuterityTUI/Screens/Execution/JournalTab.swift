import AuterityAPI
import TerminalUI

/// Every entry of the journal, and the one under the cursor in full.
struct JournalTab: Sendable {
    private(set) var list = ListState()
    private(set) var detail: JSONView<JSONValue>?
    /// Whether the cursor stays on the newest entry.
    private(set) var follows = true

    static let columns = [
        TableColumn("SEQ", least: 4, ideal: 7, priority: 3, alignment: .right),
        TableColumn("TIME", least: 8, ideal: 12, priority: 2),
        TableColumn("EVENT", least: 12, ideal: 21),
        TableColumn("STEP", least: 8, ideal: 16, weight: 1, priority: 1),
        TableColumn("DETAIL", least: 8, ideal: 24, weight: 4, priority: 4),
    ]

    func places(in area: Rect) -> (table: Rect, detail: Rect?) {
        guard area.height >= 14 else { return (area, nil) }
        var rest = area
        let detail = rest.takeBottom(min(10, area.height / 3))
        return (rest, detail)
    }

    private func table(isFocused: Bool) -> Table {
        Table(columns: JournalTab.columns, isFocused: isFocused, emptyText: "loading")
    }

    private func height(in area: Rect) -> Int {
        table(isFocused: true).pageHeight(in: places(in: area).table)
    }

    mutating func show(_ history: ExecutionHistory, travel: Int?, in area: Rect) {
        let count = history.entries.count
        if let travel {
            list.move(to: travel - 1, count: count, height: height(in: area))
        } else if follows {
            list.move(to: count - 1, count: count, height: height(in: area))
        }
        showDetail(history)
    }

    private mutating func showDetail(_ history: ExecutionHistory) {
        guard history.entries.indices.contains(list.cursor) else {
            detail = nil
            return
        }
        let data = history.entries[list.cursor].data
        if detail?.value != data { detail = JSONView(data) }
    }

    mutating func handle(_ key: Key, in area: Rect, history: ExecutionHistory) -> Bool {
        let count = history.entries.count
        if case .mouse(.press, let point) = key {
            let row = table(isFocused: true)
                .row(at: point, in: places(in: area).table, list: list, count: count)
            guard let row else { return false }
            list.move(to: row, count: count, height: height(in: area))
        } else if key == .character("f") {
            follows.toggle()
            if follows { list.move(to: count - 1, count: count, height: height(in: area)) }
            return true
        } else {
            guard list.handle(key, count: count, height: height(in: area)) else { return false }
        }
        follows = history.isComplete && list.cursor == count - 1
        showDetail(history)
        return true
    }

    /// Entries from the end of what was read at which more are wanted.
    static let margin = 200

    func wantsMore(_ history: ExecutionHistory) -> Bool {
        list.cursor >= history.entries.count - JournalTab.margin
    }

    // MARK: Drawing

    func draw(
        _ history: ExecutionHistory, travel: Int?, into frame: inout Frame, in area: Rect,
        context: ScreenContext
    ) {
        let (place, below) = places(in: area)
        let glyphs = frame.glyphs
        table(isFocused: true).draw(
            into: &frame, in: place, theme: context.theme, list: list,
            count: history.entries.count
        ) { index in
            JournalTab.row(
                history.entries[index], isShown: travel == index + 1, context: context,
                glyphs: glyphs)
        }
        guard let below, let detail else { return }
        let inside = Pane("Entry").draw(into: &frame, in: below, theme: context.theme)
        detail.draw(into: &frame, in: inside, theme: context.theme, isFocused: false)
    }

    private static func row(
        _ entry: JournalEntry, isShown: Bool, context: ScreenContext, glyphs: Glyphs
    ) -> TableRow {
        let theme = context.theme
        let (sign, role) = look(entry.kind, glyphs)
        let step = entry.stepID.map { id in
            (entry.attempt ?? 1) > 1 ? "\(id.rawValue) ×\(entry.attempt ?? 1)" : id.rawValue
        }
        return TableRow(
            [
                TableCell(String(entry.seq), style: theme[.muted]),
                TableCell(clock(entry.at, context), style: theme[.muted]),
                TableCell("\(sign) \(entry.kind.rawValue)", style: theme[role]),
                TableCell(step ?? ""),
                TableCell(detail(of: entry), style: theme[.muted]),
            ], isMarked: isShown)
    }

    /// With milliseconds: what follows each other in a journal is near.
    static func clock(_ moment: Timestamp, _ context: ScreenContext) -> String {
        let time = TimeText.clock(moment, utcOffset: context.utcOffset, withSeconds: true)
        let fraction = String(((moment.milliseconds % 1000) + 1000) % 1000)
        return time + "." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    private static func look(
        _ kind: JournalKind, _ glyphs: Glyphs
    ) -> (Character, TerminalUI.Role) {
        switch kind {
        case .executionCompleted, .stepCompleted: (glyphs.completed, .statusCompleted)
        case .executionFailed, .stepFailed: (glyphs.failed, .statusFailed)
        case .executionCancelled: (glyphs.cancelled, .statusCancelled)
        case .stepStarted, .executionStarted: (glyphs.running, .statusRunning)
        case .stepWaiting, .timerSet, .stepRetrying: (glyphs.waiting, .statusWaiting)
        case .stepSkipped: (glyphs.skipped, .statusSkipped)
        case .alertRaised, .alertAcknowledged: (glyphs.warning, .severityWarning)
        case .executionAccepted, .stepScheduled, .stepProgressed, .signalReceived:
            (glyphs.bullet, .text)
        }
    }

    private static func detail(of entry: JournalEntry) -> String {
        let data = entry.data
        if let message = data["error"]?["message"]?.stringValue { return message }
        if let child = data["execution_id"]?.stringValue { return "execution \(child)" }
        if data["reason"] == "child" { return "for the executions that it starts" }
        for key in ["message", "blocked_by", "until", "reason"] {
            if let text = data[key]?.stringValue { return text }
        }
        if data["handle"] != nil, let handle = data["handle"]?.stringValue { return "→ \(handle)" }
        for key in ["output", "input"] {
            if let value = data[key] { return value.isNull ? "" : value.preview() }
        }
        return data.isNull || data == [:] ? "" : data.preview()
    }
}
