/// Something in a tree of lines.
public struct TreeNode: Hashable, Sendable {
    /// Unique in its tree: by it the tree knows what is open and where the cursor is.
    public let id: String
    public let line: TextLine
    public let children: [TreeNode]

    public init(id: String, line: TextLine, children: [TreeNode] = []) {
        self.id = id
        self.line = line
        self.children = children
    }
}

/// Lines that fold, with guides that show what belongs to what.
public struct Tree: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        let id: String
        let line: TextLine
        let depth: Int
        /// For each level, whether more of it follows below.
        let guides: [Bool]
        let isLast: Bool
        let hasChildren: Bool
    }

    public private(set) var nodes: [TreeNode]
    public private(set) var open: Set<String>
    public private(set) var list = ListState()
    private(set) var rows: [Row] = []

    /// Deeper levels are not shown.
    public static let maximumDepth = 64

    public init(_ nodes: [TreeNode] = [], open: Set<String> = []) {
        self.nodes = nodes
        self.open = open
        flatten()
    }

    public var rowCount: Int { rows.count }

    /// The id of the row under the cursor.
    public var selection: String? {
        rows.indices.contains(list.cursor) ? rows[list.cursor].id : nil
    }

    /// Takes new nodes; what was open, and the row under the cursor, stay by their ids.
    public mutating func update(_ nodes: [TreeNode], height: Int) {
        guard nodes != self.nodes else { return }
        let selected = selection
        self.nodes = nodes
        flatten()
        if let row = rows.firstIndex(where: { $0.id == selected }) {
            list.follow(to: row, count: rows.count, height: height)
        } else {
            list.settle(count: rows.count, height: height)
        }
    }

    public mutating func select(_ id: String, height: Int) {
        guard let row = rows.firstIndex(where: { $0.id == id }) else { return }
        list.move(to: row, count: rows.count, height: height)
    }

    /// Opens (closes) the row under the cursor; false when nothing belongs to it.
    @discardableResult
    public mutating func toggle() -> Bool {
        guard rows.indices.contains(list.cursor), rows[list.cursor].hasChildren else {
            return false
        }
        let id = rows[list.cursor].id
        if open.remove(id) == nil { open.insert(id) }
        flatten()
        return true
    }

    /// Right opens, Left closes or goes to the parent, Space does either, `E` opens all and `C`
    /// closes all; other keys move. False for keys without a meaning.
    public mutating func handle(_ key: Key, height: Int) -> Bool {
        let row = rows.indices.contains(list.cursor) ? rows[list.cursor] : nil
        switch key {
        case .character(" "): return toggle()
        case .right, .character("l"):
            if let row, row.hasChildren, !open.contains(row.id) { toggle() }
        case .left, .character("h"):
            guard let row else { break }
            if row.hasChildren, open.contains(row.id) {
                toggle()
            } else if let parent = rows[..<list.cursor].lastIndex(where: { $0.depth < row.depth }) {
                list.move(to: parent, count: rows.count, height: height)
            }
        case .character("E"): setAll(isOpen: true, height: height)
        case .character("C"): setAll(isOpen: false, height: height)
        default: return list.handle(key, count: rows.count, height: height)
        }
        list.settle(count: rows.count, height: height)
        return true
    }

    private mutating func setAll(isOpen: Bool, height: Int) {
        let selected = selection
        open = []
        if isOpen {
            var stack = nodes
            while let node = stack.popLast() {
                if !node.children.isEmpty { open.insert(node.id) }
                stack.append(contentsOf: node.children)
            }
        }
        flatten()
        if let selected { select(selected, height: height) }
        list.settle(count: rows.count, height: height)
    }

    private mutating func flatten() {
        rows = []
        var stack: [(nodes: [TreeNode], next: Int)] = [(nodes, 0)]
        while let (level, next) = stack.last {
            guard next < level.count else {
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let node = level[next]
            rows.append(
                Row(
                    id: node.id, line: node.line, depth: stack.count - 1,
                    guides: stack.dropLast().dropFirst().map { $0.next < $0.nodes.count },
                    isLast: next + 1 == level.count, hasChildren: !node.children.isEmpty))
            if open.contains(node.id), !node.children.isEmpty, stack.count < Tree.maximumDepth {
                stack.append((node.children, 0))
            }
        }
    }

    // MARK: Drawing

    /// `line` may give the visible rows other words or colours than their nodes have, by id.
    public func draw(
        into frame: inout Frame, in area: Rect, theme: Theme, isFocused: Bool,
        line restyled: (String) -> TextLine? = { _ in nil }
    ) {
        let window = list.window(count: rows.count, height: area.height)
        for (offset, index) in window.enumerated() {
            let row = rows[index]
            let line = Rect(x: area.x, y: area.y + offset, width: area.width, height: 1)
            var style = theme[.text]
            if index == list.cursor {
                style = theme[isFocused ? .selection : .selectionUnfocused]
                frame.fill(line, style: style)
            }
            var prefix = ""
            for guide in row.guides { prefix += guide ? "│ " : "  " }
            if row.depth > 0 { prefix += row.isLast ? "╰ " : "├ " }
            let guideStyle = index == list.cursor ? style : theme[.border]
            var rest = line
            _ = rest.takeLeft(
                frame.put(prefix, at: Point(x: line.x, y: line.y), style: guideStyle, in: line))
            let isOpen = open.contains(row.id)
            let mark =
                row.hasChildren
                ? (isOpen ? frame.glyphs.unfolded : frame.glyphs.folded) : " "
            frame.put(mark, at: Point(x: rest.x, y: rest.y), style: style, in: rest)
            _ = rest.takeLeft(2)
            frame.putLine(restyled(row.id) ?? row.line, in: rest, style: style)
        }
    }

    /// The id of the row at a position, for the mouse.
    public func row(at point: Point, in area: Rect) -> String? {
        guard area.contains(point) else { return nil }
        let index =
            list.window(count: rows.count, height: area.height).lowerBound
            + point.y - area.y
        return rows.indices.contains(index) ? rows[index].id : nil
    }
}
