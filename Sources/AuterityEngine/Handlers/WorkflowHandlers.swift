import AuterityAPI

extension HandlerTable {
    mutating func addWorkflows() {
        on(
            CreateWorkflow.self,
            checking: { call, request in
                try await request.checked(
                    name: call.name, description: call.description, definition: call.definition,
                    isActive: call.isActive, for: DefinitionPlace())
            }
        ) { call, checked, request in
            try await request.createWorkflow(
                checked.content, isDemo: call.isDemo ?? false, warnings: checked.warnings)
        }
        onReading(ListWorkflows.self) { call, request in try await request.listWorkflows(call) }
        on(GetWorkflow.self) { call, request in
            try await request.viewBriefly { viewer, connection in
                let record = try viewer.workflow(call.workflowID, in: connection)
                return record.workflow(
                    definition: try WorkflowRecords.definition(
                        workflow: record.row, version: record.version, in: connection))
            }
        }
        on(
            ReplaceWorkflow.self,
            checking: { call, request in
                try await request.checked(
                    name: call.name, description: call.description, definition: call.definition,
                    isActive: call.isActive,
                    for: try await request.place(of: call.workflowID) ?? DefinitionPlace())
            }
        ) { call, checked, request in
            try await request.changeWorkflow(
                call.workflowID, ifMatch: call.ifMatch, warnings: checked.warnings
            ) { _, _ in checked.content }
        }
        on(UpdateWorkflow.self, checking: { try await $1.checked($0) }) { call, changes, request in
            try await request.updateWorkflow(call, changes)
        }
        on(DeleteWorkflow.self) { call, request in
            let (caller, now) = (request.caller, request.now)
            return try await request.write { context in
                let viewer = try Viewer(caller, in: context.connection)
                let record = try viewer.workflow(call.workflowID, in: context.connection)
                try EntityTag.hold(call.ifMatch, version: record.version, of: "workflow")
                try context.run(
                    "UPDATE workflows SET deleted_at = $2, updated_at = $2 WHERE id = $1",
                    [.int(record.row), .int(now.milliseconds)])
                return NoContent()
            }
        }
        on(DuplicateWorkflow.self, checking: { try $1.checkedTitle($0.name) }) {
            call, title, request in
            try await request.duplicateWorkflow(call, title: title)
        }
        onReading(ListWorkflowVersions.self) { call, request in try await request.listVersions(call)
        }
        on(GetWorkflowVersion.self) { call, request in try await request.version(call) }
        on(ValidateDefinition.self) { call, request in
            try await request.validate(call)
        }
    }
}

/// The versions of a workflow as lists show them.
private enum VersionRecords {
    static let fields: SQLText = """
        versions.version, versions.name, versions.description, versions.created_at,
            users.public_id
        """

    static let source: SQLText = """
        workflow_versions AS versions JOIN users ON users.id = versions.created_by
        """

    static func decode(
        _ row: any StoreRow, definition: JSONValue? = nil
    ) throws -> WorkflowVersion {
        WorkflowVersion(
            version: Int(row.int(0)), name: row.text(1), description: row.text(2),
            definition: definition, createdAt: row.time(3), createdBy: try row.identifier(4))
    }
}

/// Where a definition is to stand: what it may name besides what all may.
struct DefinitionPlace: Sendable {
    /// The values that a template was filled with.
    var parameters: JSONObject = [:]
    /// The names of secrets that will be there with it.
    var secrets: Set<String> = []
    /// The workflow that it is to be the definition of; `nil` for one that is not made yet.
    var workflow: WorkflowID?
}

extension Request {
    /// What a definition may name here.
    func surroundings(of place: DefinitionPlace) -> DefinitionSurroundings {
        var surroundings = DefinitionSurroundings(
            parameters: Set(place.parameters.keys), messages: core.foundation.messages.names,
            secrets: core.foundation.vault.names.union(place.secrets))
        surroundings.nodeTypes = core.configuration.nodeTypes
        return surroundings
    }

