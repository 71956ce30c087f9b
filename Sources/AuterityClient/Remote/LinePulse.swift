import AuterityAPI
import Synchronization

/// Whether a connection still says something, as two tasks see it: the one that reads, and the one
/// that watches the time.
final class LinePulse: Sendable {
    private struct State {
        var beat: UInt64 = 0
        var isReading = false
        var isSilent = false
        var lastHeard: Timestamp
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
        state = Mutex(State(lastHeard: now()))
    }

    /// Bytes have come.
    func heard() {
        let now = now()
        state.withLock { state in
            state.beat += 1
            state.lastHeard = now
        }
    }

    /// Seconds since bytes have come.
    var silence: Double {
        let now = now()
        return state.withLock { max(0, now.seconds(since: $0.lastHeard)) }
    }

    /// The reader waits for the next message, or does not: what comes while nobody reads is no
    /// fault of the connection's.
    func reading(_ isReading: Bool) {
        state.withLock { state in
            state.beat += 1
            state.isReading = isReading
        }
    }

    /// A number that grows whenever something comes.
    var beat: UInt64 { state.withLock { $0.beat } }

    /// Whether a reader has waited for nothing since that number was had.
    func isQuiet(since beat: UInt64) -> Bool {
        state.withLock { $0.isReading && $0.beat == beat }
    }

    /// Gives the connection up.
    func giveUp() {
        state.withLock { $0.isSilent = true }
    }

    /// Whether it was given up.
    var isSilent: Bool { state.withLock { $0.isSilent } }
}
