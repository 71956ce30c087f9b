import AuterityAPI
import Logging

extension EngineCore {
    /// Begins what looks after the engine itself: samples every five seconds, and retention.
    func beginWatching() {
        beginProbing()
        work.add { [weak self] in
            while !Task.isCancelled {
                guard let core = self else { return }
                let clock = core.configuration.clock
                let next = clock.now().adding(seconds: MetricsLog.sampleSeconds)
                do { try await clock.sleep(next) } catch { return }
                await core.sample()
            }
        }
        work.add { [weak self] in
            while !Task.isCancelled {
                guard let core = self else { return }
                let clock = core.configuration.clock
                let next = clock.now().adding(seconds: core.configuration.retention.interval)
                do { try await clock.sleep(next) } catch { return }
                await core.prune()
            }
        }
    }

    /// Asks the far ends that are set up how they do, seldom, and never because of a caller.
    private func beginProbing() {
        guard let interval = configuration.providerProbeInterval else { return }
        work.add { [weak self] in
            while !Task.isCancelled {
                guard let core = self else { return }
                await core.foundation.integrations.probe()
                let clock = core.configuration.clock
                let next = clock.now().adding(seconds: interval)
                // A clock may wake earlier.
                while clock.now() < next {
                    do { try await clock.sleep(next) } catch { return }
                }
            }
        }
    }

    // MARK: - Samples

    /// Measures, keeps, raises alerts, and tells whoever listens.
    func sample() async {
        guard failure == nil, let session = try? session else { return }
        let now = configuration.clock.now()
        let sample = measure(session, at: now)
        let minute = foundation.metricsLog.add(sample)
        do {
            try await raiseAlerts(sample, session, at: now)
            if let minute { try await keep(minute, session) }
            if events.isHeard {
                let metrics = try await metrics(for: nil, session)
                events.announce(
                    AddressedEvent(
                        event: Event(id: nil, payload: .metricsUpdate(metrics), timestamp: now),
                        audience: .figures))
            }
        } catch is CancellationError {
        } catch {
            logger.error("figures could not be kept: \(error)")
        }
    }

    private func measure(_ session: Session, at now: Timestamp) -> MetricsSample {
        let interval = foundation.figures.takeInterval()
        let requests = foundation.requests.takeInterval()
        let flush = session.writer.figures.takeInterval()
        var values: [MetricName: Double] = [
            .executions: Double(interval.started), .failures: Double(interval.failed),
            .steps: Double(interval.steps), .requests: Double(requests),
            .databaseConnections: Double(session.store.readers.active),
            .aiCost: interval.aiCost, .aiTokens: Double(interval.aiTokens),
        ]
        values[.durationP50] = interval.durations.percentile(0.5)
        values[.durationP95] = interval.durations.percentile(0.95)
        values[.durationP99] = interval.durations.percentile(0.99)
        values[.stepP95] = interval.stepDurations.percentile(0.95)
        values[.cpuUsage] = foundation.probe.cpuUsage()
        values[.memoryUsage] = foundation.probe.memoryUsage()
        values[.diskUsage] = foundation.probe.diskUsage()
        values[.databaseLatency] = flush.map { $0 / 1_000_000 }
        return MetricsSample(at: now, length: MetricsLog.sampleSeconds, values: values)
    }

    private func keep(_ minute: MetricsSample, _ session: Session) async throws {
        let oldest = minute.at.adding(seconds: -86_400)
        try await session.writer.perform { context in
            try context.run(
                """
                INSERT INTO metrics_samples (resolution, at, figures) VALUES (60, $1, $2)
                ON CONFLICT (resolution, at) DO UPDATE SET figures = excluded.figures
                """, [.int(minute.at.milliseconds), .utf8(minute.json.jsonBytes)])
            try context.run(
                "DELETE FROM metrics_samples WHERE resolution = 60 AND at < $1",
                [.int(oldest.milliseconds)])
        }
    }

    // MARK: - Alerts

    private func raiseAlerts(
        _ sample: MetricsSample, _ session: Session, at now: Timestamp
    ) async throws {
        let limits = configuration.alerts
        let (ends, cost) = try await session.store.read { connection in
            (
                try ExecutionEnds.recent(at: now, in: connection),
                try AIUsage.today(at: now, in: connection).cost
            )
        }
        var readings = [
            AlertWatch.Reading(
                // A single failure among a few would be any rate.
                source: .errorRate,
                value: ends.count < AlertWatch.executionsToRate ? 0 : ends.errorRate,
                limit: limits.errorRate),
            // Without calls nothing is slow.
            .init(
                source: .responseTime, value: foundation.requests.recentAverage(at: now) ?? 0,
                limit: limits.responseTime),
            .init(source: .cpuUsage, value: sample.values[.cpuUsage], limit: limits.cpuUsage),
            .init(
                source: .memoryUsage, value: sample.values[.memoryUsage],
                limit: limits.memoryUsage),
            .init(source: .diskUsage, value: sample.values[.diskUsage], limit: limits.diskUsage),
        ]
        if let budget = configuration.dailyAIBudget, budget > 0 {
            readings.append(
                .init(source: .aiBudget, value: cost / budget * 100, limit: limits.aiBudget))
        }
        for change in foundation.watch.take(readings) {
            try await write(change, session, at: now)
        }
    }

    private func write(
        _ change: AlertWatch.Change, _ session: Session, at now: Timestamp
    ) async throws {
        switch change {
        case .clear(let id):
            try await session.writer.perform { try AlertRecords.clear(id, at: now, in: $0) }
        case .raise(let reading, let value):
            let alert = Alert(
                id: foundation.ids.next(at: now), severity: reading.severity,
                source: reading.source.rawValue, message: reading.message(value), value: value,
                limit: reading.limit, raisedAt: now)
            try await session.writer.perform { try AlertRecords.raise(alert, in: $0) }
            foundation.watch.opened(reading.source, as: alert.id)
        }
    }

    // MARK: - Retention

    /// Prunes what is older than its time, then what is beyond the disk budget.
    func prune() async {
        guard failure == nil, let session = try? session else { return }
        let now = configuration.clock.now()
        let retention = configuration.retention
        do {
            if let seconds = retention.finishedExecutions {
                let choice = Pruning.Choice.endedBefore(now.adding(seconds: -seconds))
                while try await !pruneSlice(choice, session) {}
            }
            if let budget = retention.diskBudget {
                while session.store.size > budget {
                    if try await pruneSlice(.oldest, session) { break }
                }
            }
            try await session.writer.perform { try Pruning.tidy(at: now, in: $0) }
            let accounts = configuration.accounts
            while try await !session.writer.perform(
                size: 1 << 20, { try AccountPruning.slice(at: now, accounts, in: $0) })
            { try Task.checkCancellation() }
        } catch is CancellationError {
        } catch {
            logger.error("old executions could not be pruned: \(error)")
        }
    }

    /// Answers whether nothing was left to prune.
    private func pruneSlice(_ choice: Pruning.Choice, _ session: Session) async throws -> Bool {
        try Task.checkCancellation()
        let slice = try await session.writer.perform(size: 1 << 20) {
            try Pruning.slice(choice, in: $0)
        }
        if slice.rows > 0 { try session.store.giveBackSpace(pages: Pruning.pagesGivenBack) }
        return slice.isLast
    }
}
