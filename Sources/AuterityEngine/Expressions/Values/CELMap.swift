package import AuterityAPI
import OrderedCollections

/// A map in the order of its writing: of values, or a JSON object whose members become values
/// when they are asked for.
package struct CELMap: Sendable {
    private enum Storage {
        case values(Table)
        case json(JSONObject)
    }

    private final class Table: Sendable {
        let keys: [CELValue]
        let values: [CELValue]
        let index: [MapKey: Int]
        let depth: Int

        init(keys: [CELValue], values: [CELValue], index: [MapKey: Int]) {
            self.keys = keys
            self.values = values
            self.index = index
            var depth = 0
            for value in values {
                depth = max(depth, value.depth)
            }
            self.depth = depth + 1
        }
    }

    private let storage: Storage

    package init(_ json: JSONObject) {
        storage = .json(json)
    }

    /// Takes what was gathered; see `Builder`.
    package init(_ builder: Builder) {
        storage = .values(
            Table(keys: builder.keys, values: builder.values, index: builder.index))
    }

    package var count: Int {
        switch storage {
        case .values(let table): table.keys.count
        case .json(let object): object.count
        }
    }

    package func key(at index: Int) -> CELValue {
        switch storage {
        case .values(let table): table.keys[index]
        case .json(let object): .string(object.members.elements[index].key)
        }
    }

    package func value(at index: Int) -> CELValue {
        switch storage {
        case .values(let table): table.values[index]
        case .json(let object): CELValue(object.members.elements[index].value)
        }
    }

    /// The value of a key; numbers that are equal are the same key, whatever their types.
    package subscript(key: CELValue) -> CELValue? {
        switch storage {
        case .values(let table):
            guard let key = MapKey(lookingFor: key), let index = table.index[key] else {
                return nil
            }
            return table.values[index]
        case .json:
            if case .string(let name) = key { return self[name] }
            return nil
        }
    }

    package subscript(name: String) -> CELValue? {
        switch storage {
        case .values(let table):
            guard let index = table.index[.string(ScalarString(name))] else { return nil }
            return table.values[index]
        case .json(let object):
            // A JSON object finds keys by canonical equivalence, CEL by their scalars.
            guard let index = object.members.index(forKey: name) else { return nil }
            let element = object.members.elements[index]
            return haveSameScalars(element.key, name) ? CELValue(element.value) : nil
        }
    }

    /// The members as they came, when the map is still a JSON object.
    var json: JSONObject? {
        if case .json(let object) = storage { object } else { nil }
    }

    var depth: Int {
        switch storage {
        case .values(let table): table.depth
        case .json: JSONValue.maximumDepth
        }
    }
}

extension CELMap {
    /// Gathers the entries of a map.
    package struct Builder {
        fileprivate(set) var keys: [CELValue] = []
        fileprivate(set) var values: [CELValue] = []
        fileprivate(set) var index: [MapKey: Int] = [:]

        package init() {}

        package enum Refusal: Error, Hashable {
            case unsupportedKey
            case repeatedKey
        }

        /// Adds an entry. A key is a bool, an int, a uint or a string, and stands there once.
        package mutating func add(
            _ key: CELValue, _ value: CELValue
        ) throws(Refusal) {
            guard let hashed = MapKey(storing: key) else { throw .unsupportedKey }
            guard index.updateValue(keys.count, forKey: hashed) == nil else {
                throw .repeatedKey
            }
            keys.append(key)
            values.append(value)
        }
    }
}

/// A key such that keys equal in CEL are equal: `1`, `1u` and `1.0` are one.
enum MapKey: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    /// Only beyond the range of `int`.
    case large(UInt64)
    case string(ScalarString)

    /// A double is no key of a map, but finds one when it is a whole number.
    init?(lookingFor value: CELValue) {
        if case .double(let double) = value {
            if let int = Int64(exactly: double) {
                self = .int(int)
            } else if let uint = UInt64(exactly: double) {
                self = .large(uint)
            } else {
                return nil
            }
        } else {
            self.init(storing: value)
        }
    }

    init?(storing value: CELValue) {
        switch value {
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(int)
        case .uint(let uint):
            if let int = Int64(exactly: uint) { self = .int(int) } else { self = .large(uint) }
        case .string(let string): self = .string(ScalarString(string))
        default: return nil
        }
    }
}
