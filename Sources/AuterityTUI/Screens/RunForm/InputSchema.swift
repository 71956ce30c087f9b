import AuterityAPI

/// What a workflow expects as input, as the start node says in JSON Schema.
enum InputSchema {
    /// Fields offered at most; a schema with more is answered as JSON.
    static let mostFields = 60

    /// The schema of a definition; `nil` when it says nothing that a form can be made of.
    static func parameters(of definition: JSONValue) -> [TemplateParameter]? {
        let nodes = definition["nodes"]?.arrayValue ?? []
        let start = nodes.first { $0["type"]?.stringValue == "start" }
        guard let schema = start?["data"]?["input_schema"],
            let properties = schema["properties"]?.objectValue, !properties.isEmpty,
            properties.count <= mostFields
        else { return nil }
        let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        return properties.map { name, property in
            parameter(name, property, isRequired: required.contains(name))
        }
    }

    private static func parameter(
        _ name: String, _ property: JSONValue, isRequired: Bool
    ) -> TemplateParameter {
        let title = property["title"]?.stringValue
        return TemplateParameter(
            name: name, description: property["description"]?.stringValue ?? title ?? "",
            parameterType: type(of: property), isRequired: isRequired,
            defaultValue: property["default"], options: property["enum"]?.arrayValue,
            minLength: property["minLength"]?.intValue.map(Int.init),
            maxLength: property["maxLength"]?.intValue.map(Int.init),
            minimum: property["minimum"]?.doubleValue, maximum: property["maximum"]?.doubleValue,
            minItems: property["minItems"]?.intValue.map(Int.init),
            maxItems: property["maxItems"]?.intValue.map(Int.init))
    }

    private static func type(of property: JSONValue) -> ParameterType {
        if property["enum"]?.arrayValue?.isEmpty == false { return .select }
        let types = property["type"]?.arrayValue?.compactMap(\.stringValue).filter { $0 != "null" }
        switch property["type"]?.stringValue ?? types?.first {
        case "integer": return .integer
        case "number": return .number
        case "boolean": return .boolean
        case "array": return .array
        case "object": return .object
        default: break
        }
        switch property["format"]?.stringValue {
        case "email": return .email
        case "uri", "url": return .url
        case "date": return .date
        case "phone": return .phone
        case "password": return .secret
        default: return .string
        }
    }
}
