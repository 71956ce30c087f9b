import AuterityAPI

/// Holds a model's answer against the schema that was asked for: types, required members, allowed
/// values and bounds, which is what models get wrong.
enum AnswerSchema {
    private static let maximumDepth = 64
    private static let maximumFaults = 5

    /// The text itself, or the JSON in it where the request has a schema.
    static func content(of text: String, _ request: AIRequest, isCut: Bool) throws(AIError)
        -> JSONValue
    {
        guard let schema = request.responseSchema else { return .string(text) }
        do {
            return try checked(JSONValue(parsing: withoutFence(text)), schema, isCut: isCut)
        } catch let error as JSONError {
            throw AIError(
                .invalidAnswer,
                "The model's answer is not the JSON that response_schema asks for "
                    + "(\(error)). \(advice(isCut))")
        } catch let error as AIError {
            throw error
        } catch {
            throw AIError(.invalidAnswer, "The model's answer cannot be read. \(advice(isCut))")
        }
    }

    static func checked(_ value: JSONValue, _ schema: JSONValue, isCut: Bool) throws(AIError)
        -> JSONValue
    {
        let faults = faults(of: value, schema, path: "response", depth: 0)
        guard !faults.isEmpty else { return value }
        let listed = faults.prefix(maximumFaults).joined(separator: "; ")
        throw AIError(
            .invalidAnswer,
            "The model's answer does not fit response_schema: \(listed). "
                + advice(isCut))
    }

    private static func advice(_ isCut: Bool) -> String {
        isCut
            ? "It was cut off: raise max_tokens."
            : "Say in the prompt what the answer must hold, or name another model."
    }

    /// Models like to put JSON between the fences of Markdown.
    static func withoutFence(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let first = lines.firstIndex { !$0.allSatisfy(\.isWhitespace) }
        let last = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) }
        guard let first, let last, first < last, lines[first].hasPrefix("```"),
            lines[last].hasPrefix("```")
        else { return text }
        return lines[(first + 1)..<last].joined(separator: "\n")
    }

    static func faults(
        of value: JSONValue, _ schema: JSONValue, path: String, depth: Int
    ) -> [String] {
        guard depth < maximumDepth, schema.objectValue != nil else { return [] }
        let types = schema["type"]?.arrayValue ?? schema["type"].map { [$0] } ?? []
        let fits = types.isEmpty || types.contains { isKind(value, $0.stringValue ?? "") }
        guard fits else {
            let names = types.compactMap(\.stringValue).joined(separator: " or ")
            return ["\(path) is \(value.kindName), not \(names)"]
        }
        var faults: [String] = []
        if let allowed = schema["enum"]?.arrayValue, !allowed.contains(value) {
            let names = allowed.map(\.jsonText).joined(separator: ", ")
            faults.append("\(path) is none of \(names)")
        }
        if let bound = schema["minimum"]?.doubleValue, let number = value.doubleValue,
            number < bound
        {
            faults.append("\(path) is under \(bound)")
        }
        if let bound = schema["maximum"]?.doubleValue, let number = value.doubleValue,
            number > bound
        {
            faults.append("\(path) is over \(bound)")
        }
        return faults + innerFaults(of: value, schema, path: path, depth: depth)
    }

    private static func innerFaults(
        of value: JSONValue, _ schema: JSONValue, path: String, depth: Int
    ) -> [String] {
        var found: [String] = []
        if let object = value.objectValue {
            for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
            where object[name] == nil {
                found.append("\(path).\(name) is missing")
            }
            let properties = schema["properties"]?.objectValue ?? JSONObject()
            for (name, member) in object {
                if let inner = properties[name] {
                    found += faults(of: member, inner, path: "\(path).\(name)", depth: depth + 1)
                } else if schema["additionalProperties"] == false {
                    found.append("\(path).\(name) is not asked for")
                }
            }
        }
        if let items = schema["items"], let array = value.arrayValue {
            for (index, item) in array.enumerated() {
                found += faults(of: item, items, path: "\(path)[\(index)]", depth: depth + 1)
            }
        }
        return found
    }

    private static func isKind(_ value: JSONValue, _ name: String) -> Bool {
        switch name {
        case "number": value.doubleValue != nil
        case "integer": value.intValue != nil
        default: value.kindName == name
        }
    }
}
