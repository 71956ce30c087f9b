import AuterityAPI
import TerminalUI

extension Alert: ListRow {
    var rowID: AlertID { id }
}

/// Alerts in a list, the newest first.
enum AlertsContent: PaneContent {
    static let name = "alerts"

    static func columns(isWide: Bool) -> [PaneColumn] {
        var columns = [
            PaneColumn("severity", TableColumn("SEVERITY", least: 10)),
            PaneColumn("message", TableColumn("MESSAGE", least: 16, ideal: 40, weight: 1)),
            PaneColumn("age", TableColumn("AGE", least: 4, priority: 1, alignment: .right)),
        ]
        if isWide {
            columns.insert(
                PaneColumn("source", TableColumn("SOURCE", least: 10, ideal: 14, priority: 3)),
                at: 1)
            columns.append(
                PaneColumn("state", TableColumn("STATE", least: 8, ideal: 14, priority: 2)))
        }
        return columns
    }

    static func call(
        start: String, filter: Filter, sort: String?, now: Timestamp
    ) -> any Endpoint {
        ListAlerts(pageSize: PageLimits.maximumSize, cursor: start)
    }

    static func page(of reply: Reply) -> Result<Page<Alert>, APIError>? {
        reply.to(ListAlerts.self)?.result
    }

    static func subject(_ row: Alert) -> FilterSubject {
        FilterSubject(
            texts: [row.message, row.source],
            fields: [
                "severity": row.severity.rawValue, "source": row.source,
                "status": row.state, "id": row.id.description,
            ],
            moment: row.raisedAt)
    }

    static func isPartial(_ filter: Filter, at now: Timestamp) -> Bool { !filter.isEmpty }

    /// Who lacks the permission sees what `notify` steps raised, and is refused while there is
    /// none.
    static func nothing(meantBy error: APIError) -> String? {
        guard error.code == .forbidden else { return nil }
        let permission = Permission.systemMonitor.rawValue
        return "no alerts of workflows; those of the system take \(permission)"
    }

    static func cells(
        _ row: Alert, isWide: Bool, context: ScreenContext, glyphs: Glyphs
    ) -> [TableCell] {
        let theme = context.theme
        let look = row.severity.look(glyphs)
        let isOpen = row.state == "open"
        let muted = theme[.muted]
        let severity = TableCell(look.text, style: isOpen ? theme[look.role] : muted)
        let message = TableCell(row.message, style: isOpen ? nil : muted)
        let age = TableCell(TimeText.age(of: row.raisedAt, at: context.now), style: muted)
        guard isWide else { return [severity, message, age] }
        let by = row.acknowledgedBy.map { " by \($0)" } ?? ""
        let state = row.state == "acknowledged" ? "seen\(by)" : row.state
        return [
            severity, TableCell(row.source, style: muted), message, age,
            TableCell(state, style: isOpen ? nil : muted),
        ]
    }
}

extension Alert {
    /// `open`, `acknowledged` or `cleared`.
    var state: String {
        clearedAt != nil ? "cleared" : acknowledgedAt != nil ? "acknowledged" : "open"
    }
}
