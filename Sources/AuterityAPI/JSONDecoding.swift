import OrderedCollections

extension JSONValue {
    /// Reads a value from its wire form. Unknown keys are ignored.
    ///
    /// - Throws: `DecodingError` with the path of the first member that does not fit; see
    ///   `DecodingError.fault`.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try decoded(as: type, form: .json)
    }

    func decoded<Value: Decodable>(as type: Value.Type, form: DecodingForm) throws -> Value {
        try ValueDecoder(self, in: [], at: nil, form: form).decode(type)
    }
}

/// What a value stands for while it is read.
enum DecodingForm {
    /// `null` says that something is absent.
    case json
    /// A change of something: an absent member leaves it as it is, and none of them is `null`.
    case change
    /// Numbers and booleans are strings, as they stand in a path or a query.
    case textual
}

extension DecodingError {
    /// What does not fit, and where, as the contract words faults.
    public var fault: FieldFault {
        switch self {
        case .keyNotFound(let key, let context):
            FieldFault(field: fieldPath(context.codingPath + [key]), message: "is required")
        case .valueNotFound(_, let context), .typeMismatch(_, let context),
            .dataCorrupted(let context):
            FieldFault(field: fieldPath(context.codingPath), message: context.debugDescription)
        @unknown default:
            FieldFault(field: "", message: "does not have the expected form")
        }
    }

    /// Where it does not fit.
    var codingPath: [any CodingKey] {
        switch self {
        case .keyNotFound(let key, let context): context.codingPath + [key]
        case .valueNotFound(_, let context), .typeMismatch(_, let context),
            .dataCorrupted(let context):
            context.codingPath
        @unknown default: []
        }
    }
}

/// `definition.nodes[2].data` from coding keys.
private func fieldPath(_ keys: [any CodingKey]) -> String {
    keys.reduce(into: "") { path, key in
        if let index = key.intValue {
            path += "[\(index)]"
        } else {
            path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
        }
    }
}

/// One value as it is read. A class, because it is handed around as an existential and would be
/// boxed each time; its path is only put together when somebody asks.
private final class ValueDecoder: Decoder, SingleValueDecodingContainer {
    let value: JSONValue
    private let parent: [any CodingKey]
    private let key: (any CodingKey)?
    private let form: DecodingForm

    init(
        _ value: JSONValue, in parent: [any CodingKey], at key: (any CodingKey)?, form: DecodingForm
    ) {
        self.value = value
        self.parent = parent
        self.key = key
        self.form = form
    }

    var codingPath: [any CodingKey] {
        if let key { parent + [key] } else { parent }
    }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = value else { throw mismatch("an object") }
        return KeyedDecodingContainer(
            ObjectDecoder<Key>(object: object, codingPath: codingPath, form: form))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch value {
        case .array(let array):
            return ArrayDecoder(array: array, codingPath: codingPath, form: form)
        case .string where form == .textual:
            // A query parameter that may be repeated, given once.
            return ArrayDecoder(single: value, codingPath: codingPath)
        default: throw mismatch("an array")
        }
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func mismatch(_ expected: String) -> DecodingError {
        DecodingError.typeMismatch(
            JSONValue.self,
            .init(
                codingPath: codingPath,
                debugDescription: "expected \(expected), found \(value.kindName)"))
    }

    func decodeNil() -> Bool { value.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        if case .bool(let bool) = value { return bool }
        if form == .textual, case .string(let text) = value {
            // In any case: many languages write `True`.
            switch text.lowercased() {
            case "true", "1": return true
            case "false", "0": return false
            default: break
            }
        }
        throw mismatch("true or false")
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .string(let string) = value else { throw mismatch("a string") }
        return string
    }

