import Synchronization

/// A value that is measured at most once in a while, however often it is asked for: one who asks
/// measures, and whoever comes meanwhile gets the value of before.
final class Measured<Value: Sendable>: Sendable {
    enum Answer: Sendable {
        case value(Value)
        /// A measurement has been under way for longer than the patience.
        case overdue
    }

    private struct State {
        var value: Value?
        var measuredAt: UInt64 = 0
        var begunAt: UInt64?
        /// Grows with `forget`, so that a measurement from before it is not kept.
        var generation = 0
    }

    private enum Step {
        case answer(Answer)
        case measure(generation: Int)
    }

    private let freshness: UInt64
    private let patience: UInt64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - freshness: nanoseconds for which a value is good.
    ///   - patience: nanoseconds after which a measurement that has not ended tells by itself how
    ///     things are.
    init(freshness: UInt64, patience: UInt64) {
        self.freshness = freshness
        self.patience = patience
    }

    /// - Parameters:
    ///   - now: nanoseconds that only grow.
    ///   - measure: answers `nil` when it was cancelled, which says nothing; the next one who asks
    ///     measures then.
    func answer(
        at now: UInt64, measure: @Sendable () async -> Value?
    ) async -> Answer {
        switch state.withLock({ step(&$0, now) }) {
        case .answer(let answer): return answer
        case .measure(let generation):
            let value = await measure()
            state.withLock { state in
                guard state.generation == generation else { return }
                state.begunAt = nil
                guard let value else { return }
                state.value = value
                state.measuredAt = now
            }
            return value.map(Answer.value) ?? .overdue
        }
    }

    /// Measures anew at the next call.
    func forget() {
        state.withLock { state in
            state = State(generation: state.generation + 1)
        }
    }

    private func step(_ state: inout State, _ now: UInt64) -> Step {
        let age = now > state.measuredAt ? now - state.measuredAt : 0
        if let value = state.value, age <= freshness { return .answer(.value(value)) }
        if let begun = state.begunAt {
            if now > begun, now - begun > patience { return .answer(.overdue) }
            if let value = state.value, age <= freshness + patience {
                return .answer(.value(value))
            }
        } else {
            state.begunAt = now
        }
        return .measure(generation: state.generation)
    }
}
