import AuterityAPI

/// Takes what has finished out of the store, in slices, so that nothing waits long for the
/// writer. Never one that has not ended, or whose end the execution that started it has not taken
/// in yet.
enum Pruning {
    /// Rows that one slice deletes at most.
    static let sliceRows = 2000
    /// Pages that are given back after a slice.
    static let pagesGivenBack = 300

    /// Whom a slice takes.
    enum Choice: Sendable {
        case endedBefore(Timestamp)
        case oldest
        case demo

        /// Whether the figures forget it too: what was only for show never happened.
        var forgets: Bool {
            if case .demo = self { true } else { false }
        }
    }

    struct Slice: Sendable {
        var rows = 0
        var executions = 0
        /// There was nothing left to choose.
        var isLast = false
    }

    static func slice(_ choice: Choice, in context: WriteContext) throws -> Slice {
        var slice = Slice()
        while slice.rows < sliceRows {
            guard let execution = try next(choice, in: context.connection) else {
                slice.isLast = true
                return slice
            }
            // The newest number must not be given out again once its row is gone.
            if slice.rows == 0 {
                try Facts.set("last_seq", to: String(context.seq), in: context)
            }
            guard try remove(execution, &slice, in: context, forgets: choice.forgets) else {
                return slice
            }
        }
        return slice
    }

    private struct Chosen {
        let row: Int64
        let bearing: ExecutionBearing
        let status: ExecutionStatus
        let span: ExecutionTally.Span
    }

    private static func next(
        _ choice: Choice, in connection: any StoreConnection
    ) throws -> Chosen? {
        switch choice {
        case .endedBefore(let time):
            return try connection.first(
                chosen + " AND completed_at < $1 ORDER BY completed_at LIMIT 1",
                [.int(time.milliseconds)], decode)
        case .oldest:
            return try connection.first(
                chosen + " ORDER BY completed_at LIMIT 1", [], decode)
        case .demo:
            return try connection.first(
                chosen + " AND is_demo = 1 ORDER BY id LIMIT 1", [], decode)
        }
    }

    private static let chosen: SQLText = """
        SELECT id, workflow_id, owner_id, started_by, status, started_at, completed_at, duration
        FROM workflow_executions WHERE completed_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM child_ends
                WHERE child_ends.child_id = workflow_executions.id)
        """

    private static func decode(_ row: any StoreRow) -> Chosen {
        Chosen(
            row: row.int(0),
            bearing: ExecutionBearing(
                workflow: row.int(1), owner: row.int(2), starter: row.int(3)),
            status: ExecutionStatus(rawValue: row.text(4)) ?? .completed,
            span: ExecutionTally.Span(
                startedAt: row.time(5), completedAt: row.optionalTime(6),
                duration: row.int(7)))
    }

    /// Answers false when the slice was full before all of it was gone.
    private static func remove(
        _ execution: Chosen, _ slice: inout Slice, in context: WriteContext, forgets: Bool
    ) throws -> Bool {
        let limit = sliceRows - slice.rows
        try forgetBlobs(of: execution.row, limit: limit, in: context)
        let rows = try context.run(
            """
            DELETE FROM execution_journal WHERE seq IN (SELECT seq FROM execution_journal
                WHERE execution_id = $1 ORDER BY seq LIMIT $2)
            """, [.int(execution.row), .int(limit)])
        let lines = try context.run(
            """
            DELETE FROM execution_logs WHERE id IN (SELECT id FROM execution_logs
                WHERE execution_id = $1 ORDER BY id LIMIT $2)
            """, [.int(execution.row), .int(limit)])
        slice.rows += rows + lines + 1
        if rows >= limit || lines >= limit { return false }
        try TimerRecords.removeAll(execution.row, in: context)
        context.count(.removed(execution.bearing, execution.status))
        if forgets {
            context.count(.forgotten(execution.bearing, execution.status, execution.span))
        }
        try context.run(
            "DELETE FROM webhook_deliveries WHERE execution_id = $1", [.int(execution.row)])
        try context.run("DELETE FROM workflow_executions WHERE id = $1", [.int(execution.row)])
        slice.executions += 1
        return true
    }

    /// Blobs that only the rows about to go refer to.
    private static func forgetBlobs(
        of execution: Int64, limit: Int, in context: WriteContext
    ) throws {
        let blobs = try context.connection.all(
            """
            SELECT DISTINCT blob_id FROM (SELECT blob_id FROM execution_journal
                WHERE execution_id = $1 ORDER BY seq LIMIT $2) AS going
            WHERE blob_id IS NOT NULL
            """, [.int(execution), .int(limit)]
        ) { $0.int(0) }
        for blob in blobs {
            let others = try context.connection.number(
                """
                SELECT count(*) FROM (SELECT 1 FROM execution_journal
                    WHERE blob_id = $1 AND execution_id <> $2 LIMIT 1) AS others
                """, [.int(blob), .int(execution)])
            guard others == 0 else { continue }
            try context.run(
                """
                UPDATE execution_journal SET blob_id = NULL
                WHERE execution_id = $1 AND blob_id = $2
                """, [.int(execution), .int(blob)])
            try context.run("DELETE FROM blobs WHERE id = $1", [.int(blob)])
        }
    }

    /// Keys and counts that are of no use any more.
    static func tidy(at now: Timestamp, in context: WriteContext) throws {
        try context.run(
            "DELETE FROM idempotency_keys WHERE created_at < $1",
            [.int(now.adding(seconds: -86_400).milliseconds)])
        // Figures look back to midnight and an hour; two days are more than that.
        for table: SQLText in ["execution_minutes", "execution_user_minutes"] {
            try context.run(
                "DELETE FROM " + table + " WHERE minute < $1", [.int(now.minute - 2 * 1440)])
        }
    }
}
