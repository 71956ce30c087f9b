import AuterityAPI

/// Why an execution failed that a step of another had started: the failure that it comes from,
/// though it may lie further below, in executions that its own steps had started.
struct ChildFailure: Sendable {
    let id: ExecutionID
    let workflowName: String
    let code: String
    let message: String
    let step: StepID?
    /// How many executions stand above it, up to the one that is told; at least 1.
    let depth: Int

    /// One sentence, however deep it lies.
    var sentence: String {
        let place = step.map { " at its step \"\($0)\"" } ?? ""
        let below = depth > 1 ? ", \(depth) executions deep," : ""
        return "The execution \(id) of the workflow \"\(workflowName)\"\(below) failed\(place) "
            + "with \(code): \(message)"
    }

    /// Follows the failed steps down, as far as their executions are kept.
    static func innermost(
        of child: Int64, in connection: any StoreConnection
    ) throws -> ChildFailure {
        guard var found = try read(" WHERE children.id = $1", [.int(child)], depth: 1, connection)
        else { throw StoreError(kind: .damaged, message: "a failed execution is missing") }
        while found.depth < Delegation.maximumDepth, passedOn.contains(found.code),
            let step = found.step,
            let below = try read(
                // The newest is that of the last attempt.
                """
                 WHERE children.parent_execution = $1 AND children.parent_step = $2
                    AND children.status = 'failed' ORDER BY children.id DESC LIMIT 1
                """, [.text(found.id.description), .text(step.rawValue)],
                depth: found.depth + 1, connection)
        {
            found = below
        }
        return found
    }

    /// What a step fails with because an execution that it started has.
    private static let passedOn: Set<String> = [
        StepFailure.childFailedCode, StepFailure.itemFailedCode,
    ]

    private static func read(
        _ condition: SQLText, _ values: [SQLValue], depth: Int, _ connection: any StoreConnection
    ) throws -> ChildFailure? {
        try connection.first(
            """
            SELECT children.public_id, workflows.name, children.error_code,
                children.error_message, children.error_step
            FROM workflow_executions AS children
                JOIN workflows ON workflows.id = children.workflow_id
            """ + condition, values
        ) { row in
            ChildFailure(
                id: try row.identifier(0), workflowName: row.text(1),
                code: row.optionalText(2) ?? "FAILED", message: row.optionalText(3) ?? "",
                step: row.optionalText(4).map { StepID($0) }, depth: depth)
        }
    }
}
