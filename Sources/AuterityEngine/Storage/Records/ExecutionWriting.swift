import AuterityAPI

/// What an accepted execution is written with, besides its journal.
struct Acceptance: Sendable {
    let id: ExecutionID
    let workflowRow: Int64
    let ownerRow: Int64
    let workflowVersion: Int
    let stepsTotal: Int
    let starter: Caller
    let at: Timestamp
    let isDemo: Bool
    var retriedFrom: ExecutionID?
    var webhookURL: String?
    var idempotency: Idempotency?
    /// What the audit log says of the call; `nil` where a step started it.
    var audit: AuditEntry?
    /// The step that started it; `nil` when a caller did.
    var origin: ChildOrigin?

    /// How a repeated call is recognized.
    struct Idempotency: Sendable {
        let key: String
        let bodyHash: String
        /// Keys that were made before this are forgotten.
        let validSince: Timestamp
    }
}

/// The same key came before: with the same body it means that execution.
struct KnownIdempotencyKey: Error {
    let executionID: ExecutionID
    let isSameBody: Bool
    /// What the first call was answered.
    let status: ExecutionStatus
    let startedAt: Timestamp
}

/// How an execution stands, as its row says it.
struct Standing: Hashable, Sendable {
    let status: ExecutionStatus
    let progress: Int
    let stepsCompleted: Int
    let currentStep: StepID?
    let blockedBy: String?
    let completedAt: Timestamp?
    let error: ExecutionError?

    init(_ state: ExecutionState) {
        status = state.status
        progress = state.progress
        stepsCompleted = state.completedCount
        currentStep = state.currentStep
        blockedBy = state.blockedBy
        completedAt = state.completedAt
        error = state.error
    }

    /// What a row is inserted as. An error that came at once is written like any other: the index
    /// for the search in errors follows changes.
    var statusAtInsert: ExecutionStatus { error == nil ? status : .running }

    /// What whoever asked for the execution is answered: a limit queues it, or it runs.
    var statusAtAcceptance: ExecutionStatus { status == .pending ? .pending : .running }
}

/// The row of an execution changed in step with its journal.
enum ExecutionWriting {
    /// Answers its row, and whom it counts for.
    ///
    /// - Throws: `KnownIdempotencyKey`, before anything was written: who has made a call before
    ///   has a row.
    static func insert(
        _ acceptance: Acceptance, _ standing: Standing, headSeq: Int64, in context: WriteContext
    ) throws -> (row: Int64, starter: Int64) {
        let user = try UserRecords.ensure(acceptance.starter, at: acceptance.at, in: context)
        if let idempotency = acceptance.idempotency {
            let status = standing.statusAtAcceptance
            try hold(idempotency, acceptance, status, user: user, in: context)
        }
        if let audit = acceptance.audit { try AuditRecords.insert(audit, in: context) }
        let status = standing.statusAtInsert
        let end = status.isFinished ? standing.completedAt : nil
        let row = try context.insert(
            """
            INSERT INTO workflow_executions (public_id, workflow_id, workflow_version, status,
                progress, steps_completed, steps_total, current_step, started_at, head_seq,
                blocked_by, started_by, is_demo, retried_from, idempotency_key, webhook_url,
                parent_execution, parent_step, parent_attempt, parent_item, depth, owner_id,
                completed_at, duration)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20, $21, $22, $23, $23 - $9)
            """,
            [
                .text(acceptance.id.description), .int(acceptance.workflowRow),
                .int(acceptance.workflowVersion), .text(status.rawValue),
                .int(standing.progress), .int(standing.stepsCompleted),
                .int(acceptance.stepsTotal), .optional(standing.currentStep?.rawValue),
                .int(acceptance.at.milliseconds), .int(headSeq), .optional(standing.blockedBy),
                .int(user), .bool(acceptance.isDemo),
                .optional(acceptance.retriedFrom?.description),
                .optional(acceptance.idempotency?.key), .optional(acceptance.webhookURL),
                .optional(acceptance.origin?.parent.description),
                .optional(acceptance.origin?.step.rawValue),
                .optional(acceptance.origin.map { Int64($0.attempt) }),
                .optional(acceptance.origin.map { Int64($0.item) }),
                .int(acceptance.origin?.depth ?? 0), .int(acceptance.ownerRow),
                .optional(end?.milliseconds),
            ])
        let bearing = ExecutionBearing(
            workflow: acceptance.workflowRow, owner: acceptance.ownerRow, starter: user)
        context.count(.accepted(bearing, status, at: acceptance.at))
        return (row, user)
    }

