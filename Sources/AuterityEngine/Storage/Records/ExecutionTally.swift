import AuterityAPI

/// Whom an execution counts for, by their rows.
struct ExecutionBearing: Hashable, Sendable {
    let workflow: Int64
    let owner: Int64
    let starter: Int64

    /// Who sees it without seeing all.
    var viewers: [Int64] { starter == owner ? [owner] : [owner, starter] }
}

/// The counts that the executions of one transaction change: gathered while it is applied, and
/// written once before it is committed.
struct ExecutionTally: Sendable {
    enum Change: Sendable {
        case accepted(ExecutionBearing, ExecutionStatus, at: Timestamp)
        case moved(ExecutionBearing, from: ExecutionStatus, to: ExecutionStatus)
        /// `duration` in milliseconds.
        case ended(ExecutionBearing, ExecutionStatus, at: Timestamp, duration: Int64)
        case removed(ExecutionBearing, ExecutionStatus)
        /// As if it had never been.
        case forgotten(ExecutionBearing, ExecutionStatus, Span)
    }

    struct Span: Sendable {
        let startedAt: Timestamp
        let completedAt: Timestamp?
        /// Milliseconds.
        let duration: Int64
    }

    private(set) var changes: [Change] = []

    mutating func add(_ change: Change) { changes.append(change) }

    /// Takes back what came after the first `count`.
    mutating func truncate(to count: Int) { changes.removeLast(changes.count - count) }

    func write(in context: WriteContext) throws {
        guard !changes.isEmpty else { return }
        var sums = ExecutionSums()
        for change in changes { sums.add(change) }
        try sums.write(in: context)
    }
}

/// All changes of a transaction, by the row that they concern.
private struct ExecutionSums {
    private struct Kept: Hashable {
        let scope: String
        let subject: Int64
        let status: ExecutionStatus
    }

    private struct Ends {
        var started: Int64 = 0
        var completed: Int64 = 0
        var failed: Int64 = 0
        var cancelled: Int64 = 0
        var duration: Int64 = 0

        mutating func add(_ sign: Int64, _ status: ExecutionStatus, _ length: Int64) {
            switch status {
            case .completed: completed += sign
            case .failed: failed += sign
            case .cancelled: cancelled += sign
            case .pending, .running, .waiting: return
            }
            duration += sign * length
        }
    }

    private struct OfWorkflow {
        var kept: Int64 = 0
        var ends = Ends()
        var last: Int64?
    }

    private struct Minute: Hashable {
        /// `nil` over all.
        let user: Int64?
        let minute: Int64
    }

    private var kept: [Kept: Int64] = [:]
    private var workflows: [Int64: OfWorkflow] = [:]
    /// By user; `nil` over all.
    private var totals: [Int64?: Ends] = [:]
    private var minutes: [Minute: Ends] = [:]

    mutating func add(_ change: ExecutionTally.Change) {
        switch change {
        case .accepted(let bearing, let status, let at):
            keep(1, bearing, status)
            workflows[bearing.workflow, default: OfWorkflow()].kept += 1
            workflows[bearing.workflow, default: OfWorkflow()].last = at.milliseconds
            start(1, bearing, at)
        case .moved(let bearing, let old, let new):
            keep(-1, bearing, old)
            keep(1, bearing, new)
        case .ended(let bearing, let status, let at, let duration):
            end(1, bearing, status, at, duration)
        case .removed(let bearing, let status):
            keep(-1, bearing, status)
            workflows[bearing.workflow, default: OfWorkflow()].kept -= 1
        case .forgotten(let bearing, let status, let span):
            start(-1, bearing, span.startedAt)
            if let completedAt = span.completedAt {
                end(-1, bearing, status, completedAt, span.duration)
            }
        }
    }

    private mutating func keep(
        _ sign: Int64, _ bearing: ExecutionBearing, _ status: ExecutionStatus
    ) {
        kept[Kept(scope: "all", subject: 0, status: status), default: 0] += sign
        kept[Kept(scope: "workflow", subject: bearing.workflow, status: status), default: 0] +=
            sign
        for user in bearing.viewers {
            kept[Kept(scope: "user", subject: user, status: status), default: 0] += sign
        }
    }

