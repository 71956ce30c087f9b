import OrderedCollections

extension JSONValue {
    /// The wire form of a value: its keys in the order in which its type declares them. An
    /// absent optional is written as `null`, because the contract names its keys always.
    public init(encoding value: some Encodable) throws {
        if let value = value as? JSONValue {
            self = value
            return
        }
        let box = JSONBox()
        try value.encode(to: ValueEncoder(box: box, codingPath: []))
        self = box.value
    }
}

/// One value under construction. A class, because `Encoder` hands out containers that are
/// filled after their parent was asked for them.
private final class JSONBox {
    enum Content {
        case value(JSONValue)
        case array([JSONBox])
        case object(OrderedDictionary<String, JSONBox>)
    }

    var content: Content = .value(.null)

    var value: JSONValue {
        switch content {
        case .value(let value): value
        case .array(let boxes): .array(boxes.map(\.value))
        case .object(let boxes): .object(JSONObject(boxes.mapValues(\.value)))
        }
    }

    func becomeObject() {
        if case .object = content { return }
        content = .object([:])
    }

    func becomeArray() {
        if case .array = content { return }
        content = .array([])
    }

    func member(_ key: String) -> JSONBox {
        let box = JSONBox()
        if case .object(var members) = content {
            content = .value(.null)
            members[key] = box
            content = .object(members)
        }
        return box
    }

    func element() -> JSONBox {
        let box = JSONBox()
        if case .array(var elements) = content {
            content = .value(.null)
            elements.append(box)
            content = .array(elements)
        }
        return box
    }

    var count: Int {
        if case .array(let elements) = content { elements.count } else { 0 }
    }
}

/// How `JSONValue.encode(to:)` hands itself over whole.
protocol ValueEncoderAccess {
    func set(_ value: JSONValue)
}

private struct ValueEncoder: Encoder, ValueEncoderAccess {
    let box: JSONBox
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func set(_ value: JSONValue) {
        box.content = .value(value)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        box.becomeObject()
        return KeyedEncodingContainer(ObjectEncoder<Key>(box: box, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        box.becomeArray()
        return ArrayEncoder(box: box, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleEncoder(box: box, codingPath: codingPath)
    }

    /// Sets `box` to any value, the common ones without a detour through their `encode(to:)`.
    static func encode(
        _ value: some Encodable, into box: JSONBox, codingPath: [any CodingKey]
    ) throws {
        switch value {
        case let value as JSONValue: box.content = .value(value)
        case let value as String: box.content = .value(.string(value))
        case let value as Bool: box.content = .value(.bool(value))
        case let value as Double: box.content = .value(.double(value))
        case let value as any BinaryInteger:
            guard let int = Int64(exactly: value) else {
                throw EncodingError.invalidValue(
                    value,
                    .init(codingPath: codingPath, debugDescription: "does not fit in 64 bits"))
            }
            box.content = .value(.int(int))
        default: try value.encode(to: ValueEncoder(box: box, codingPath: codingPath))
        }
    }
}

private struct ObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let box: JSONBox
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) {
        box.member(key.stringValue).content = .value(.null)
    }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        try ValueEncoder.encode(
            value, into: box.member(key.stringValue), codingPath: codingPath + [key])
    }

    // The standard library leaves absent optionals out; the contract wants its keys there.
    func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try present(value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try present(value, key) }

    private func present(_ value: (some Encodable)?, _ key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        ValueEncoder(box: box.member(key.stringValue), codingPath: codingPath + [key])
            .container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ValueEncoder(box: box.member(key.stringValue), codingPath: codingPath + [key])
            .unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        ValueEncoder(box: box.member("super"), codingPath: codingPath)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        ValueEncoder(box: box.member(key.stringValue), codingPath: codingPath + [key])
    }
}

private struct ArrayEncoder: UnkeyedEncodingContainer {
    let box: JSONBox
    let codingPath: [any CodingKey]
    var count: Int { box.count }

    private var elementPath: [any CodingKey] { codingPath + [IndexKey(count)] }

    func encodeNil() {
        box.element().content = .value(.null)
    }

    func encode(_ value: some Encodable) throws {
        let path = elementPath
        try ValueEncoder.encode(value, into: box.element(), codingPath: path)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        let path = elementPath
        return ValueEncoder(box: box.element(), codingPath: path).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let path = elementPath
        return ValueEncoder(box: box.element(), codingPath: path).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        let path = elementPath
        return ValueEncoder(box: box.element(), codingPath: path)
    }
}

private struct SingleEncoder: SingleValueEncodingContainer {
    let box: JSONBox
    let codingPath: [any CodingKey]

    func encodeNil() {
        box.content = .value(.null)
    }

    func encode(_ value: some Encodable) throws {
        try ValueEncoder.encode(value, into: box, codingPath: codingPath)
    }
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
