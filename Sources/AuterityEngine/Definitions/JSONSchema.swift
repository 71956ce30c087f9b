package import AuterityAPI

/// A JSON Schema made ready to hold values against: the part of draft 2020-12 that forms and
/// checks need. `type`, `enum`, `const`, `required`, `properties`, `additionalProperties`,
/// `minProperties`, `maxProperties`, `items`, `minItems`, `maxItems`, `uniqueItems`, `minimum`,
/// `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, `minLength`, `maxLength`,
/// `pattern`, `format` (`email`, `uri`, `date`, `date-time`, `uuid`), `oneOf`, `anyOf`, `allOf`,
/// `not`, and `$ref` within the schema. Annotations are passed over; what else there is, is a
/// warning.
package struct JSONSchema: Sendable {
    /// All schemas of the tree; they name each other by their place here.
    let rules: [Rule]
    let root: Int
    /// Keywords that are not read, each with its path.
    package let ignored: [FieldFault]

    static let maximumRules = 5000
    static let maximumDepth = 64
    /// Schemas that one value is held against, all in all: a bound for hostile references.
    static let maximumChecks = 200_000
    static let maximumFaults = 100

    struct Rule: Sendable {
        /// `false` as a schema: no value fits.
        var isNever = false
        var types: Set<String> = []
        var allowed: [JSONValue]?
        var required: [String] = []
        var properties: [String: Int] = [:]
        var additional: Int?
        var items: Int?
        var itemsAreUnique = false
        var counts: [Bound] = []
        var numbers: [Bound] = []
        var pattern: (source: String, program: RegexProgram)?
        var format: Format?
        var allOf: [Int] = []
        var anyOf: [Int] = []
        var oneOf: [Int] = []
        var not: Int?
        var reference: Int?
    }

    /// A keyword that holds a number against a limit.
    struct Bound: Sendable {
        let keyword: String
        let limit: Double
    }

    enum Format: String, Sendable, CaseIterable {
        case email, uri, date, uuid
        case dateTime = "date-time"
    }

    /// Reads a schema.
    ///
    /// - Throws: every fault, each with a path below `path`.
    package init(_ json: JSONValue, path: String = "schema") throws(SchemaFaults) {
        var reader = JSONSchemaReader(document: json, path: path)
        let root = reader.read(json, at: path, depth: 0)
        reader.resolveReferences()
        guard reader.faults.isEmpty else { throw SchemaFaults(faults: reader.faults) }
        rules = reader.rules
        self.root = root
        ignored = reader.ignored
    }

    /// The names that the schema's `properties` declare at top level.
    package var propertyNames: Set<String> { Set(rules[root].properties.keys) }

    /// Whether an object may have other members than the declared ones and they are told apart.
    package var isClosed: Bool { rules[root].additional.map { rules[$0].isNever } ?? false }
}

/// Why a JSON value is no schema.
package struct SchemaFaults: Error, Hashable, Sendable {
    package let faults: [FieldFault]
}

extension NodeData {
    /// A JSON Schema.
    package mutating func schema(_ key: String) -> JSONSchema? {
        guard let value = value(key) else { return nil }
        do {
            let schema = try JSONSchema(value, path: "\(path).\(key)")
            note(warnings: schema.ignored)
            return schema
        } catch {
            note(faults: error.faults)
            return nil
        }
    }
}
