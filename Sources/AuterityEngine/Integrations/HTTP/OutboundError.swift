/// Why a request got no answer. An answer with a bad status is an answer, not one of these.
package struct OutboundError: IntegrationFailure, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case invalidRequest = "INVALID_REQUEST"
        case refused = "ADDRESS_REFUSED"
        case notResolved = "NAME_NOT_RESOLVED"
        case notConnected = "CONNECTION_FAILED"
        case connectionLost = "CONNECTION_LOST"
        case handshakeFailed = "TLS_HANDSHAKE_FAILED"
        case certificateRefused = "CERTIFICATE_REFUSED"
        case timedOut = "TIMED_OUT"
        case tooLarge = "RESPONSE_TOO_LARGE"
        case tooManyRedirects = "TOO_MANY_REDIRECTS"
        case badResponse = "BAD_RESPONSE"
        case cancelled = "CANCELLED"
        case overloaded = "TOO_MANY_REQUESTS_WAITING"
        case closed = "CLIENT_CLOSED"
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var code: String { kind.rawValue }
    package var retryAfter: Double? { nil }

    /// No connection and no time are worth another try; an address, a certificate or a size that
    /// was refused will be refused again.
    package var isRetryable: Bool {
        switch kind {
        case .notResolved, .notConnected, .connectionLost, .handshakeFailed, .timedOut,
            .overloaded:
            true
        case .invalidRequest, .refused, .certificateRefused, .tooLarge, .tooManyRedirects,
            .badResponse, .cancelled, .closed:
            false
        }
    }
}
