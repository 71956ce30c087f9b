import AuterityAPI

/// A response with a value that the documentation shows.
protocol Exemplified: Codable, Sendable {
    static var example: Self { get }
}

extension Page: Exemplified where Item: Exemplified {
    static var example: Page {
        let isJournal = Item.self == JournalEntry.self
        return Page(
            items: [Item.example],
            position: isJournal ? .cursor(next: nil) : .numbered(number: 1, size: 10, total: 1))
    }
}

/// What the examples have in common.
enum Sample {
    /// 2025-08-08T10:30:00Z, as in the contract.
    static let start = Timestamp(milliseconds: 1_754_649_000_000)
    static let end = start.adding(seconds: 2.5)

    /// A fixed id.
    static func id<Noun>() -> Identifier<Noun> {
        var zeros = Zeros()
        return Identifier(at: start, using: &zeros)
    }

    private struct Zeros: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }
}
