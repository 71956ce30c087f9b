import AuterityAPI

/// What the store holds now, counted from its rows.
struct StoreCounts: Sendable {
    struct AIModel: Sendable {
        let name: String
        let requests: Int64
        let tokens: Int64
        /// US dollars.
        let cost: Double
    }

    var unfinished: [ExecutionStatus: Int64] = [:]
    /// When the execution that has waited longest for its turn was accepted.
    var oldestPending: Timestamp?
    var timers: Int64 = 0
    var webhooks: Int64 = 0
    var openAlerts: Int64 = 0
    /// Since the store was made, those that were asked most; the rest stands together as `other`.
    var models: [AIModel] = []

    /// Models that have figures of their own.
    static let modelLimit = 50
    /// Nanoseconds for which the counts are good, and after which counting takes too long.
    private static let freshness: UInt64 = 1_000_000_000
    private static let patience: UInt64 = 5_000_000_000

    static func measured() -> Measured<StoreCounts> {
        Measured(freshness: freshness, patience: patience)
    }

    static func read(from connection: any StoreConnection) throws -> StoreCounts {
        var counts = StoreCounts()
        let kept = try ExecutionCounts(.all, in: connection)
        for status in [ExecutionStatus.pending, .running, .waiting] {
            counts.unfinished[status] = Int64(kept[status])
        }
        counts.oldestPending = try connection.first(
            """
            SELECT started_at FROM workflow_executions WHERE status = 'pending'
            ORDER BY started_at LIMIT 1
            """
        ) { $0.time(0) }
        counts.timers = try connection.number("SELECT count(*) FROM timers")
        counts.webhooks = try connection.number("SELECT count(*) FROM webhook_deliveries")
        counts.openAlerts = try connection.number(
            "SELECT count(*) FROM alerts WHERE cleared_at IS NULL AND acknowledged_at IS NULL")
        counts.models = try models(in: connection)
        return counts
    }

    private static func models(in connection: any StoreConnection) throws -> [AIModel] {
        var models: [AIModel] = []
        var rest = (requests: Int64(0), tokens: Int64(0), cost: 0.0)
        try connection.query(
            """
            SELECT model, sum(requests), sum(tokens), sum(cost) FROM ai_usage
            GROUP BY model ORDER BY 2 DESC, model
            """, []
        ) { row in
            if models.count < modelLimit {
                models.append(
                    AIModel(
                        name: row.text(0), requests: row.int(1), tokens: row.int(2),
                        cost: row.double(3)))
            } else {
                rest.requests += row.int(1)
                rest.tokens += row.int(2)
                rest.cost += row.double(3)
            }
            return true
        }
        if rest.requests > 0 {
            models.append(
                AIModel(
                    name: "other", requests: rest.requests, tokens: rest.tokens, cost: rest.cost))
        }
        return models
    }
}
