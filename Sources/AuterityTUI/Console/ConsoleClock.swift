public import AuterityAPI
import Glibc

/// Time as the console knows it, so that tests can tell it.
public struct ConsoleClock: Sendable {
    /// The moment it is.
    public let now: @Sendable () -> Timestamp
    /// Returns after so long, or throws when cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The system's clock.
    public static let system = ConsoleClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
            return Timestamp(milliseconds: milliseconds)
        },
        sleep: { try await Task.sleep(for: $0) })
}
