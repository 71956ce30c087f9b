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
        var staleResults = 0
        var stepsEver = 0
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    func record(_ turn: Turn) {
        let ended = turn.rows.count { $0.draft.content.endsStep }
        guard ended > 0 || turn.acceptance != nil else { return }
        state.withLock { state in
            state.interval.steps += ended
            state.stepsEver += ended
            if turn.acceptance != nil { state.interval.started += 1 }
        }
    }

    func recordEnd(_ standing: Standing, startedAt: Timestamp) {
        let end = standing.completedAt ?? startedAt
        state.withLock { state in
            if standing.status == .completed { state.interval.completed += 1 }
            if standing.status == .failed { state.interval.failed += 1 }
            state.interval.durations.record(
                microseconds: (end.milliseconds - startedAt.milliseconds) * 1000)
        }
    }

    func recordStep(nanoseconds: UInt64) {
        state.withLock {
            $0.interval.stepDurations.record(microseconds: Int64(nanoseconds / 1000))
        }
    }

    func recordAI(cost: Double, tokens: Int) {
        state.withLock { state in
            state.interval.aiCost += cost
            state.interval.aiTokens += tokens
        }
    }

    func countStaleResult() { state.withLock { $0.staleResults += 1 } }

    /// Results that came under an epoch that was over, and were dropped.
    var staleResults: Int { state.withLock { $0.staleResults } }

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

extension JournalContent {
    var endsStep: Bool {
        switch self {
        case .stepCompleted, .stepFailed, .stepSkipped: true
        default: false
        }
    }
}
