package import AuterityAPI

/// A value of the Common Expression Language.
package enum CELValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list(CELList)
    case map(CELMap)
    case type(CELKind)
    case timestamp(CELTimestamp)
    case duration(CELDuration)
    indirect case optional(CELValue?)
}

/// What kind of value it is: what `type(x)` answers.
package enum CELKind: String, Hashable, Sendable, CaseIterable {
    case null = "null_type"
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case list
    case map
    case type
    case timestamp = "google.protobuf.Timestamp"
    case duration = "google.protobuf.Duration"
    case optional = "optional_type"
}

extension CELValue {
    /// The value of a JSON value. Nothing is copied: lists and maps are read when asked.
    package init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let value): self = .list(CELList(value))
        case .object(let value): self = .map(CELMap(value))
        }
    }

    package init(_ timestamp: Timestamp) {
        self = .timestamp(CELTimestamp(timestamp))
    }

    package var kind: CELKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .type: .type
        case .timestamp: .timestamp
        case .duration: .duration
        case .optional: .optional
        }
    }

    /// How many lists, maps and optionals stand in each other here, at most.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .map(let map): map.depth
        case .optional(let value?): value.depth + 1
        default: 0
        }
    }
}
