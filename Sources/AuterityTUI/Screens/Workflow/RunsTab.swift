import AuterityAPI
import TerminalUI

/// The executions of one workflow: how they went over time, and each of them.
struct RunsTab: Sendable {
    private(set) var rows: [ExecutionSummary] = []
    private(set) var next: String?
    private(set) var hasRead = false
    private(set) var list = ListState()
    var error: APIError?

    /// Executions kept.
    static let maximumRows = 5000
    /// Rows from the end at which more are asked for.
    static let margin = 30

    func request(_ id: WorkflowID, cursor: String = "") -> Request {
        Request(
            ListExecutions(
                pageSize: PageLimits.maximumSize, cursor: cursor, workflowID: id),
            tag: cursor.isEmpty ? "runs" : "runs.more", showsErrors: true)
    }

    func moreRequest(_ id: WorkflowID) -> Request? {
        guard let next, rows.count < RunsTab.maximumRows,
            list.cursor >= rows.count - RunsTab.margin
        else { return nil }
        return request(id, cursor: next)
    }

    mutating func take(_ page: Page<ExecutionSummary>, call: ListExecutions, in area: Rect) {
        let selected = rows.indices.contains(list.cursor) ? rows[list.cursor].id : nil
        if call.cursor == "" {
            // What was read of older pages stays, when it joins the new page.
            let new = Set(page.items.map(\.id))
            let joins = rows.contains { new.contains($0.id) }
            let kept = joins ? rows.filter { !new.contains($0.id) } : []
            if !joins { next = page.nextCursor }
            rows = page.items + kept
        } else {
            let known = Set(rows.map(\.id))
            rows += page.items.filter { !known.contains($0.id) }
            next = page.nextCursor
        }
        hasRead = true
        let height = tableHeight(in: area)
        if let selected, list.cursor > 0, let row = rows.firstIndex(where: { $0.id == selected }) {
            list.follow(to: row, count: rows.count, height: height)
        } else {
            list.settle(count: rows.count, height: height)
        }
    }

    mutating func update(_ update: ExecutionUpdate) -> Bool {
        guard let row = rows.firstIndex(where: { $0.id == update.executionID }) else {
            return false
        }
        rows[row] = ExecutionSummary(
            id: update.executionID, workflowID: update.workflowID,
            workflowName: update.workflowName, status: update.status, progress: update.progress,
            currentStep: update.currentStep, startedAt: update.startedAt,
            completedAt: update.completedAt, error: update.error, isDemo: update.isDemo)
        return true
    }

    var selected: ExecutionSummary? {
        rows.indices.contains(list.cursor) ? rows[list.cursor] : nil
    }

    // MARK: Places

    private func places(in area: Rect) -> (chart: Rect, table: Rect) {
        var rest = area
        let chart = rest.takeTop(area.height >= 16 ? 7 : area.height >= 8 ? 1 : 0)
        return (chart, rest)
    }

    private var table: Table {
        Table(
            columns: [
                TableColumn("STATUS", least: 11),
                TableColumn("STARTED", least: 8, ideal: 19, priority: 1),
                TableColumn("TIME", least: 6, ideal: 8, priority: 2, alignment: .right),
                TableColumn("STEP", least: 8, ideal: 20, weight: 2, priority: 3),
                TableColumn("ID", least: 8, ideal: 8, priority: 4),
            ], isFocused: true, emptyText: emptyText)
    }

    private var emptyText: String {
        error?.message ?? (hasRead ? "It never ran; x runs it" : "loading")
    }

    private func tableHeight(in area: Rect) -> Int {
        table.pageHeight(in: places(in: area).table)
    }

    mutating func handle(_ key: Key, in area: Rect) -> Bool {
        if case .mouse(.press, let point) = key {
            let place = places(in: area).table
            guard let row = table.row(at: point, in: place, list: list, count: rows.count) else {
                return false
            }
            list.move(to: row, count: rows.count, height: tableHeight(in: area))
            return true
        }
        return list.handle(key, count: rows.count, height: tableHeight(in: area))
    }

    // MARK: Drawing

    func draw(
        stats: ExecutionStats?, into frame: inout Frame, in area: Rect, context: ScreenContext
    ) {
        let (chart, place) = places(in: area)
        drawSummary(stats, into: &frame, in: chart, context)
        let glyphs = frame.glyphs
        let theme = context.theme
        table.draw(into: &frame, in: place, theme: theme, list: list, count: rows.count) { index in
            let row = rows[index]
            let look = row.status.look(glyphs)
            let started = TimeText.moment(
                row.startedAt, at: context.now, utcOffset: context.utcOffset)
            let step = row.error?.message ?? row.currentStep?.rawValue ?? ""
            return TableRow([
                TableCell(look.text, style: theme[look.role]), TableCell(started),
                TableCell(row.duration.map { TimeText.duration(seconds: $0) } ?? ""),
                TableCell(step, style: theme[.muted]),
                TableCell(row.id.short, style: theme[.muted]),
            ])
        }
    }

    private func drawSummary(
        _ stats: ExecutionStats?, into frame: inout Frame, in area: Rect, _ context: ScreenContext
    ) {
        guard !area.isEmpty else { return }
        var rest = area
        var words: [String] = []
        if let stats, stats.totalExecutions > 0 {
            words.append("\(stats.totalExecutions) executions")
            let ended = stats.successfulExecutions + stats.failedExecutions
            if ended > 0 { words.append("\(stats.successfulExecutions * 100 / ended)% succeeded") }
            if let average = stats.averageDuration {
                words.append("\(TimeText.duration(seconds: average)) on average")
            }
        }
        let separator = " \(frame.glyphs.separator) "
        frame.putLine(
            " " + words.joined(separator: separator), in: rest.takeTop(1),
            style: context.theme[.text])
        guard rest.height >= 4 else { return }
        let charts = rest.columns([.fill(), .fill()], gap: 2)
        let old = Array(rows.prefix(200).reversed())
        let durations = old.map { row in row.status == .completed ? row.duration : nil }
        draw(
            "duration", durations, role: .chart1, maximum: nil, in: charts[0], &frame, context
        ) { $0 == 0 ? "0" : TimeText.duration(seconds: $0) }
        draw(
            "success rate", RunsTab.rates(old), role: .chart2, maximum: 100, in: charts[1], &frame,
            context
        ) { "\(Int($0))%" }
    }

    /// The share of the last ten that succeeded, in per cent, after each that ended.
    private static func rates(_ rows: [ExecutionSummary]) -> [Double?] {
        let ended = rows.filter { $0.status == .completed || $0.status == .failed }
        return ended.indices.map { index in
            let window = ended[max(0, index - 9)...index]
            return Double(window.count { $0.status == .completed } * 100) / Double(window.count)
        }
    }

    private func draw(
        _ title: String, _ values: [Double?], role: TerminalUI.Role, maximum: Double?,
        in area: Rect, _ frame: inout Frame, _ context: ScreenContext,
        format: @escaping @Sendable (Double) -> String
    ) {
        guard area.width >= Chart.leastWidth, values.contains(where: { $0 != nil }) else { return }
        var rest = area
        frame.putLine(title, in: rest.takeTop(1), style: context.theme[.muted])
        let first = rows.prefix(200).last
        let chart = Chart(
            [.init(title, role: role, values: values)], form: .area, maximum: maximum,
            start: first.map { TimeText.age(of: $0.startedAt, at: context.now) + " ago" } ?? "",
            end: "now", format: format)
        chart.draw(into: &frame, in: rest, theme: context.theme)
    }
}
