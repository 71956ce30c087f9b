import AuterityAPI

/// An execution's row: what lists and filters need, in step with the journal.
struct ExecutionRecord: Sendable {
    let row: Int64
    let id: ExecutionID
    let workflowRow: Int64
    let workflowID: WorkflowID
    let workflowName: String
    let workflowVersion: Int
    let status: ExecutionStatus
    let epoch: Int64
    let progress: Int
    let currentStep: StepID?
    let startedAt: Timestamp
    let completedAt: Timestamp?
    let error: ExecutionError?
    let blockedBy: String?
    let starterRow: Int64
    let starterName: String
    let starterID: UserID
    let ownerRow: Int64
    let ownerID: UserID
    let isDemo: Bool
    let retriedFrom: ExecutionID?
    let idempotencyKey: String?
    let webhookURL: String?
    let headSeq: Int64
    let origin: ChildOrigin?

    static let fields: SQLText = """
        executions.id, executions.public_id, executions.workflow_id, workflows.public_id,
            workflows.name, executions.workflow_version, executions.status, executions.epoch,
            executions.progress, executions.current_step, executions.started_at,
            executions.completed_at, executions.error_code, executions.error_step,
            executions.error_message, executions.blocked_by, executions.started_by, users.email,
            workflows.created_by, executions.is_demo, executions.retried_from,
            executions.idempotency_key, executions.webhook_url, executions.head_seq,
            users.public_id, owners.public_id, executions.parent_execution,
            executions.parent_step, executions.parent_attempt, executions.parent_item,
            executions.depth
        """

    static let source: SQLText = """
        workflow_executions AS executions
            JOIN workflows ON workflows.id = executions.workflow_id
            JOIN users ON users.id = executions.started_by
            JOIN users AS owners ON owners.id = workflows.created_by
        """

    static let columns: SQLText = "SELECT " + fields + " FROM " + source

    init(_ row: any StoreRow) throws {
        self.row = row.int(0)
        id = try row.identifier(1)
        workflowRow = row.int(2)
        workflowID = try row.identifier(3)
        workflowName = row.text(4)
        workflowVersion = Int(row.int(5))
        status = try row.status(6)
        epoch = row.int(7)
        progress = Int(row.int(8))
        currentStep = row.optionalText(9).map { StepID($0) }
        startedAt = row.time(10)
        completedAt = row.optionalTime(11)
        error = row.executionError(code: 12)
        blockedBy = row.optionalText(15)
        starterRow = row.int(16)
        starterName = row.text(17)
        ownerRow = row.int(18)
        isDemo = row.bool(19)
        retriedFrom = row.optionalText(20).flatMap { ExecutionID($0) }
        idempotencyKey = row.optionalText(21)
        webhookURL = row.optionalText(22)
        headSeq = row.int(23)
        starterID = try row.identifier(24)
        let depth = Int(row.int(30))
        origin = row.optionalText(26).flatMap { ExecutionID($0) }.map { parent in
            ChildOrigin(
                parent: parent, step: StepID(row.text(27)), attempt: Int(row.int(28)),
                item: Int(row.int(29)), depth: depth)
        }
        ownerID = try row.identifier(25)
    }

    /// Who may be told of what happens in it.
    var audience: Audience { .execution(owner: ownerID, starter: starterID) }

    var subject: ExecutionSubject {
        ExecutionSubject(
            row: row, id: id, workflowRow: workflowRow, workflowID: workflowID,
            workflowName: workflowName, workflowVersion: workflowVersion, startedAt: startedAt,
            isDemo: isDemo)
    }

    static func find(
        _ id: ExecutionID, in connection: any StoreConnection
    ) throws -> ExecutionRecord? {
        try connection.first(
            columns + " WHERE executions.public_id = $1", [.text(id.description)],
            ExecutionRecord.init)
    }

    static func find(
        row: Int64, in connection: any StoreConnection
    ) throws -> ExecutionRecord? {
        try connection.first(
            columns + " WHERE executions.id = $1", [.int(row)], ExecutionRecord.init)
    }
}

/// What an execution is about, fixed when it is accepted.
struct ExecutionSubject: Sendable {
    let row: Int64
    let id: ExecutionID
    let workflowRow: Int64
    let workflowID: WorkflowID
    let workflowName: String
    let workflowVersion: Int
    let startedAt: Timestamp
    let isDemo: Bool
}

extension StoreRow {
    func time(_ column: Int) -> Timestamp { Timestamp(milliseconds: int(column)) }

    func optionalTime(_ column: Int) -> Timestamp? {
        optionalInt(column).map { Timestamp(milliseconds: $0) }
    }

    func identifier<Noun>(_ column: Int) throws -> Identifier<Noun> {
        guard let id = utf8(column, { Identifier<Noun>(utf8: $0) }) else {
            throw StoreError(kind: .damaged, message: "a row has no valid id")
        }
        return id
    }

    func json(_ column: Int) throws -> JSONValue {
        try JSONValue(parsing: bytes(column), maximumDepth: JournalRecords.depth)
    }
}
