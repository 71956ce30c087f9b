/// How many messages a client may send: a steady rate with room for a burst.
struct MessageRate: Hashable, Sendable {
    /// Messages a second.
    static let rate = 20.0
    /// Messages at once.
    static let burst = 60.0

    private var room = Self.burst
    private var last: Int64

    /// - Parameter now: milliseconds that only grow.
    init(at now: Int64) {
        last = now
    }

    /// Whether one more message may come.
    mutating func take(at now: Int64) -> Bool {
        room = min(Self.burst, room + Double(now - last) / 1000 * Self.rate)
        last = now
        guard room >= 1 else { return false }
        room -= 1
        return true
    }
}