    /// The place of a definition in a workflow that is there; `nil` where the caller sees none.
    fileprivate func place(of id: WorkflowID) async throws -> DefinitionPlace? {
        try await viewBriefly { viewer, connection in
            guard let record = try WorkflowRecords.find(id, in: connection), !record.isDeleted,
                viewer.sees(record)
            else { return nil }
            return DefinitionPlace(parameters: record.parameters, workflow: id)
        }
    }

    fileprivate func validate(_ call: ValidateDefinition) async throws -> ValidationReport {
        guard let id = call.workflowID else {
            return try await validation(of: call.definition, for: DefinitionPlace()).report
        }
        guard let place = try await place(of: id) else {
            throw APIError.validation([
                FieldFault(field: "workflow_id", message: "there is no workflow \(id)")
            ])
        }
        return try await validation(of: call.definition, for: place).report
    }

    /// A definition held against what the caller sees: a workflow that it starts and that is not
    /// there, or not active, is only warned about, since it can come yet.
    func validation(
        of definition: JSONValue, for place: DefinitionPlace
    ) async throws -> DefinitionValidation {
        var validation = DefinitionValidation(definition, in: surroundings(of: place))
        let uses = validation.workflows
        guard !uses.isEmpty else { return validation }
        let active = try await view { viewer, connection in
            var active: [WorkflowID: Bool] = [:]
            for id in Set(uses.map(\.id)) {
                guard let record = try WorkflowRecords.find(id, in: connection),
                    !record.isDeleted, viewer.sees(record)
                else { continue }
                active[id] = record.isActive
            }
            return active
        }
        for (field, id) in uses where id == place.workflow {
            validation.warn(
                field,
                "the workflow starts itself: unless a condition before this step ends that, it "
                    + "fails \(Delegation.maximumDepth) executions deep")
        }
        for (field, id) in uses where active[id] != true && id != place.workflow {
            validation.warn(
                field,
                active[id] == nil
                    ? "there is no workflow \(id)" : "the workflow \(id) is not active")
        }
        return validation
    }

    /// Every fault of a workflow at once.
    ///
    /// - Throws: 422.
    fileprivate func checked(
        name: String, description: String?, definition: JSONValue, isActive: Bool?,
        for place: DefinitionPlace
    ) async throws -> (content: WorkflowRecords.Content, warnings: [FieldFault]) {
        var faults = Faults(besides: knownFaults)
        let title = faults.title(name)
        let text = faults.description(description)
        let validation = try await validation(of: definition, for: place)
        faults.add(validation.errors)
        try faults.check()
        let content = WorkflowRecords.Content(
            name: title, description: text, isActive: isActive ?? true, definition: definition)
        return (content, validation.warnings)
    }

    func createWorkflow(
        _ content: WorkflowRecords.Content, isDemo: Bool = false, template: Int64? = nil,
        parameters: JSONObject = [:], warnings: [FieldFault]
    ) async throws -> Workflow {
        let id: WorkflowID = newID()
        let (caller, now) = (caller, now)
        return try await write(size: content.size) { context in
            let owner = try UserRecords.ensure(caller, at: now, in: context)
            try WorkflowRecords.insert(
                content, id: id, owner: owner, template: template, parameters: parameters,
                isDemo: isDemo, at: now, in: context)
            guard let record = try WorkflowRecords.find(id, in: context.connection) else {
                throw APIError.notFound("workflow")
            }
            return record.workflow(definition: content.definition, warnings: warnings)
        }
    }

