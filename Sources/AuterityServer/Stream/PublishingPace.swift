/// How often waiting clients are woken: at once when it is quiet, and seldom enough when it is
/// busy that each waking has many events to write.
struct PublishingPace: Hashable, Sendable {
    /// Nanoseconds of waking that one client costs.
    private static let perClient: UInt64 = 30_000
    /// Nanoseconds.
    private static let shortest: UInt64 = 5_000_000
    private static let longest: UInt64 = 100_000_000

    private var last: UInt64 = 0

    /// Nanoseconds between two wakings of so many clients.
    static func interval(clients: Int) -> UInt64 {
        min(max(UInt64(max(0, clients)) * perClient, shortest), longest)
    }

    /// Nanoseconds until the next waking may be; 0: now.
    ///
    /// - Parameter now: nanoseconds that only grow.
    func delay(at now: UInt64, clients: Int) -> UInt64 {
        let due = last + Self.interval(clients: clients)
        return last == 0 || now >= due ? 0 : due - now
    }

    mutating func woke(at now: UInt64) { last = now }
}
