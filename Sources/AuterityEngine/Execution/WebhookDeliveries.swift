import AuterityAPI
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
    /// Bytes of an answer; nobody reads it.
    private static let answerLimit = 1 << 20
    /// Deliveries under way at once.
    private static let concurrent = 16

    /// Seconds after which a delivery is looked at again that the store has failed.
    private static let pauseAfterTrouble = 30.0

    private struct State {
        var underWay: Set<Int64> = []
        /// Until when rows are left alone.
        var held: [Int64: Timestamp] = [:]
    }

    private let around: Runner.Surroundings
    private let state = Mutex(State())

    init(_ around: Runner.Surroundings) {
        self.around = around
    }

    /// Starts what is due in tasks of `work`. Answers when the next one is due; `again` is called
    /// when a delivery has ended, with the moment to look at them.
    func start(
        at now: Timestamp, in work: OwnedTasks, again: @escaping @Sendable (Timestamp) -> Void
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
        for delivery in due where mayBegin(delivery, at: now) {
            work.add {
                let isSettled = await self.deliver(delivery)
                again(self.end(delivery, isSettled: isSettled))
            }
        }
        return next
    }

    private func mayBegin(_ delivery: Delivery, at now: Timestamp) -> Bool {
        state.withLock { state in
            if let until = state.held[delivery.row], until > now { return false }
            guard state.underWay.count < Self.concurrent else { return false }
            return state.underWay.insert(delivery.row).inserted
        }
    }

    /// Answers when the next look is worth it.
    private func end(_ delivery: Delivery, isSettled: Bool) -> Timestamp {
        let now = around.configuration.clock.now()
        return state.withLock { state in
            state.underWay.remove(delivery.row)
            state.held = state.held.filter { $0.key != delivery.row && $0.value > now }
            guard !isSettled else { return now }
            let until = now.adding(seconds: Self.pauseAfterTrouble)
            state.held[delivery.row] = until
            return until
        }
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

    /// Answers whether its row says what comes next.
    private func deliver(_ delivery: Delivery) async -> Bool {
        do {
            let definitions = around.definitions
            let execution = try await around.store.read { connection in
                try ExecutionRecord.find(row: delivery.execution, in: connection)?
                    .execution(definitions, in: connection)
            }
            guard let execution else {
                try await remove(delivery)
                return true
            }
            if let failure = await send(execution, delivery) {
                // Told to stop: the attempt was not the far end's fault, and is made again.
                try Task.checkCancellation()
                try await postpone(delivery, failure, execution.id)
            } else {
                try await remove(delivery)
                around.figures.countWebhook(.delivered)
            }
            return true
        } catch is CancellationError {
            return false
        } catch {
            around.logger.error("a webhook could not be delivered: \(error)")
            return false
        }
    }

    /// Answers why it failed; `nil` when any 2xx came back.
    private func send(_ execution: Execution, _ delivery: Delivery) async -> String? {
        do {
            var body = try JSONValue(encoding: execution).objectValue ?? [:]
            body["type"] = .string("execution.\(execution.status.rawValue)")
            let bytes = JSONValue.object(body).jsonBytes
            let time = around.configuration.clock.now().milliseconds / 1000
            // The same over all attempts, so that the far end knows a repeated one.
            let id = "msg_\(execution.id)"
            let signature = around.webhookKey.signature(id: id, time: time, bytes)
            let fields = [
                HTTPField("Content-Type", "application/json"),
                HTTPField("webhook-id", id),
                HTTPField("webhook-timestamp", String(time)),
                HTTPField("webhook-signature", signature),
            ]
            var request = OutboundRequest(
                method: "POST", url: delivery.url, fields: fields, body: bytes,
                maximumBodyBytes: Self.answerLimit)
            request.followsRedirects = false
            let response = try await around.services.send(request)
            return (200...299).contains(response.status) ? nil : "it answered \(response.status)"
        } catch {
            return around.vault.redact("\(error)")
        }
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
        let pause = Self.pause(after: delivery.attempts, chance: around.ids.fraction())
        _ = try await around.writer.perform { context in
            try context.run(
                "UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = $2 WHERE id = $1",
                [.int(delivery.row), .int(now.adding(seconds: pause).milliseconds)])
        }
        around.figures.countWebhook(.failed)
    }

    /// Seconds, with a jitter of a fifth either way.
    static func pause(after attempts: Int, chance: Double) -> Double {
        var pause = firstPause
        for _ in 0..<attempts where pause < longestPause { pause *= 2 }
        return min(pause, longestPause) * (0.8 + 0.4 * chance)
    }
}