    fileprivate func listWorkflows(_ call: ListWorkflows) async throws -> Page<WorkflowSummary> {
        let caller = caller
        var query = ListQuery(
            fields: WorkflowRecords.fields, source: WorkflowRecords.source, rows: "workflows",
            row: "workflows.id",
            orders: [
                .init(key: "name", expression: "lower(workflows.name)"),
                .init(key: "created_at", expression: "workflows.created_at"),
                .init(key: "updated_at", expression: "workflows.updated_at"),
                .init(key: "execution_count", expression: "workflows.started_count"),
                .init(
                    key: "last_execution", expression: "coalesce(workflows.last_execution_at, 0)"),
                .init(key: "version", expression: "workflows.version"),
                .init(key: "is_active", expression: "workflows.is_active"),
            ]
        ) { try WorkflowRecords.Record($0).summary }
        query.require("workflows.deleted_at IS NULL")
        query.require("workflows.is_active = ", call.isActive.map(SQLValue.bool))
        query.searchWorkflows(call.search)
        let row = try await readBriefly { try UserRecords.row(of: caller, in: $0) }
        if !seesAll { query.require("workflows.created_by = ", .int(row ?? -1)) }
        let plan = try query.plan(
            wish(call.page, call.pageSize, cursor: call.cursor, sort: call.sort))
        return try await read(plan)
    }

    fileprivate func version(_ call: GetWorkflowVersion) async throws -> WorkflowVersion {
        try await view { viewer, connection in
            let record = try viewer.workflow(call.workflowID, in: connection)
            let version = try connection.first(
                "SELECT " + VersionRecords.fields + ", versions.definition FROM "
                    + VersionRecords.source
                    + " WHERE versions.workflow_id = $1 AND versions.version = $2",
                [.int(record.row), .int(call.version)]
            ) { row in try VersionRecords.decode(row, definition: try row.json(5)) }
            guard let version else { throw APIError.notFound("version") }
            return version
        }
    }

    fileprivate func listVersions(
        _ call: ListWorkflowVersions
    ) async throws -> Page<WorkflowVersion> {
        let wish = wish(call.page, call.pageSize, cursor: call.cursor, sort: call.sort)
        return try await view { viewer, connection in
            let record = try viewer.workflow(call.workflowID, in: connection)
            var query = ListQuery(
                fields: VersionRecords.fields, source: VersionRecords.source,
                rows: "workflow_versions AS versions", row: "versions.id",
                orders: [
                    .init(key: "version", expression: "versions.version"),
                    .init(key: "name", expression: "lower(versions.name)"),
                    .init(key: "created_at", expression: "versions.created_at"),
                ], standard: "versions.version"
            ) { try VersionRecords.decode($0) }
            query.require("versions.workflow_id = ", .int(record.row))
            // Each change has made one, and none goes.
            return try query.plan(wish).run(in: connection) { record.version }
        }
    }
}

// MARK: - Changing

extension Request {
    /// What an update changes, as it is kept.
    fileprivate struct Changes: Sendable {
        let title: String?
        let description: String?
        let warnings: [FieldFault]?
    }

    fileprivate func checked(_ call: UpdateWorkflow) async throws -> Changes {
        var faults = Faults(besides: knownFaults)
        let title = call.name.map { faults.title($0) }
        let text = call.description.map { faults.description($0) }
        var warnings: [FieldFault]?
        if let definition = call.definition {
            let place = try await place(of: call.workflowID) ?? DefinitionPlace()
            let validation = try await validation(of: definition, for: place)
            faults.add(validation.errors)
            warnings = validation.warnings
        }
        try faults.check()
        return Changes(title: title, description: text, warnings: warnings)
    }

    fileprivate func updateWorkflow(
        _ call: UpdateWorkflow, _ changes: Changes
    ) async throws -> Workflow {
        try await changeWorkflow(
            call.workflowID, ifMatch: call.ifMatch, warnings: changes.warnings
        ) { record, connection in
            WorkflowRecords.Content(
                name: changes.title ?? record.name,
                description: changes.description ?? record.description,
                isActive: call.isActive ?? record.isActive,
                definition: try call.definition
                    ?? WorkflowRecords.definition(
                        workflow: record.row, version: record.version, in: connection))
        }
    }

