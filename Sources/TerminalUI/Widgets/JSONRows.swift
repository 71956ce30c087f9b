/// A JSON value as the tree view reads it: bit by bit, as far as it is opened.
public protocol JSONTreeValue: Hashable, Sendable {
    var treeKind: JSONTreeKind { get }
    /// The member or element at a position below the count of `treeKind`; `key` is `nil` in
    /// arrays. It must not take longer for later ones.
    func treeChild(at index: Int) -> (key: String?, value: Self)
    /// The whole value as JSON, for copying.
    var treeText: String { get }
}

/// What a JSON value is, with the text of a single one and the count of a container.
public enum JSONTreeKind: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array(Int)
    case object(Int)
}

/// A step from a JSON value into it.
enum JSONStep: Hashable, Sendable {
    /// A member with its position.
    case key(String, Int)
    case index(Int)
    /// A stretch of a container that has too many children to show them all at once.
    case stretch(Range<Int>)
    /// A line of a long text that is shown in full.
    case text(String)

    /// As it stands behind a path: `.name`, `["two words"]`, `[3]`.
    var pathText: String {
        switch self {
        case .key(let key, _): JSONStep.isName(key) ? ".\(key)" : "[\(JSONStep.quoted(key))]"
        case .index(let index): "[\(index)]"
        case .stretch, .text: ""
        }
    }

    private static func isName(_ key: String) -> Bool {
        guard let first = key.utf8.first, !(48...57).contains(first), key.utf8.count <= 200 else {
            return false
        }
        return key.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                || $0 == 95
        }
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text {
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result + "\""
    }
}

