/// A type as far as it is known before evaluation. `dyn` is what is only known then.
package indirect enum CELType: Hashable, Sendable {
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case list(CELType)
    case map(CELType, CELType)
    case type
    case timestamp
    case duration
    case optional(CELType)
    /// Stands for any type, the same one throughout a signature.
    case parameter(String)
}

extension CELType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .type: "type"
        case .timestamp: CELKind.timestamp.rawValue
        case .duration: CELKind.duration.rawValue
        case .optional(let value): "optional_type(\(value))"
        case .parameter(let name): name
        }
    }
}

/// What is known of the names in reach when an expression is checked.
package struct Declarations: Sendable {
    /// The types of the names that are known. A name may have dots: `a.b` is then a variable of
    /// its own, before any field of `a`.
    package var types: [String: CELType]
    /// Whether a name that is not among them is an error already now.
    package var isClosed: Bool

    package init(_ types: [String: CELType] = [:], isClosed: Bool = false) {
        self.types = types
        self.isClosed = isClosed
    }

    /// Nothing is known, so any name may stand there.
    package static let open = Declarations()
}
