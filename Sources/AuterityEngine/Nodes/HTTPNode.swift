package import AuterityAPI

/// Calls another system over HTTP.
package struct HTTPNode: EffectfulNode {
    /// Of an answer that is quoted in a failure.
    private static let quotedCharacters = 200
    static let statusCode = "HTTP_STATUS"

    package static let documentation = NodeDocumentation(
        "http", summary: "Sends an HTTP request and takes its answer.",
        fields: [
            NodeField(
                "method", .choice,
                doc: "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS; GET without."),
            NodeField(
                "url", .text, isRequired: true,
                doc: "An absolute http or https address. Private addresses need "
                    + "AUTERITY_ALLOWED_HOSTS."),
            NodeField("headers", .mapping, doc: "Names to texts."),
            NodeField("query", .mapping, doc: "Names to values, added to the address; encoded."),
            NodeField(
                "body", .json, doc: "A text is sent as it is, anything else as JSON."),
            NodeField(
                "expected_status", .json,
                doc: "A number, a list of them, or a range such as \"200-299\"; any other status "
                    + "fails the step. Without it, 400 and above do."),
        ],
        output: [
            OutputField("status", doc: "The status, such as 200."),
            OutputField("headers", doc: "The headers of the answer, their names in small letters."),
            OutputField("body", doc: "JSON when the answer says that it is, else a text."),
        ])

    enum Method: String, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
    }

    private let method: Method
    private let url: TextTemplate
    private let headers: JSONTemplate?
    private let query: JSONTemplate?
    private let body: JSONTemplate?
    private let expected: ExpectedStatus

    package init?(_ data: inout NodeData) {
        method = data.choice("method") ?? .get
        let url = data.text("url", isRequired: true)
        headers = data.mapping("headers")
        query = data.mapping("query")
        body = data.json("body")
        expected = ExpectedStatus(&data)
        guard let url else { return nil }
        self.url = url
        if url.isConstant, OutboundURL(url.source) == nil {
            data.fault("url", "must be an absolute http or https address")
        }
    }

    package func render(_ context: NodeContext) throws(StepFailure) -> JSONObject {
        var input: JSONObject = ["method": .string(method.rawValue)]
        input["url"] = .string(try context.text(url, in: "url"))
        if let headers { input["headers"] = try context.json(headers, in: "headers") }
        if let query { input["query"] = try context.json(query, in: "query") }
        if let body { input["body"] = try context.json(body, in: "body") }
        return input
    }

    package func run(_ input: JSONObject, _ context: EffectContext) async -> NodeOutcome {
        let request = Self.request(input, context)
        do {
            let response = try await context.services.send(request)
            guard expected.accepts(response.status) else {
                return .failed(Self.failure(request.method, response))
            }
            return .completed(.object(Self.output(response)))
        } catch {
            return .failed(StepFailure(ofCall: error))
        }
    }

    // MARK: The request

    static func request(_ input: JSONObject, _ context: EffectContext) -> OutboundRequest {
        var request = OutboundRequest(
            method: input["method"]?.stringValue ?? "GET",
            url: address(input["url"]?.stringValue ?? "", query: input["query"]?.objectValue),
            timeout: context.timeout.map { .seconds($0) } ?? OutboundRequest.defaultTimeout,
            idempotencyKey: context.idempotencyKey)
        for (name, value) in input["headers"]?.objectValue ?? JSONObject() where !value.isNull {
            request.fields.append(HTTPField(name, value.stringValue ?? value.jsonText))
        }
        guard let body = input["body"], !body.isNull else { return request }
        let type: String
        if let text = body.stringValue {
            request.body = Array(text.utf8)
            type = "text/plain; charset=utf-8"
        } else {
            request.body = body.jsonBytes
            type = "application/json"
        }
        if !request.fields.contains(where: { $0.isNamed("content-type") }) {
            request.fields.append(HTTPField("Content-Type", type))
        }
        return request
    }

    /// The address with the query added, before a fragment; a list gives its name several times.
    static func address(_ url: String, query: JSONObject?) -> String {
        var pairs: [String] = []
        for (name, value) in query ?? JSONObject() where !value.isNull {
            for item in value.arrayValue ?? [value] {
                let text = item.stringValue ?? item.jsonText
                pairs.append("\(percentEncoded(name))=\(percentEncoded(text))")
            }
        }
        guard !pairs.isEmpty else { return url }
        let plain = url.prefix { $0 != "#" }
        return "\(plain)\(plain.contains("?") ? "&" : "?")\(pairs.joined(separator: "&"))"
    }

    // MARK: The answer

    static func output(_ response: OutboundResponse) -> JSONObject {
        var headers = JSONObject()
        for field in response.fields {
            let name = field.name.lowercased()
            let former = headers[name]?.stringValue.map { "\($0), " } ?? ""
            headers[name] = .string(former + field.value)
        }
        return [
            "status": .int(Int64(response.status)), "headers": .object(headers),
            "body": body(response),
        ]
    }

    private static func body(_ response: OutboundResponse) -> JSONValue {
        let type = (response.field("content-type") ?? "").lowercased()
        let media = type.prefix { $0 != ";" && $0 != " " }
        if media == "application/json" || media.hasSuffix("+json"),
            let json = try? JSONValue(parsing: response.body)
        {
            return json
        }
        if type.contains("charset=iso-8859-1") || type.contains("charset=latin1") {
            return .string(String(String.UnicodeScalarView(response.body.map { .init($0) })))
        }
        return .string(String(decoding: response.body, as: UTF8.self))
    }

    private static func failure(_ method: String, _ response: OutboundResponse) -> StepFailure {
        let start = String(decoding: response.body.prefix(4 * quotedCharacters), as: UTF8.self)
        let quoted = start.prefix(quotedCharacters).filter { character in
            !character.unicodeScalars.contains(where: isControl)
        }
        let answer = quoted.isEmpty ? "" : ": \(quoted)"
        return StepFailure(
            statusCode,
            "\(method) \(response.address) answered with status \(response.status), which "
                + "expected_status does not allow\(answer)",
            isRetryable: OutboundResponse.isRetryable(status: response.status),
            retryAfter: response.retryAfter)
    }
}

