import AuterityAPI

/// Waits with a wake-up time as rows: one a waiting step.
enum TimerRecords {
    static func set(
        _ execution: Int64, step: StepID, at wake: Timestamp, in context: WriteContext
    ) throws {
        try context.run(
            """
            INSERT INTO timers (execution_id, step_id, wake_at) VALUES ($1, $2, $3)
            ON CONFLICT (execution_id, step_id) DO UPDATE SET wake_at = excluded.wake_at
            """, [.int(execution), .text(step.rawValue), .int(wake.milliseconds)])
    }

    static func remove(_ execution: Int64, step: StepID, in context: WriteContext) throws {
        try context.run(
            "DELETE FROM timers WHERE execution_id = $1 AND step_id = $2",
            [.int(execution), .text(step.rawValue)])
    }

    static func removeAll(_ execution: Int64, in context: WriteContext) throws {
        try context.run("DELETE FROM timers WHERE execution_id = $1", [.int(execution)])
    }

    struct Due: Sendable {
        let execution: ExecutionID
        let step: StepID
    }

    static func due(
        at now: Timestamp, limit: Int, in connection: any StoreConnection
    ) throws -> [Due] {
        try connection.all(
            """
            SELECT executions.public_id, timers.step_id
            FROM timers JOIN workflow_executions AS executions
                ON executions.id = timers.execution_id
            WHERE timers.wake_at <= $1 ORDER BY timers.wake_at LIMIT $2
            """, [.int(now.milliseconds), .int(limit)]
        ) { Due(execution: try $0.identifier(0), step: StepID($0.text(1))) }
    }

    /// When the first one is due; `nil` when none waits.
    static func earliest(in connection: any StoreConnection) throws -> Timestamp? {
        try connection.first("SELECT wake_at FROM timers ORDER BY wake_at LIMIT 1") { $0.time(0) }
    }
}
