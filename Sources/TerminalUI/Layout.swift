/// How long one part of a split wants to be, in cells.
public enum Length: Hashable, Sendable {
    case fixed(Int)
    /// A part of the whole, from 0 to 1, but not less than `min` cells.
    case fraction(Double, min: Int = 0)
    /// What the others leave, shared by weight, but not less than `min` cells.
    case fill(weight: Int = 1, min: Int = 0)
}

/// Dividing space among neighbours.
public enum Layout {
    /// The cells each part gets. Their sum is `total` when there is a `fill`, and never more.
    ///
    /// When the wishes exceed the space, the first parts get theirs and the last ones nothing.
    public static func divide(_ total: Int, among lengths: [Length]) -> [Int] {
        var rest = max(0, total)
        var sizes = lengths.map { length -> Int in
            let wish =
                switch length {
                case .fixed(let cells): cells
                case .fraction(let part, let least):
                    max(least, Int(Double(max(0, total)) * (part > 0 ? min(1, part) : 0) + 0.5))
                case .fill(_, let least): least
                }
            let size = min(max(0, wish), rest)
            rest -= size
            return size
        }
        var weights = 0
        for case .fill(let weight, _) in lengths { weights += max(0, weight) }
        for (index, length) in lengths.enumerated() where weights > 0 {
            guard case .fill(let weight, _) = length, weight > 0 else { continue }
            let share = rest * weight / weights
            sizes[index] += share
            rest -= share
            weights -= weight
        }
        return sizes
    }
}

extension Rect {
    /// The rectangle cut into parts side by side, from the left, `gap` columns apart.
    public func columns(_ lengths: [Length], gap: Int = 0) -> [Rect] {
        let space = width - gap * max(0, lengths.count - 1)
        var left = x
        return Layout.divide(space, among: lengths).map { size in
            defer { left += size + gap }
            return Rect(x: min(left, maxX), y: y, width: size, height: height)
        }
    }

    /// The rectangle cut into parts one above the other, from the top, `gap` rows apart.
    public func rows(_ lengths: [Length], gap: Int = 0) -> [Rect] {
        let space = height - gap * max(0, lengths.count - 1)
        var top = y
        return Layout.divide(space, among: lengths).map { size in
            defer { top += size + gap }
            return Rect(x: x, y: min(top, maxY), width: width, height: size)
        }
    }

    /// A rectangle of at most `size` in the middle of this one.
    public func centered(_ size: Size) -> Rect {
        let width = min(size.width, self.width)
        let height = min(size.height, self.height)
        return Rect(
            x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width,
            height: height)
    }

    /// The row `index` rows below the top; empty outside.
    public func row(_ index: Int) -> Rect {
        guard index >= 0, index < height else { return Rect(x: x, y: y, width: width, height: 0) }
        return Rect(x: x, y: y + index, width: width, height: 1)
    }
}
