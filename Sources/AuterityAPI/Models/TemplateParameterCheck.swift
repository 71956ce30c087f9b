extension TemplateParameter {
    /// Whether a pattern matches some part of a text. The engine has the regular expressions; a
    /// console without them leaves patterns to the engine's preview.
    public typealias PatternMatch = (_ pattern: String, _ text: String) -> Bool

    /// What is wrong with a value, as one sentence; `nil` when it may fill the blank. No value and
    /// null are what is left open. `matches` is asked for `^(?:pattern)$`.
    public func check(_ value: JSONValue?, matches: PatternMatch? = nil) -> String? {
        guard let value, !value.isNull, !isLeftOpen(value) else {
            return isRequired && defaultValue == nil ? "is required" : nil
        }
        return checkType(value) ?? checkRules(value, matches: matches)
    }

    /// An empty text in a form is an answer only where a text may be empty.
    private func isLeftOpen(_ value: JSONValue) -> Bool {
        guard value == "" else { return false }
        return parameterType != .string || isRequired && minLength ?? 1 > 0
    }

    private func checkType(_ value: JSONValue) -> String? {
        switch parameterType {
        case .string, .secret: return value.stringValue == nil ? "must be a text" : nil
        case .number: return value.doubleValue == nil ? "must be a number" : nil
        case .integer: return value.intValue == nil ? "must be a whole number" : nil
        case .boolean: return value.boolValue == nil ? "must be true or false" : nil
        case .array: return value.arrayValue == nil ? "must be a list" : nil
        case .object: return value.objectValue == nil ? "must be an object" : nil
        case .email:
            return fits(value, TextForm.isEmail)
                ? nil : "must be an email address such as ann@example.com"
        case .url:
            return fits(value, TextForm.isURL)
                ? nil : "must be an address such as https://example.com"
        case .date: return fits(value, TextForm.isDate) ? nil : "must be a date such as 2026-01-31"
        case .phone:
            return fits(value, TextForm.isPhone)
                ? nil : "must be a phone number such as +1 555 0100200"
        case .select:
            let options = options ?? []
            let list = options.map { $0.stringValue ?? $0.jsonText }.joined(separator: ", ")
            return options.contains(value) ? nil : "must be one of: \(list)"
        }
    }

    private func fits(_ value: JSONValue, _ form: (String) -> Bool) -> Bool {
        value.stringValue.map(form) ?? false
    }

    private func checkRules(_ value: JSONValue, matches: PatternMatch?) -> String? {
        switch value {
        case .string(let text):
            if let fault = check(text.count, minLength, maxLength, "character") { return fault }
            if let pattern, let matches, !matches("^(?:\(pattern))$", text) {
                return "must match \(pattern)"
            }
        case .int, .double:
            let number = value.doubleValue ?? 0
            if let minimum, number < minimum { return "must be at least \(plain(minimum))" }
            if let maximum, number > maximum { return "must be at most \(plain(maximum))" }
        case .array(let elements):
            return check(elements.count, minItems, maxItems, "element")
        case .object(let object): return check(object.count, minItems, maxItems, "member")
        case .null, .bool: break
        }
        return nil
    }

    private func check(_ count: Int, _ least: Int?, _ most: Int?, _ unit: String) -> String? {
        if let least, count < least {
            return "needs at least \(least) \(unit)\(least == 1 ? "" : "s")"
        }
        if let most, count > most {
            return "can have at most \(most) \(unit)\(most == 1 ? "" : "s")"
        }
        return nil
    }

    private func plain(_ number: Double) -> String {
        Int64(exactly: number).map { String($0) } ?? String(number)
    }
}
