import AuterityAPI

/// The mail of the engine: the configured transport, or the sentence that says what to set.
package struct MailDelivery: Sendable {
    private let transport: (any MailTransport)?
    private let record: ProviderRecord

    init(transport: (any MailTransport)?, now: @escaping @Sendable () -> Timestamp) {
        self.transport = transport
        record = ProviderRecord(now: now)
    }

    package var isConfigured: Bool { transport != nil }

    package func send(_ message: MailMessage) async throws(MailError) -> MailReceipt {
        guard let transport else {
            throw MailError(
                .notConfigured,
                "No mail server is configured. Set AUTERITY_SMTP_URL and AUTERITY_MAIL_FROM (or "
                    + "AUTERITY_MAIL_OUTBOX, a directory that takes the messages, to try things "
                    + "out).")
        }
        let start = ContinuousClock.now
        do throws(MailError) {
            let receipt = try await transport.send(message)
            note(since: start, nil)
            return receipt
        } catch {
            note(since: start, error)
            throw error
        }
    }

    package func health() -> ProviderHealth {
        guard let transport else {
            return ProviderHealth(
                name: "smtp", kind: .mail, isConfigured: false, lastResponseSeconds: nil,
                lastCallAt: nil, lastError: nil)
        }
        return record.health(name: transport.name, kind: .mail)
    }

    /// One light exchange with the server, measured.
    package func probe() async {
        guard let transport else { return }
        let start = ContinuousClock.now
        do throws(MailError) {
            try await transport.probe()
            note(since: start, nil)
        } catch {
            note(since: start, error)
        }
    }

    /// A message that was wrong in itself, or given up, says nothing of the server.
    private func note(since start: ContinuousClock.Instant, _ error: MailError?) {
        let seconds = (ContinuousClock.now - start).inSeconds
        switch error?.kind {
        case .notConfigured, .invalidMessage, .cancelled: break
        case .unauthorized, .unavailable: record.note(seconds: seconds, error: error?.message)
        case .rejected, nil: record.note(seconds: seconds, error: nil)
        }
    }
}
