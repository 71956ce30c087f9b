/// The size of a drawing area, in terminal cells. Never negative.
public struct Size: Hashable, Sendable {
    public var width: Int
    public var height: Int

    /// Negative lengths are clamped to zero: a terminal may shrink below any layout's wish.
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A position in terminal cells, counted from the top left, starting at zero.
public struct Point: Hashable, Sendable {
    public var x: Int
    public var y: Int

    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of terminal cells. Its lengths are never negative, whatever is cut off it.
public struct Rect: Hashable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    public init(_ size: Size) {
        self.init(x: 0, y: 0, width: size.width, height: size.height)
    }

    public var maxX: Int { x + width }
    public var maxY: Int { y + height }
    public var size: Size { Size(width: width, height: height) }
    public var isEmpty: Bool { width == 0 || height == 0 }

    public func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    /// The rectangle without `amount` cells at each side.
    public func inset(by amount: Int) -> Rect {
        inset(horizontal: amount, vertical: amount)
    }

    public func inset(horizontal: Int, vertical: Int) -> Rect {
        Rect(
            x: x + min(horizontal, width / 2), y: y + min(vertical, height / 2),
            width: width - 2 * horizontal, height: height - 2 * vertical)
    }

    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(
            x: left, y: top,
            width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// Cuts at most `count` rows off the top; the receiver keeps the rest.
    public mutating func takeTop(_ count: Int) -> Rect {
        let taken = min(max(0, count), height)
        defer {
            y += taken
            height -= taken
        }
        return Rect(x: x, y: y, width: width, height: taken)
    }

    /// Cuts at most `count` rows off the bottom; the receiver keeps the rest.
    public mutating func takeBottom(_ count: Int) -> Rect {
        let taken = min(max(0, count), height)
        height -= taken
        return Rect(x: x, y: y + height, width: width, height: taken)
    }

    /// Cuts at most `count` columns off the left; the receiver keeps the rest.
    public mutating func takeLeft(_ count: Int) -> Rect {
        let taken = min(max(0, count), width)
        defer {
            x += taken
            width -= taken
        }
        return Rect(x: x, y: y, width: taken, height: height)
    }

    /// Cuts at most `count` columns off the right; the receiver keeps the rest.
    public mutating func takeRight(_ count: Int) -> Rect {
        let taken = min(max(0, count), width)
        width -= taken
        return Rect(x: x + width, y: y, width: taken, height: height)
    }
}
