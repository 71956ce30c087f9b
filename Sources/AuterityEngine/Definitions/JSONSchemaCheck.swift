package import AuterityAPI
import OrderedCollections

extension JSONSchema {
    /// Every fault of a value, at most a hundred, each with its path below `path`.
    package func faults(of value: JSONValue, path: String) -> [FieldFault] {
        var check = JSONSchemaCheck(rules: rules)
        check.check(value, against: root, at: path, depth: 0)
        return Array(check.faults.prefix(Self.maximumFaults))
    }
}

/// One value held against a schema.
private struct JSONSchemaCheck {
    let rules: [JSONSchema.Rule]
    private(set) var faults: [FieldFault] = []
    private var checksLeft = JSONSchema.maximumChecks

    init(rules: [JSONSchema.Rule]) {
        self.rules = rules
    }

    private mutating func fault(_ path: String, _ message: String) {
        guard faults.count < JSONSchema.maximumFaults else { return }
        faults.append(FieldFault(field: path, message: message))
    }

    mutating func check(_ value: JSONValue, against index: Int, at path: String, depth: Int) {
        checksLeft -= 1
        guard checksLeft >= 0, depth <= 2 * JSONSchema.maximumDepth else {
            fault(path, "the schema takes too long to check, or refers to itself without end")
            checksLeft = 0
            return
        }
        let rule = rules[index]
        if rule.isNever { return fault(path, "is not allowed") }
        guard rule.types.isEmpty || rule.types.contains(where: { value.isOf(type: $0) }) else {
            let types = rule.types.sorted().map(article).joined(separator: " or ")
            return fault(path, "must be \(types)")
        }
        if let allowed = rule.allowed, !allowed.contains(where: { areEqual($0, value) }) {
            let list = allowed.prefix(20).map(\.jsonText).joined(separator: ", ")
            fault(path, allowed.count == 1 ? "must be \(list)" : "must be one of \(list)")
        }
        switch value {
        case .string(let text): check(text, rule, at: path)
        case .int, .double: check(number: value.doubleValue ?? 0, rule, at: path)
        case .array(let elements): check(elements, rule, at: path, depth: depth)
        case .object(let object): check(object, rule, at: path, depth: depth)
        case .null, .bool: break
        }
        checkCombinations(value, rule, at: path, depth: depth)
    }

    private mutating func check(_ text: String, _ rule: JSONSchema.Rule, at path: String) {
        check(count: text.unicodeScalars.count, rule, "Length", "characters", at: path)
        if let pattern = rule.pattern, !pattern.program.isFound(in: text) {
            fault(path, "must match \(pattern.source)")
        }
        if let format = rule.format, !format.fits(text) {
            fault(path, "must be \(format.words)")
        }
    }

    private mutating func check(
        count: Int, _ rule: JSONSchema.Rule, _ noun: String, _ unit: String, at path: String
    ) {
        for bound in rule.counts where bound.keyword.hasSuffix(noun) {
            let limit = Int(bound.limit)
            if bound.keyword.hasPrefix("min"), count < limit {
                fault(path, limit == 1 ? "must not be empty" : "needs at least \(limit) \(unit)")
            } else if bound.keyword.hasPrefix("max"), count > limit {
                fault(path, "can have at most \(limit) \(unit)")
            }
        }
    }

    private mutating func check(number: Double, _ rule: JSONSchema.Rule, at path: String) {
        for bound in rule.numbers {
            let limit = JSONValue(plain: bound.limit).jsonText
            switch bound.keyword {
            case "minimum" where number < bound.limit: fault(path, "must be at least \(limit)")
            case "maximum" where number > bound.limit: fault(path, "must be at most \(limit)")
            case "exclusiveMinimum" where number <= bound.limit:
                fault(path, "must be more than \(limit)")
            case "exclusiveMaximum" where number >= bound.limit:
                fault(path, "must be less than \(limit)")
            case "multipleOf":
                let quotient = number / bound.limit
                if abs(quotient - quotient.rounded()) > 1e-9 * max(1, abs(quotient)) {
                    fault(path, "must be a multiple of \(limit)")
                }
            default: break
            }
        }
    }

