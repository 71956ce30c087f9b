package import AuterityAPI

/// A list: of values, or of JSON values that become values when they are asked for.
package struct CELList: Sendable {
    private enum Storage {
        case values([CELValue], depth: Int32)
        case json([JSONValue])
    }

    private let storage: Storage

    package init(_ json: [JSONValue]) {
        storage = .json(json)
    }

    /// The depth is looked up once here, so that no later step has to walk down.
    package init(_ values: [CELValue]) {
        var depth = 0
        for value in values {
            depth = max(depth, value.depth)
        }
        storage = .values(values, depth: Int32(truncatingIfNeeded: depth + 1))
    }

    package var count: Int {
        switch storage {
        case .values(let values, _): values.count
        case .json(let values): values.count
        }
    }

    /// The element; the index must be within `0..<count`.
    package subscript(index: Int) -> CELValue {
        switch storage {
        case .values(let values, _): values[index]
        case .json(let values): CELValue(values[index])
        }
    }

    /// All elements as values.
    package var values: [CELValue] {
        switch storage {
        case .values(let values, _): values
        case .json(let values): values.map { CELValue($0) }
        }
    }

    /// The elements as they came, when the list is still JSON.
    var json: [JSONValue]? {
        if case .json(let values) = storage { values } else { nil }
    }

    var depth: Int {
        switch storage {
        case .values(_, let depth): Int(depth)
        case .json: JSONValue.maximumDepth
        }
    }
}
