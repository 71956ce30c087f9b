import AuterityAPI
import TerminalUI

extension ExecutionSummary: ListRow {
    var rowID: ExecutionID { id }
}

/// Executions in a list, the newest first.
enum ExecutionsContent: PaneContent {
    static let name = "executions"

    static func columns(isWide: Bool) -> [PaneColumn] {
        var columns = [
            PaneColumn("status", TableColumn("STATUS", least: 11), sortKey: "status"),
            PaneColumn(
                "workflow", TableColumn("WORKFLOW", least: 12, ideal: 20, weight: 3),
                sortKey: "workflow_name"),
            PaneColumn(
                "step", TableColumn("STEP", least: 8, ideal: 14, weight: 2, priority: 4)),
            PaneColumn(
                "progress", TableColumn("PROGRESS", least: 12, ideal: 12, weight: 1, priority: 3),
                sortKey: "progress"),
            PaneColumn(
                "age", TableColumn("AGE", least: 4, priority: 1, alignment: .right),
                sortKey: "started_at"),
            PaneColumn(
                "time", TableColumn("TIME", least: 7, priority: 2, alignment: .right),
                sortKey: "duration"),
        ]
        if isWide {
            columns.append(
                PaneColumn(
                    "started", TableColumn("STARTED", least: 8, ideal: 19, priority: 6)))
            columns.append(
                PaneColumn("id", TableColumn("ID", least: 8, ideal: 8, priority: 5)))
        }
        return columns
    }

    static func call(
        start: String, filter: Filter, sort: String?, now: Timestamp
    ) -> any Endpoint {
        let query = ExecutionQuery(filter, at: now)
        // An order of its own is told by numbered pages: a cursor stands in the list by time.
        return ListExecutions(
            page: sort == nil ? nil : Int(start) ?? 1, pageSize: PageLimits.maximumSize,
            cursor: sort == nil ? start : nil, status: query.status, search: query.search,
            since: query.since, until: query.until, sort: sort)
    }

    static func page(of reply: Reply) -> Result<Page<ExecutionSummary>, APIError>? {
        reply.to(ListExecutions.self)?.result
    }

    static func subject(_ row: ExecutionSummary) -> FilterSubject { row.filterSubject }

    static func isPartial(_ filter: Filter, at now: Timestamp) -> Bool {
        ExecutionQuery(filter, at: now).isPartial
    }

    static func cells(
        _ row: ExecutionSummary, isWide: Bool, context: ScreenContext, glyphs: Glyphs
    ) -> [TableCell] {
        let theme = context.theme
        let look = row.status.look(glyphs)
        let muted = theme[.muted]
        var cells = [
            TableCell(look.text, style: theme[look.role]),
            TableCell(row.workflowName),
            TableCell(
                row.currentStep?.rawValue ?? row.error?.stepID?.rawValue ?? TimeText.none,
                style: row.currentStep == nil && row.error?.stepID == nil ? muted : nil),
            progress(of: row, theme: theme),
            TableCell(TimeText.age(of: row.startedAt, at: context.now), style: muted),
            TableCell(row.duration.map { TimeText.duration(seconds: $0) } ?? "", style: muted),
        ]
        if isWide {
            cells.append(
                TableCell(
                    TimeText.moment(
                        row.startedAt, at: context.now, utcOffset: context.utcOffset),
                    style: muted))
            cells.append(TableCell(row.id.short, style: muted))
        }
        return cells
    }

    private static func progress(of row: ExecutionSummary, theme: Theme) -> TableCell {
        switch row.status {
        case .pending, .running, .waiting:
            let role: TerminalUI.Role = row.status == .waiting ? .statusWaiting : .progress
            return TableCell(progress: Double(row.progress) / 100, style: theme[role])
        case .failed:
            return TableCell(row.error?.message ?? "failed", style: theme[.statusFailed])
        case .completed, .cancelled:
            let number = "\(row.progress)%"
            let blanks = String(repeating: " ", count: max(0, 12 - number.count))
            return TableCell(blanks + number, style: theme[.muted])
        }
    }
}

extension ExecutionSummary {
    /// As an event tells of it.
    init(_ update: ExecutionUpdate) {
        self.init(
            id: update.executionID, workflowID: update.workflowID,
            workflowName: update.workflowName, status: update.status,
            progress: update.progress, currentStep: update.currentStep,
            startedAt: update.startedAt, completedAt: update.completedAt, error: update.error,
            isDemo: update.isDemo)
    }
}