    /// Writes a new version of what the workflow is at that moment.
    fileprivate func changeWorkflow(
        _ id: WorkflowID, ifMatch: String?, warnings: [FieldFault]?,
        _ content:
            @escaping @Sendable (WorkflowRecords.Record, any StoreConnection) throws ->
            WorkflowRecords.Content
    ) async throws -> Workflow {
        let (caller, now) = (caller, now)
        return try await write(size: 64 << 10) { context in
            let viewer = try Viewer(caller, in: context.connection)
            let record = try viewer.workflow(id, in: context.connection)
            try EntityTag.hold(ifMatch, version: record.version, of: "workflow")
            let new = try content(record, context.connection)
            let user = try UserRecords.ensure(caller, at: now, in: context)
            try WorkflowRecords.update(
                record.row, to: new, version: record.version + 1, by: user, at: now, in: context)
            let changed = try viewer.workflow(id, in: context.connection)
            return changed.workflow(definition: new.definition, warnings: warnings)
        }
    }

    fileprivate func checkedTitle(_ name: String?) throws(APIError) -> String? {
        var faults = Faults(besides: knownFaults)
        let title = name.map { faults.title($0) }
        try faults.check()
        return title
    }

    fileprivate func duplicateWorkflow(
        _ call: DuplicateWorkflow, title: String?
    ) async throws -> Workflow {
        let (record, definition) = try await view { viewer, connection in
            let record = try viewer.workflow(call.workflowID, in: connection)
            return (
                record,
                try WorkflowRecords.definition(
                    workflow: record.row, version: record.version, in: connection)
            )
        }
        let copy = "Copy of \(record.name)".unicodeScalars.prefix(FieldLimits.name.upperBound)
        let name = title ?? String(Substring(copy))
        let content = WorkflowRecords.Content(
            name: name, description: record.description, isActive: record.isActive,
            definition: definition)
        return try await createWorkflow(
            content, isDemo: record.isDemo, parameters: record.parameters,
            warnings: try await validation(
                of: definition, for: DefinitionPlace(parameters: record.parameters)
            ).warnings)
    }
}

/// The version of what can be changed as HTTP names it: `"3"`, or `"3-…"` where a server has put a digest of
/// what it answered behind the version.
enum EntityTag {
    /// - Throws: 412 when `ifMatch` names no tag that fits. Weak tags (`W/"3"`) never do, as
    ///   RFC 9110, section 13.1.1 has it.
    ///
    /// - Parameter version: `nil` for what is not there, which no tag fits.
    static func hold(
        _ ifMatch: String?, version: Int?, of noun: String
    ) throws(APIError) {
        guard let ifMatch else { return }
        guard let version else {
            throw APIError(
                .preconditionFailed,
                "There is no such \(noun), and so no tag fits it. Leave If-Match out to make one")
        }
        let tags = ifMatch.split(separator: ",").map { String($0).trimmed }
        if tags.contains("*") || tags.contains(where: { names($0, version) }) { return }
        throw APIError(
            .preconditionFailed,
            "The \(noun) has changed meanwhile: it is at version \(version). Read it again, and "
                + "make the change on that")
    }

    private static func names(_ tag: String, _ version: Int) -> Bool {
        tag == "\"\(version)\"" || tag.hasPrefix("\"\(version)-") && tag.hasSuffix("\"")
    }
}

extension WorkflowRecords.Content {
    /// Bytes, roughly.
    var size: Int { definition.jsonBytes.count + description.utf8.count + 1024 }
}

extension ListQuery {
    /// Looks in name and description.
    fileprivate mutating func searchWorkflows(_ words: String?) {
        guard let words, let phrase = SearchWords.phrase(words) else {
            search(words, in: ["workflows.name", "workflows.description"])
            return
        }
        let place = bind(.text(phrase))
        require(
            "workflows.id IN (SELECT rowid FROM workflow_search WHERE workflow_search MATCH "
                + place + ")")
    }
}