    func decode(_ type: Double.Type) throws -> Double {
        if let double = value.doubleValue { return double }
        if form == .textual, case .string(let text) = value, let double = Double(text),
            double.isFinite
        {
            return double
        }
        throw mismatch("a number")
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

    private func integer<Integer: FixedWidthInteger>() throws -> Integer {
        var found: Int64?
        if case .int(let int) = value { found = int }
        if form == .textual, case .string(let text) = value { found = Int64(text) }
        guard let found else { throw mismatch("an integer") }
        guard let integer = Integer(exactly: found) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "\(found) is out of range"))
        }
        return integer
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == JSONValue.self, let value = value as? Value { return value }
        do {
            return try Value(from: self)
        } catch DecodingError.dataCorrupted(let context)
            where context.codingPath.count <= codingPath.count
        {
            // What the standard library says of a case that there is not names types of ours.
            guard let names = names(of: type) else { throw DecodingError.dataCorrupted(context) }
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "must be one of \(names)"))
        }
    }

    /// The values of an enumeration, as a caller writes them; `nil` for another type.
    private func names(of type: (some Decodable).Type) -> String? {
        guard let type = type as? any (RawRepresentable & CaseIterable).Type else { return nil }
        return type.rawNames.joined(separator: ", ")
    }
}

extension RawRepresentable where Self: CaseIterable {
    fileprivate static var rawNames: [String] { allCases.map { "\($0.rawValue)" } }
}

private struct ObjectDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: JSONObject
    let codingPath: [any CodingKey]
    let form: DecodingForm

    var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

    private func decoder(_ key: Key) throws -> ValueDecoder {
        guard let value = object[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: codingPath, debugDescription: "is required"))
        }
        return ValueDecoder(value, in: codingPath, at: key, form: form)
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        let isNil = try decoder(key).decodeNil()
        if isNil { try refuseNull(key) }
        return isNil
    }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try decoder(key).decode(type)
    }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try decoder(key).decode(type)
    }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try decoder(key).decode(type)
    }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder(key).decode(type)
    }

    /// As the standard library has it, with one look at the object instead of three.
    func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws -> Value? {
        guard let value = object[key.stringValue] else { return nil }
        guard !value.isNull else {
            try refuseNull(key)
            return nil
        }
        return try ValueDecoder(value, in: codingPath, at: key, form: form).decode(type)
    }

    /// Of the value itself, not of what it holds.
    private func refuseNull(_ key: Key) throws {
        guard form == .change, codingPath.isEmpty else { return }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: [key],
                debugDescription: "must not be null; leave it out to keep what is there"))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder {
        ValueDecoder(.object(object), in: codingPath, at: nil, form: form)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}

private struct ArrayDecoder: UnkeyedDecodingContainer {
    let array: [JSONValue]
    let codingPath: [any CodingKey]
    let form: DecodingForm
    /// Whether the element was written without a list, and so is known by the list's own name.
    private let isSingle: Bool
    var currentIndex = 0

    init(array: [JSONValue], codingPath: [any CodingKey], form: DecodingForm) {
        self.array = array
        self.codingPath = codingPath
        self.form = form
        isSingle = false
    }

    /// A list of what was given once in a query.
    init(single value: JSONValue, codingPath: [any CodingKey]) {
        array = [value]
        self.codingPath = codingPath
        form = .textual
        isSingle = true
    }

    var count: Int? { array.count }
    var isAtEnd: Bool { currentIndex >= array.count }

    private mutating func next() throws -> ValueDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                JSONValue.self,
                .init(
                    codingPath: codingPath + [IndexKey(currentIndex)],
                    debugDescription: "is missing"))
        }
        defer { currentIndex += 1 }
        return ValueDecoder(
            array[currentIndex], in: codingPath, at: isSingle ? nil : IndexKey(currentIndex),
            form: form)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, array[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try next().decode(type)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try next() }
}

extension JSONValue: Codable {
    /// Only for this module's own decoder, which hands the value over before it comes here.
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? ValueDecoder else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "use JSONValue.decoded"))
        }
        self = decoder.value
    }

    /// Only for this module's own encoder, which takes the value before it comes here.
    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? any JSONTaking else {
            throw EncodingError.invalidValue(
                self,
                .init(codingPath: encoder.codingPath, debugDescription: "use JSONValue(encoding:)"))
        }
        encoder.take(self)
    }
}

extension JSONObject: Codable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer().decode(JSONValue.self)
        guard case .object(let object) = value else {
            throw DecodingError.typeMismatch(
                JSONObject.self,
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "expected an object, found \(value.kindName)"))
        }
        self = object
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(JSONValue.object(self))
    }
}
