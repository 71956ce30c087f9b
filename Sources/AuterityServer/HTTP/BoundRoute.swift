import AuterityAPI
import AuterityEngine
import HTTPTypes
import HummingbirdCore
import NIOCore

/// One method of one path, with everything that its requests need, worked out once.
final class BoundRoute: Sendable {
    let method: HTTPRequest.Method
    /// Such as `/api/workflows/{workflow_id}`.
    let template: String
    let access: Route.Access
    let form: Route.Form
    let limit: CallLimit?
    /// Whether the headers of the API go with the answers, or those of pages.
    let isAPI: Bool
    let respond: @Sendable (Exchange) async throws -> Reply
    /// Puts into the audit log that the caller lacks the permission.
    let auditRefusal: @Sendable (Exchange) async -> Void

    init(
        method: HTTPRequest.Method, template: String, access: Route.Access, form: Route.Form,
        limit: CallLimit?, isAPI: Bool,
        auditRefusal: @escaping @Sendable (Exchange) async -> Void = { _ in },
        respond: @escaping @Sendable (Exchange) async throws -> Reply
    ) {
        self.method = method
        self.template = template
        self.access = access
        self.form = form
        self.limit = limit
        self.isAPI = isAPI
        self.auditRefusal = auditRefusal
        self.respond = respond
    }
}

// MARK: - Endpoints

extension BoundRoute {
    /// The route of an endpoint.
    static func endpoint<Call: Endpoint>(
        _ type: Call.Type, _ engine: Engine, _ limits: CallLimits
    ) -> BoundRoute {
        let reading = CallReading(type)
        let writing = AnswerWriting(type)
        let kept = type == GetHealth.self ? KeptAnswer() : nil
        return BoundRoute(
            method: Call.route.method.http, template: Call.route.path,
            access: Call.route.access, form: Call.route.form,
            limit: limits[Call.route.rateLimit], isAPI: true,
            auditRefusal: { exchange in
                await engine.auditRefusal(
                    of: Call.self, pathValues: exchange.pathValues, by: exchange.caller)
            }
        ) { exchange in
            let query = try reading.query(exchange)
            let kept = query.isEmpty ? kept : nil
            let now = kept == nil ? 0 : engine.configuration.clock.monotonic()
            if let answer = kept?.answer(at: now) { return answer.reply(to: exchange) }
            let read = try await reading.call(exchange, query)
            guard read.faults.isEmpty else {
                throw await engine.refusal(
                    of: read.call, known: read.faults, as: exchange.caller)
            }
            let call = read.call
            let response = try await engine.send(call, as: exchange.caller)
            let answer = try writing.answer(response, query)
            kept?.keep(answer, at: now)
            var reply = answer.reply(to: exchange)
            reply.waitedForTheEnd = call.waitsForTheEnd
            return reply
        }
    }

    /// The route of something that is no call of the API.
    static func plain(
        _ route: PlainRoute, _ engine: Engine, _ figures: ServerFigures, _ limits: CallLimits
    ) -> BoundRoute {
        BoundRoute(
            method: .get, template: route.path, access: route.access, form: .json,
            limit: route.rateLimit.flatMap { limits[$0] },
            isAPI: route.path.hasPrefix("/api/")
        ) { exchange in
            let answer = try await route.respond(
                PlainRequest(
                    caller: exchange.caller, engine: engine, server: figures,
                    pathValues: exchange.pathValues))
            var headers = HTTPFields()
            headers.append(HTTPField(name: .contentType, value: answer.contentType))
            for (name, value) in answer.headers {
                headers.append(HTTPField(name: HeaderFields.name(name), value: value))
            }
            let written = Answer(
                status: .of(answer.status), headers: headers,
                body: ByteBuffer(bytes: answer.body),
                tag: answer.status == 200 ? EntityTag.of(answer.body) : nil)
            return written.reply(to: exchange)
        }
    }
}

/// How the call of one endpoint is read from a request.
private struct CallReading<Call: Endpoint> {
    /// The headers that carry parameters.
    private let names: [(text: String, name: HTTPField.Name)]
    private let usesQuery: Bool

    init(_ type: Call.Type) {
        names = Call.route.headers.values.map { ($0, HeaderFields.name($0)) }
        usesQuery = !Call.route.hasBody
    }

    /// The query, where the endpoint has one.
    func query(_ exchange: Exchange) throws -> [WireRequest.QueryItem] {
        usesQuery ? try exchange.queryItems() : []
    }

    func call(
        _ exchange: Exchange, _ query: [WireRequest.QueryItem]
    ) async throws -> WireRequest.Reading<Call> {
        var headers: [String: String] = [:]
        for (text, name) in names { headers[text] = exchange.request.headers[name] }
        var body: JSONValue?
        if !usesQuery {
            body =
                Call.route.form == .oauth2
                ? try await exchange.formBody() : try await exchange.jsonBody()
        }
        let wire = WireRequest(
            method: Call.route.method, query: query, headers: headers, body: body)
        return try wire.read(Call.self, pathValues: exchange.pathValues)
    }
}

/// How the answers of one endpoint are written.
private struct AnswerWriting<Call: Endpoint> {
    private let isVersioned = Call.Response.self is any Versioned.Type
    /// The key of the items, where it answers a list.
    private let listKey = (Call.Response.self as? any ListAnswer.Type)?.itemsKey
    private let isGet = Call.route.method == .get
    private let isOAuth2 = Call.route.form == .oauth2

    init(_ type: Call.Type) {}

    func answer(
        _ response: Call.Response, _ query: [WireRequest.QueryItem]
    ) throws -> Answer {
        let status = HTTPResponse.Status.of(Call.status(of: response))
        var headers = HTTPFields()
        for (name, value) in Call.headers(of: response) {
            headers.append(HTTPField(name: HeaderFields.name(name), value: value))
        }
        if isOAuth2 { headers.append(HeaderFields.noCachePragma) }
        guard status != .noContent else {
            return Answer(status: status, headers: headers, body: nil, tag: nil)
        }
        headers.append(HeaderFields.json)
        let body: [UInt8]
        if isGet, let selection = FieldSelection(query) {
            let whole = try JSONValue(encoding: response)
            body = selection.picked(from: whole, listKey: listKey).jsonBytes
        } else {
            body = try JSONValue.jsonBytes(encoding: response)
        }
        return Answer(
            status: status, headers: headers, body: ByteBuffer(bytes: body),
            tag: try tag(of: body, response, status))
    }

    private func tag(
        of body: [UInt8], _ response: Call.Response, _ status: HTTPResponse.Status
    ) throws -> String? {
        if isVersioned, let versioned = response as? any Versioned {
            // What a read answers is tagged as it stands, keys that were picked included.
            let bytes =
                isGet ? body : try versioned.taggedBytes
            return EntityTag.of(bytes, version: versioned.version)
        }
        return isGet && status == .ok ? EntityTag.of(body) : nil
    }
}

extension Route.Method {
    var http: HTTPRequest.Method {
        switch self {
        case .get: .get
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        }
    }
}

extension Versioned {
    /// What its entity tag is made of, as a read answers it.
    fileprivate var taggedBytes: [UInt8] {
        get throws { try JSONValue.jsonBytes(encoding: tagged) }
    }
}
