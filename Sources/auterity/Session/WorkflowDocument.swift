import AuterityAPI

/// A workflow as a file holds it: what a person writes, and nothing that the engine adds.
struct WorkflowDocument {
    var id: WorkflowID?
    var name: String?
    var description: String?
    var isActive: Bool?
    var definition: JSONValue

    /// Reads a whole workflow, or a definition alone.
    ///
    /// - Throws: `SettingError` that names the file and the key.
    init(_ value: JSONValue, file: String) throws(SettingError) {
        guard case .object(let members) = value else {
            throw SettingError(
                "\(file) must hold an object: a workflow, or a definition with nodes")
        }
        if members["nodes"] != nil {
            definition = value
            return
        }
        guard let definition = members["definition"] else {
            throw SettingError("\(file) has neither a definition nor nodes")
        }
        self.definition = definition
        name = try Self.text("name", members, file)
        description = try Self.text("description", members, file)
        if let text = try Self.text("id", members, file) {
            guard let id = WorkflowID(text) else {
                throw SettingError("\(file): id must be a UUID, not \"\(text)\"")
            }
            self.id = id
        }
        switch members["is_active"] ?? .null {
        case .null: break
        case .bool(let value): isActive = value
        default: throw SettingError("\(file): is_active must be true or false")
        }
    }

    init(_ workflow: Workflow) {
        id = workflow.id
        name = workflow.name
        description = workflow.description
        isActive = workflow.isActive
        definition = workflow.definition
    }

    private static func text(
        _ key: String, _ members: JSONObject, _ file: String
    ) throws(SettingError) -> String? {
        switch members[key] ?? .null {
        case .null: return nil
        case .string(let text): return text
        default: throw SettingError("\(file): \(key) must be text")
        }
    }

    var json: JSONValue {
        var members = JSONObject()
        if let id { members["id"] = .string(id.description) }
        if let name { members["name"] = .string(name) }
        if let description { members["description"] = .string(description) }
        if let isActive { members["is_active"] = .bool(isActive) }
        members["definition"] = definition
        return .object(members)
    }

    /// Whether what it names is otherwise in `workflow`.
    func differs(from workflow: Workflow) -> Bool {
        definition != workflow.definition
            || name.map { $0 != workflow.name } ?? false
            || description.map { $0 != workflow.description } ?? false
            || isActive.map { $0 != workflow.isActive } ?? false
    }
}

// MARK: - What is said of it

extension WorkflowDocument {
    /// Has the faults that a server finds told as faults of the file.
    ///
    /// - Parameter file: as the person named it.
    func telling<Value>(
        _ file: String, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let error as APIError where !error.details.isEmpty {
            throw APIError(
                error.code, "\(file) is not right", details: naming(error.details),
                retryAfter: error.retryAfter, status: error.status, requestID: error.requestID)
        }
    }

    /// The same faults, those of a node with its id: nobody counts nodes.
    func naming(_ faults: [FieldFault]) -> [FieldFault] {
        faults.map { fault in
            guard let match = fault.field.firstMatch(of: /^definition\.nodes\[(\d+)\]\./),
                let index = Int(match.1), let nodes = definition["nodes"]?.arrayValue,
                nodes.indices.contains(index), let id = nodes[index]["id"]?.stringValue
            else { return fault }
            return FieldFault(field: fault.field, message: "\(fault.message) (node \"\(id)\")")
        }
    }
}
