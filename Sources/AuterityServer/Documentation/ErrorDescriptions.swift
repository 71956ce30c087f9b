import AuterityAPI

/// What goes wrong, as OpenAPI describes it.
enum ErrorDescriptions {
    /// The codes that a status has where a call adds none of its own.
    private static let usual: [(name: String, codes: [APIError.Code])] = [
        ("BadRequest", [.badRequest]),
        ("Unauthorized", [.unauthorized, .tokenExpired, .tokenRevoked]),
        ("Forbidden", [.forbidden]), ("NotFound", [.notFound]),
        ("PreconditionFailed", [.preconditionFailed]),
        ("PayloadTooLarge", [.payloadTooLarge]), ("ValidationError", [.validationError]),
        ("RateLimitExceeded", [.rateLimitExceeded]), ("InternalError", [.internalError]),
        ("ServiceUnavailable", [.serviceUnavailable]),
    ]

    static func components() throws -> JSONObject {
        var components = JSONObject()
        for entry in usual {
            components[entry.name] = try json(entry.codes[0].status, entry.codes)
        }
        return components
    }

    static func response(
        _ status: Int, _ codes: [APIError.Code], _ route: Route
    ) throws -> JSONValue {
        if route.form == .oauth2, status == 400 { return oauth }
        if let usual = usual.first(where: { $0.codes == codes }) {
            return reference(usual.name)
        }
        return try json(status, codes)
    }

    static func reference(_ name: String) -> JSONValue {
        ["$ref": .string("#/components/responses/\(name)")]
    }

    private static func json(_ status: Int, _ codes: [APIError.Code]) throws -> JSONValue {
        var headers = Headers.usual
        switch status {
        case 401: headers["WWW-Authenticate"] = Headers.reference("WWWAuthenticate")
        case 429, 503: headers["Retry-After"] = Headers.reference("RetryAfter")
        default: break
        }
        headers.merge(Headers.limits)
        let texts = codes.map { "`\($0.rawValue)`: \(text(of: $0))" }
        var content: JSONObject = ["schema": SchemaCatalog.reference(to: "ErrorBody")]
        if codes.count == 1 {
            content["example"] = try example(codes[0])
        } else {
            content["examples"] = .object(
                JSONObject(
                    ordered: try codes.map { code in
                        (code.rawValue, ["value": try example(code)])
                    }))
        }
        return [
            "description": .string(texts.joined(separator: " ")), "headers": .object(headers),
            "content": ["application/json": .object(content)],
        ]
    }

    private static func example(_ code: APIError.Code) throws -> JSONValue {
        let details =
            code == .validationError
            ? [FieldFault(field: "name", message: "must not be empty")] : []
        return try JSONValue(
            encoding: ErrorBody(
                APIError(code, text(of: code), details: details),
                at: Timestamp(milliseconds: 1_754_654_400_000),
                requestID: "01988a5f-3d40-7000-8000-000000000000"))
    }

    static func text(of code: APIError.Code) -> String {
        switch code {
        case .badRequest: "The body is no JSON, or has another content type."
        case .emailAlreadyRegistered: "An account has this email already."
        case .inactiveAccount: "The account was deactivated."
        case .unauthorized: "A token is missing or is none of ours."
        case .invalidCredentials: "The email or the password is wrong."
        case .tokenExpired: "The token has expired. Renew it, or log in again."
        case .tokenRevoked: "The session of the token was ended. Log in again."
        case .forbidden: "The caller lacks a permission, which the message names."
        case .notFound: "It is not there, was deleted, or is not the caller's to see."
        case .methodNotAllowed: "The path has other methods, which `Allow` names."
        case .conflict: "It does not fit how things stand; the message says why."
        case .workflowInactive: "The workflow is not active."
        case .executionFinished: "The execution has ended already."
        case .preconditionFailed: "It has changed since the version that `If-Match` names."
        case .payloadTooLarge: "The body or the input is larger than 1 MiB."
        case .validationError: "The request does not fit; `details` lists every fault."
        case .rateLimitExceeded: "Too many requests; `Retry-After` says when to come again."
        case .internalError: "The server failed; its log has the reason under the request id."
        case .serviceUnavailable: "The server cannot work now; `Retry-After` says when to come."
        }
    }

    // MARK: - OAuth2

    private static var oauth: JSONValue {
        var headers = Headers.usual
        headers.merge(Headers.limits)
        return [
            "description": "An error as RFC 6749, section 5.2 has it.",
            "headers": .object(headers),
            "content": [
                "application/json": [
                    "schema": SchemaCatalog.reference(to: "OAuthError"),
                    "example": [
                        "error": "invalid_grant",
                        "error_description": "The email or the password is wrong",
                    ],
                ]
            ],
        ]
    }

    static let oauthSchema: JSONValue = [
        "type": "object", "required": ["error"],
        "description": "An error of the token endpoint (RFC 6749, section 5.2).",
        "properties": [
            "error": [
                "type": "string",
                "enum": [
                    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
                    "unsupported_grant_type", "invalid_scope",
                ],
            ],
            "error_description": ["type": "string"],
        ],
    ]
}
