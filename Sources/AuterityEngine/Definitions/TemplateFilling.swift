package import AuterityAPI

/// A template's definition with its blanks filled.
package struct TemplateFilling: Sendable {
    package let definition: JSONValue
    /// The values with the defaults, without the secrets: kept with the workflow as `parameters`.
    package let parameters: JSONObject
    /// The secrets to be stored, by the names under which the definition now reaches them.
    package let secrets: [(name: String, value: String)]

    /// Fills the holes of the declared parameters in all texts of the nodes' `data`; other holes
    /// are left for the run. `secretName` says under which name a parameter's secret will be
    /// stored.
    ///
    /// - Throws: 422 with a fault for each value that is unknown, missing or wrong.
    package init(
        _ definition: JSONValue, parameters declared: [TemplateParameter], values: JSONObject,
        secretName: (String) -> String = { $0 }
    ) throws(APIError) {
        let faults = Self.faults(of: values, for: declared)
        guard faults.isEmpty else { throw .validation(faults) }
        self.init(definition, parameters: declared, unchecked: values, secretName: secretName)
    }

    /// The definition as it is judged before anybody has given a value: filled with values of the
    /// right types, which need not follow a pattern.
    package init(sampling definition: JSONValue, parameters declared: [TemplateParameter]) {
        self.init(
            definition, parameters: declared,
            unchecked: TemplateDeclaration.sampleValues(for: declared), secretName: { $0 })
    }

    private init(
        _ definition: JSONValue, parameters declared: [TemplateParameter],
        unchecked values: JSONObject, secretName: (String) -> String
    ) {
        var fillings: [String: Filling] = [:]
        var parameters = JSONObject()
        var secrets: [(name: String, value: String)] = []
        for parameter in declared {
            let value = Self.value(of: parameter, in: values)
            if parameter.parameterType == .secret, let text = value.stringValue {
                let name = secretName(parameter.name)
                fillings[parameter.name] = .secret(name)
                secrets.append((name, text))
            } else {
                fillings[parameter.name] = .value(value)
                parameters[parameter.name] = value
            }
        }
        self.parameters = parameters
        self.secrets = secrets
        self.definition = HoleFilling(fillings).fill(definition: definition)
    }

    /// Every fault of the values, each with the path `parameter_values.NAME`.
    package static func faults(
        of values: JSONObject, for declared: [TemplateParameter]
    ) -> [FieldFault] {
        var faults: [FieldFault] = []
        for parameter in declared {
            if let message = parameter.check(values[parameter.name], matches: matchesPattern) {
                faults.append(
                    FieldFault(field: "parameter_values.\(parameter.name)", message: message))
            }
        }
        let names = Set(declared.map(\.name))
        for name in values.keys where !names.contains(name) {
            faults.append(
                FieldFault(
                    field: "parameter_values.\(name)",
                    message: "the template has no parameter of this name"))
        }
        return faults
    }

    /// The value, or the default where it is left open; null without one.
    private static func value(
        of parameter: TemplateParameter, in values: JSONObject
    ) -> JSONValue {
        let value = values[parameter.name] ?? .null
        let isOpen = value.isNull || value == "" && parameter.parameterType != .string
        return isOpen ? parameter.defaultValue ?? .null : value
    }

    private static func matchesPattern(_ pattern: String, _ text: String) -> Bool {
        (try? RegexProgram(pattern))?.isFound(in: text) ?? false
    }
}

/// What a hole is filled with.
private enum Filling {
    case value(JSONValue)
    /// The name of a secret.
    case secret(String)
}

private struct HoleFilling {
    let fillings: [String: Filling]

    init(_ fillings: [String: Filling]) {
        self.fillings = fillings
    }

    func fill(definition: JSONValue) -> JSONValue {
        guard case .object(var object) = definition, case .array(let nodes)? = object["nodes"]
        else { return definition }
        object["nodes"] = .array(nodes.map(fill(node:)))
        return .object(object)
    }

