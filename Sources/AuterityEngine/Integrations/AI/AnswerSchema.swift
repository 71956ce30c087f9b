import AuterityAPI

/// Holds a model's answer against the schema that was asked for.
enum AnswerSchema {
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
        let faults = try read(schema).faults(of: value, path: "response")
        guard !faults.isEmpty else { return value }
        let listed = faults.prefix(maximumFaults).map { "\($0.field) \($0.message)" }
            .joined(separator: "; ")
        throw AIError(
            .invalidAnswer,
            "The model's answer does not fit response_schema: \(listed). "
                + advice(isCut))
    }

    static func read(_ schema: JSONValue) throws(AIError) -> JSONSchema {
        do throws(SchemaFaults) {
            return try JSONSchema(schema, path: "response_schema")
        } catch {
            let listed = error.faults.prefix(maximumFaults).map { "\($0.field) \($0.message)" }
            throw AIError(.invalidRequest, listed.joined(separator: "; "))
        }
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
}
