/// The HTTP form of a call, without HTTP: what a client prints and a server parses.
public struct WireRequest: Hashable, Sendable {
    public var method: Route.Method
    /// With the parameters filled in, percent-encoded.
    public var path: String
    /// In the order of the endpoint's keys; a list gives one item an element.
    public var query: [QueryItem]
    /// Names are compared without regard to case.
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

    /// What a server has read of a request, for `call(_:pathValues:)`, which needs no path.
    public init(
        method: Route.Method, path: String = "", query: [QueryItem], headers: [String: String],
        body: JSONValue?
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
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
            body = .object(JSONObject(ordered: present))
        } else {
            for (key, value) in present {
                for item in value.arrayValue ?? [value] {
                    query.append(QueryItem(name: key, value: text(of: item)))
                }
            }
        }
    }

    /// The path with the query behind it, as it stands in a request line.
    public var target: String {
        guard !query.isEmpty else { return path }
        let items = query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
        return path + "?" + items.joined(separator: "&")
    }

    /// The body as `application/x-www-form-urlencoded`; empty without one.
    public var formText: String {
        guard case .object(let members) = body ?? .null else { return "" }
        return members.map { "\(percentEncoded($0.key))=\(percentEncoded(text(of: $0.value)))" }
            .joined(separator: "&")
    }

    /// Parses a call, given the values of the path's placeholders, already percent-decoded.
    ///
    /// - Throws: `notFound` for a malformed value of the path, else `validationError` with a fault
    ///   for every field that does not fit.
    public func call<Call: Endpoint>(
        _ type: Call.Type, pathValues: [String: String]
    ) throws(APIError) -> Call {
        let reading = try read(type, pathValues: pathValues)
        guard reading.faults.isEmpty else { throw .validation(reading.faults) }
        return reading.call
    }

    /// A call as far as it could be read.
    public struct Reading<Call: Endpoint> {
        /// With what the example has in the place of what did not fit. One that has faults may be
        /// judged, and is never made.
        public let call: Call
        /// What did not fit.
        public let faults: [FieldFault]
    }

    /// Like `call(_:pathValues:)`; a call that has faults is read nevertheless where it can be, so
    /// that those of its values are found with those of its form.
    public func read<Call: Endpoint>(
        _ type: Call.Type, pathValues: [String: String]
    ) throws(APIError) -> Reading<Call> {
        var mending = FaultMending(
            .object(try fields(of: Call.route, pathValues)),
            sample: try? JSONValue(encoding: Call.example))
        while true {
            do {
                return Reading(
                    call: try mending.value.decoded(as: type, form: Self.form(of: Call.route)),
                    faults: mending.faults)
            } catch let error as DecodingError {
                if let key = error.codingPath.first?.stringValue, pathValues[key] != nil {
                    throw .notFound(noun(ofKey: key))
                }
                guard mending.mend(error), mending.faults.count < Self.maximumFaults else { break }
            } catch {
                mending.note(FieldFault(field: "", message: "does not have the expected form"))
                break
            }
        }
        throw .validation(mending.faults)
    }

    /// Faults that are told at once. Each costs another reading of the whole.
    private static let maximumFaults = 100

    private static func form(of route: Route) -> DecodingForm {
        guard route.hasBody else { return .textual }
        return route.method == .patch ? .change : .json
    }

    private func fields(
        of route: Route, _ pathValues: [String: String]
    ) throws(APIError) -> JSONObject {
        var fields = JSONObject()
        if route.hasBody {
            guard case .object(let object) = body ?? [:] else {
                throw .validation([FieldFault(field: "", message: "the body must be an object")])
            }
            fields = object
        } else {
            var values: [String: [JSONValue]] = [:]
            for item in query { values[item.name, default: []].append(.string(item.value)) }
            for (key, list) in values { fields[key] = list.count == 1 ? list[0] : .array(list) }
        }
        for (key, value) in pathValues { fields[key] = .string(value) }
        for (key, header) in route.headers {
            let name = header.lowercased()
            let value = headers.first { $0.key.lowercased() == name }?.value
            fields[key] = value.map(JSONValue.string)
        }
        return fields
    }
}

/// `workflow` for `workflow_id`.
private func noun(ofKey key: String) -> String {
    key.hasSuffix("_id") ? String(key.dropLast(3)) : key
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
            encoded += (hex.utf8.count == 1 ? "%0" : "%") + hex
        }
    }
    return encoded
}
