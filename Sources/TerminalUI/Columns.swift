/// One column of a table: how wide it wants to be, and how early it goes when space is short.
public struct TableColumn: Hashable, Sendable {
    public var title: String
    /// The fewest cells that are of use. Below them the column is dropped.
    public var least: Int
    /// The cells its usual content takes.
    public var ideal: Int
    /// The share of the space that is left over; 0 never grows beyond `ideal`.
    public var weight: Int
    /// 0 stays to the last; of the others, the highest number is dropped first.
    public var priority: Int
    public var alignment: Alignment

    public init(
        _ title: String, least: Int, ideal: Int? = nil, weight: Int = 0, priority: Int = 0,
        alignment: Alignment = .left
    ) {
        self.title = title
        self.least = max(1, least)
        self.ideal = max(self.least, ideal ?? least)
        self.weight = max(0, weight)
        self.priority = priority
        self.alignment = alignment
    }
}

/// Where a column stands in the width at hand.
public struct PlacedColumn: Hashable, Sendable {
    /// The position in the list of columns.
    public let index: Int
    /// The offset from the left edge of the table, in cells.
    public let x: Int
    public let width: Int
}

extension Layout {
    /// Places those of `columns` that fit into `width`, `gap` cells apart, in their order.
    ///
    /// Columns with the highest priority number go first, of equals the one on the right. The
    /// last one left is never dropped but cut.
    public static func place(_ columns: [TableColumn], in width: Int, gap: Int) -> [PlacedColumn] {
        var kept = Array(columns.indices)
        func needed() -> Int {
            kept.reduce(0) { $0 + columns[$1].least } + gap * max(0, kept.count - 1)
        }
        while kept.count > 1, needed() > width {
            let victim = kept.indices.max { left, right in
                let first = columns[kept[left]].priority
                let second = columns[kept[right]].priority
                return first == second ? left < right : first < second
            }
            if let victim { kept.remove(at: victim) }
        }
        guard width > 0, !kept.isEmpty else { return [] }
        var widths = kept.map { min(columns[$0].least, width) }
        var rest = max(0, width - widths.reduce(0, +) - gap * (kept.count - 1))
        for (slot, index) in kept.enumerated() {
            let growth = min(rest, columns[index].ideal - columns[index].least)
            widths[slot] += growth
            rest -= growth
        }
        let shares = divide(rest, among: kept.map { .fill(weight: columns[$0].weight) })
        var x = 0
        return kept.indices.map { slot in
            let size = widths[slot] + shares[slot]
            defer { x += size + gap }
            return PlacedColumn(index: kept[slot], x: x, width: size)
        }
    }
}
