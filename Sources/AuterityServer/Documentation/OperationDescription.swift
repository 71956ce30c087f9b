import AuterityAPI

/// One endpoint as OpenAPI describes it.
struct OperationDescription<Call: Endpoint> {
    let catalog: SchemaCatalog
    let members: [SchemaCatalog.Member]
    private var route: Route { Call.route }
    private var name: String { SchemaCatalog.name(of: Call.self) }

    init(_ catalog: SchemaCatalog) throws {
        self.catalog = catalog
        members = try catalog.members(of: Call.self, .request)
    }

    func json() throws -> JSONValue {
        var operation: JSONObject = [
            "operationId": .string(name.prefix(1).lowercased() + name.dropFirst()),
            "tags": [.string(Tag(path: route.path).title)],
            "summary": .string(route.summary),
            "description": .string(text),
            "security": security,
            "parameters": .array(try parameters()),
        ]
        if let body = try requestBody() { operation["requestBody"] = body }
        operation["responses"] = try ResponseDescriptions(Call.self, members, catalog).json()
        if Call.self == ExecuteWorkflow.self {
            operation["callbacks"] = try WebhookDescription.json(catalog)
        }
        return .object(operation)
    }

    private var text: String {
        var parts = Call.notes.text.isEmpty ? [] : [Call.notes.text]
        switch route.access {
        case .open: parts.append("Needs no token.")
        case .optional: break
        case .authenticated: parts.append("Needs a token.")
        case .permission(let permission):
            parts.append("Needs the permission `\(permission.rawValue)`.")
        }
        parts.append("Rate limit: \(route.rateLimit.rawValue).")
        return parts.joined(separator: "\n\n")
    }

    private var security: JSONValue {
        switch route.access {
        case .open: []
        case .optional: [[:], ["bearerAuth": []], ["oauth2": []]]
        case .authenticated, .permission: [["bearerAuth": []], ["oauth2": []]]
        }
    }

    // MARK: - Parameters

    private var sample: JSONValue? { try? JSONValue(encoding: Call.example) }

    private func parameters() throws -> [JSONValue] {
        let inPath = Set(route.pathKeys)
        var parameters: [JSONValue] = []
        for key in route.pathKeys {
            guard let member = members.first(where: { $0.key == key }) else { continue }
            parameters.append(parameter(member, in: "path", named: key))
        }
        for member in members where !inPath.contains(member.key) {
            if let header = route.headers[member.key] {
                parameters.append(parameter(member, in: "header", named: header))
            } else if !route.hasBody {
                parameters.append(parameter(member, in: "query", named: member.key))
            }
        }
        if route.method == .get {
            parameters += [Parameters.reference("fields"), Parameters.reference("ifNoneMatch")]
        }
        return parameters + [Parameters.reference("requestID")]
    }

    private func parameter(
        _ member: SchemaCatalog.Member, in place: String, named name: String
    ) -> JSONValue {
        let (text, schema) = noted(member)
        var parameter: JSONObject = [
            "name": .string(name), "in": .string(place),
            "required": .bool(!member.isOptional), "description": .string(text),
            "schema": schema,
        ]
        if let value = sample?[member.key], !value.isNull { parameter["example"] = value }
        return .object(parameter)
    }

    /// What is said of a field, and its schema with what the notes add to it.
    private func noted(_ member: SchemaCatalog.Member) -> (String, JSONValue) {
        guard let note = Call.notes.fields[member.key] ?? FieldNote.usual[member.key] else {
            return ("", member.schema)
        }
        guard case .object(var schema) = member.schema else { return (note.text, member.schema) }
        schema.merge(note.keywords)
        if member.key == "definition", Call.self != ValidateDefinition.self {
            schema = DefinitionDescription.reference
        }
        return (note.text, .object(schema))
    }

    // MARK: - Body

    private func requestBody() throws -> JSONValue? {
        guard route.hasBody else { return nil }
        let keys = Set(route.pathKeys).union(route.headers.keys)
        let members = members.filter { !keys.contains($0.key) }
        guard !members.isEmpty else { return nil }
        var properties = JSONObject()
        for member in members {
            let (text, noted) = noted(member)
            // A form has no null, and a change makes nothing null.
            let isNullable =
                member.isOptional && route.form == .json && route.method != .patch
            let schema = isNullable ? SchemaCatalog.nullable(noted) : noted
            guard case .object(var property) = schema else { continue }
            if !text.isEmpty { property["description"] = .string(text) }
            properties[member.key] = .object(property)
        }
        let required = members.filter { !$0.isOptional }.map { JSONValue.string($0.key) }
        var schema: JSONObject = ["type": "object"]
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["properties"] = .object(properties)
        let reference = catalog.name("\(name)Request") { .object(schema) }
        var content: JSONObject = ["schema": reference]
        if let example = example(keys) { content["example"] = example }
        let type = route.form == .json ? "application/json" : "application/x-www-form-urlencoded"
        return [
            "required": .bool(!required.isEmpty),
            "content": .object([type: .object(content)]),
        ]
    }

    private func example(_ keys: Set<String>) -> JSONValue? {
        guard case .object(let sample)? = sample else { return nil }
        return .object(
            JSONObject(ordered: sample.filter { !keys.contains($0.key) && !$0.value.isNull }))
    }
}

/// Any endpoint of the list.
enum Operations {
    static func json(
        of endpoint: any Endpoint.Type, _ catalog: SchemaCatalog
    ) throws -> JSONValue {
        func json<Call: Endpoint>(_ type: Call.Type) throws -> JSONValue {
            try OperationDescription<Call>(catalog).json()
        }
        return try json(endpoint)
    }
}
