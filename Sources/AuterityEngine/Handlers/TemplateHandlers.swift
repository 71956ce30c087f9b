import AuterityAPI

extension HandlerTable {
    mutating func addTemplates() {
        on(ListTemplates.self) { call, request in try await request.listTemplates(call) }
        on(GetTemplate.self) { call, request in
            try await request.template(call.templateID).template
        }
        on(CreateTemplate.self) { call, request in
            let content = try request.checked(
                name: call.name, description: call.description, category: call.category,
                definition: call.definition, parameters: call.parameters, isActive: nil)
            let id: TemplateID = request.newID()
            let (caller, now) = (request.caller, request.now)
            try await request.write(size: content.size) { context in
                let user = try UserRecords.ensure(caller, at: now, in: context)
                try TemplateRecords.insert(content, id: id, by: user, at: now, in: context)
            }
            return try await request.template(id).template
        }
        on(ReplaceTemplate.self) { call, request in
            let content = try request.checked(
                name: call.name, description: call.description, category: call.category,
                definition: call.definition, parameters: call.parameters, isActive: call.isActive)
            let now = request.now
            try await request.write(size: content.size) { context in
                let found = try TemplateRecords.find(call.templateID, in: context.connection)
                guard let record = found else { throw APIError.notFound("template") }
                try TemplateRecords.replace(record.row, with: content, at: now, in: context)
            }
            return try await request.template(call.templateID).template
        }
        on(DeleteTemplate.self) { call, request in
            let now = request.now
            let changed = try await request.write { context in
                try context.run(
                    """
                    UPDATE templates SET deleted_at = $2
                    WHERE public_id = $1 AND deleted_at IS NULL
                    """, [.text(call.templateID.description), .int(now.milliseconds)])
            }
            guard changed > 0 else { throw APIError.notFound("template") }
            return NoContent()
        }
        on(InstantiateTemplate.self) { call, request in try await request.instantiate(call) }
        on(PreviewTemplate.self) { call, request in try await request.preview(call) }
    }
}

extension Request {
    /// - Throws: 404.
    fileprivate func template(_ id: TemplateID) async throws -> TemplateRecords.Record {
        guard let record = try await read({ try TemplateRecords.find(id, in: $0) }) else {
            throw APIError.notFound("template")
        }
        return record
    }

    fileprivate func listTemplates(_ call: ListTemplates) async throws -> Page<TemplateSummary> {
        var query = ListQuery(
            fields: TemplateRecords.fields, source: "templates", row: "templates.id",
            orders: [
                .init(key: "name", expression: "lower(templates.name)"),
                .init(key: "category", expression: "templates.category"),
                .init(key: "created_at", expression: "templates.created_at"),
                .init(key: "usage_count", expression: "templates.usage_count"),
                .init(key: "parameter_count", expression: "templates.parameter_count"),
            ], decode: TemplateRecords.summary)
        query.require("templates.deleted_at IS NULL")
        query.require("templates.category = ", call.category.map(SQLValue.text))
        query.search(call.search, in: ["templates.name", "templates.description"])
        let plan = try query.plan(
            .init(
                page: call.page, pageSize: call.pageSize, cursor: call.cursor, sort: call.sort,
                cursorKey: cursorKey))
        return try await read(plan)
    }

    fileprivate func checked(
        name: String, description: String?, category: String, definition: JSONValue,
        parameters: [TemplateParameter]?, isActive: Bool?
    ) throws(APIError) -> TemplateRecords.Content {
        var faults = Faults()
        let title = faults.title(name)
        let text = faults.description(description)
        let category = category.trimmed
        faults.length(category, FieldLimits.category, at: "category")
        let parameters = parameters ?? []
        let declared = TemplateDeclaration.faults(of: parameters)
        faults.add(declared)
        // A definition with blanks is judged with sample values in them.
        if declared.isEmpty {
            let filling = TemplateFilling(sampling: definition, parameters: parameters)
            faults.add(
                DefinitionValidation(
                    filling.definition, in: surroundings(parameters: filling.parameters)
                ).errors)
        }
        try faults.check()
        return TemplateRecords.Content(
            name: title, description: text, category: category, definition: definition,
            parameters: parameters, isActive: isActive ?? true)
    }

    fileprivate func preview(_ call: PreviewTemplate) async throws -> TemplatePreview {
        let template = try await template(call.templateID).template
        let filling = try TemplateFilling(
            template.definition, parameters: template.parameters,
            values: call.parameterValues ?? [:])
        let validation = try await validation(
            of: filling.definition, parameters: filling.parameters)
        guard validation.errors.isEmpty else { throw APIError.validation(validation.errors) }
        return TemplatePreview(
            name: call.name ?? template.name, description: call.description ?? template.description,
            definition: filling.definition, warnings: validation.warnings)
    }

    fileprivate func instantiate(_ call: InstantiateTemplate) async throws -> Workflow {
        var faults = Faults()
        let title = faults.title(call.name)
        let text = call.description.map { faults.description($0) }
        let record = try await template(call.templateID)
        let template = record.template
        guard template.isActive else {
            throw APIError(
                .conflict, "The template \"\(template.name)\" is not active. Activate it first")
        }
        let values = call.parameterValues ?? [:]
        faults.add(TemplateFilling.faults(of: values, for: template.parameters))
        try faults.check()
        let id: WorkflowID = newID()
        // Each workflow has secrets of its own, which only it may use.
        let suffix = id.short
        let filling = try TemplateFilling(
            template.definition, parameters: template.parameters, values: values,
            secretName: { "\($0)_\(suffix)" })
        let validation = try await validation(
            of: filling.definition, parameters: filling.parameters)
        guard validation.errors.isEmpty else { throw APIError.validation(validation.errors) }
        let content = WorkflowRecords.Content(
            name: title, description: text ?? template.description, isActive: true,
            definition: filling.definition)
        let workflow = try await write(
            filling, content, id: id, template: record.row, isDemo: call.isDemo ?? false,
            warnings: validation.warnings)
        if !filling.secrets.isEmpty { try await reload() }
        return workflow
    }

    private func write(
        _ filling: TemplateFilling, _ content: WorkflowRecords.Content, id: WorkflowID,
        template: Int64, isDemo: Bool, warnings: [FieldFault]
    ) async throws -> Workflow {
        let key = core.foundation.key
        let sealed = try filling.secrets.map { secret in
            (secret.name, try key.seal(secret.value, name: secret.name))
        }
        let (caller, now) = (caller, now)
        return try await write(size: content.size) { context in
            let owner = try UserRecords.ensure(caller, at: now, in: context)
            try WorkflowRecords.insert(
                content, id: id, owner: owner, template: template,
                parameters: filling.parameters, isDemo: isDemo, at: now, in: context)
            for (name, sealed) in sealed {
                try SecretRecords.put(
                    name, sealed, keyID: key.id, scope: .workflows([id]), at: now, in: context)
            }
            try context.run(
                "UPDATE templates SET usage_count = usage_count + 1 WHERE id = $1",
                [.int(template)])
            guard let record = try WorkflowRecords.find(id, in: context.connection) else {
                throw APIError.notFound("workflow")
            }
            return record.workflow(definition: content.definition, warnings: warnings)
        }
    }
}

extension TemplateRecords.Content {
    /// Bytes, roughly.
    var size: Int { definition.jsonBytes.count + parameters.count * 512 + 1024 }
}
