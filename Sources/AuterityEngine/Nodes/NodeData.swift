package import AuterityAPI
import OrderedCollections

/// The `data` of one node while it is read: it hands out typed fields, and gathers every fault,
/// every oddity, and the names that its expressions take from their scope.
package struct NodeData {
    package let object: JSONObject
    /// Where it stands, such as `definition.nodes[2].data`.
    package let path: String
    package private(set) var faults: [FieldFault] = []
    package private(set) var warnings: [FieldFault] = []
    /// Each with the path of its field.
    package private(set) var names: [(field: String, use: NameUse)] = []
    /// Workflows that it starts, each with the path of its field.
    package private(set) var workflows: [(field: String, id: WorkflowID)] = []
    /// Node types besides those of the catalog.
    let extraTypes: [any WorkflowNode.Type]
    /// Named messages that it sends, each with the path of its field.
    package private(set) var messages: [(field: String, name: String)] = []

    package init(
        _ object: JSONObject, path: String = "data", extraTypes: [any WorkflowNode.Type] = []
    ) {
        self.object = object
        self.path = path
        self.extraTypes = extraTypes
    }

    /// The type of an inner node.
    func nodeType(named name: String) -> (any WorkflowNode.Type)? {
        NodeCatalog.type(named: name) ?? extraTypes.first { $0.documentation.name == name }
    }

    // MARK: Noting

    package mutating func fault(_ key: String, _ message: String) {
        faults.append(FieldFault(field: field(key), message: message))
    }

    package mutating func warn(_ key: String, _ message: String) {
        warnings.append(FieldFault(field: field(key), message: message))
    }

    /// Notes that the field names a message, so that an unknown one can be warned about.
    package mutating func usesMessage(_ name: String, in key: String) {
        messages.append((field(key), name))
    }

    /// Notes that the field names a workflow, so that an unknown one can be warned about.
    mutating func usesWorkflow(_ id: WorkflowID, in key: String) {
        workflows.append((field(key), id))
    }

    /// Drops noted names that something else provides than the scope of the step.
    mutating func forgetNames(after count: Int, where isProvided: (NameUse) -> Bool) {
        let kept = names[count...].filter { !isProvided($0.use) }
        names.replaceSubrange(count..., with: kept)
    }

    private func field(_ key: String) -> String {
        key.isEmpty ? path : "\(path).\(key)"
    }

    /// The value of a key; null counts as absent.
    package func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    private mutating func value(_ key: String, isRequired: Bool) -> JSONValue? {
        let value = value(key)
        if value == nil, isRequired { fault(key, "is required") }
        return value
    }

    // MARK: Texts and expressions

    /// A text with holes. A number or a boolean stands for its text.
    package mutating func text(_ key: String, isRequired: Bool = false) -> TextTemplate? {
        guard let value = value(key, isRequired: isRequired) else { return nil }
        let source: String
        switch value {
        case .string(let text): source = text
        case .int, .double, .bool: source = value.description
        default:
            fault(key, "must be a text")
            return nil
        }
        if isRequired, source.allSatisfy(\.isWhitespace) {
            fault(key, "must not be empty")
            return nil
        }
        return template(source, key)
    }

    /// A text with holes, or a list of them.
    package mutating func texts(_ key: String, isRequired: Bool = false) -> [TextTemplate]? {
        guard case .array(let elements)? = value(key) else {
            return text(key, isRequired: isRequired).map { [$0] }
        }
        if isRequired, elements.isEmpty { fault(key, "must not be empty") }
        var templates: [TextTemplate] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                fault("\(key)[\(index)]", "must be a text")
                continue
            }
            if let template = template(text, "\(key)[\(index)]") { templates.append(template) }
        }
        return templates.count == elements.count ? templates : nil
    }

    /// Any JSON, its texts rendered.
    package mutating func json(_ key: String, isRequired: Bool = false) -> JSONTemplate? {
        value(key, isRequired: isRequired).flatMap { compile($0, key, place: .text) }
    }

    /// A mapping, its texts rendered.
    package mutating func mapping(_ key: String, isRequired: Bool = false) -> JSONTemplate? {
        guard let value = value(key, isRequired: isRequired) else { return nil }
        guard case .object = value else {
            fault(key, "must be a mapping of names to values")
            return nil
        }
        return compile(value, key, place: .text)
    }

    /// An expression, or a value that stands for itself.
    package mutating func expression(_ key: String, isRequired: Bool = false) -> JSONTemplate? {
        guard let value = value(key, isRequired: isRequired) else { return nil }
        if case .string(let text) = value, text.allSatisfy(\.isWhitespace) {
            fault(key, "must not be empty")
            return nil
        }
        return compile(value, key, place: .expression)
    }

    /// A mapping of names to expressions, in its order.
    package mutating func expressions(
        _ key: String, isRequired: Bool = false
    ) -> [(name: String, value: JSONTemplate)]? {
        guard let value = value(key, isRequired: isRequired) else { return nil }
        guard case .object(let object) = value else {
            fault(key, "must be a mapping of names to expressions")
            return nil
        }
        var result: [(name: String, value: JSONTemplate)] = []
        for (name, member) in object.members {
            if let template = compile(member, "\(key).\(name)", place: .expression) {
                result.append((name, template))
            }
        }
        return result.count == object.count ? result : nil
    }

    private mutating func template(_ source: String, _ key: String) -> TextTemplate? {
        do {
            let template = try TextTemplate(source)
            note(template.names, key)
            return template
        } catch {
            fault(key, "\(error)")
            return nil
        }
    }

    private mutating func compile(
        _ value: JSONValue, _ key: String, place: JSONTemplate.Place
    ) -> JSONTemplate? {
        do {
            let template = try JSONTemplate(value, place: place)
            note(template.names, key)
            return template
        } catch {
            fault(key, "\(error)")
            return nil
        }
    }

    private mutating func note(_ uses: [NameUse], _ key: String) {
        for use in uses {
            names.append((field(key), use))
        }
    }
}

