// ncurses shows colours by numbered pairs of foreground and background. The numbers are given
// out here; the terminal's thread then defines them.

/// Which pair has which colours. A terminal has few of them (64 with eight colours) or many.
struct ColorPairs: Sendable {
    struct Colors: Hashable, Sendable {
        var foreground: Int
        var background: Int
    }

    enum Lookup: Hashable, Sendable {
        /// The pair is known to ncurses already.
        case known(Int)
        /// A number that has to be given these colours first.
        case new(Int)
    }

    /// Pair 0 is the terminal's own colours, and is also used when there are no more pairs.
    let count: Int
    private var numbers: [Colors: Int] = [:]
    /// There were not enough pairs: `startAgain` and draw everything anew.
    private(set) var isExhausted = false

    init(count: Int) {
        self.count = count
    }

    mutating func pair(foreground: Int, background: Int) -> Lookup {
        if foreground < 0, background < 0 { return .known(0) }
        let colors = Colors(foreground: foreground, background: background)
        if let number = numbers[colors] { return .known(number) }
        guard numbers.count + 1 < count else {
            isExhausted = true
            return .known(0)
        }
        let number = numbers.count + 1
        numbers[colors] = number
        return .new(number)
    }

    /// Forgets all pairs. What is on the screen keeps their numbers, so it must be drawn anew.
    mutating func startAgain() {
        numbers = [:]
        isExhausted = false
    }
}
