import AuterityAPI
import Synchronization

/// Whether a connection still says something, as two tasks see it: the one that reads, and the one
/// that watches the time.
final class LinePulse: Sendable {
    /// Seconds without a byte after which the server is asked whether it is there.
    static let quiet = 4.0
    /// Seconds for which its answer is waited.
    static let answer = 6.0
    /// Seconds after the last byte at which a connection is given up at the latest: the line went
    /// dead just after the answer to a question, whose time then still runs.
    static let patience = answer + quiet + answer

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

    /// Gives the connection up, and returns, once it says nothing though it is asked.
    ///
    /// - Parameters:
    ///   - sleep: for so many seconds. Throws what ends the watch.
    ///   - ask: sends what the server answers. Throws what ends the watch.
    func untilSilent(
        sleep: (_ seconds: Double) async throws -> Void, ask: () async throws -> Void
    ) async throws {
        while true {
            let beat = beat
            try await sleep(Self.quiet)
            guard isQuiet(since: beat) else { continue }
            try await ask()
            try await sleep(Self.answer)
            guard isQuiet(since: beat) else { continue }
            return state.withLock { $0.isSilent = true }
        }
    }

    /// Whether it was given up.
    var isSilent: Bool { state.withLock { $0.isSilent } }
}
