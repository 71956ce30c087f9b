/// One fault of a request: which field, and what is wrong with it.
public struct FieldFault: Codable, Hashable, Sendable {
    /// The path of the field, such as `definition.nodes[2].data.to`; empty for the whole.
    public let field: String
    public let message: String

    enum CodingKeys: String, CodingKey { case field, message }

    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}

/// Why a call failed, in the words of the contract. Its message is fit for the caller's eyes:
/// it names what failed, why, and what to do, and holds nothing internal.
public struct APIError: Error, Hashable, Sendable {
    /// The codes of `extensions.md`, section 1.
    public enum Code: String, Codable, Sendable, CaseIterable {
        case badRequest = "BAD_REQUEST"
        case emailAlreadyRegistered = "EMAIL_ALREADY_REGISTERED"
        case inactiveAccount = "INACTIVE_ACCOUNT"
        case unauthorized = "UNAUTHORIZED"
        case invalidCredentials = "INVALID_CREDENTIALS"
        case tokenExpired = "TOKEN_EXPIRED"
        case tokenRevoked = "TOKEN_REVOKED"
        case forbidden = "FORBIDDEN"
        case notFound = "NOT_FOUND"
        case methodNotAllowed = "METHOD_NOT_ALLOWED"
        case conflict = "CONFLICT"
        case workflowInactive = "WORKFLOW_INACTIVE"
        case executionFinished = "EXECUTION_FINISHED"
        case preconditionFailed = "PRECONDITION_FAILED"
        case payloadTooLarge = "PAYLOAD_TOO_LARGE"
        case validationError = "VALIDATION_ERROR"
        case rateLimitExceeded = "RATE_LIMIT_EXCEEDED"
        case internalError = "INTERNAL_ERROR"
        case serviceUnavailable = "SERVICE_UNAVAILABLE"

        /// The HTTP status that goes with the code where the contract names no other.
        public var status: Int {
            switch self {
            case .badRequest, .emailAlreadyRegistered, .inactiveAccount: 400
            case .unauthorized, .invalidCredentials, .tokenExpired, .tokenRevoked: 401
            case .forbidden: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .conflict, .workflowInactive, .executionFinished: 409
            case .preconditionFailed: 412
            case .payloadTooLarge: 413
            case .validationError: 422
            case .rateLimitExceeded: 429
            case .internalError: 500
            case .serviceUnavailable: 503
            }
        }
    }

    public let code: Code
    /// The HTTP status: the code's, but where the contract names another for one call.
    public let status: Int
    public let message: String
    /// Every fault at once; empty where a single sentence says it all.
    public let details: [FieldFault]
    /// Seconds after which another try makes sense, where that is known.
    public let retryAfter: Double?
    /// Under which the log of the server tells more; `nil` where no server was asked.
    public let requestID: String?
    /// Under which the same call is done once, where it is not known whether it was done; `nil`
    /// for every other failure.
    public let idempotencyKey: String?

    public init(
        _ code: Code, _ message: String, details: [FieldFault] = [], retryAfter: Double? = nil,
        status: Int? = nil, requestID: String? = nil, idempotencyKey: String? = nil
    ) {
        self.code = code
        self.status = status ?? code.status
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
        self.requestID = requestID
        self.idempotencyKey = idempotencyKey
    }

    /// 422 with every fault; the message counts them.
    public static func validation(_ faults: [FieldFault]) -> APIError {
        APIError(.validationError, "Request validation failed", details: faults)
    }

    /// 404 in the words of every noun: "workflow not found".
    public static func notFound(_ noun: String) -> APIError {
        APIError(.notFound, "The \(noun) was not found; it may have been deleted")
    }
}

extension APIError: CustomStringConvertible {
    public var description: String {
        guard !details.isEmpty else { return message }
        let faults = details.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
        return "\(message): " + faults.joined(separator: "; ")
    }
}

/// The body of an error as it goes over the wire.
public struct ErrorBody: Codable, Hashable, Sendable {
    public struct Content: Codable, Hashable, Sendable {
        public let code: APIError.Code
        public let message: String
        public let details: [FieldFault]
        public let timestamp: Timestamp
        public let requestID: String

        enum CodingKeys: String, CodingKey {
            case code, message, details, timestamp
            case requestID = "request_id"
        }
    }

    public let error: Content

    public init(_ error: APIError, at timestamp: Timestamp, requestID: String) {
        self.error = Content(
            code: error.code, message: error.message, details: error.details,
            timestamp: timestamp, requestID: requestID)
    }
}
