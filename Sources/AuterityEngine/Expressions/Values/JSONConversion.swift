package import AuterityAPI
import OrderedCollections

extension CELValue {
    /// The value as JSON: bytes as base64, timestamps as RFC 3339, durations as `1.5s`, a type by
    /// its name, an optional as what it holds or null.
    ///
    /// Fails on what JSON cannot say (NaN, infinity, a uint beyond the range of int, keys that
    /// become the same text) and on more than `maximumBytes`.
    package func json(
        maximumBytes: Int = ExpressionLimits.standard.bytes
    ) throws(ExpressionError) -> JSONValue {
        var conversion = JSONConversion(bytesLeft: maximumBytes)
        return try conversion.convert(self, depth: 0)
    }
}

/// One conversion to JSON. What is shared in a value is written out in JSON again and again: so
/// the size is counted on the way.
struct JSONConversion {
    var bytesLeft: Int

    mutating func convert(
        _ value: CELValue, depth: Int
    ) throws(ExpressionError) -> JSONValue {
        try spend(8)
        switch value {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(int)
        case .uint(let uint):
            guard let int = Int64(exactly: uint) else {
                throw failure("the uint \(uint) is beyond the range of numbers in JSON here")
            }
            return .int(int)
        case .double(let double):
            guard double.isFinite else { throw failure("JSON has no \(numberText(double))") }
            return .double(double)
        case .string(let string):
            try spend(string.utf8.count)
            return .string(string)
        case .bytes(let bytes):
            try spend(bytes.count / 3 * 4)
            return .string(base64(bytes))
        case .list(let list): return .array(try convert(list, depth: depth + 1))
        case .map(let map): return .object(try convert(map, depth: depth + 1))
        case .type(let kind): return .string(kind.rawValue)
        case .timestamp(let timestamp): return .string(timestamp.description)
        case .duration(let duration): return .string(duration.description)
        case .optional(let held?): return try convert(held, depth: depth)
        case .optional(nil): return .null
        }
    }

    private mutating func convert(
        _ list: CELList, depth: Int
    ) throws(ExpressionError) -> [JSONValue] {
        try checkDepth(depth)
        if let json = list.json {
            for value in json { try count(value, depth: depth) }
            return json
        }
        var result: [JSONValue] = []
        result.reserveCapacity(list.count)
        for value in list.values {
            result.append(try convert(value, depth: depth))
        }
        return result
    }

    private mutating func convert(
        _ map: CELMap, depth: Int
    ) throws(ExpressionError) -> JSONObject {
        try checkDepth(depth)
        if let json = map.json {
            try count(.object(json), depth: depth - 1)
            return json
        }
        var result = JSONObject()
        for index in 0..<map.count {
            let key = keyText(map.key(at: index))
            try spend(key.utf8.count)
            guard result[key] == nil else {
                throw failure("two keys of the map become the key \"\(key)\" in JSON")
            }
            result[key] = try convert(map.value(at: index), depth: depth)
        }
        return result
    }

    /// What is JSON already is taken as it is, but reckoned with.
    mutating func count(_ value: JSONValue, depth: Int) throws(ExpressionError) {
        try spend(8)
        switch value {
        case .string(let string): try spend(string.utf8.count)
        case .array(let array):
            try checkDepth(depth + 1)
            for element in array { try count(element, depth: depth + 1) }
        case .object(let object):
            try checkDepth(depth + 1)
            for (key, member) in object.members {
                try spend(key.utf8.count)
                try count(member, depth: depth + 1)
            }
        case .null, .bool, .int, .double: break
        }
    }

    mutating func spend(_ bytes: Int) throws(ExpressionError) {
        bytesLeft -= bytes
        guard bytesLeft >= 0 else {
            throw ExpressionError(.limit, "the result is too large")
        }
    }

    func checkDepth(_ depth: Int) throws(ExpressionError) {
        guard depth <= JSONValue.maximumDepth else {
            throw ExpressionError(
                .limit, "the result is nested deeper than \(JSONValue.maximumDepth)")
        }
    }

    private func failure(_ message: String) -> ExpressionError {
        ExpressionError(.evaluation, message)
    }
}

/// A key of a map as the key of a JSON object.
func keyText(_ key: CELValue) -> String {
    switch key {
    case .string(let string): string
    case .bool(let bool): bool ? "true" : "false"
    case .int(let int): String(int)
    case .uint(let uint): String(uint)
    default: key.kind.rawValue
    }
}
