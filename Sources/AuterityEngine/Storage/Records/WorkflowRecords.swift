import AuterityAPI

/// Workflows and the versions of their definitions as rows.
enum WorkflowRecords {
    /// A workflow without its definition.
    struct Record: Sendable {
        let row: Int64
        let id: WorkflowID
        let name: String
        let description: String
        let isActive: Bool
        let isDemo: Bool
        let version: Int
        let templateID: TemplateID?
        let ownerRow: Int64
        let ownerID: UserID
        let createdAt: Timestamp
        let updatedAt: Timestamp
        let isDeleted: Bool
        let started: Int
        let completed: Int
        let failed: Int
        let cancelled: Int
        /// Milliseconds over all that ended.
        let durationTotal: Int64
        let lastExecution: Timestamp?
        let parameters: JSONObject

        init(_ row: any StoreRow) throws {
            self.row = row.int(0)
            id = try row.identifier(1)
            name = row.text(2)
            description = row.text(3)
            isActive = row.bool(4)
            isDemo = row.bool(5)
            version = Int(row.int(6))
            templateID = row.optionalText(7).flatMap { TemplateID($0) }
            ownerRow = row.int(8)
            ownerID = try row.identifier(9)
            createdAt = row.time(10)
            updatedAt = row.time(11)
            isDeleted = !row.isNull(12)
            started = Int(row.int(13))
            completed = Int(row.int(14))
            failed = Int(row.int(15))
            cancelled = Int(row.int(16))
            durationTotal = row.int(17)
            lastExecution = row.optionalTime(18)
            parameters = try row.json(19).objectValue ?? [:]
        }

        var stats: ExecutionStats {
            let finished = completed + failed + cancelled
            return ExecutionStats(
                totalExecutions: started, successfulExecutions: completed,
                failedExecutions: failed,
                averageDuration: finished == 0
                    ? nil : Double(durationTotal) / Double(finished) / 1000)
        }

        var summary: WorkflowSummary {
            WorkflowSummary(
                id: id, name: name, description: description, isActive: isActive,
                createdAt: createdAt, updatedAt: updatedAt, version: version, isDemo: isDemo,
                executionCount: started, lastExecution: lastExecution)
        }

        func workflow(definition: JSONValue, warnings: [FieldFault]? = nil) -> Workflow {
            Workflow(
                id: id, name: name, description: description, isActive: isActive,
                definition: definition, createdAt: createdAt, updatedAt: updatedAt,
                createdBy: ownerID, version: version, templateID: templateID,
                parameters: parameters, isDemo: isDemo, executionStats: stats,
                warnings: warnings)
        }
    }

    static let fields: SQLText = """
        workflows.id, workflows.public_id, workflows.name, workflows.description,
            workflows.is_active, workflows.is_demo, workflows.version, templates.public_id,
            workflows.created_by, users.public_id, workflows.created_at, workflows.updated_at,
            workflows.deleted_at, workflows.started_count, workflows.completed_count,
            workflows.failed_count, workflows.cancelled_count, workflows.duration_total,
            workflows.last_execution_at, workflows.parameters
        """

    static let source: SQLText = """
        workflows JOIN users ON users.id = workflows.created_by
            LEFT JOIN templates ON templates.id = workflows.template_id
        """

    static let columns: SQLText = "SELECT " + fields + " FROM " + source

    /// Deleted ones included.
    static func find(_ id: WorkflowID, in connection: any StoreConnection) throws -> Record? {
        try connection.first(
            columns + " WHERE workflows.public_id = $1", [.text(id.description)], Record.init)
    }

    static func find(row: Int64, in connection: any StoreConnection) throws -> Record? {
        try connection.first(columns + " WHERE workflows.id = $1", [.int(row)], Record.init)
    }

    static func definition(
        workflow: Int64, version: Int, in connection: any StoreConnection
    ) throws -> JSONValue {
        let definition = try connection.first(
            "SELECT definition FROM workflow_versions WHERE workflow_id = $1 AND version = $2",
            [.int(workflow), .int(version)]
        ) { try $0.json(0) }
        guard let definition else {
            throw StoreError(kind: .damaged, message: "a version of a workflow is missing")
        }
        return definition
    }

    /// What a new or changed workflow says.
    struct Content: Sendable {
        let name: String
        let description: String
        let isActive: Bool
        let definition: JSONValue
    }

    static func insert(
        _ content: Content, id: WorkflowID, owner: Int64, template: Int64? = nil,
        parameters: JSONObject = [:], isDemo: Bool = false, at: Timestamp,
        in context: WriteContext
    ) throws {
        let row = try context.insert(
            """
            INSERT INTO workflows (public_id, name, description, is_active, is_demo, version,
                template_id, created_by, created_at, updated_at, parameters)
            VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $8, $9)
            """,
            [
                .text(id.description), .text(content.name), .text(content.description),
                .bool(content.isActive), .bool(isDemo), .optional(template), .int(owner),
                .int(at.milliseconds), .utf8(JSONValue.object(parameters).jsonBytes),
            ])
        try insertVersion(
            1, of: row, content, by: owner, at: at, in: context)
    }

    static func insertVersion(
        _ version: Int, of workflow: Int64, _ content: Content, by user: Int64, at: Timestamp,
        in context: WriteContext
    ) throws {
        try context.run(
            """
            INSERT INTO workflow_versions
                (workflow_id, version, name, description, created_by, created_at, definition)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .int(workflow), .int(version), .text(content.name), .text(content.description),
                .int(user), .int(at.milliseconds), .utf8(content.definition.jsonBytes),
            ])
    }

    static func update(
        _ workflow: Int64, to content: Content, version: Int, by user: Int64, at: Timestamp,
        in context: WriteContext
    ) throws {
        try context.run(
            """
            UPDATE workflows SET name = $2, description = $3, is_active = $4, version = $5,
                updated_at = $6 WHERE id = $1
            """,
            [
                .int(workflow), .text(content.name), .text(content.description),
                .bool(content.isActive), .int(version), .int(at.milliseconds),
            ])
        try insertVersion(version, of: workflow, content, by: user, at: at, in: context)
    }
}
