import AuterityAPI

/// What an endpoint answers: its successes and everything that it can fail of.
struct ResponseDescriptions<Call: Endpoint> {
    private let members: [SchemaCatalog.Member]
    private let catalog: SchemaCatalog
    private var route: Route { Call.route }

    init(_ type: Call.Type, _ members: [SchemaCatalog.Member], _ catalog: SchemaCatalog) {
        self.members = members
        self.catalog = catalog
    }

    func json() throws -> JSONValue {
        var responses: [Int: JSONValue] = [:]
        for answer in try answers() { responses[answer.status] = try success(answer) }
        if route.method == .get {
            responses[304] = [
                "description": "What the caller has still holds.",
                "headers": .object(headers(["ETag": Headers.reference("ETag")])),
            ]
        }
        for (status, codes) in failures where responses[status] == nil {
            responses[status] = try ErrorDescriptions.response(status, codes, route)
        }
        return .object(
            JSONObject(
                ordered: responses.sorted { $0.key < $1.key }.map { (String($0.key), $0.value) }))
    }

    // MARK: - Successes

    private func answers() throws -> [AnswerDescription] {
        if let type = Call.Response.self as? any SeveralAnswers.Type { return type.answers }
        if Call.Response.self == NoContent.self {
            return [AnswerDescription(route.success, "Done.", nil)]
        }
        guard let type = Call.Response.self as? any Exemplified.Type else {
            throw DocumentationError.noExample(SchemaCatalog.name(of: Call.Response.self))
        }
        return [AnswerDescription(route.success, success, type)]
    }

    private var success: String {
        switch route.success {
        case 201: "Made."
        case 202: "Accepted."
        default: "Done."
        }
    }

    private func success(_ answer: AnswerDescription) throws -> JSONValue {
        var extra: JSONObject = [:]
        if route.method == .get && answer.status == 200 || Call.Response.self is any Versioned.Type
        {
            extra["ETag"] = Headers.reference("ETag")
        }
        if route.headers.values.contains("Idempotency-Key") {
            extra["Idempotency-Replayed"] = Headers.reference("IdempotencyReplayed")
        }
        var response: JSONObject = [
            "description": .string(answer.text), "headers": .object(headers(extra)),
        ]
        if let type = answer.type {
            response["content"] = [
                "application/json": [
                    "schema": try schema(of: type),
                    "example": try JSONValue(encoding: type.example),
                ]
            ]
        }
        return .object(response)
    }

    private func headers(_ extra: JSONObject) -> JSONObject {
        var headers = Headers.usual
        headers.merge(extra)
        headers.merge(Headers.limits)
        return headers
    }

    private func schema(of type: any Exemplified.Type) throws -> JSONValue {
        let keys = Set(members.map(\.key))
        if let page = type as? any PagedAnswer.Type {
            let isNumbered = keys.contains("page") || !keys.contains("cursor")
            return try page.schema(
                isNumbered: isNumbered && Call.self != ListJournal.self,
                isBehindCursor: keys.contains("cursor") || Call.self == ListJournal.self, catalog)
        }
        return try route.method == .get
            ? catalog.schemaOfSelectable(of: type) : catalog.schema(of: type)
    }

    // MARK: - Failures

    /// By status, the codes that the call can be answered with.
    private var failures: [Int: [APIError.Code]] {
        var codes: [APIError.Code] = [
            .validationError, .rateLimitExceeded, .internalError, .serviceUnavailable,
        ]
        switch route.access {
        case .open, .optional: break
        case .authenticated: codes += [.unauthorized, .tokenExpired, .tokenRevoked]
        case .permission: codes += [.unauthorized, .tokenExpired, .tokenRevoked, .forbidden]
        }
        if !route.pathKeys.isEmpty { codes.append(.notFound) }
        if route.hasBody { codes += [.badRequest, .payloadTooLarge] }
        if route.headers.values.contains("If-Match") { codes.append(.preconditionFailed) }
        codes += Call.notes.failures
        // RFC 6749 has one status for all faults of a request.
        if route.form == .oauth2 { codes.removeAll { $0 == .validationError } }
        var failures: [Int: [APIError.Code]] = [:]
        for code in APIError.Code.allCases where codes.contains(code) {
            failures[code.status, default: []].append(code)
        }
        return failures
    }
}

/// A mistake of the program: something is not fit to be documented.
enum DocumentationError: Error, Hashable {
    case noExample(String)
}

/// One success of an endpoint.
struct AnswerDescription {
    let status: Int
    let text: String
    /// `nil`: no body.
    let type: (any Exemplified.Type)?

    init(_ status: Int, _ text: String, _ type: (any Exemplified.Type)?) {
        self.status = status
        self.text = text
        self.type = type
    }
}

/// A response that has another status or form at times.
protocol SeveralAnswers {
    static var answers: [AnswerDescription] { get }
}

extension ExecutionOutcome: SeveralAnswers {
    static var answers: [AnswerDescription] {
        [
            AnswerDescription(200, "In `sync` mode: the execution has ended.", Execution.self),
            AnswerDescription(202, "The execution was accepted.", ExecutionAccepted.self),
        ]
    }
}

extension Health: SeveralAnswers {
    static var answers: [AnswerDescription] {
        [
            AnswerDescription(200, "What is needed works.", Health.self),
            AnswerDescription(503, "A needed service is down.", Health.self),
        ]
    }
}

/// A list, in pages by number or behind a cursor.
protocol PagedAnswer {
    static func schema(
        isNumbered: Bool, isBehindCursor: Bool, _ catalog: SchemaCatalog
    ) throws -> JSONValue
}

extension Page: PagedAnswer {
    static func schema(
        isNumbered: Bool, isBehindCursor: Bool, _ catalog: SchemaCatalog
    ) throws -> JSONValue {
        switch (isNumbered, isBehindCursor) {
        case (true, false): try numberedSchema(in: catalog)
        case (false, _): try cursorSchema(in: catalog)
        case (true, true): try schema(in: catalog)
        }
    }
}