/// Which statuses are a success.
struct ExpectedStatus: Hashable, Sendable {
    private static let range = 100...599
    /// `nil`: all below 400.
    private let ranges: [ClosedRange<Int>]?

    init(_ data: inout NodeData) {
        guard let value = data.value("expected_status") else {
            ranges = nil
            return
        }
        let read = (value.arrayValue ?? [value]).map(Self.range)
        ranges = read.compactMap(\.self)
        if read.isEmpty || read.contains(nil) {
            data.fault(
                "expected_status",
                "must be a status from 100 to 599, a list of them, or a range such as \"200-299\"")
        }
    }

    func accepts(_ status: Int) -> Bool {
        guard let ranges else { return status < 400 }
        return ranges.contains { $0.contains(status) }
    }

    private static func range(_ value: JSONValue) -> ClosedRange<Int>? {
        let bounds: [Int]
        if let text = value.stringValue {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false).map {
                Int(trimmed($0))
            }
            guard (1...2).contains(parts.count) else { return nil }
            bounds = parts.compactMap(\.self)
            guard bounds.count == parts.count else { return nil }
        } else {
            guard let number = value.intValue.flatMap({ Int(exactly: $0) }) else { return nil }
            bounds = [number]
        }
        guard let low = bounds.first, let high = bounds.last, low <= high,
            bounds.allSatisfy(range.contains)
        else { return nil }
        return low...high
    }
}

extension StepFailure {
    /// The failure of an outgoing call.
    init(ofCall error: any Error) {
        guard let failure = error as? any IntegrationFailure else {
            let isCancelled = error is CancellationError
            self.init(
                isCancelled ? "CANCELLED" : "CALL_FAILED",
                isCancelled ? "The call was cancelled." : "The call failed: \(error)")
            return
        }
        self.init(
            failure.code, failure.message, isRetryable: failure.isRetryable,
            retryAfter: failure.retryAfter)
    }
}
