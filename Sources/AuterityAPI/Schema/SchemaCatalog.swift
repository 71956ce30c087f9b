/// Makes JSON Schemas of the contract's types by watching them being decoded, so that no schema is
/// written by hand. Named types become components that the schemas refer to.
public final class SchemaCatalog {
    /// Which way a value goes: an absent optional may be left out of a request, and is written as
    /// `null` in a response.
    public enum Direction: Sendable {
        case request, response
    }

    /// A member of a type that is coded with keys.
    public struct Member {
        public let key: String
        public let schema: JSONValue
        public let isOptional: Bool
        /// Whether a value that has none is written without the key, and not as `null`.
        public var isLeftOut = false
    }

    /// By name, in the order in which they were met.
    public private(set) var components = JSONObject()
    /// What is said of a key of a named type.
    private let describe: (_ type: String, _ key: String) -> String?

    public init(describe: @escaping (_ type: String, _ key: String) -> String? = { _, _ in nil }) {
        self.describe = describe
    }

    /// `ServiceHealthConnections` for `AuterityAPI.ServiceHealth.Connections`.
    public static func name(of type: Any.Type) -> String {
        String(reflecting: type).split(separator: ".").dropFirst().joined()
    }

    public static func reference(to name: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// Puts a schema among the components, unless it is there, and answers a reference to it.
    public func name(_ name: String, _ schema: () throws -> JSONValue) rethrows -> JSONValue {
        if components[name] == nil {
            // Holds its place while those that it refers to are met.
            components[name] = true
            components[name] = try schema()
        }
        return Self.reference(to: name)
    }

    /// - Throws: what a type throws that cannot be watched; it must be `SchemaDescribed`.
    public func schema<Value: Decodable>(
        of type: Value.Type, _ direction: Direction = .response
    ) throws -> JSONValue {
        if let type = type as? any SchemaDescribed.Type { return try type.schema(in: self) }
        if let type = type as? any ProbedContainer.Type {
            return try type.schema(in: self, direction)
        }
        if let plain = Self.plainSchemas[ObjectIdentifier(type)] { return plain }
        if let choices = Self.choices(of: type) {
            return name(Self.name(of: type)) { ["type": "string", "enum": .array(choices)] }
        }
        let watch = SchemaWatch(catalog: self, direction: direction)
        _ = try Value(from: SchemaProbe(watch: watch))
        if let plain = watch.plain { return plain }
        let name = Self.name(of: type) + (direction == .request ? "Input" : "")
        return try self.name(name) {
            objectSchema(try members(of: type, direction), direction, of: Self.name(of: type))
        }
    }

    /// The members of a type that is coded with keys, in the order in which it reads them.
    public func members<Value: Decodable>(
        of type: Value.Type, _ direction: Direction
    ) throws -> [Member] {
        let watch = SchemaWatch(catalog: self, direction: direction)
        _ = try Value(from: SchemaProbe(watch: watch))
        guard direction == .response else { return watch.members }
        // What a value writes whose optionals are absent tells which can be null.
        let least = try Value(from: SchemaProbe(watch: nil))
        guard let least = least as? any Encodable,
            let written = try JSONValue(encoding: least).objectValue
        else { return watch.members }
        return watch.members.map { member in
            Member(
                key: member.key, schema: member.schema,
                isOptional: written[member.key]?.isNull ?? false,
                isLeftOut: written[member.key] == nil)
        }
    }

    /// The schema of a value, or of those of its keys that the parameter `fields` picks.
    public func schemaOfSelectable<Value: Decodable>(of type: Value.Type) throws -> JSONValue {
        let whole = try schema(of: type)
        guard let name = whole["$ref"]?.stringValue?.split(separator: "/").last.map(String.init),
            components[name]?["properties"] != nil
        else { return whole }
        let selection = self.name("\(name)Selection") {
            [
                "type": "object", "properties": components[name]?["properties"] ?? [:],
                "description": .string("Those keys of `\(name)` that `fields` names."),
            ]
        }
        return ["anyOf": [whole, selection]]
    }

    public func objectSchema(
        _ members: [Member], _ direction: Direction, of type: String
    ) -> JSONValue {
        var properties = JSONObject()
        for member in members {
            var schema = member.isOptional ? Self.nullable(member.schema) : member.schema
            if let text = describe(type, member.key), case .object(var object) = schema {
                object["description"] = .string(text)
                schema = .object(object)
            }
            properties[member.key] = schema
        }
        let required = members.filter {
            direction == .response ? !$0.isLeftOut : !$0.isOptional
        }.map(\.key)
        var schema: JSONObject = ["type": "object"]
        if let text = describe(type, "") { schema["description"] = .string(text) }
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        schema["properties"] = .object(properties)
        return .object(schema)
    }

    /// The same, or null.
    public static func nullable(_ schema: JSONValue) -> JSONValue {
        guard case .object(var object) = schema, !object.isEmpty else { return schema }
        guard let type = object["type"], object["const"] == nil, object["enum"] == nil else {
            return ["anyOf": [schema, ["type": "null"]]]
        }
        object["type"] = .array((type.arrayValue ?? [type]) + ["null"])
        return .object(object)
    }

    private static let plainSchemas: [ObjectIdentifier: JSONValue] = [
        ObjectIdentifier(String.self): ["type": "string"],
        ObjectIdentifier(Bool.self): ["type": "boolean"],
        ObjectIdentifier(Double.self): ["type": "number", "format": "double"],
        ObjectIdentifier(Int.self): ["type": "integer", "format": "int64"],
        ObjectIdentifier(Int64.self): ["type": "integer", "format": "int64"],
    ]

    /// The words of an enumeration of texts.
    private static func choices(of type: any Decodable.Type) -> [JSONValue]? {
        guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return nil }
        return words(of: type)
    }

    private static func words<Choice: CaseIterable & RawRepresentable>(
        of type: Choice.Type
    ) -> [JSONValue]? {
        let words = Choice.allCases.compactMap { ($0.rawValue as? String).map(JSONValue.string) }
        return words.isEmpty ? nil : words
    }
}

/// Lists, mappings and optionals: what stands around other types.
protocol ProbedContainer: Decodable {
    static func schema(
        in catalog: SchemaCatalog, _ direction: SchemaCatalog.Direction
    ) throws -> JSONValue
    static var sample: Self { get }
}

extension Array: ProbedContainer where Element: Decodable {
    static func schema(
        in catalog: SchemaCatalog, _ direction: SchemaCatalog.Direction
    ) throws -> JSONValue {
        ["type": "array", "items": try catalog.schema(of: Element.self, direction)]
    }
    static var sample: [Element] { [] }
}

extension Dictionary: ProbedContainer where Key == String, Value: Decodable {
    static func schema(
        in catalog: SchemaCatalog, _ direction: SchemaCatalog.Direction
    ) throws -> JSONValue {
        [
            "type": "object",
            "additionalProperties": try catalog.schema(of: Value.self, direction),
        ]
    }
    static var sample: [String: Value] { [:] }
}

extension Optional: ProbedContainer where Wrapped: Decodable {
    static func schema(
        in catalog: SchemaCatalog, _ direction: SchemaCatalog.Direction
    ) throws -> JSONValue {
        SchemaCatalog.nullable(try catalog.schema(of: Wrapped.self, direction))
    }
    static var sample: Wrapped? { nil }
}
