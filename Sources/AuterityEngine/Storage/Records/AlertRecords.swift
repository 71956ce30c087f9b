import AuterityAPI

/// Alerts as rows. Each change of one is a row of the journal too, and so an event.
enum AlertRecords {
    static let fields: SQLText = """
        id, public_id, severity, source, message, value, limit_value, raised_at,
            cleared_at, acknowledged_at, acknowledged_by, execution_id, workflow_id
        """

    static let source: SQLText = """
        alerts
        """

    static let columns: SQLText = "SELECT " + fields + " FROM " + source

    static func decode(_ row: any StoreRow) throws -> Alert {
        Alert(
            id: try row.identifier(1), severity: AlertSeverity(rawValue: row.text(2)) ?? .warning,
            source: row.text(3), message: row.text(4), value: row.optionalDouble(5),
            limit: row.optionalDouble(6), raisedAt: row.time(7), clearedAt: row.optionalTime(8),
            acknowledgedAt: row.optionalTime(9), acknowledgedBy: row.optionalText(10),
            executionID: row.optionalText(11).flatMap { ExecutionID($0) },
            workflowID: row.optionalText(12).flatMap { WorkflowID($0) })
    }

    static func find(_ id: AlertID, in connection: any StoreConnection) throws -> Alert? {
        try connection.first(
            columns + " WHERE public_id = $1", [.text(id.description)], decode)
    }

    /// With the owner of the workflow that raised it, if one did.
    static func find(
        _ id: JSONValue?, in connection: any StoreConnection
    ) throws -> (Alert, owner: UserID?)? {
        guard let id = id?.stringValue.flatMap({ AlertID($0) }) else { return nil }
        return try found(id, in: connection)
    }

    /// With the owner of the workflow that raised it, if one did.
    static func found(
        _ id: AlertID, in connection: any StoreConnection
    ) throws -> (alert: Alert, owner: UserID?)? {
        guard let alert = try find(id, in: connection) else { return nil }
        return (alert, try owner(of: alert, in: connection))
    }

    private static func owner(
        of alert: Alert, in connection: any StoreConnection
    ) throws -> UserID? {
        guard let workflow = alert.workflowID else { return nil }
        return try connection.first(
            """
            SELECT users.public_id FROM workflows JOIN users ON users.id = workflows.created_by
            WHERE workflows.public_id = $1
            """, [.text(workflow.description)]
        ) { try $0.identifier(0) }
    }

    static func insert(_ alert: Alert, seq: Int64, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO alerts (public_id, severity, source, message, value, limit_value,
                raised_at, execution_id, workflow_id, seq)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                .text(alert.id.description), .text(alert.severity.rawValue), .text(alert.source),
                .text(alert.message), .optional(alert.value), .optional(alert.limit),
                .int(alert.raisedAt.milliseconds), .optional(alert.executionID?.description),
                .optional(alert.workflowID?.description), .int(seq),
            ])
    }

    /// Raises an alert that belongs to no execution.
    static func raise(_ alert: Alert, in context: WriteContext) throws {
        try write(
            .alertRaised(severity: alert.severity, message: alert.message, alertID: alert.id),
            alert, at: alert.raisedAt, in: context
        ) { seq in try insert(alert, seq: seq, in: context) }
    }

    static func acknowledge(
        _ id: AlertID, by name: String, at: Timestamp, in context: WriteContext
    ) throws -> Alert? {
        let changed = try context.run(
            """
            UPDATE alerts SET acknowledged_at = $2, acknowledged_by = $3
            WHERE public_id = $1 AND acknowledged_at IS NULL
            """, [.text(id.description), .int(at.milliseconds), .text(name)])
        guard let alert = try find(id, in: context.connection) else { return nil }
        if changed > 0 {
            try write(.alertAcknowledged(alertID: id, by: name), alert, at: at, in: context)
        }
        return alert
    }

    /// Marks an alert as over.
    static func clear(_ id: AlertID, at: Timestamp, in context: WriteContext) throws {
        let changed = try context.run(
            "UPDATE alerts SET cleared_at = $2 WHERE public_id = $1 AND cleared_at IS NULL",
            [.text(id.description), .int(at.milliseconds)])
        guard changed > 0, let alert = try find(id, in: context.connection) else { return }
        try write(.alertAcknowledged(alertID: id, by: nil), alert, at: at, in: context)
    }

    private static func write(
        _ content: JournalContent, _ alert: Alert, at: Timestamp, in context: WriteContext,
        then more: (Int64) throws -> Void = { _ in }
    ) throws {
        let draft = JournalDraft(content, step: nil, attempt: nil, at: at)
        let seq = try JournalRecords.append(
            JournalRecords.Encoded(draft), execution: nil, epoch: 0, to: context)
        try more(seq)
        context.publish(
            Publication(
                seq: seq, events: [EventMaking.alert(alert, at: at, seq: seq)],
                audience: .alert(workflowOwner: try owner(of: alert, in: context.connection))))
    }
}
