/// How the columns of a table share a terminal: the line never wraps, and a name is worth more
/// than the rest of an id.
struct TableFit {
    /// A column that is shown, and how wide.
    struct Place: Hashable {
        let column: Int
        let width: Int
    }

    let columns: [Column]
    /// What each would take with room for everything.
    let natural: [Int]
    /// What an id needs so that no other row has the same beginning.
    let shortest: [Int]
    let gap: Int

    /// What a name keeps while something else can give way.
    private static let fair = 20
    /// What a column keeps that only says more.
    private static let small = 8
    /// What anything keeps where nothing else is left.
    private static let least = 4

    /// - Parameter width: columns of the terminal; `nil`: as wide as it gets.
    func places(in width: Int?) -> [Place] {
        guard let width else {
            return columns.indices.map { Place(column: $0, width: natural[$0]) }
        }
        var shown = Array(columns.indices)
        let spare = shown.filter { columns[$0].spare != nil }
            .sorted { (columns[$0].spare ?? 0) < (columns[$1].spare ?? 0) }
        for next in [nil] + spare.map(Optional.some) {
            shown.removeAll { $0 == next }
            if let places = fitted(shown, in: width) { return places }
        }
        return pressed(shown, in: width)
    }

    private func fitted(_ shown: [Int], in width: Int) -> [Place]? {
        var widths = Widths(shown.map { natural[$0] }, gap: gap, room: width)
        widths.take { index in columns[shown[index]].isFlexible ? Self.fair : nil }
        if widths.excess <= 0 { return places(shown, widths) }
        // An id that cannot be whole is cut as short as it can be: the room is for names.
        widths = Widths(shown.map(least), gap: gap, room: width)
        widths.take { index in columns[shown[index]].isFlexible ? Self.fair : nil }
        widths.take { index in
            let column = columns[shown[index]]
            return column.isFlexible && column.spare != nil ? Self.small : nil
        }
        return widths.excess <= 0 ? places(shown, widths) : nil
    }

    /// Where nothing can be left out any more, everything is cut.
    private func pressed(_ shown: [Int], in width: Int) -> [Place] {
        var widths = Widths(shown.map(least), gap: gap, room: width)
        widths.take { index in columns[shown[index]].isFlexible ? Self.small : nil }
        widths.take { index in columns[shown[index]].isID ? nil : Self.least }
        widths.take { _ in 1 }
        return places(shown, widths)
    }

    /// What a column takes where ids are short.
    private func least(_ column: Int) -> Int {
        columns[column].isID ? min(natural[column], shortest[column]) : natural[column]
    }

    private func places(_ shown: [Int], _ widths: Widths) -> [Place] {
        zip(shown, widths.all).map { Place(column: $0, width: $1) }
    }

    private struct Widths {
        var all: [Int]
        /// Columns that are missing.
        private(set) var excess: Int

        init(_ widths: [Int], gap: Int, room: Int) {
            all = widths
            excess = widths.reduce(gap * max(0, widths.count - 1), +) - room
        }

        /// Takes from the widest of those that give way, down to what each keeps.
        ///
        /// - Parameter floor: `nil` for one that does not give way.
        mutating func take(_ floor: (Int) -> Int?) {
            while excess > 0 {
                let giving = all.indices.filter { index in
                    floor(index).map { all[index] > $0 } ?? false
                }
                guard let widest = giving.max(by: { all[$0] < all[$1] }) else { return }
                all[widest] -= 1
                excess -= 1
            }
        }
    }
}
