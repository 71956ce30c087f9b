import AuterityAPI
import TerminalUI

/// A form with a field a parameter, checked as one types: by the wizard for the blanks of a
/// template, by the run form for what a workflow expects.
struct ParameterForm: Sendable {
    private(set) var parameters: [TemplateParameter]
    private(set) var form: Form
    /// The fields whose answers were begun; the others are not blamed yet.
    private var touched: Set<String> = []
    /// Whether the answers were sent once: then every fault is shown.
    private var isStrict = false
    /// Faults that the server found, until their field changes.
    private var serverFaults: [String: String] = [:]
    /// Faults of the server that belong to no field.
    private(set) var otherFaults: [FieldFault] = []
    private let initial: [String: String]

    /// Rows of a field for a list or an object.
    private static let structuredRows = 4

    init(_ parameters: [TemplateParameter], values: JSONObject = [:]) {
        self.parameters = parameters
        form = Form(parameters.map { Self.field($0, value: values[$0.name] ?? $0.defaultValue) })
        initial = Self.texts(of: form)
    }

    private static func texts(of form: Form) -> [String: String] {
        Dictionary(form.fields.map { ($0.id, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    /// Whether an answer differs from what the form began with.
    var isChanged: Bool { Self.texts(of: form) != initial }

    /// Whether any field has a fault, shown or not.
    var hasFaults: Bool { parameters.contains { fault(of: $0) != nil } }

    // MARK: Fields

    private static func field(_ parameter: TemplateParameter, value: JSONValue?) -> FormField {
        FormField(
            id: parameter.name, label: parameter.name, kind: kind(of: parameter),
            value: text(of: value, parameter), help: help(of: parameter),
            isRequired: parameter.isRequired)
    }

    private static func kind(of parameter: TemplateParameter) -> FormField.Kind {
        switch parameter.parameterType {
        case .string, .email, .url, .phone: .text
        case .number, .integer: .number
        case .boolean: .boolean
        case .date: .date
        case .secret: .secret
        case .select: .select((parameter.options ?? []).map(JSONText.plain))
        case .array, .object: .multiline(rows: structuredRows)
        }
    }

    private static func text(of value: JSONValue?, _ parameter: TemplateParameter) -> String {
        guard let value, !value.isNull else { return "" }
        return switch parameter.parameterType {
        case .array, .object: value.prettyJSONText
        default: JSONText.plain(value)
        }
    }

    /// What an answer is, where its field does not show it anyway.
    private static let words: [ParameterType: String] = [
        .number: "a number", .integer: "a whole number", .email: "an email address",
        .url: "a URL", .phone: "a phone number", .secret: "kept secret",
        .array: "a JSON array", .object: "a JSON object",
    ]

    /// What the parameter is for, and its rules.
    private static func help(of parameter: TemplateParameter) -> String {
        var parts: [String] = []
        if !parameter.description.isEmpty { parts.append(parameter.description) }
        if let kind = words[parameter.parameterType] { parts.append(kind) }
        switch (parameter.minimum, parameter.maximum) {
        case (let low?, let high?): parts.append("\(plain(low)) to \(plain(high))")
        case (let low?, nil): parts.append("at least \(plain(low))")
        case (nil, let high?): parts.append("at most \(plain(high))")
        case (nil, nil): break
        }
        if let most = parameter.maxLength { parts.append("at most \(most) characters") }
        if let value = parameter.defaultValue, !value.isNull, parameter.parameterType != .secret {
            parts.append("default \(JSONText.plain(value))")
        }
        return parts.joined(separator: ", ")
    }

    private static func plain(_ number: Double) -> String {
        Int64(exactly: number).map { String($0) } ?? String(number)
    }

    // MARK: Answers

    private enum Reading { case nothing, value(JSONValue), fault(String) }

    private func read(_ parameter: TemplateParameter) -> Reading {
        let text = form.value(of: parameter.name) ?? ""
        switch parameter.parameterType {
        case .boolean: return .value(.bool(text == "true"))
        case .number, .integer:
            guard !text.isEmpty else { return .nothing }
            let value = JSONText.scalar(text)
            return value.doubleValue == nil ? .fault("must be a number") : .value(value)
        case .select:
            let options = parameter.options ?? []
            let chosen = options.first { JSONText.plain($0) == text }
            return chosen.map(Reading.value) ?? .nothing
        case .array, .object:
            guard !text.trimmed.isEmpty else { return .nothing }
            do throws(JSONError) {
                return .value(try JSONValue(parsing: text))
            } catch {
                return .fault("is not JSON: \(error)")
            }
        case .string, .email, .url, .date, .phone, .secret:
            return text.isEmpty ? .nothing : .value(.string(text))
        }
    }

    /// The answers as they stand, without what is left open and what cannot be read.
    var values: JSONObject {
        var values = JSONObject()
        for parameter in parameters {
            if case .value(let value) = read(parameter) { values[parameter.name] = value }
        }
        return values
    }

    private func fault(of parameter: TemplateParameter) -> String? {
        switch read(parameter) {
        case .fault(let sentence): sentence
        case .nothing: parameter.check(nil)
        case .value(let value): parameter.check(value, matches: Self.matches)
        }
    }

    private static func matches(_ pattern: String, _ text: String) -> Bool {
        guard let expression = try? Regex(pattern) else { return true }
        return text.prefix(Filter.maximumSubject).firstMatch(of: expression) != nil
    }

    // MARK: Keys

    /// Handles a key and checks what it changed.
    mutating func handle(_ key: Key) -> Form.Action {
        let before = form.focused?.id
        let action = form.handle(key)
        if case .changed(let id) = action {
            touched.insert(id)
            serverFaults[id] = nil
        }
        if let before, form.focused?.id != before { touched.insert(before) }
        check()
        return action
    }

    private mutating func check() {
        var errors: [String: String] = [:]
        for parameter in parameters {
            let id = parameter.name
            if let fault = serverFaults[id] {
                errors[id] = fault
            } else if isStrict || touched.contains(id), let fault = fault(of: parameter) {
                errors[id] = fault
            }
        }
        form.errors = errors
    }

    /// Shows every fault there is and goes to the first; false when all is well.
    mutating func insist() -> Bool {
        isStrict = true
        otherFaults = []
        check()
        return form.moveToFirstError()
    }

    /// Puts the faults that the server found at their fields.
    mutating func take(_ faults: [FieldFault]) {
        isStrict = true
        otherFaults = []
        for fault in faults {
            let name = parameters.map(\.name).first { Self.names(fault.field, $0) }
            if let name { serverFaults[name] = fault.message } else { otherFaults.append(fault) }
        }
        check()
        form.moveToFirstError()
    }

    /// Whether a path such as `parameter_values.email` or `email[0]` is about a field.
    private static func names(_ path: String, _ name: String) -> Bool {
        let bare = path.prefix { $0 != "[" }
        return path == name || bare == name || bare.hasSuffix("." + name)
            || path.contains("." + name + ".") || path.hasPrefix(name + ".")
            || path.hasSuffix("[\"\(name)\"]")
    }

    mutating func setValue(_ text: String, of id: String) {
        form.setValue(text, of: id)
        touched.insert(id)
        serverFaults[id] = nil
        check()
    }

    mutating func focus(at point: Point, in area: Rect) {
        if let index = form.field(at: point, in: area) { form.move(to: index) }
    }

    func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        form.draw(into: &frame, in: area, theme: theme, isFocused: true)
    }
}