    private func fill(node: JSONValue) -> JSONValue {
        guard case .object(var object) = node, case .object(let data)? = object["data"] else {
            return node
        }
        let type = object["type"]?.stringValue.flatMap { NodeCatalog.type(named: $0) }
        let fields = type?.documentation.fields ?? []
        var filled = JSONObject()
        for (key, value) in data {
            let kind = fields.first { $0.key == key }?.kind
            filled[key] = key == "label" ? label(value) : fill(value, kind: kind)
        }
        object["data"] = .object(filled)
        return .object(object)
    }

    /// What people read is a text, whatever it was filled with.
    private func label(_ value: JSONValue) -> JSONValue {
        let filled = fill(value)
        guard value.stringValue != nil, filled.stringValue == nil else { return filled }
        return .string(plainText(filled))
    }

    /// In the place of an expression a text that was only a hole stays a text, written as a
    /// literal; a hole within an expression is filled as it stands. Of mappings of expressions a
    /// text with holes stays a text.
    private func fill(_ value: JSONValue, kind: NodeField.Kind?) -> JSONValue {
        switch (kind, value) {
        case (.expression, .string(let text)):
            let filled = fill(text)
            return isHole(text) ? literal(filled) : filled
        case (.expressions, .object(let object)):
            var result = JSONObject()
            for (key, member) in object {
                if case .string(let text) = member {
                    let filled = fill(text)
                    result[key] = text.contains("{{") ? literal(filled) : filled
                } else {
                    result[key] = fill(member)
                }
            }
            return .object(result)
        default: return fill(value)
        }
    }

    private func fill(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return fill(text)
        case .array(let elements): return .array(elements.map { fill($0) })
        case .object(let object):
            var result = JSONObject()
            for (key, member) in object { result[key] = fill(member) }
            return .object(result)
        case .null, .bool, .int, .double: return value
        }
    }

    /// A text without holes as an expression that gives it.
    private func literal(_ value: JSONValue) -> JSONValue {
        guard case .string(let text) = value, !text.contains("{{") else { return value }
        return .string(JSONValue.string(text).jsonText)
    }

    // MARK: Texts

    private func isHole(_ text: String) -> Bool {
        guard let hole = hole(at: text.startIndex, in: text) else { return false }
        return hole.end == text.endIndex
    }

    private func fill(_ text: String) -> JSONValue {
        guard text.contains("{{") else { return .string(text) }
        if let hole = hole(at: text.startIndex, in: text), hole.end == text.endIndex {
            return whole(hole.filling)
        }
        var result = ""
        var position = text.startIndex
        while position < text.endIndex {
            if let hole = hole(at: position, in: text) {
                result += part(hole.filling)
                position = hole.end
            } else {
                let isOpening = text[position...].hasPrefix("{{")
                let next = text.index(position, offsetBy: isOpening ? 2 : 1)
                result += text[position..<next]
                position = next
            }
        }
        return .string(result)
    }

    /// The hole of a declared parameter that begins here.
    private func hole(
        at start: String.Index, in text: String
    ) -> (filling: Filling, end: String.Index)? {
        guard text[start...].hasPrefix("{{") else { return nil }
        var rest = text[start...].dropFirst(2).drop { $0 == " " || $0 == "\t" }
        let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        rest = rest.dropFirst(name.count).drop { $0 == " " || $0 == "\t" }
        guard rest.hasPrefix("}}"), let filling = fillings[String(name)] else { return nil }
        return (filling, text.index(rest.startIndex, offsetBy: 2))
    }

    private func whole(_ filling: Filling) -> JSONValue {
        switch filling {
        case .value(let value): escaped(value)
        case .secret(let name): .string("{{secrets.\(name)}}")
        }
    }

    private func escaped(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(TextTemplate.escape(text))
        case .array(let elements): return .array(elements.map { escaped($0) })
        case .object(let object):
            var result = JSONObject()
            for (key, member) in object { result[key] = escaped(member) }
            return .object(result)
        case .null, .bool, .int, .double: return value
        }
    }

    private func part(_ filling: Filling) -> String {
        switch filling {
        case .value(let value): TextTemplate.escape(plainText(value))
        case .secret(let name): "{{secrets.\(name)}}"
        }
    }

    private func plainText(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .null: ""
        case .array(let elements): elements.map { plainText($0) }.joined(separator: ", ")
        default: value.jsonText
        }
    }
}
