import AuterityAPI
import Synchronization

/// What the runner has done, counted as it becomes durable.
final class ThroughputFigures: Sendable {
    struct Interval: Sendable {
        var started = 0
        var completed = 0
        var failed = 0
        var steps = 0
        var aiCost = 0.0
        var aiTokens = 0
        var durations = Histogram()
        var stepDurations = Histogram()
    }

    private struct State {
        var interval = Interval()
        var totals = RunTotals()
        var stepsEver = 0
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    func record(_ turn: Turn) {
        let ended = turn.stepEnds.count
        guard ended > 0 || turn.acceptance != nil else { return }
        state.withLock { state in
            state.interval.steps += ended
            state.stepsEver += ended
            for end in turn.stepEnds { state.totals.steps[end, default: 0] += 1 }
            guard turn.acceptance != nil else { return }
            state.interval.started += 1
            state.totals.started += 1
        }
    }

    func recordEnd(_ standing: Standing, startedAt: Timestamp) {
        let end = standing.completedAt ?? startedAt
        state.withLock { state in
            if standing.status == .completed { state.interval.completed += 1 }
            if standing.status == .failed { state.interval.failed += 1 }
            let milliseconds = end.milliseconds - startedAt.milliseconds
            state.interval.durations.record(microseconds: milliseconds * 1000)
            state.totals.finished[standing.status, default: .work]
                .record(Double(milliseconds) / 1000)
        }
    }

    /// - Parameter type: as the catalog of nodes calls it.
    func recordStep(_ type: String, nanoseconds: UInt64) {
        state.withLock { state in
            state.interval.stepDurations.record(microseconds: Int64(nanoseconds / 1000))
            state.totals.attempts[type, default: .work]
                .record(Double(nanoseconds) / 1_000_000_000)
        }
    }

    func recordAI(cost: Double, tokens: Int) {
        state.withLock { state in
            state.interval.aiCost += cost
            state.interval.aiTokens += tokens
        }
    }

    func countStaleResult() { state.withLock { $0.totals.staleResults += 1 } }

    func countWebhook(_ outcome: RunTotals.WebhookOutcome) {
        state.withLock { $0.totals.webhooks[outcome, default: 0] += 1 }
    }

    /// Whatever the reason was.
    func countLoginFailure() { state.withLock { $0.totals.loginFailures += 1 } }

    /// Everything since the engine was opened.
    var totals: RunTotals { state.withLock { $0.totals } }

    /// Results that came under an epoch that was over, and were dropped.
    var staleResults: Int { Int(state.withLock { $0.totals.staleResults }) }

    /// Steps that ended durably in this run of the engine.
    var steps: Int { state.withLock { $0.stepsEver } }

    /// What was counted since the last call.
    func takeInterval() -> Interval {
        state.withLock { state in
            defer { state.interval = Interval() }
            return state.interval
        }
    }
}
