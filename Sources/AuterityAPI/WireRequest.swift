/// The HTTP form of a call, without HTTP: what a client prints and a server parses.
public struct WireRequest: Hashable, Sendable {
    public var method: Route.Method
    /// With the parameters filled in, percent-encoded.
    public var path: String
    /// In the order of the endpoint's keys; a list gives one item an element.
    public var query: [QueryItem]
    public var headers: [String: String]
    public var body: JSONValue?

    public struct QueryItem: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Prints a call.
    public init<Call: Endpoint>(_ call: Call) throws {
        let route = Call.route
        guard case .object(var members) = try JSONValue(encoding: call) else {
            throw EncodingError.invalidValue(
                call, .init(codingPath: [], debugDescription: "an endpoint must be an object"))
        }
        method = route.method
        path = route.path
        query = []
        headers = [:]
        for key in route.pathKeys {
            let value = members.removeValue(forKey: key) ?? .null
            path = path.replacing("{\(key)}", with: percentEncoded(text(of: value)))
        }
        for (key, header) in route.headers {
            let value = members.removeValue(forKey: key) ?? .null
            if !value.isNull { headers[header] = text(of: value) }
        }
        let present = members.filter { !$0.value.isNull }
        if route.hasBody {
            body = .object(JSONObject(present))
        } else {
            for (key, value) in present {
                for item in value.arrayValue ?? [value] {
                    query.append(QueryItem(name: key, value: text(of: item)))
                }
            }
        }
    }

    /// Parses a call, given the values of the path's placeholders, already percent-decoded.
    ///
    /// - Throws: `DecodingError` for what does not fit.
    public func call<Call: Endpoint>(
        _ type: Call.Type, pathValues: [String: String]
    ) throws -> Call {
        var fields = JSONObject()
        if Call.route.hasBody {
            guard case .object(let object) = body ?? [:] else {
                throw DecodingError.typeMismatch(
                    JSONObject.self,
                    .init(codingPath: [], debugDescription: "the body must be a JSON object"))
            }
            fields = object
        } else {
            for item in query { fields.append(.string(item.value), to: item.name) }
        }
        for (key, value) in pathValues { fields[key] = .string(value) }
        for (key, header) in Call.route.headers {
            fields[key] = headers[header].map(JSONValue.string)
        }
        return try JSONValue.object(fields).decoded(as: type, textual: !Call.route.hasBody)
    }
}

extension JSONObject {
    fileprivate mutating func append(_ value: JSONValue, to key: String) {
        switch self[key] {
        case nil: self[key] = value
        case .array(let values)?: self[key] = .array(values + [value])
        case let first?: self[key] = .array([first, value])
        }
    }
}

/// A scalar as it stands in a path or a query.
private func text(of value: JSONValue) -> String {
    if case .string(let text) = value { text } else { value.jsonText }
}

/// RFC 3986: everything but the unreserved characters.
private func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        let character = Character(Unicode.Scalar(byte))
        if character.isASCII, character.isLetter || character.isNumber || "-._~".contains(character)
        {
            encoded.append(character)
        } else {
            let hex = String(byte, radix: 16, uppercase: true)
            encoded += "%" + (hex.count == 1 ? "0" : "") + hex
        }
    }
    return encoded
}
