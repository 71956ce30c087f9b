import AuterityAPI
import AuterityEngine

/// The schemas of a document, ready to hold values against.
struct SchemaBook {
    let document: JSONValue

    init(_ document: JSONValue) {
        self.document = document
    }

    /// What a reference points to; anything else as it is.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let pointer = value["$ref"]?.stringValue else { return value }
        let target = pointer.dropFirst(2).split(separator: "/")
            .reduce(JSONValue?.some(document)) { $0?[String($1)] }
        return target.map(resolved) ?? .null
    }

    /// - Parameters:
    ///   - isStrict: whether keys are refused that a schema does not name; definitions keep what
    ///     they are given.
    ///   - allowsSelection: whether an answer may have only some of its keys.
    func schema(
        _ schema: JSONValue, isStrict: Bool = false, allowsSelection: Bool = true
    ) throws -> JSONSchema {
        var definitions = JSONObject()
        for (name, definition) in document["components"]?["schemas"]?.objectValue ?? [:] {
            definitions[name] = prepared(
                definition, isStrict && name != "Definition", allowsSelection)
        }
        return try JSONSchema([
            "$defs": .object(definitions),
            "allOf": [prepared(schema, isStrict, allowsSelection)],
        ])
    }

    /// Points references into the schema itself, as the engine's reader has them.
    private func prepared(
        _ value: JSONValue, _ isStrict: Bool, _ allowsSelection: Bool
    ) -> JSONValue {
        switch value {
        case .object(let object):
            var result = JSONObject()
            for (key, member) in object {
                if key == "$ref", let pointer = member.stringValue {
                    let path = pointer.replacing("#/components/schemas/", with: "#/$defs/")
                    result[key] = .string(path)
                } else if key == "anyOf", !allowsSelection, case .array(let choices) = member {
                    let wholes = choices.filter { !isSelection($0) }
                    result[key] = prepared(.array(wholes), isStrict, allowsSelection)
                } else {
                    result[key] = prepared(member, isStrict, allowsSelection)
                }
            }
            let isRecord = object["properties"]?.objectValue != nil && object["required"] != nil
            if isStrict, isRecord, object["additionalProperties"] == nil {
                result["additionalProperties"] = false
            }
            return .object(result)
        case .array(let array):
            return .array(array.map { prepared($0, isStrict, allowsSelection) })
        default: return value
        }
    }

    private func isSelection(_ choice: JSONValue) -> Bool {
        choice["$ref"]?.stringValue?.hasSuffix("Selection") ?? false
    }
}
