import AuterityAPI
import AuterityEngine
import NIOCore

/// What a client has of time and chance, and the bounds of its waiting.
struct ClientTimes: Sendable {
    /// The clock of this machine, which need not agree with the server's.
    var now: @Sendable () -> Timestamp
    /// Waits seconds before another try; throws when the task is cancelled.
    var pause: @Sendable (_ seconds: Double) async throws -> Void
    /// Waits seconds beside a connection that is watched; throws when the task is cancelled.
    var watch: @Sendable (_ seconds: Double) async throws -> Void
    /// 0 to below 1, for the jitter of pauses.
    var chance: @Sendable () -> Double
    /// For a whole call, its answer included, while something moves: on a slow line a long
    /// answer takes its time.
    var call: Duration = .seconds(600)
    /// For a call in which nothing moves; that of the address when `nil`.
    var silence: Duration?
    /// For a connection of the feed: TCP, TLS and the handshake together.
    var connect = TimeAmount.seconds(10)

    static let system = ClientTimes(
        now: EngineClock.system.now,
        pause: { try await Task.sleep(for: .seconds($0)) },
        watch: { try await Task.sleep(for: .seconds($0)) },
        chance: { Double.random(in: 0..<1) })
}
