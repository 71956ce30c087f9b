/// What a type was seen to read.
final class SchemaWatch {
    let catalog: SchemaCatalog
    let direction: SchemaCatalog.Direction
    private(set) var members: [SchemaCatalog.Member] = []
    /// Of a type that is coded as a single plain value.
    var plain: JSONValue?
    /// Keys that were asked for before they were read.
    private var asked: Set<String> = []

    init(catalog: SchemaCatalog, direction: SchemaCatalog.Direction) {
        self.catalog = catalog
        self.direction = direction
    }

    func ask(_ key: String) { asked.insert(key) }

    func read<Value: Decodable>(_ type: Value.Type, _ key: String) throws {
        guard !members.contains(where: { $0.key == key }) else { return }
        members.append(
            SchemaCatalog.Member(
                key: key, schema: try catalog.schema(of: type, direction),
                isOptional: asked.contains(key)))
    }
}

/// Poses as a decoder whose input has every key that it is asked for, and notes them. Without a
/// watch its input has no key that a type can do without.
struct SchemaProbe: Decoder {
    let watch: SchemaWatch?
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(KeyedProbe<Key>(watch: watch))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Self.unseen("a list") }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    static func unseen(_ what: String) -> DecodingError {
        DecodingError.dataCorrupted(
            .init(
                codingPath: [],
                debugDescription: "\(what) that a type codes itself cannot be watched; make the "
                    + "type SchemaDescribed"))
    }

    /// A value of the type.
    static func sample<Value: Decodable>(of type: Value.Type) throws -> Value {
        let any: Any? =
            switch type {
            case is String.Type: ""
            case is Bool.Type: false
            case is Int.Type: 0
            case is Int64.Type: Int64(0)
            case is Double.Type: 0.0
            case let type as any SchemaDescribed.Type: try type.wireSample.decoded(as: type)
            case let type as any ProbedContainer.Type: type.sample
            case let type as any CaseIterable.Type: type.firstCase
            default: nil
            }
        if let value = any as? Value { return value }
        return try Value(from: SchemaProbe(watch: nil))
    }
}

extension CaseIterable {
    fileprivate static var firstCase: Any? { allCases.first }
}

extension SchemaProbe: SingleValueDecodingContainer {
    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let watch { watch.plain = try watch.catalog.schema(of: type, watch.direction) }
        return try Self.sample(of: type)
    }
}

private struct KeyedProbe<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let watch: SchemaWatch?
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    /// Asked of what a type can do without, before it is read.
    func contains(_ key: Key) -> Bool {
        watch?.ask(key.stringValue)
        return watch != nil
    }

    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try watch?.read(type, key.stringValue)
        return try SchemaProbe.sample(of: type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw SchemaProbe.unseen("an object") }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw SchemaProbe.unseen("a list")
    }

    func superDecoder() throws -> any Decoder { throw SchemaProbe.unseen("a member") }
    func superDecoder(forKey key: Key) throws -> any Decoder {
        throw SchemaProbe.unseen("a member")
    }
}
