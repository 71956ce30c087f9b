import AuterityAPI

/// Where an execution comes from that a step of another has started.
struct ChildOrigin: Hashable, Sendable {
    let parent: ExecutionID
    let step: StepID
    /// Of the step, counted from 1.
    let attempt: Int
    /// The index of its item; 0 without a list.
    let item: Int
    /// How many executions stand above it; at least 1.
    let depth: Int
}

/// Ends of executions that the steps which started them have yet to take in: a row comes in the
/// transaction that ends the execution, and goes in the one in which its parent goes on.
enum ChildRecords {
    /// Ends that one turn takes in at most.
    static let endsATurn = 256
    /// Bytes of their outputs after which a turn takes in no more.
    static let bytesATurn = 16 << 20

    struct End: Sendable {
        let row: Int64
        let step: StepID
        let end: ChildEnd
    }

    static func note(_ child: Int64, of parent: ExecutionID, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO child_ends (parent, child_id) SELECT $1, $2
            WHERE EXISTS (SELECT 1 FROM workflow_executions
                WHERE public_id = $1 AND status IN ('pending', 'running', 'waiting'))
            """, [.text(parent.description), .int(child)])
    }

    static func remove(_ rows: [Int64], in context: WriteContext) throws {
        for row in rows { try context.run("DELETE FROM child_ends WHERE id = $1", [.int(row)]) }
    }

    static func removeAll(of parent: ExecutionID, in context: WriteContext) throws {
        try context.run("DELETE FROM child_ends WHERE parent = $1", [.text(parent.description)])
    }

    /// The executions that have ends to take in.
    static func parents(in connection: any StoreConnection) throws -> [ExecutionID] {
        try connection.all("SELECT DISTINCT parent FROM child_ends") { try $0.identifier(0) }
    }

    static func ends(
        of parent: ExecutionID, in connection: any StoreConnection
    ) throws -> [End] {
        var ends: [End] = []
        var bytes = 0
        try connection.query(
            """
            SELECT ends.id, children.id, children.public_id, children.parent_step,
                children.parent_item, children.status, workflows.name
            FROM child_ends AS ends
                JOIN workflow_executions AS children ON children.id = ends.child_id
                JOIN workflows ON workflows.id = children.workflow_id
            WHERE ends.parent = $1 ORDER BY ends.id LIMIT $2
            """, [.text(parent.description), .int(endsATurn)]
        ) { row in
            let (end, size) = try end(row, in: connection)
            ends.append(end)
            bytes += size
            return bytes < bytesATurn
        }
        return ends
    }

    private static func end(
        _ row: any StoreRow, in connection: any StoreConnection
    ) throws -> (End, size: Int) {
        let id: ExecutionID = try row.identifier(2)
        var size = 0
        let outcome: Result<JSONValue, StepFailure>
        switch ExecutionStatus(rawValue: row.text(5)) {
        case .completed:
            let output = try output(of: row.int(1), in: connection)
            size = output.size
            outcome = .success(output.value)
        case .cancelled:
            outcome = .failure(
                StepFailure(
                    StepFailure.childCancelledCode,
                    "The execution \(id) of the workflow \"\(row.text(6))\" was cancelled"))
        default:
            outcome = .failure(
                StepFailure(
                    StepFailure.childFailedCode,
                    try ChildFailure.innermost(of: row.int(1), in: connection).sentence,
                    isRetryable: true))
        }
        let end = End(
            row: row.int(0), step: StepID(row.text(3)),
            end: ChildEnd(id: id, item: Int(row.int(4)), outcome: outcome))
        return (end, size)
    }

    private static func output(
        of child: Int64, in connection: any StoreConnection
    ) throws -> (value: JSONValue, size: Int) {
        let found = try connection.first(
            """
            SELECT coalesce(journal.data, blobs.content)
            FROM execution_journal AS journal LEFT JOIN blobs ON blobs.id = journal.blob_id
            WHERE journal.execution_id = $1 AND journal.kind = 'execution_completed'
            ORDER BY journal.seq DESC LIMIT 1
            """, [.int(child)]
        ) { row in
            (value: try row.json(0)["output"] ?? .null, size: row.bytes(0).count)
        }
        guard let found else {
            throw StoreError(kind: .damaged, message: "a completed execution has no end")
        }
        return found
    }

    /// Unfinished executions that an execution has started: all, or those of the attempts that one
    /// of its steps has ended.
    static func unfinished(
        of parent: ExecutionID, step: StepID?, in connection: any StoreConnection
    ) throws -> [ExecutionID] {
        try connection.all(
            """
            SELECT children.public_id FROM workflow_executions AS children
            WHERE children.parent_execution = $1
                AND children.status IN ('pending', 'running', 'waiting')
                AND ($2 IS NULL OR children.parent_step = $2 AND EXISTS (
                    SELECT 1 FROM execution_journal AS journal
                        JOIN workflow_executions AS parents ON parents.id = journal.execution_id
                    WHERE parents.public_id = $1 AND journal.step_id = $2
                        AND journal.attempt >= children.parent_attempt
                        AND journal.kind IN ('step_completed', 'step_failed', 'step_retrying')))
            """, [.text(parent.description), .optional(step?.rawValue)]
        ) { try $0.identifier(0) }
    }

    /// Unfinished executions that nobody waits for any more: the one that started them has ended,
    /// or its step has ended that attempt.
    static func orphans(in connection: any StoreConnection) throws -> [ExecutionID] {
        try connection.all(
            """
            SELECT children.public_id FROM workflow_executions AS children
                JOIN workflow_executions AS parents
                    ON parents.public_id = children.parent_execution
            WHERE children.status IN ('pending', 'running', 'waiting') AND (
                parents.status IN ('completed', 'failed', 'cancelled')
                OR EXISTS (SELECT 1 FROM execution_journal AS journal
                    WHERE journal.execution_id = parents.id
                        AND journal.step_id = children.parent_step
                        AND journal.attempt >= children.parent_attempt
                        AND journal.kind IN ('step_completed', 'step_failed', 'step_retrying')))
            """
        ) { try $0.identifier(0) }
    }
}
