extension JSONValue {
    /// The wire form of a value: its keys in the order in which its type declares them. An
    /// absent optional is written as `null`, because the contract names its keys always.
    public init(encoding value: some Encodable) throws {
        let tree = JSONTree()
        try SinkEncoder(sink: tree).encode(value)
        self = tree.root
    }

    /// The wire form of a value as one line of JSON, without the way over a tree.
    public static func jsonBytes(encoding value: some Encodable) throws -> [UInt8] {
        var writer = JSONWriter(indentation: nil)
        try writer.write(encoding: value)
        return writer.bytes
    }
}

extension JSONWriter {
    mutating func write(encoding value: some Encodable) throws {
        if let value = value as? any JSONWritten {
            value.write(to: &self)
            return
        }
        let stream = JSONStream(&self)
        try SinkEncoder(sink: stream).encode(value)
        stream.end(&self)
    }
}

/// Writes values into a sink as they come. Whoever encodes must be done with a nested container
/// before it goes on with the outer one, as all synthesized conformances are.
private struct SinkEncoder<Sink: JSONSink>: Encoder {
    let sink: Sink
    /// How many containers were open before the value.
    private let depth: Int
    /// Errors here have no path: their values say enough.
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(sink: Sink) {
        self.sink = sink
        depth = sink.depth
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if sink.depth == depth { sink.open(isObject: true) }
        return KeyedEncodingContainer(ObjectEncoder<Key, Sink>(sink: sink, depth: depth + 1))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if sink.depth == depth { sink.open(isObject: false) }
        return ArrayEncoder(sink: sink, depth: depth + 1)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension SinkEncoder: SingleValueEncodingContainer {
    /// Writes a whole value, JSON without a detour through its `encode(to:)`.
    func encode<Value: Encodable>(_ value: Value) throws {
        if Value.self == JSONValue.self, let json = value as? JSONValue {
            sink.put(json)
            return
        }
        sink.isValueDue = true
        try value.encode(to: self)
        sink.close(to: depth)
        if sink.isValueDue { sink.put(.null) }
    }

    func encodeNil() { sink.put(.null) }
    func encode(_ value: Bool) { sink.put(.bool(value)) }
    func encode(_ value: String) { sink.put(.string(value)) }
    func encode(_ value: Double) { sink.put(.double(value)) }
    func encode(_ value: Float) { sink.put(.double(Double(value))) }
    func encode(_ value: Int) throws { try put(value) }
    func encode(_ value: Int8) throws { try put(value) }
    func encode(_ value: Int16) throws { try put(value) }
    func encode(_ value: Int32) throws { try put(value) }
    func encode(_ value: Int64) throws { try put(value) }
    func encode(_ value: UInt) throws { try put(value) }
    func encode(_ value: UInt8) throws { try put(value) }
    func encode(_ value: UInt16) throws { try put(value) }
    func encode(_ value: UInt32) throws { try put(value) }
    func encode(_ value: UInt64) throws { try put(value) }

    private func put(_ value: some BinaryInteger) throws {
        guard let int = Int64(exactly: value) else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "does not fit in 64 bits"))
        }
        sink.put(.int(int))
    }
}

/// How `JSONValue.encode(to:)` hands itself over whole.
protocol JSONTaking {
    func take(_ value: JSONValue)
}

extension SinkEncoder: JSONTaking {
    func take(_ value: JSONValue) { sink.put(value) }
}

private struct ObjectEncoder<Key: CodingKey, Sink: JSONSink>: KeyedEncodingContainerProtocol {
    let sink: Sink
    /// How many containers are open within this one, itself included.
    let depth: Int
    var codingPath: [any CodingKey] { [] }

    private func begin(_ key: Key) {
        sink.close(to: depth)
        sink.begin(key.stringValue)
    }

    private func put(_ value: JSONValue, _ key: Key) {
        begin(key)
        sink.put(value)
    }

    func encodeNil(forKey key: Key) { put(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) { put(.double(value), key) }
    func encode(_ value: Int, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: Int64, forKey key: Key) { put(.int(value), key) }
    func encode(_ value: some Encodable, forKey key: Key) throws {
        begin(key)
        try SinkEncoder(sink: sink).encode(value)
    }

    // The standard library leaves absent optionals out; the contract wants its keys there.
    func encodeIfPresent(_ value: Bool?, forKey key: Key) { put(json(value, { .bool($0) }), key) }
    func encodeIfPresent(_ value: String?, forKey key: Key) {
        put(json(value, { .string($0) }), key)
    }
    func encodeIfPresent(_ value: Double?, forKey key: Key) {
        put(json(value, { .double($0) }), key)
    }
    func encodeIfPresent(_ value: Int?, forKey key: Key) {
        put(json(value, { .int(Int64($0)) }), key)
    }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) { put(json(value, { .int($0) }), key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) throws {
        try present(value, key)
    }

    private func json<Value>(_ value: Value?, _ json: (Value) -> JSONValue) -> JSONValue {
        value.map(json) ?? .null
    }

    private func present(_ value: (some Encodable)?, _ key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        begin(key)
        return SinkEncoder(sink: sink).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        begin(key)
        return SinkEncoder(sink: sink).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        sink.close(to: depth)
        sink.begin("super")
        return SinkEncoder(sink: sink)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        begin(key)
        return SinkEncoder(sink: sink)
    }
}

private struct ArrayEncoder<Sink: JSONSink>: UnkeyedEncodingContainer {
    let sink: Sink
    let depth: Int
    private(set) var count = 0
    var codingPath: [any CodingKey] { [] }

    init(sink: Sink, depth: Int) {
        self.sink = sink
        self.depth = depth
    }

    private mutating func begin() -> SinkEncoder<Sink> {
        sink.close(to: depth)
        sink.begin(nil)
        count += 1
        return SinkEncoder(sink: sink)
    }

    mutating func encodeNil() { begin().encodeNil() }
    mutating func encode(_ value: some Encodable) throws { try begin().encode(value) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        begin().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { begin() }
}

/// The place of an element in an array, as a coding key.
struct IndexKey: CodingKey {
    let index: Int

    init(_ index: Int) {
        self.index = index
    }

    init?(intValue: Int) { self.init(intValue) }
    init?(stringValue: String) { return nil }
    var intValue: Int? { index }
    var stringValue: String { "[\(index)]" }
}
