import AuterityAPI

/// What one turn of an execution has to do with executions that it starts or has started.
struct Family: Sendable {
    /// A workflow as a step may start it.
    struct Member: Sendable {
        let workflow: WorkflowRecords.Record
        let version: Int
        let definition: CompiledDefinition
        /// Who started the execution above.
        let starter: Caller
        /// Of the executions to be started.
        let depth: Int
        let isDemo: Bool

        var child: ChildWorkflow {
            ChildWorkflow(id: workflow.id, version: version, definition: definition)
        }
    }

    /// By the step that starts them.
    var members: [Int: Member] = [:]
    /// Rows of `child_ends` that the turn takes in.
    var consumed: [Int64] = []
}

/// What a turn has done so.
struct DelegatedTurn: Sendable {
    /// First turns of the executions that it starts, written in its transaction.
    var children: [Turn] = []
    var consumed: [Int64] = []
    /// Steps that start executions, whose workflow is to be looked up.
    var wanted: [(step: Int, workflow: WorkflowID)] = []
    /// Steps whose executions and items are to be stopped.
    var abandoned: Set<Int> = []
    /// Items to be started later.
    var delays: [(unit: WorkUnit, until: Timestamp)] = []
}

extension Family.Member {
    /// Looks up the workflow that a step of an execution names: in its newest version, or in the
    /// one that the step has begun with.
    static func find(
        _ id: WorkflowID, version: Int?, for parent: ExecutionRecord,
        _ definitions: DefinitionCache, in connection: any StoreConnection
    ) throws -> Result<Family.Member, StepFailure> {
        let depth = (parent.origin?.depth ?? 0) + 1
        guard depth <= Delegation.maximumDepth else {
            return .failure(
                StepFailure(
                    StepFailure.tooDeepCode,
                    "\(Delegation.maximumDepth) executions stand above each other already, which "
                        + "is the limit. Look whether a workflow starts itself without an end"))
        }
        // What the owner may not see is not there for them.
        guard let workflow = try WorkflowRecords.find(id, in: connection), !workflow.isDeleted,
            try workflow.ownerRow == parent.ownerRow || seesAll(parent.ownerRow, in: connection)
        else {
            return .failure(
                StepFailure(
                    StepFailure.childNotFoundCode,
                    "There is no workflow \(id) that the owner of this one sees"))
        }
        guard workflow.isActive else {
            return .failure(
                StepFailure(
                    StepFailure.childInactiveCode,
                    "The workflow \"\(workflow.name)\" (\(id)) is not active. Activate it, then "
                        + "retry the execution"))
        }
        let version = version ?? workflow.version
        let definition: CompiledDefinition
        do {
            definition = try definitions.definition(
                workflow: workflow.row, version: version, in: connection)
        } catch let error as APIError {
            return .failure(
                StepFailure(
                    StepFailure.childInactiveCode,
                    "The definition of the workflow \"\(workflow.name)\" (\(id)) is not valid any "
                        + "more: \(error.message). Save it again"))
        }
        return .success(
            Family.Member(
                workflow: workflow, version: version, definition: definition,
                starter: Caller(id: parent.starterID, name: parent.starterName, roles: []),
                depth: depth, isDemo: parent.isDemo))
    }

    /// Whether a user sees everybody's workflows. Those of the operating system, who have no
    /// account, administer it.
    private static func seesAll(_ user: Int64, in connection: any StoreConnection) throws -> Bool {
        let found = try connection.first(
            "SELECT users.password_hash IS NULL, " + RoleRecords.mask
                + " FROM users WHERE users.id = $1", [.int(user)]
        ) { (isSystemUser: $0.bool(0), roles: RoleRecords.roles(ofMask: $0.int(1))) }
        guard let found else { return false }
        return found.isSystemUser
            || AccountRecords.permissions(of: found.roles).contains(.workflowReadAll)
    }
}
