import AuterityAPI

extension HandlerTable {
    mutating func addTemplates() {
        onReading(ListTemplates.self) { call, request in try await request.listTemplates(call) }
        on(GetTemplate.self) { call, request in
            try await request.template(call.templateID).template
        }
        on(
            CreateTemplate.self,
            checking: { call, request in
                try request.checked(
                    name: call.name, description: call.description, category: call.category,
                    definition: call.definition, parameters: call.parameters, isActive: nil)
            }
        ) { _, content, request in
            let id: TemplateID = request.newID()
            let (caller, now) = (request.caller, request.now)
            try await request.write(size: content.size) { context in
                let user = try UserRecords.ensure(caller, at: now, in: context)
                try TemplateRecords.insert(content, id: id, by: user, at: now, in: context)
            }
            return try await request.template(id).template
        }
        on(
            ReplaceTemplate.self,
            checking: { call, request in
                try request.checked(
                    name: call.name, description: call.description, category: call.category,
                    definition: call.definition, parameters: call.parameters,
                    isActive: call.isActive)
            }
        ) { call, content, request in
            let now = request.now
            try await request.write(size: content.size) { context in
                let found = try TemplateRecords.find(call.templateID, in: context.connection)
                guard let record = found else { throw APIError.notFound("template") }
                try EntityTag.hold(
                    call.ifMatch, version: record.template.version, of: "template")
                try TemplateRecords.replace(record.row, with: content, at: now, in: context)
            }
            return try await request.template(call.templateID).template
        }
        on(DeleteTemplate.self) { call, request in
            let now = request.now
            return try await request.write { context in
                let found = try TemplateRecords.find(call.templateID, in: context.connection)
                guard let record = found else { throw APIError.notFound("template") }
                try EntityTag.hold(
                    call.ifMatch, version: record.template.version, of: "template")
                try context.run(
                    "UPDATE templates SET deleted_at = $2 WHERE id = $1",
                    [.int(record.row), .int(now.milliseconds)])
                return NoContent()
            }
        }
        on(InstantiateTemplate.self, checking: { try await $1.checked($0) }) {
            call, texts, request in
            try await request.instantiate(call, texts)
        }
        // Saves nothing.
        onReading(PreviewTemplate.self) { call, request in try await request.preview(call) }
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
            wish(call.page, call.pageSize, cursor: call.cursor, sort: call.sort))
        return try await read(plan)
    }

    fileprivate func checked(
        name: String, description: String?, category: String, definition: JSONValue,
        parameters: [TemplateParameter]?, isActive: Bool?
    ) throws(APIError) -> TemplateRecords.Content {
        var faults = Faults(besides: knownFaults)
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
                    filling.definition, in: surroundings(of: filling.place)
                ).errors)
        }
        try faults.check()
        return TemplateRecords.Content(
            name: title, description: text, category: category, definition: definition,
            parameters: parameters, isActive: isActive ?? true)
    }

    fileprivate func preview(_ call: PreviewTemplate) async throws -> TemplatePreview {
        let template = try await template(call.templateID).template
        var faults = Faults(besides: knownFaults)
        let title = call.name.map { faults.title($0) }
        let text = call.description.map { faults.description($0) }
        faults.add(
            TemplateFilling.faults(of: call.parameterValues ?? [:], for: template.parameters))
        try faults.check()
        let filling = try TemplateFilling(
            template.definition, parameters: template.parameters,
            values: call.parameterValues ?? [:],
            // The digits are known only when a workflow is made.
            secretName: { Self.secretName(of: $0, digits: "00000000") })
        let validation = try await validation(of: filling.definition, for: filling.place)
        guard validation.errors.isEmpty else { throw APIError.validation(validation.errors) }
        return TemplatePreview(
            name: title ?? template.name, description: text ?? template.description,
            definition: filling.definition, warnings: validation.warnings)
    }

    /// Under which name a workflow reaches the secret that is a parameter of its template.
    private static func secretName(of parameter: String, digits: String) -> String {
        "\(parameter)_\(digits)"
    }

    /// What an instantiation is made of.
    fileprivate struct Making: Sendable {
        let title: String
        let description: String?
        let record: TemplateRecords.Record
    }

    fileprivate func checked(_ call: InstantiateTemplate) async throws -> Making {
        var faults = Faults(besides: knownFaults)
        let title = faults.title(call.name)
        let text = call.description.map { faults.description($0) }
        let record = try await template(call.templateID)
        let template = record.template
        guard template.isActive else {
            throw APIError(
                .conflict, "The template \"\(template.name)\" is not active. Activate it first")
        }
        faults.add(
            TemplateFilling.faults(of: call.parameterValues ?? [:], for: template.parameters))
        try faults.check()
        return Making(title: title, description: text, record: record)
    }

    fileprivate func instantiate(
        _ call: InstantiateTemplate, _ making: Making
    ) async throws -> Workflow {
        let record = making.record
        let template = record.template
        let values = call.parameterValues ?? [:]
        let id: WorkflowID = newID()
        // Each workflow has secrets of its own, which only it may use.
        let suffix = id.short
        let filling = try TemplateFilling(
            template.definition, parameters: template.parameters, values: values,
            secretName: { Self.secretName(of: $0, digits: suffix) })
        let validation = try await validation(of: filling.definition, for: filling.place)
        guard validation.errors.isEmpty else { throw APIError.validation(validation.errors) }
        let content = WorkflowRecords.Content(
            name: making.title, description: making.description ?? template.description,
            isActive: true,
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

extension TemplateFilling {
    fileprivate var place: DefinitionPlace {
        DefinitionPlace(parameters: parameters, secrets: Set(secrets.map(\.name)))
    }
}

extension TemplateRecords.Content {
    /// Bytes, roughly.
    var size: Int { definition.jsonBytes.count + parameters.count * 512 + 1024 }
}