/// The visible rows of a JSON value. Only opened containers have rows, and one with many
/// children gives them in stretches, so that opening costs the same for any size.
struct JSONRows<Value: JSONTreeValue>: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        /// `nil` for the whole value.
        let step: JSONStep?
        let value: Value
        let depth: Int
        var isOpen = false
    }

    private(set) var rows: [Row]

    /// The most children that are shown at once.
    static var stretchLength: Int { 1000 }
    /// The most rows; what would make more stays closed.
    static var maximumRows: Int { 50_000 }
    /// Of a long text, the scalars and the lines that are shown in full.
    static var maximumScalars: Int { 32_768 }
    static var maximumLines: Int { 500 }

    init(_ value: Value) {
        rows = [Row(step: nil, value: value, depth: 0)]
        open(0)
    }

    /// The positions below a row: of the whole container, or of its stretch.
    private func positions(of row: Row) -> Range<Int> {
        if case .stretch(let range) = row.step { return range }
        switch row.value.treeKind {
        case .array(let count), .object(let count): return 0..<count
        default: return 0..<0
        }
    }

    func canOpen(_ index: Int) -> Bool {
        rows.indices.contains(index) && !positions(of: rows[index]).isEmpty
            && !isTextLine(index)
    }

    func isTextLine(_ index: Int) -> Bool {
        if case .text = rows[index].step { true } else { false }
    }

    private func children(of row: Row) -> [Row] {
        let positions = positions(of: row)
        var length = 1
        while positions.count > length * JSONRows.stretchLength {
            length *= JSONRows.stretchLength
        }
        guard length == 1 else {
            return stride(from: positions.lowerBound, to: positions.upperBound, by: length).map {
                let range = $0..<min($0 + length, positions.upperBound)
                return Row(step: .stretch(range), value: row.value, depth: row.depth + 1)
            }
        }
        return positions.map { position in
            let (key, value) = row.value.treeChild(at: position)
            let step = key.map { JSONStep.key($0, position) } ?? .index(position)
            return Row(step: step, value: value, depth: row.depth + 1)
        }
    }

    /// False when there is nothing to open, or no room for more rows.
    @discardableResult
    mutating func open(_ index: Int) -> Bool {
        guard canOpen(index), !rows[index].isOpen else { return false }
        let children = children(of: rows[index])
        guard rows.count + children.count <= JSONRows.maximumRows else { return false }
        rows[index].isOpen = true
        rows.insert(contentsOf: children, at: index + 1)
        return true
    }

    /// Shows a text in full, below its row, in lines of `width`.
    mutating func openText(_ index: Int, width: Int) {
        guard rows.indices.contains(index), !rows[index].isOpen, !isTextLine(index),
            case .string(let text) = rows[index].value.treeKind
        else { return }
        let scalars = text.unicodeScalars.prefix(JSONRows.maximumScalars)
        let start = String(String.UnicodeScalarView(scalars))
        var lines = TextWidth.wrap(start, to: max(8, width))
        let isCut = lines.count > JSONRows.maximumLines || scalars.endIndex < text.endIndex
        lines = Array(lines.prefix(JSONRows.maximumLines))
        if isCut { lines.append("…") }
        let row = rows[index]
        rows[index].isOpen = true
        rows.insert(
            contentsOf: lines.map {
                Row(step: .text($0), value: row.value, depth: row.depth + 1)
            }, at: index + 1)
    }

    mutating func close(_ index: Int) {
        guard rows.indices.contains(index), rows[index].isOpen else { return }
        let depth = rows[index].depth
        let end = rows[(index + 1)...].firstIndex { $0.depth <= depth } ?? rows.endIndex
        rows.removeSubrange(index + 1..<end)
        rows[index].isOpen = false
    }

    mutating func closeAll() {
        guard let first = rows.first else { return }
        self = JSONRows(first.value)
    }

    /// Opens container after container, those on top first, until about `limit` rows are there.
    mutating func openAll(limit: Int) {
        var depth = 0
        while rows.count < limit {
            let closed = rows.indices.filter {
                rows[$0].depth == depth && !rows[$0].isOpen && canOpen($0)
            }
            let total = rows.lazy.map(\.depth).max() ?? 0
            // Opened from the end, so that the positions before stay right.
            var opened: [(Int, [Row])] = []
            var count = rows.count
            for index in closed {
                guard count < limit else { break }
                let children = children(of: rows[index])
                count += children.count
                opened.append((index, children))
            }
            guard count <= JSONRows.maximumRows else { return }
            splice(opened)
            depth += 1
            if depth > total && opened.isEmpty { return }
        }
    }

    /// Inserts children behind their rows in one pass.
    private mutating func splice(_ opened: [(Int, [Row])]) {
        guard !opened.isEmpty else { return }
        var result: [Row] = []
        result.reserveCapacity(rows.count + opened.reduce(0) { $0 + $1.1.count })
        var next = 0
        for (index, children) in opened {
            result.append(contentsOf: rows[next...index])
            result[result.count - 1].isOpen = true
            result.append(contentsOf: children)
            next = index + 1
        }
        result.append(contentsOf: rows[next...])
        rows = result
    }

    func parent(of index: Int) -> Int? {
        guard rows.indices.contains(index) else { return nil }
        let depth = rows[index].depth
        return rows[..<index].lastIndex { $0.depth < depth }
    }

    /// The positions that lead from the whole to a row; stretches and text lines are no step.
    func path(of index: Int) -> [JSONStep] {
        var path: [JSONStep] = []
        var next: Int? = index
        while let row = next, rows.indices.contains(row) {
            switch rows[row].step {
            case .key, .index: rows[row].step.map { path.append($0) }
            case .stretch, .text, nil: break
            }
            next = parent(of: row)
        }
        return path.reversed()
    }

    /// Opens all that leads to a value; returns its row.
    mutating func reveal(_ positions: [Int]) -> Int? {
        var row = 0
        for position in positions {
            while true {
                if !rows[row].isOpen { open(row) }
                guard rows[row].isOpen, let child = child(of: row, at: position) else {
                    return nil
                }
                row = child
                if case .stretch = rows[row].step { continue }
                break
            }
        }
        return row
    }

    private func child(of row: Int, at position: Int) -> Int? {
        let depth = rows[row].depth + 1
        var index = row + 1
        while index < rows.count, rows[index].depth >= depth {
            if rows[index].depth == depth {
                switch rows[index].step {
                case .key(_, position), .index(position): return index
                case .stretch(let range) where range.contains(position): return index
                default: break
                }
            }
            index += 1
        }
        return nil
    }
}
