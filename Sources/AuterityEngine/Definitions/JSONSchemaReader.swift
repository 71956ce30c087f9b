import AuterityAPI
import OrderedCollections

/// Reads the tree of a schema into a flat list of rules.
struct JSONSchemaReader {
    private(set) var rules: [JSONSchema.Rule] = []
    private(set) var faults: [FieldFault] = []
    private(set) var ignored: [FieldFault] = []
    private let document: JSONValue
    private let path: String
    /// Where each schema of the tree stands, as a JSON pointer.
    private var places: [String: Int] = [:]
    private var references: [(rule: Int, pointer: String, path: String)] = []

    init(document: JSONValue, path: String) {
        self.document = document
        self.path = path
    }

    private mutating func fault(_ path: String, _ message: String) {
        faults.append(FieldFault(field: path, message: message))
    }

    /// Answers the place of the rule.
    mutating func read(
        _ json: JSONValue, at path: String, depth: Int, pointer: String = "#"
    ) -> Int {
        let index = rules.count
        guard depth <= JSONSchema.maximumDepth, index < JSONSchema.maximumRules else {
            fault(path, "the schema is too large or nested too deep")
            return 0
        }
        rules.append(JSONSchema.Rule())
        places[pointer] = index
        switch json {
        case .bool(let allows): rules[index].isNever = !allows
        case .object(let object):
            for (keyword, value) in object.members {
                let place = Place(
                    rule: index, keyword: keyword, path: "\(path).\(keyword)", depth: depth + 1,
                    pointer: "\(pointer)/\(escape(keyword))")
                read(value, place)
            }
        default: fault(path, "must be a schema: an object, true or false")
        }
        return index
    }

    private struct Place {
        let rule: Int
        let keyword: String
        let path: String
        let depth: Int
        let pointer: String
    }

    private static let annotations: Set<String> = [
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
        "$schema", "$id", "$comment", "$anchor",
    ]
    private static let counts: Set<String> = [
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
    ]
    private static let numbers: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]

    private mutating func read(_ value: JSONValue, _ place: Place) {
        switch place.keyword {
        case "type": readTypes(value, place)
        case "enum":
            guard case .array(let values) = value, !values.isEmpty else {
                return fault(place.path, "must be a list that is not empty")
            }
            rules[place.rule].allowed = values
        case "const": rules[place.rule].allowed = [value]
        case "required": rules[place.rule].required = names(value, place)
        case "properties": rules[place.rule].properties = schemas(named: value, place)
        case "$defs", "definitions": _ = schemas(named: value, place)
        case "additionalProperties": rules[place.rule].additional = schema(value, place)
        case "items": rules[place.rule].items = schema(value, place)
        case "not": rules[place.rule].not = schema(value, place)
        case "allOf": rules[place.rule].allOf = schemas(listed: value, place)
        case "anyOf": rules[place.rule].anyOf = schemas(listed: value, place)
        case "oneOf": rules[place.rule].oneOf = schemas(listed: value, place)
        case "pattern": readPattern(value, place)
        case "uniqueItems": rules[place.rule].itemsAreUnique = value == true
        case "format": readFormat(value, place)
        case "$ref": readReference(value, place)
        default: readOther(value, place)
        }
    }

    private mutating func readOther(_ value: JSONValue, _ place: Place) {
        if Self.counts.contains(place.keyword) {
            guard let count = value.intValue, count >= 0 else {
                return fault(place.path, "must be a whole number that is not negative")
            }
            rules[place.rule].counts.append(.init(keyword: place.keyword, limit: Double(count)))
        } else if Self.numbers.contains(place.keyword) {
            guard let limit = value.doubleValue, place.keyword != "multipleOf" || limit > 0 else {
                return fault(place.path, "must be a number")
            }
            rules[place.rule].numbers.append(.init(keyword: place.keyword, limit: limit))
        } else if !Self.annotations.contains(place.keyword), !place.keyword.hasPrefix("x-") {
            ignored.append(
                FieldFault(field: place.path, message: "this keyword is not checked"))
        }
    }

    private mutating func readTypes(_ value: JSONValue, _ place: Place) {
        let known = ["null", "boolean", "integer", "number", "string", "array", "object"]
        let names = (value.arrayValue ?? [value]).compactMap(\.stringValue)
        guard !names.isEmpty, names.count == value.arrayValue?.count ?? 1,
            names.allSatisfy(known.contains)
        else {
            return fault(place.path, "must be one of \(known.joined(separator: ", ")), or a list")
        }
        rules[place.rule].types = Set(names)
    }

    private mutating func readPattern(_ value: JSONValue, _ place: Place) {
        guard let source = value.stringValue else {
            return fault(place.path, "must be a regular expression")
        }
        do throws(RegexError) {
            rules[place.rule].pattern = (source, try RegexProgram(source))
        } catch {
            fault(place.path, "is no regular expression: \(error.message)")
        }
    }

    private mutating func readFormat(_ value: JSONValue, _ place: Place) {
        guard let name = value.stringValue else { return fault(place.path, "must be a text") }
        rules[place.rule].format = JSONSchema.Format(rawValue: name)
        if rules[place.rule].format == nil {
            ignored.append(
                FieldFault(field: place.path, message: "the format \"\(name)\" is not checked"))
        }
    }

    private mutating func readReference(_ value: JSONValue, _ place: Place) {
        guard let pointer = value.stringValue, pointer.hasPrefix("#") else {
            return fault(place.path, "must point into this schema, such as #/$defs/address")
        }
        references.append((place.rule, pointer, place.path))
    }

    /// Only what was read as a schema can be pointed to.
    mutating func resolveReferences() {
        for reference in references {
            if let target = places[reference.pointer] {
                rules[reference.rule].reference = target
            } else {
                fault(reference.path, "points to no schema here: \"\(reference.pointer)\"")
            }
        }
    }

    private mutating func schema(_ value: JSONValue, _ place: Place) -> Int {
        read(value, at: place.path, depth: place.depth, pointer: place.pointer)
    }

    private mutating func schemas(named value: JSONValue, _ place: Place) -> [String: Int] {
        guard case .object(let object) = value else {
            fault(place.path, "must be an object of schemas")
            return [:]
        }
        var result: [String: Int] = [:]
        for (name, member) in object.members {
            result[name] = read(
                member, at: "\(place.path).\(name)", depth: place.depth,
                pointer: "\(place.pointer)/\(escape(name))")
        }
        return result
    }

    private mutating func schemas(listed value: JSONValue, _ place: Place) -> [Int] {
        guard case .array(let list) = value, !list.isEmpty else {
            fault(place.path, "must be a list of schemas that is not empty")
            return []
        }
        return list.enumerated().map { index, member in
            read(
                member, at: "\(place.path)[\(index)]", depth: place.depth,
                pointer: "\(place.pointer)/\(index)")
        }
    }

    private mutating func names(_ value: JSONValue, _ place: Place) -> [String] {
        let names = (value.arrayValue ?? []).compactMap(\.stringValue)
        if names.count != value.arrayValue?.count {
            fault(place.path, "must be a list of names")
        }
        return names
    }

    /// As RFC 6901 has it.
    private func escape(_ name: String) -> String {
        var result = ""
        for character in name {
            switch character {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.append(character)
            }
        }
        return result
    }
}