    private mutating func start(_ sign: Int64, _ bearing: ExecutionBearing, _ at: Timestamp) {
        workflows[bearing.workflow, default: OfWorkflow()].ends.started += sign
        for user in [nil] + bearing.viewers.map(Optional.some) {
            totals[user, default: Ends()].started += sign
            minutes[Minute(user: user, minute: at.minute), default: Ends()].started += sign
        }
    }

    private mutating func end(
        _ sign: Int64, _ bearing: ExecutionBearing, _ status: ExecutionStatus, _ at: Timestamp,
        _ duration: Int64
    ) {
        workflows[bearing.workflow, default: OfWorkflow()].ends.add(sign, status, duration)
        for user in [nil] + bearing.viewers.map(Optional.some) {
            totals[user, default: Ends()].add(sign, status, duration)
            minutes[Minute(user: user, minute: at.minute), default: Ends()]
                .add(sign, status, duration)
        }
    }

    // MARK: - Writing

    func write(in context: WriteContext) throws {
        for (key, count) in kept where count != 0 {
            try context.run(
                """
                INSERT INTO execution_counts (scope, subject, status, kept)
                VALUES ($1, $2, $3, $4)
                ON CONFLICT (scope, subject, status) DO UPDATE SET
                    kept = execution_counts.kept + excluded.kept
                """,
                [
                    .text(key.scope), .int(key.subject), .text(key.status.rawValue), .int(count),
                ])
        }
        for (row, change) in workflows { try write(change, of: row, in: context) }
        for (user, ends) in totals { try write(ends, of: user, in: context) }
        for (key, ends) in minutes { try write(ends, in: key, context) }
    }

    private func write(
        _ change: OfWorkflow, of workflow: Int64, in context: WriteContext
    ) throws {
        try context.run(
            """
            UPDATE workflows SET kept_count = kept_count + $2,
                started_count = started_count + $3, completed_count = completed_count + $4,
                failed_count = failed_count + $5, cancelled_count = cancelled_count + $6,
                duration_total = duration_total + $7,
                last_execution_at = coalesce($8, last_execution_at)
            WHERE id = $1
            """,
            [
                .int(workflow), .int(change.kept), .int(change.ends.started),
                .int(change.ends.completed), .int(change.ends.failed),
                .int(change.ends.cancelled), .int(change.ends.duration), .optional(change.last),
            ])
    }

    private func write(_ ends: Ends, of user: Int64?, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO execution_totals
                (scope, subject, started, completed, failed, cancelled, duration)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (scope, subject) DO UPDATE SET
                started = execution_totals.started + excluded.started,
                completed = execution_totals.completed + excluded.completed,
                failed = execution_totals.failed + excluded.failed,
                cancelled = execution_totals.cancelled + excluded.cancelled,
                duration = execution_totals.duration + excluded.duration
            """,
            [
                .text(user == nil ? "all" : "user"), .int(user ?? 0), .int(ends.started),
                .int(ends.completed), .int(ends.failed), .int(ends.cancelled),
                .int(ends.duration),
            ])
    }

    private func write(_ ends: Ends, in key: Minute, _ context: WriteContext) throws {
        if let user = key.user {
            guard ends.started != 0 || ends.failed != 0 else { return }
            try context.run(
                """
                INSERT INTO execution_user_minutes (user_id, minute, started, failed)
                VALUES ($1, $2, $3, $4)
                ON CONFLICT (user_id, minute) DO UPDATE SET
                    started = execution_user_minutes.started + excluded.started,
                    failed = execution_user_minutes.failed + excluded.failed
                """, [.int(user), .int(key.minute), .int(ends.started), .int(ends.failed)])
            return
        }
        try context.run(
            """
            INSERT INTO execution_minutes (minute, started, completed, failed)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (minute) DO UPDATE SET
                started = execution_minutes.started + excluded.started,
                completed = execution_minutes.completed + excluded.completed,
                failed = execution_minutes.failed + excluded.failed
            """,
            [.int(key.minute), .int(ends.started), .int(ends.completed), .int(ends.failed)])
    }
}
