public import OrderedCollections

/// Any JSON value. Integers and doubles are kept apart, and objects keep the order of their keys.
///
/// A number without fraction or exponent that fits into 64 bits is an `int`, every other number
/// a `double`; both are written back as what they were (`1` and `1.0`).
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object in the order in which they were written.
///
/// Two objects are equal when they have equal members, whatever the order.
public struct JSONObject: Sendable {
    public var members: OrderedDictionary<String, JSONValue>

    public init(_ members: OrderedDictionary<String, JSONValue> = [:]) {
        self.members = members
    }

    /// Of repeated keys the last one counts.
    public init(ordered members: some Sequence<(key: String, value: JSONValue)>) {
        self.members = OrderedDictionary(
            members.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    public subscript(key: String) -> JSONValue? {
        get { members[key] }
        set { members[key] = newValue }
    }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }
    public var keys: [String] { Array(members.keys) }

    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        members.removeValue(forKey: key)
    }

    /// Takes the members of `other`; where both have a key, `other` wins.
    public mutating func merge(_ other: JSONObject) {
        for (key, value) in other.members {
            members[key] = value
        }
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right.members[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in members {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            sum ^= member.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: Sequence {
    /// Its own type, so that whoever walks an object need not know how it is kept.
    public struct Iterator: IteratorProtocol {
        private var base: OrderedDictionary<String, JSONValue>.Iterator

        init(_ base: OrderedDictionary<String, JSONValue>.Iterator) {
            self.base = base
        }

        public mutating func next() -> (key: String, value: JSONValue)? {
            base.next()
        }
    }

    public func makeIterator() -> Iterator {
        Iterator(members.makeIterator())
    }

    public var underestimatedCount: Int { count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Of repeated keys the last one counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = OrderedDictionary(elements, uniquingKeysWith: { _, last in last })
    }
}

// MARK: - Looking inside

extension JSONValue {
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The integer, also of a double that is one.
    public var intValue: Int64? {
        switch self {
        case .int(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The number, whichever kind it is.
    public var doubleValue: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    public var isNull: Bool { self == .null }

    /// The member of an object; `nil` for anything else.
    public subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The element of an array; `nil` outside its bounds and for anything else.
    public subscript(index: Int) -> JSONValue? {
        if case .array(let array) = self, array.indices.contains(index) {
            array[index]
        } else {
            nil
        }
    }

    /// What kind of value it is, in the words of JSON Schema.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .int: "integer"
        case .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

// MARK: - Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(
            JSONObject(OrderedDictionary(elements, uniquingKeysWith: { _, last in last })))
    }
}