// MARK: - Plain values

extension NodeData {
    /// A number within `range`, or a text template that gives one.
    package mutating func number(
        _ key: String, in range: ClosedRange<Double>, isRequired: Bool = false
    ) -> NumberSource? {
        if case .string(let text)? = value(key), text.contains("{{") {
            return self.text(key).map { .template($0, range: range) }
        }
        return constant(key, in: range, isRequired: isRequired).map { .constant($0) }
    }

    /// A number within `range`.
    package mutating func constant(
        _ key: String, in range: ClosedRange<Double>, isRequired: Bool = false
    ) -> Double? {
        guard let value = value(key) else {
            if isRequired { fault(key, "is required") }
            return nil
        }
        guard let number = value.doubleValue, range.contains(number) else {
            let bounds = "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
            fault(key, "must be a number from \(bounds)")
            return nil
        }
        return number
    }

    /// A whole number within `range`.
    package mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.intValue.flatMap({ Int(exactly: $0) }), range.contains(number)
        else {
            fault(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    package mutating func boolean(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let boolean = value.boolValue else {
            fault(key, "must be true or false")
            return nil
        }
        return boolean
    }

    /// A plain text without holes, not empty.
    package mutating func word(_ key: String, isRequired: Bool = false) -> String? {
        guard let value = value(key) else {
            if isRequired { fault(key, "is required") }
            return nil
        }
        guard let text = value.stringValue, !text.allSatisfy(\.isWhitespace) else {
            fault(key, "must be a text that is not empty")
            return nil
        }
        return text
    }

    /// A list of plain texts without holes, or one of them.
    package mutating func words(_ key: String) -> [String]? {
        guard let value = value(key) else { return nil }
        let elements = value.arrayValue ?? [value]
        let words = elements.compactMap(\.stringValue)
        guard words.count == elements.count else {
            fault(key, "must be a list of texts")
            return nil
        }
        return words
    }

    /// One of the words of an enumeration.
    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of type: Choice.Type = Choice.self
    ) -> Choice? {
        guard let value = value(key) else { return nil }
        guard let choice = value.stringValue.flatMap(Choice.init(rawValue:)) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            fault(key, "must be one of: \(words)")
            return nil
        }
        return choice
    }

    private func plain(_ number: Double) -> String {
        Int64(exactly: number).map { String($0) } ?? String(number)
    }
}

extension NodeData {
    /// Takes over what was noted while a part of the data was read.
    mutating func take(_ part: NodeData) {
        faults += part.faults
        warnings += part.warnings
        names += part.names
        messages += part.messages
        workflows += part.workflows
    }

    mutating func note(faults list: [FieldFault] = [], warnings odd: [FieldFault] = []) {
        faults += list
        warnings += odd
    }
}