    private mutating func check(
        _ elements: [JSONValue], _ rule: JSONSchema.Rule, at path: String, depth: Int
    ) {
        check(count: elements.count, rule, "Items", "elements", at: path)
        if rule.itemsAreUnique, Set(elements).count < elements.count {
            fault(path, "must not hold the same element twice")
        }
        guard let items = rule.items else { return }
        for (index, element) in elements.enumerated() where checksLeft > 0 {
            check(element, against: items, at: "\(path)[\(index)]", depth: depth + 1)
        }
    }

    private mutating func check(
        _ object: JSONObject, _ rule: JSONSchema.Rule, at path: String, depth: Int
    ) {
        check(count: object.count, rule, "Properties", "members", at: path)
        for name in rule.required where object[name] == nil {
            fault("\(path).\(name)", "is required")
        }
        for (name, value) in object.members where checksLeft > 0 {
            let place = "\(path).\(name)"
            if let property = rule.properties[name] {
                check(value, against: property, at: place, depth: depth + 1)
            } else if let additional = rule.additional {
                if rules[additional].isNever {
                    fault(place, "is not among the names that are allowed")
                } else {
                    check(value, against: additional, at: place, depth: depth + 1)
                }
            }
        }
    }

    private mutating func checkCombinations(
        _ value: JSONValue, _ rule: JSONSchema.Rule, at path: String, depth: Int
    ) {
        if let reference = rule.reference {
            check(value, against: reference, at: path, depth: depth + 1)
        }
        for part in rule.allOf where checksLeft > 0 {
            check(value, against: part, at: path, depth: depth + 1)
        }
        if !rule.anyOf.isEmpty, fitting(rule.anyOf, value, path, depth) == 0 {
            fault(path, "fits none of the alternatives")
        }
        if !rule.oneOf.isEmpty {
            let count = fitting(rule.oneOf, value, path, depth)
            if count != 1 {
                fault(path, "fits \(count == 0 ? "none" : "more than one") of the alternatives")
            }
        }
        if let not = rule.not, fitting([not], value, path, depth) == 1 {
            fault(path, "must not be like this")
        }
    }

    /// How many of the schemas the value fits.
    private mutating func fitting(
        _ schemas: [Int], _ value: JSONValue, _ path: String, _ depth: Int
    ) -> Int {
        var count = 0
        for schema in schemas where checksLeft > 0 {
            let before = faults
            faults = []
            check(value, against: schema, at: path, depth: depth + 1)
            if faults.isEmpty { count += 1 }
            faults = before
        }
        if checksLeft <= 0 { fault(path, "the schema takes too long to check") }
        return count
    }
}

/// Numbers are compared by value: `1` is `1.0`.
private func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.int(let int), .double(let double)), (.double(let double), .int(let int)):
        Int64(exactly: double) == int
    default: left == right
    }
}

extension JSONValue {
    fileprivate func isOf(type: String) -> Bool {
        switch type {
        case "number": doubleValue != nil
        case "integer": doubleValue.map { $0.rounded() == $0 } ?? false
        default: kindName == type
        }
    }

    /// The number, as an integer where it is one.
    init(plain number: Double) {
        self = Int64(exactly: number).map { .int($0) } ?? .double(number)
    }
}

extension JSONSchema.Format {
    var words: String {
        switch self {
        case .email: "an email address"
        case .uri: "a URI such as https://example.com"
        case .date: "a date such as 2026-01-31"
        case .dateTime: "a time such as 2026-01-31T09:00:00Z"
        case .uuid: "a UUID"
        }
    }

    func fits(_ text: String) -> Bool {
        switch self {
        case .email: TextForm.isEmail(text)
        case .uri: TextForm.isURI(text)
        case .date: TextForm.isDate(text)
        case .dateTime: Timestamp(text) != nil
        case .uuid: WorkflowID(text) != nil
        }
    }
}

extension RegexProgram {
    /// Whether the pattern matches some part of the text; a text that takes too long does not.
    func isFound(in text: String) -> Bool {
        var run = Run(scope: NamedValues(), slotCount: 0, limits: .standard)
        return (try? matches(text, &run)) ?? false
    }
}
