import AuterityAPI
import CCrypto
import Logging
import Synchronization

/// Tells the far end that an execution has ended, as Standard Webhooks has it
/// (https://www.standardwebhooks.com), again and again for a day. What is to be told is a row, so
/// that a restart forgets nothing.
final class WebhookDeliveries: Sendable {
    private struct Delivery: Sendable {
        let row: Int64
        let execution: Int64
        let url: String
        let attempts: Int
        let createdAt: Timestamp
    }

    /// Seconds from the first failure to the second try; each pause is twice the one before.
    static let firstPause = 5.0
    static let longestPause = 3600.0
    /// Seconds after which it is given up.
    static let patience = 86_400.0
    /// Deliveries under way at once.
    private static let concurrent = 16

    private let around: Runner.Surroundings
    private let secret: [UInt8]?
    private let underWay = Mutex<Set<Int64>>([])

    init(_ around: Runner.Surroundings) {
        self.around = around
        secret = around.configuration.webhookSecret.flatMap { text in
            base64Decoded(text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text)
        }
    }

    /// Starts what is due in tasks of `work`. Answers when the next one is due; `again` is called
    /// when a delivery has ended.
    func start(
        at now: Timestamp, in work: OwnedTasks, again: @escaping @Sendable () -> Void
    ) async throws -> Timestamp? {
        let (due, next) = try await around.store.read { connection in
            (
                try Self.due(at: now, in: connection),
                try connection.first(
                    """
                    SELECT next_at FROM webhook_deliveries WHERE next_at > $1
                    ORDER BY next_at LIMIT 1
                    """, [.int(now.milliseconds)]
                ) { $0.time(0) }
            )
        }
        for delivery in due {
            let isNew = underWay.withLock { underWay in
                guard underWay.count < Self.concurrent else { return false }
                return underWay.insert(delivery.row).inserted
            }
            guard isNew else { continue }
            work.add {
                await self.deliver(delivery)
                _ = self.underWay.withLock { $0.remove(delivery.row) }
                again()
            }
        }
        return next
    }

    private static func due(
        at now: Timestamp, in connection: any StoreConnection
    ) throws -> [Delivery] {
        try connection.all(
            """
            SELECT id, execution_id, url, attempts, created_at FROM webhook_deliveries
            WHERE next_at <= $1 ORDER BY next_at LIMIT $2
            """, [.int(now.milliseconds), .int(2 * concurrent)]
        ) { row in
            Delivery(
                row: row.int(0), execution: row.int(1), url: row.text(2),
                attempts: Int(row.int(3)), createdAt: row.time(4))
        }
    }

    private func deliver(_ delivery: Delivery) async {
        do {
            let definitions = around.definitions
            let execution = try await around.store.read { connection in
                try ExecutionRecord.find(row: delivery.execution, in: connection)?
                    .execution(definitions, in: connection)
            }
            guard let execution else {
                try await remove(delivery)
                return
            }
            let failure = await send(execution, delivery)
            if let failure {
                try await postpone(delivery, failure, execution.id)
            } else {
                try await remove(delivery)
                around.figures.countWebhook(.delivered)
            }
        } catch is CancellationError {
        } catch {
            around.logger.error("a webhook could not be delivered: \(error)")
        }
    }

    /// Answers why it failed; `nil` when any 2xx came back.
    private func send(_ execution: Execution, _ delivery: Delivery) async -> String? {
        do {
            var body = try JSONValue(encoding: execution).objectValue ?? [:]
            body["type"] = .string("execution.\(execution.status.rawValue)")
            let bytes = JSONValue.object(body).jsonBytes
            let time = around.configuration.clock.now().milliseconds / 1000
            var fields = [
                HTTPField("Content-Type", "application/json"),
                HTTPField("webhook-id", "msg_\(execution.id)"),
                HTTPField("webhook-timestamp", String(time)),
            ]
            if let signature = signature(id: "msg_\(execution.id)", time: time, bytes) {
                fields.append(HTTPField("webhook-signature", signature))
            }
            let response = try await around.services.send(
                OutboundRequest(method: "POST", url: delivery.url, fields: fields, body: bytes))
            return (200...299).contains(response.status) ? nil : "it answered \(response.status)"
        } catch {
            return around.vault.redact("\(error)")
        }
    }

    private func signature(id: String, time: Int64, _ body: [UInt8]) -> String? {
        guard let secret, !secret.isEmpty else { return nil }
        let content = Array("\(id).\(time).".utf8) + body
        var code = [UInt8](repeating: 0, count: 32)
        let done = ccrypto_hmac_sha256(
            secret, Int32(secret.count), content, content.count, &code)
        return done == 1 ? "v1," + base64(code) : nil
    }

    private func remove(_ delivery: Delivery) async throws {
        _ = try await around.writer.perform { context in
            try context.run("DELETE FROM webhook_deliveries WHERE id = $1", [.int(delivery.row)])
        }
    }

    private func postpone(
        _ delivery: Delivery, _ failure: String, _ execution: ExecutionID
    ) async throws {
        let now = around.configuration.clock.now()
        if now.seconds(since: delivery.createdAt) >= Self.patience {
            around.logger.error(
                "the webhook of execution \(execution) was given up after a day: \(failure)")
            try await remove(delivery)
            around.figures.countWebhook(.abandoned)
            return
        }
        around.figures.countWebhook(.failed)
        let pause = Self.pause(after: delivery.attempts, chance: around.ids.fraction())
        _ = try await around.writer.perform { context in
            try context.run(
                "UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = $2 WHERE id = $1",
                [.int(delivery.row), .int(now.adding(seconds: pause).milliseconds)])
        }
    }

    /// Seconds, with a jitter of a fifth either way.
    static func pause(after attempts: Int, chance: Double) -> Double {
        var pause = firstPause
        for _ in 0..<attempts where pause < longestPause { pause *= 2 }
        return min(pause, longestPause) * (0.8 + 0.4 * chance)
    }
}
