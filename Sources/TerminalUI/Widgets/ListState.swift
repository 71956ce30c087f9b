/// Where the reader is in a list: the row under the cursor, and the first row that is shown.
///
/// The list may grow and shrink underneath. When the owner knows where the row under the cursor
/// went, it says so with `follow`, and the row keeps its place on the screen.
public struct ListState: Hashable, Sendable {
    /// The row under the cursor; 0 in an empty list.
    public private(set) var cursor: Int
    /// The row at the top.
    public private(set) var offset: Int

    public init(cursor: Int = 0, offset: Int = 0) {
        self.cursor = max(0, cursor)
        self.offset = max(0, offset)
    }

    /// The rows a window of `height` shows of `count`: the offset, moved no more than it takes
    /// to have the cursor in the window and the window full.
    public func window(count: Int, height: Int) -> Range<Int> {
        guard count > 0, height > 0 else { return 0..<0 }
        let cursor = min(self.cursor, count - 1)
        var first = min(offset, max(0, count - height))
        if cursor < first { first = cursor }
        if cursor >= first + height { first = cursor - height + 1 }
        return first..<min(count, first + height)
    }

    /// Moves the cursor into the list and the window to the cursor.
    public mutating func settle(count: Int, height: Int) {
        cursor = max(0, min(cursor, count - 1))
        offset = window(count: count, height: height).lowerBound
    }

    public mutating func move(to row: Int, count: Int, height: Int) {
        cursor = max(0, row)
        settle(count: count, height: height)
    }

    /// The row under the cursor has come to stand at `row`: the cursor goes with it, and the
    /// window too, so that it does not move on the screen.
    public mutating func follow(to row: Int, count: Int, height: Int) {
        offset = max(0, offset + row - cursor)
        cursor = max(0, row)
        settle(count: count, height: height)
    }

    /// Moves by a key: arrows and `hjkl`'s j and k, `g` and `G`, Home and End, Page Up and Down,
    /// Control-D and U by half a page, the mouse wheel by three rows. False for other keys.
    public mutating func handle(_ key: Key, count: Int, height: Int) -> Bool {
        let page = max(1, height - 1)
        let half = max(1, height / 2)
        switch key {
        case .up, .character("k"), .control("p"): step(-1, count, height)
        case .down, .character("j"), .control("n"): step(1, count, height)
        case .pageUp, .control("b"): step(-page, count, height)
        case .pageDown, .control("f"): step(page, count, height)
        case .control("u"): step(-half, count, height)
        case .control("d"): step(half, count, height)
        case .home, .character("g"): move(to: 0, count: count, height: height)
        case .end, .character("G"): move(to: count - 1, count: count, height: height)
        case .mouse(.wheelUp, _): step(-ListState.wheelRows, count, height)
        case .mouse(.wheelDown, _): step(ListState.wheelRows, count, height)
        default: return false
        }
        return true
    }

    static let wheelRows = 3

    private mutating func step(_ rows: Int, _ count: Int, _ height: Int) {
        settle(count: count, height: height)
        move(to: cursor + rows, count: count, height: height)
    }
}
