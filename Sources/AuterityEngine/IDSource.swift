import AuterityAPI

/// Where ids and chance come from.
struct IDSource: Sendable {
    let random: @Sendable () -> UInt64

    func next<Noun>(at time: Timestamp) -> Identifier<Noun> {
        var generator = Generator(random: random)
        return Identifier(at: time, using: &generator)
    }

    /// In `0..<1`.
    func fraction() -> Double {
        Double(random() >> 11) * 0x1p-53
    }

    private struct Generator: RandomNumberGenerator {
        let random: @Sendable () -> UInt64
        mutating func next() -> UInt64 { random() }
    }
}
