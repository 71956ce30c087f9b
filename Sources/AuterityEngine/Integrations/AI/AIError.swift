/// Why a model gave no usable answer.
package struct AIError: IntegrationFailure, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case notConfigured = "NOT_CONFIGURED"
        case invalidRequest = "INVALID_REQUEST"
        case unauthorized = "AI_KEY_REFUSED"
        case rateLimited = "AI_RATE_LIMITED"
        case unavailable = "AI_UNAVAILABLE"
        case refused = "AI_REQUEST_REFUSED"
        case invalidAnswer = "AI_ANSWER_INVALID"
        case tooExpensive = "AI_COST_LIMIT"
        case cancelled = "CANCELLED"
    }

    package let kind: Kind
    package let message: String
    package let isRetryable: Bool
    package let retryAfter: Double?

    package init(
        _ kind: Kind, _ message: String, isRetryable: Bool = false, retryAfter: Double? = nil
    ) {
        self.kind = kind
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }

    package var code: String { kind.rawValue }
}
