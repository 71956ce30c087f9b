import AuterityAPI

/// What a piece of JSON must look like. Keys beyond those that an object names are allowed.
indirect enum Shape: Sendable {
    case text, bool, int, number
    /// A UUID in lower case, as RFC 9562 writes it.
    case id
    /// RFC 3339 in UTC, such as `2025-08-08T10:30:00Z`.
    case time
    case exactly(JSONValue)
    case oneOf([String])
    case object([String: Shape])
    case anyObject
    case list(Shape)
    case optional(Shape)
    case any

    /// What does not fit, each with its place.
    func faults(of json: JSONValue?, at place: String = "$") -> [String] {
        guard let json else { return ["\(place) is missing"] }
        switch self {
        case .object(let members):
            guard case .object(let object) = json else { return ["\(place) is no object: \(json)"] }
            return members.sorted { $0.key < $1.key }.flatMap { key, shape in
                shape.faults(of: object[key], at: "\(place).\(key)")
            }
        case .list(let shape):
            guard let items = json.arrayValue else { return ["\(place) is no list: \(json)"] }
            return items.enumerated().flatMap { index, item in
                shape.faults(of: item, at: "\(place)[\(index)]")
            }
        case .optional(let shape):
            return json.isNull ? [] : shape.faults(of: json, at: place)
        default:
            return fits(json) ? [] : ["\(place) is \(json.jsonText), not \(self)"]
        }
    }

    private func fits(_ json: JSONValue) -> Bool {
        switch self {
        case .text: json.stringValue != nil
        case .bool: if case .bool = json { true } else { false }
        case .int: if case .int = json { true } else { false }
        case .number: json.doubleValue != nil
        case .id:
            json.stringValue?.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil
        case .time:
            json.stringValue?.wholeMatch(
                of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z/) != nil
        case .exactly(let value): json == value
        case .oneOf(let texts): json.stringValue.map(texts.contains) ?? false
        case .anyObject: json.objectValue != nil
        case .any: true
        case .object, .list, .optional: false
        }
    }
}

extension Answer {
    /// What of the body does not look so.
    func faults(_ members: [String: Shape]) -> [String] { Shape.object(members).faults(of: json) }
}
