import AuterityAPI
internal import CCurl

/// Hands messages to a mail server by SMTP, a connection each.
///
/// `smtps://` speaks TLS from the start. `smtp://` takes TLS up (STARTTLS) where the server offers
/// it, and must get it before a password is sent to another machine.
package struct SMTPTransport: MailTransport {
    private static let setting = "AUTERITY_SMTP_URL"
    /// For each reply, that to `QUIT` included.
    private static let replyTimeoutSeconds = 30

    package let name = "smtp"
    private let server: OutboundURL
    private let transfers: BlockingTransfers
    private let from: String?
    private let certificateFile: String?
    private let timeout: Duration
    private let requiresTLS: Bool
    private let now: @Sendable () -> Timestamp

    init(
        url: String, from: String?, transfers: BlockingTransfers, certificateFile: String?,
        timeout: Duration = .seconds(60), requiresTLS: Bool? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) throws(IntegrationSettingError) {
        guard let server = OutboundURL(url, schemes: ["smtp", "smtps"]) else {
            throw IntegrationSettingError(
                setting: Self.setting,
                message: "the value is not the URL of a mail server. Write "
                    + "smtp://user:password@mail.example.com:587 or smtps://…, with other than "
                    + "letters and digits in user and password as %XX (@ is %40).")
        }
        self.server = server
        self.requiresTLS = requiresTLS ?? Self.requiresTLS(server)
        self.transfers = transfers
        self.from = from
        self.certificateFile = certificateFile
        self.timeout = timeout
        self.now = now
    }

    package func send(_ message: MailMessage) async throws(MailError) -> MailReceipt {
        let mime = try MIMEMessage(message, defaultFrom: from, date: now())
        var plan = plan()
        plan.upload = mime.bytes
        plan.numbers += [(CURLOPT_UPLOAD, 1), (CURLOPT_INFILESIZE, mime.bytes.count)]
        plan.texts.append((CURLOPT_MAIL_FROM, "<\(mime.sender.mailbox)>"))
        plan.lists = [(CURLOPT_MAIL_RCPT, mime.recipients.map { "<\($0.mailbox)>" })]
        let report = await transfers.run(plan)
        if let error = error(report) { throw error }
        return MailReceipt(emailID: mime.id, transport: name)
    }

    package func probe() async throws(MailError) {
        var plan = plan()
        plan.texts.append((CURLOPT_CUSTOMREQUEST, "NOOP"))
        plan.numbers.append((CURLOPT_NOBODY, 1))
        let report = await transfers.run(plan)
        if let error = error(report) { throw error }
    }

    private func plan() -> TransferPlan {
        var plan = TransferPlan(url: server.text, deadline: .now + timeout)
        plan.texts = [(CURLOPT_PROTOCOLS_STR, "smtp,smtps")]
        if let certificateFile { plan.texts.append((CURLOPT_CAINFO, certificateFile)) }
        if let user = server.user { plan.credentials = (user, server.password ?? "") }
        let security = requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY
        plan.numbers = [
            (CURLOPT_USE_SSL, Int(security.rawValue)),
            (CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.replyTimeoutSeconds),
        ]
        return plan
    }

    /// A password goes to another machine encrypted or not at all.
    static func requiresTLS(_ server: OutboundURL) -> Bool {
        guard server.user != nil, server.host != "localhost" else { return false }
        let reason = IPAddress(server.host).flatMap { AddressGuard.strict.refusal(of: $0) }
        return reason != "a loopback address"
    }

    // MARK: Errors

    private func error(_ report: TransferReport) -> MailError? {
        if case .finished(let code) = report.ending {
            if code == CURLE_OK { return nil }
            if report.status >= 400 { return rejection(report, code) }
            if code == CURLE_USE_SSL_FAILED {
                return MailError(
                    .unavailable,
                    "The mail server \(place) offers no STARTTLS, and the password is not sent "
                        + "without TLS. Use smtps:// or another port in \(Self.setting).")
            }
            if code == CURLE_LOGIN_DENIED { return loginRefused("") }
        }
        let failure = TransferFailure(url: server, timeout: timeout, maximumBodyBytes: 0)
        guard let error = failure.error(report) else { return nil }
        if error.kind == .cancelled { return MailError(.cancelled, error.message) }
        return MailError(
            .unavailable, "The mail server cannot be used. \(error.message)",
            isRetryable: error.isRetryable)
    }

    private var place: String { "\(server.host) port \(server.port)" }

    private func loginRefused(_ reply: String) -> MailError {
        MailError(
            .unauthorized,
            "The mail server \(place) refused the login\(reply). Check user and password in "
                + "\(Self.setting).")
    }

    /// 4yz is a passing trouble (a full mailbox, greylisting), 5yz a final answer.
    private func rejection(_ report: TransferReport, _ code: CURLcode) -> MailError {
        let status = report.status
        if code == CURLE_LOGIN_DENIED || [530, 534, 535, 538].contains(status) {
            return loginRefused(": \(replyText(report))")
        }
        if status < 500 {
            return MailError(
                .unavailable,
                "The mail server \(place) did not take the message for now: \(replyText(report)). "
                    + "It will take it later, or tell its operator.", isRetryable: true)
        }
        return MailError(
            .rejected,
            "The mail server \(place) did not take the message: \(replyText(report)). Check the "
                + "addresses and what the server allows this sender.")
    }

    /// The server's own words, such as `SMTP 550 5.1.1 No such user`.
    private func replyText(_ report: TransferReport) -> String {
        let code = String(report.status)
        let words = report.headerLines.filter { $0.hasPrefix(code) }.map { line in
            trimmed(String(line.dropFirst(4)))
        }
        let text = String(words.suffix(3).joined(separator: " ").prefix(300))
            .filter { !$0.unicodeScalars.contains(where: isControl) }
        return text.isEmpty ? "SMTP \(code)" : "SMTP \(code) \(text)"
    }
}
