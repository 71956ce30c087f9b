import AuterityAPI
import TerminalUI

extension WorkflowSummary: ListRow {
    var rowID: WorkflowID { id }
}

/// Workflows in a list.
enum WorkflowsContent: PaneContent {
    static let name = "workflows"

    static func columns(isWide: Bool) -> [PaneColumn] {
        guard isWide else {
            return [
                PaneColumn("name", TableColumn("", least: 10, weight: 1), sortKey: "name"),
                PaneColumn(
                    "runs", TableColumn("", least: 4, alignment: .right),
                    sortKey: "execution_count"),
                PaneColumn(
                    "last", TableColumn("", least: 3, ideal: 4, priority: 1, alignment: .right),
                    sortKey: "last_execution"),
            ]
        }
        return [
            PaneColumn(
                "name", TableColumn("WORKFLOW", least: 14, ideal: 28, weight: 2), sortKey: "name"),
            PaneColumn("active", TableColumn("ACTIVE", least: 6, priority: 2)),
            PaneColumn(
                "runs", TableColumn("RUNS", least: 5, ideal: 7, alignment: .right),
                sortKey: "execution_count"),
            PaneColumn(
                "last", TableColumn("LAST RUN", least: 8, priority: 1, alignment: .right),
                sortKey: "last_execution"),
            PaneColumn(
                "version", TableColumn("VERSION", least: 7, priority: 3, alignment: .right)),
            PaneColumn(
                "updated", TableColumn("UPDATED", least: 8, priority: 4, alignment: .right),
                sortKey: "updated_at"),
            PaneColumn(
                "description", TableColumn("DESCRIPTION", least: 16, weight: 3, priority: 5)),
        ]
    }

    static func call(
        start: String, filter: Filter, sort: String?, now: Timestamp
    ) -> any Endpoint {
        ListWorkflows(
            page: Int(start) ?? 1, pageSize: PageLimits.maximumSize,
            search: filter.onlyWord, sort: sort)
    }

    static func page(of reply: Reply) -> Result<Page<WorkflowSummary>, APIError>? {
        reply.to(ListWorkflows.self)?.result
    }

    static func subject(_ row: WorkflowSummary) -> FilterSubject {
        FilterSubject(
            texts: [row.name, row.description],
            fields: [
                "name": row.name, "workflow": row.name, "id": row.id.description,
                "status": row.isActive ? "active" : "inactive",
            ],
            moment: row.lastExecution ?? row.updatedAt)
    }

    static func isPartial(_ filter: Filter, at now: Timestamp) -> Bool {
        !filter.isEmpty && filter.onlyWord == nil
    }

    static func cells(
        _ row: WorkflowSummary, isWide: Bool, context: ScreenContext, glyphs: Glyphs
    ) -> [TableCell] {
        let theme = context.theme
        let muted = theme[.muted]
        var name = TextLine(
            row.isActive ? "\(glyphs.dot) " : "\(glyphs.ring) ",
            style: theme[row.isActive ? .success : .muted])
        name.append(row.name)
        if row.isDemo { name.append(" demo", style: muted) }
        let last = row.lastExecution.map { TimeText.age(of: $0, at: context.now) }
        let runs = TableCell(CountText.short(row.executionCount))
        guard isWide else {
            return [TableCell(name), runs, TableCell(last ?? TimeText.none, style: muted)]
        }
        let lastCell = TableCell(last.map { $0 + " ago" } ?? TimeText.none, style: muted)
        return [
            TableCell(name), TableCell(row.isActive ? "yes" : "no"), runs, lastCell,
            TableCell("\(row.version)", style: muted),
            TableCell(TimeText.age(of: row.updatedAt, at: context.now) + " ago", style: muted),
            TableCell(row.description, style: muted),
        ]
    }
}

/// Counts in four columns.
enum CountText {
    /// `9999`, `12k`, `3M`, rounded down: a count is never shown larger than it is.
    static func short(_ count: Int) -> String {
        switch count {
        case ..<10_000: "\(count)"
        case ..<1_000_000: "\(count / 1000)k"
        default: "\(count / 1_000_000)M"
        }
    }
}

extension Filter {
    /// The filter as the one word that a server can look for; `nil` when it is more.
    var onlyWord: String? {
        guard terms.count == 1, !terms[0].isNegated, case .word(let word) = terms[0].test else {
            return nil
        }
        return word
    }
}
