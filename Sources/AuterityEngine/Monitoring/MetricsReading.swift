import AuterityAPI

/// What AI calls took, as rows hold it.
struct AIUsage: Sendable {
    var requests = 0
    var cost = 0.0
    var tokens = 0

    static func today(at now: Timestamp, in connection: any StoreConnection) throws -> AIUsage {
        try read("WHERE day = $1", [.int(now.milliseconds / 86_400_000)], connection)
    }

    static func total(in connection: any StoreConnection) throws -> AIUsage {
        try read("", [], connection)
    }

    private static func read(
        _ filter: SQLText, _ values: [SQLValue], _ connection: any StoreConnection
    ) throws -> AIUsage {
        try connection.first(
            "SELECT sum(requests), sum(cost), sum(tokens) FROM ai_usage " + filter, values
        ) { row in
            AIUsage(requests: Int(row.int(0)), cost: row.double(1), tokens: Int(row.int(2)))
        } ?? AIUsage()
    }
}

/// How the executions of the last five minutes ended, the minute under way included.
struct ExecutionEnds: Sendable {
    var completed = 0
    var failed = 0

    private static let minutes: Int64 = 5

    static func recent(
        at now: Timestamp, in connection: any StoreConnection
    ) throws -> ExecutionEnds {
        try connection.first(
            "SELECT sum(completed), sum(failed) FROM execution_minutes WHERE minute > $1",
            [.int(now.minute - minutes)]
        ) { ExecutionEnds(completed: Int($0.int(0)), failed: Int($0.int(1))) } ?? ExecutionEnds()
    }

    /// Per cent; 0 when none ended.
    var count: Int { completed + failed }

    var errorRate: Double {
        failed == 0 ? 0 : Double(failed) / Double(completed + failed) * 100
    }
}

extension EngineCore {
    /// The figures of the system; those of workflows for `viewer` only, where one is given.
    func metrics(for viewer: Viewer?, _ session: Session) async throws -> Metrics {
        let now = configuration.clock.now()
        let (workflows, total, today) = try await session.store.read { connection in
            (
                try Self.workflows(for: viewer, at: now, in: connection),
                try AIUsage.total(in: connection), try AIUsage.today(at: now, in: connection)
            )
        }
        let requests = foundation.requests.snapshot(at: now)
        let probe = foundation.metricsLog.recent(seconds: 15, now: now).last
        return Metrics(
            system: Metrics.System(
                uptime: now.seconds(since: foundation.startedAt),
                cpuUsage: probe?.values[.cpuUsage],
                memoryUsage: foundation.probe.memoryUsage(),
                diskUsage: foundation.probe.diskUsage()),
            application: Metrics.Application(
                totalRequests: requests.total, successfulRequests: requests.successful,
                failedRequests: requests.total - requests.successful,
                averageResponseTime: requests.averageMilliseconds,
                requestsPerMinute: Double(requests.lastMinute)),
            workflows: workflows,
            aiUsage: Metrics.AIUsage(
                totalRequests: total.requests, totalCost: total.cost, tokensUsed: total.tokens,
                averageCostPerRequest: total.requests == 0
                    ? nil : total.cost / Double(total.requests),
                costToday: today.cost))
    }

    /// From the counts that every change keeps: nothing is counted one by one.
    static func workflows(
        for viewer: Viewer?, at now: Timestamp, in connection: any StoreConnection
    ) throws -> Metrics.Workflows {
        let own = viewer.flatMap { $0.seesAll ? nil : $0.row ?? -1 }
        let sums =
            try connection.first(
                """
                SELECT started, completed, failed, cancelled, duration FROM execution_totals
                WHERE scope = $1 AND subject = $2
                """, [.text(own == nil ? "all" : "user"), .int(own ?? 0)]
            ) { row in (0..<5).map { row.int($0) } } ?? [0, 0, 0, 0, 0]
        let kept = try ExecutionCounts(own.map { .user($0) } ?? .all, in: connection)
        let (lastHour, failedToday) = try recent(own, at: now, in: connection)
        let ended = sums[1] + sums[2] + sums[3]
        return Metrics.Workflows(
            totalExecutions: Int(sums[0]), successfulExecutions: Int(sums[1]),
            failedExecutions: Int(sums[2]),
            averageExecutionTime: ended == 0 ? nil : Double(sums[4]) / Double(ended) / 1000,
            executionsLastHour: lastHour, running: kept[.running], waiting: kept[.waiting],
            pending: kept[.pending], failedToday: failedToday)
    }

    private static func recent(
        _ own: Int64?, at now: Timestamp, in connection: any StoreConnection
    ) throws -> (lastHour: Int, failedToday: Int) {
        let midnight = now.milliseconds / 86_400_000 * 86_400_000
        let source: SQLText =
            own == nil
            ? "execution_minutes WHERE minute >= $1"
            : "execution_user_minutes WHERE minute >= $1 AND user_id = $2"
        let user: [SQLValue] = own.map { [.int($0)] } ?? []
        let started = try connection.number(
            "SELECT sum(started) FROM " + source,
            [.int(now.adding(seconds: -3600).minute + 1)] + user)
        let failed = try connection.number(
            "SELECT sum(failed) FROM " + source, [.int(midnight / 60_000)] + user)
        return (Int(started), Int(failed))
    }
}
