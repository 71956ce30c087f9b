/// Why a message was not handed over.
package struct MailError: IntegrationFailure, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case notConfigured = "NOT_CONFIGURED"
        case invalidMessage = "INVALID_MESSAGE"
        case unauthorized = "MAIL_LOGIN_REFUSED"
        case rejected = "MAIL_REJECTED"
        case unavailable = "MAIL_UNAVAILABLE"
        case cancelled = "CANCELLED"
    }

    package let kind: Kind
    package let message: String
    package let isRetryable: Bool
    package var retryAfter: Double? { nil }

    package init(_ kind: Kind, _ message: String, isRetryable: Bool = false) {
        self.kind = kind
        self.message = message
        self.isRetryable = isRetryable
    }

    package var code: String { kind.rawValue }
}

/// What hands messages over.
package protocol MailTransport: Sendable {
    /// `smtp` or `outbox`.
    var name: String { get }
    func send(_ message: MailMessage) async throws(MailError) -> MailReceipt
    /// One light exchange with the server, without a message.
    func probe() async throws(MailError)
}
