/// One message to send. Its parts are checked when it is built into MIME, before anything is sent.
package struct MailMessage: Sendable {
    package static let maximumRecipients = 100
    /// Of the text and the HTML together, before encoding.
    package static let maximumBodyBytes = 10 * 1024 * 1024
    package static let maximumSubjectBytes = 2000

    /// The configured sender where it is `nil`.
    package var from: String?
    /// `ann@example.com` or `Ann Example <ann@example.com>`, each entry one or several by commas.
    package var to: [String]
    package var cc: [String]
    package var subject: String
    package var text: String
    package var html: String?
    /// The `Message-ID` is made of it, so that every attempt of a step sends the same one.
    package var idempotencyKey: String

    package init(
        from: String? = nil, to: [String], cc: [String] = [], subject: String, text: String,
        html: String? = nil, idempotencyKey: String
    ) {
        self.from = from
        self.to = to
        self.cc = cc
        self.subject = subject
        self.text = text
        self.html = html
        self.idempotencyKey = idempotencyKey
    }
}

/// The proof that a message was handed over.
package struct MailReceipt: Hashable, Sendable {
    /// A UUID; the `Message-ID` is this at the sender's domain.
    package let emailID: String
    /// `smtp` or `outbox`.
    package let transport: String
}
