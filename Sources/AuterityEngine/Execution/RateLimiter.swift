package import AuterityAPI
import Synchronization

/// So many calls in so many seconds for each key, spread evenly after a first burst: the generic
/// cell rate algorithm (ITU-T I.371).
///
/// It never fails open: when no more keys can be kept, those that are not known yet share one.
package final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    /// What came of asking for a call.
    package struct Outcome: Hashable, Sendable {
        /// Calls that may follow at once.
        package let remaining: Int
        /// When as many calls as the limit are free again.
        package let fullAt: Timestamp
        /// When the refused call may be made; `nil` when it was taken.
        package let freeAt: Timestamp?

        package var isTaken: Bool { freeAt == nil }
    }

    private struct State {
        /// When the next call would come if all came evenly, in microseconds since the epoch.
        var arrivals: [Key: Int64] = [:]
        /// That of all keys that there was no place for.
        var shared: Int64 = 0
        /// When looking for keys that can be forgotten makes sense again, in microseconds.
        var nextSweep: Int64 = 0
    }

    package let calls: Int
    /// Microseconds between two calls that come evenly.
    private let interval: Int64
    /// Keys that are kept.
    private let capacity: Int
    private let state = Mutex(State())

    /// Microseconds between two searches for keys that can be forgotten, so that a flood of new
    /// ones does not make each of them cost as much as all.
    private static var sweepInterval: Int64 { 1_000_000 }

    /// - Parameters:
    ///   - calls: 1 or more; what is less counts as 1.
    ///   - seconds: more than 0.
    ///   - capacity: how many keys are kept.
    package init(calls: Int, seconds: Double, capacity: Int = 10_000) {
        self.calls = max(1, calls)
        self.capacity = capacity
        interval = max(1, Int64(seconds * 1_000_000) / Int64(self.calls))
    }

    /// Takes a call if there is one.
    package func take(_ key: Key, at time: Timestamp) -> Outcome {
        let now = time.milliseconds * 1000
        let burst = interval * Int64(calls)
        return state.withLock { state in
            let known = state.arrivals[key]
            let isShared = known == nil && !hasPlace(&state, now)
            // A clock that was set back must not lock anybody out for longer than the window.
            let arrival = min(max(isShared ? state.shared : known ?? now, now), now + burst)
            let next = arrival + interval
            guard next - burst <= now else {
                return Outcome(
                    remaining: 0, fullAt: Self.timestamp(arrival),
                    freeAt: Self.timestamp(next - burst))
            }
            if isShared { state.shared = next } else { state.arrivals[key] = next }
            return Outcome(
                remaining: Int((burst - (next - now)) / interval), fullAt: Self.timestamp(next),
                freeAt: nil)
        }
    }

    private func hasPlace(_ state: inout State, _ now: Int64) -> Bool {
        if state.arrivals.count < capacity { return true }
        guard now >= state.nextSweep else { return false }
        state.nextSweep = now + Self.sweepInterval
        state.arrivals = state.arrivals.filter { $0.value > now }
        return state.arrivals.count < capacity
    }

    /// Rounded up, so that whoever waits until then is not refused again.
    private static func timestamp(_ microseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: (microseconds + 999) / 1000)
    }
}
