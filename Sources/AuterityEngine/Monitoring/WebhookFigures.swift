import AuterityAPI

/// What became of the webhooks in this run of the engine.
package struct WebhookFigures: Hashable, Sendable {
    /// Rows that wait for their first or next attempt, now.
    package var waiting = 0
    /// Answered by a 2xx.
    package var delivered = 0
    /// Attempts that failed and are made again.
    package var failedAttempts = 0
    /// Given up after a day.
    package var failed = 0
}

extension Engine {
    /// - Throws: what a reading of the store throws.
    package func webhookFigures() async throws -> WebhookFigures {
        let counts = core.foundation.figures.totals.webhooks
        let waiting = try await core.session.store.read { connection in
            try connection.number("SELECT count(*) FROM webhook_deliveries")
        }
        return WebhookFigures(
            waiting: Int(waiting), delivered: Int(counts[.delivered] ?? 0),
            failedAttempts: Int(counts[.failed] ?? 0), failed: Int(counts[.abandoned] ?? 0))
    }
}