    private static func hold(
        _ idempotency: Acceptance.Idempotency, _ acceptance: Acceptance,
        _ status: ExecutionStatus, user: Int64, in context: WriteContext
    ) throws {
        if let known = try known(
            idempotency, workflow: acceptance.workflowRow, user: user, in: context.connection)
        {
            throw known
        }
        try context.run(
            """
            INSERT INTO idempotency_keys
                (user_id, workflow_id, key, body_hash, execution_id, created_at, status)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (user_id, workflow_id, key) DO UPDATE SET
                body_hash = excluded.body_hash, execution_id = excluded.execution_id,
                created_at = excluded.created_at, status = excluded.status
            """,
            [
                .int(user), .int(acceptance.workflowRow), .text(idempotency.key),
                .text(idempotency.bodyHash), .text(acceptance.id.description),
                .int(acceptance.at.milliseconds), .text(status.rawValue),
            ])
    }

    /// The call that came before with this key; `nil` when none did in its time.
    static func known(
        _ idempotency: Acceptance.Idempotency, workflow: Int64, user: Int64,
        in connection: any StoreConnection
    ) throws -> KnownIdempotencyKey? {
        try connection.first(
            """
            SELECT execution_id, body_hash, status, created_at FROM idempotency_keys
            WHERE user_id = $1 AND workflow_id = $2 AND key = $3 AND created_at >= $4
            """,
            [
                .int(user), .int(workflow), .text(idempotency.key),
                .int(idempotency.validSince.milliseconds),
            ]
        ) { row in
            KnownIdempotencyKey(
                executionID: try row.identifier(0),
                isSameBody: row.text(1) == idempotency.bodyHash,
                status: ExecutionStatus(rawValue: row.text(2)) ?? .running,
                startedAt: row.time(3))
        }
    }

    /// Answers false when the row belongs to a newer epoch, or has ended: then nothing changed.
    static func update(
        _ row: Int64, epoch: Int64, to standing: Standing, from status: ExecutionStatus,
        bearing: ExecutionBearing, headSeq: Int64, in context: WriteContext
    ) throws -> Bool {
        if standing.status == status {
            // The indexes on the status stay untouched.
            return try context.run(
                """
                UPDATE workflow_executions SET progress = $3, steps_completed = $4,
                    current_step = $5, head_seq = $6, blocked_by = $7
                WHERE id = $1 AND epoch = $2 AND status = $8
                """,
                [
                    .int(row), .int(epoch), .int(standing.progress), .int(standing.stepsCompleted),
                    .optional(standing.currentStep?.rawValue), .int(headSeq),
                    .optional(standing.blockedBy), .text(status.rawValue),
                ]) > 0
        }
        let isCurrent =
            try context.run(
                """
                UPDATE workflow_executions SET status = $3, progress = $4, steps_completed = $5,
                    current_step = $6, head_seq = $7, blocked_by = $8, completed_at = $9,
                    duration = $9 - started_at, error_code = $10, error_step = $11,
                    error_message = $12
                WHERE id = $1 AND epoch = $2 AND status = $13
                """,
                [
                    .int(row), .int(epoch), .text(standing.status.rawValue),
                    .int(standing.progress),
                    .int(standing.stepsCompleted), .optional(standing.currentStep?.rawValue),
                    .int(headSeq), .optional(standing.blockedBy),
                    .optional(standing.completedAt?.milliseconds), .optional(standing.error?.code),
                    .optional(standing.error?.stepID?.rawValue), .optional(standing.error?.message),
                    .text(status.rawValue),
                ]) > 0
        if isCurrent { context.count(.moved(bearing, from: status, to: standing.status)) }
        return isCurrent
    }

    /// Counts an end, and queues the webhook.
    static func end(
        _ row: Int64, bearing: ExecutionBearing, _ standing: Standing, startedAt: Timestamp,
        webhook: String?, in context: WriteContext
    ) throws {
        let end = standing.completedAt ?? startedAt
        let duration = max(0, end.milliseconds - startedAt.milliseconds)
        context.count(.ended(bearing, standing.status, at: end, duration: duration))
        guard let webhook else { return }
        try context.run(
            """
            INSERT INTO webhook_deliveries (execution_id, url, next_at, created_at)
            VALUES ($1, $2, $3, $3)
            """, [.int(row), .text(webhook), .int(end.milliseconds)])
    }
}

extension Timestamp {
    /// Minutes since 1970.
    var minute: Int64 { milliseconds / 60_000 }
}
