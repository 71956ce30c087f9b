import AuterityAPI

/// What lists show of executions: less of a row than `ExecutionRecord`, and of fewer tables.
enum ExecutionSummaryRecords {
    static let fields: SQLText = """
        executions.public_id, workflows.public_id, workflows.name, executions.status,
            executions.progress, executions.current_step, executions.started_at,
            executions.completed_at, executions.error_code, executions.error_step,
            executions.error_message, executions.is_demo
        """

    static let source: SQLText = """
        workflow_executions AS executions
            JOIN workflows ON workflows.id = executions.workflow_id
        """

    static func decode(_ row: any StoreRow) throws -> ExecutionSummary {
        ExecutionSummary(
            id: try row.identifier(0), workflowID: try row.identifier(1),
            workflowName: row.text(2), status: try row.status(3), progress: Int(row.int(4)),
            currentStep: row.optionalText(5).map { StepID($0) }, startedAt: row.time(6),
            completedAt: row.optionalTime(7), error: row.executionError(code: 8),
            isDemo: row.bool(11))
    }
}

extension StoreRow {
    func status(_ column: Int) throws -> ExecutionStatus {
        guard let status = ExecutionStatus(rawValue: text(column)) else {
            throw StoreError(kind: .damaged, message: "unknown status \(text(column))")
        }
        return status
    }

    /// Of three columns: the code, the step and the message.
    func executionError(code column: Int) -> ExecutionError? {
        optionalText(column).map { code in
            ExecutionError(
                code: code, message: optionalText(column + 2) ?? "",
                stepID: optionalText(column + 1).map { StepID($0) })
        }
    }
}
