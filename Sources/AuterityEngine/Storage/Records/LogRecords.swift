import AuterityAPI

/// Log lines as rows.
enum LogRecords {
    struct Line: Sendable {
        let id: LogLineID
        let at: Timestamp
        let level: LogLevel
        let message: String
        let execution: Int64?
        let workflow: Int64?
        /// Of the workflow.
        let owner: Int64?
        let user: Int64?
        let step: StepID?
    }

    static func insert(_ line: Line, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO execution_logs
                (public_id, at, level, execution_id, workflow_id, user_id, step_id, message,
                owner_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .text(line.id.description), .int(line.at.milliseconds), .int(line.level.rank),
                .optional(line.execution), .optional(line.workflow), .optional(line.user),
                .optional(line.step?.rawValue), .text(line.message), .optional(line.owner),
            ])
    }

    static let fields: SQLText = """
        logs.id, logs.public_id, logs.at, logs.level, logs.message, executions.public_id,
            workflows.public_id, logs.step_id
        """

    static let source: SQLText = """
        execution_logs AS logs
            LEFT JOIN workflow_executions AS executions ON executions.id = logs.execution_id
            LEFT JOIN workflows ON workflows.id = logs.workflow_id
        """

    static let columns: SQLText = "SELECT " + fields + " FROM " + source

    static func decode(_ row: any StoreRow) throws -> LogLine {
        LogLine(
            id: try row.identifier(1), timestamp: row.time(2),
            level: LogLevel(rank: row.int(3)) ?? .info, message: row.text(4),
            executionID: row.optionalText(5).flatMap { ExecutionID($0) },
            workflowID: row.optionalText(6).flatMap { WorkflowID($0) },
            stepID: row.optionalText(7).map { StepID($0) })
    }
}

extension LogLevel {
    /// As rows hold it, in rising order.
    var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }

    init?(rank: Int64) {
        guard let level = Self.allCases.first(where: { Int64($0.rank) == rank }) else { return nil }
        self = level
    }
}
