package import AuterityAPI

/// Whether a template's declared parameters make sense.
package enum TemplateDeclaration {
    package static let maximumParameters = FieldLimits.templateParameters.upperBound

    /// Every fault, each with a path below `parameters`.
    package static func faults(of parameters: [TemplateParameter]) -> [FieldFault] {
        var faults: [FieldFault] = []
        func note(_ index: Int, _ key: String, _ message: String) {
            faults.append(FieldFault(field: "parameters[\(index)].\(key)", message: message))
        }
        if parameters.count > maximumParameters {
            faults.append(
                FieldFault(
                    field: "parameters", message: "must be at most \(maximumParameters)"))
        }
        var seen: Set<String> = []
        for (index, parameter) in parameters.enumerated() {
            if !isIdentifier(parameter.name) {
                note(
                    index, "name",
                    "must be a name: letters, digits and _, not beginning with a digit")
            } else if StepScope.reservedNames.contains(parameter.name) {
                note(index, "name", "\"\(parameter.name)\" has a meaning in expressions already")
            } else if !seen.insert(parameter.name).inserted {
                note(index, "name", "\"\(parameter.name)\" is declared twice")
            }
            if parameter.parameterType == .select, parameter.options?.isEmpty ?? true {
                note(index, "options", "a select needs something to choose from")
            }
            if let pattern = parameter.pattern {
                do throws(RegexError) {
                    _ = try RegexProgram(pattern)
                } catch {
                    note(index, "pattern", "is no regular expression: \(error.message)")
                }
            }
            checkBounds(parameter) { note(index, $0, $1) }
            if let value = parameter.defaultValue, !value.isNull,
                let message = TemplateFilling.faults(
                    of: [parameter.name: value], for: [parameter]
                ).first?.message
            {
                note(index, "default_value", message)
            }
        }
        return faults
    }

    private static func checkBounds(
        _ parameter: TemplateParameter, _ note: (String, String) -> Void
    ) {
        if let least = parameter.minLength, least < 0 || least > parameter.maxLength ?? .max {
            note("min_length", "must be from 0 to max_length")
        }
        if let least = parameter.minItems, least < 0 || least > parameter.maxItems ?? .max {
            note("min_items", "must be from 0 to max_items")
        }
        if let least = parameter.minimum, least > parameter.maximum ?? .infinity {
            note("minimum", "must be at most maximum")
        }
    }

    /// Values that fit the parameters, so that a template's definition can be checked filled.
    package static func sampleValues(for parameters: [TemplateParameter]) -> JSONObject {
        var values = JSONObject()
        for parameter in parameters {
            values[parameter.name] = parameter.defaultValue ?? sample(for: parameter)
        }
        return values
    }

    private static func sample(for parameter: TemplateParameter) -> JSONValue {
        let number = max(parameter.minimum ?? 1, min(1, parameter.maximum ?? 1))
        switch parameter.parameterType {
        case .string, .secret:
            return .string(String(repeating: "x", count: max(parameter.minLength ?? 1, 1)))
        case .number: return JSONValue(plain: number)
        case .integer: return JSONValue(plain: number.rounded(.up))
        case .boolean: return true
        case .email: return "ann@example.com"
        case .url: return "https://example.com"
        case .date: return "2026-01-31"
        case .phone: return "+1 555 0100200"
        case .select: return parameter.options?.first ?? .null
        case .array: return .array(Array(repeating: "x", count: parameter.minItems ?? 0))
        case .object: return [:]
        }
    }
}
