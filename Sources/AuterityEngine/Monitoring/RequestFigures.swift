import AuterityAPI
import Synchronization

/// The calls of this run of the engine, counted as they are answered.
final class RequestFigures: Sendable {
    struct Snapshot: Sendable {
        var total = 0
        var successful = 0
        /// Calls whose time was taken, and nanoseconds over all of them.
        var timed = 0
        var nanoseconds: UInt64 = 0
        /// Calls in the last sixty whole seconds.
        var lastMinute = 0

        var averageMilliseconds: Double? {
            timed == 0 ? nil : Double(nanoseconds) / Double(timed) / 1_000_000
        }
    }

    private struct State {
        var snapshot = Snapshot()
        var interval = 0
        /// Timed calls and their nanoseconds a minute, of the last five.
        var minutes: [(minute: Int64, calls: Int, nanoseconds: UInt64)] = []
        /// Calls a second, in a ring over the last sixty.
        var ring = [Int](repeating: 0, count: 60)
        var second: Int64 = 0
    }

    private let state = Mutex(State())

    /// - Parameter nanoseconds: `nil` for a call that waits because the caller wants it to.
    func record(isSuccess: Bool, nanoseconds: UInt64?, at time: Timestamp) {
        state.withLock { state in
            state.snapshot.total += 1
            if isSuccess { state.snapshot.successful += 1 }
            state.interval += 1
            Self.turn(&state, to: time)
            state.ring[Int(state.second % 60)] += 1
            guard let nanoseconds else { return }
            state.snapshot.timed += 1
            state.snapshot.nanoseconds &+= nanoseconds
            if state.minutes.last?.minute != time.minute {
                state.minutes.append((time.minute, 0, 0))
                if state.minutes.count > 6 { state.minutes.removeFirst() }
            }
            state.minutes[state.minutes.count - 1].calls += 1
            state.minutes[state.minutes.count - 1].nanoseconds &+= nanoseconds
        }
    }

    func snapshot(at time: Timestamp) -> Snapshot {
        state.withLock { state in
            Self.turn(&state, to: time)
            var snapshot = state.snapshot
            snapshot.lastMinute = state.ring.reduce(0, +)
            return snapshot
        }
    }

    /// Calls since the last call of this.
    func takeInterval() -> Int {
        state.withLock { state in
            defer { state.interval = 0 }
            return state.interval
        }
    }

    /// Milliseconds a call over the last five minutes; `nil` without calls.
    func recentAverage(at time: Timestamp) -> Double? {
        state.withLock { state in
            let recent = state.minutes.filter { $0.minute > time.minute - 5 }
            let calls = recent.reduce(0) { $0 + $1.calls }
            let nanoseconds = recent.reduce(0) { $0 + Double($1.nanoseconds) }
            return calls == 0 ? nil : nanoseconds / Double(calls) / 1_000_000
        }
    }

    private static func turn(_ state: inout State, to time: Timestamp) {
        let second = max(state.second, time.milliseconds / 1000)
        let count = Int64(state.ring.count)
        // Never more than once around, however long nothing happened.
        var stale = max(state.second, second - count) + 1
        while stale <= second {
            state.ring[Int(stale % count)] = 0
            stale += 1
        }
        state.second = second
    }
}
