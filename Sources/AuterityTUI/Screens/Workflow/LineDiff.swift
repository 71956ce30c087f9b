/// What changed between two texts, line by line.
struct LineDiff: Hashable, Sendable {
    enum Change: Hashable, Sendable {
        case same, added, removed
        /// So many lines that are the same and not shown.
        case skipped(Int)
    }

    struct Line: Hashable, Sendable {
        let change: Change
        let text: String
    }

    private(set) var lines: [Line]
    private(set) var added = 0
    private(set) var removed = 0

    /// Lines shown around each change.
    static let context = 3
    /// Changes that are looked for one by one; when there are more, everything between the
    /// first and the last is shown as replaced.
    static let maximumEdits = 800
    /// Lines of each text that are looked at.
    static let maximumLines = 200_000

    init(_ old: String, _ new: String) {
        let before = LineDiff.split(old)
        let after = LineDiff.split(new)
        var start = 0
        while start < before.count, start < after.count, before[start] == after[start] {
            start += 1
        }
        var end = 0
        while end < before.count - start, end < after.count - start,
            before[before.count - 1 - end] == after[after.count - 1 - end]
        {
            end += 1
        }
        let middle = LineDiff.edits(
            Array(before[start..<before.count - end]), Array(after[start..<after.count - end]))
        var all = before[..<start].map { Line(change: .same, text: String($0)) }
        all += middle
        all += before[(before.count - end)...].map { Line(change: .same, text: String($0)) }
        for line in middle {
            if line.change == .added { added += 1 }
            if line.change == .removed { removed += 1 }
        }
        lines = LineDiff.folded(all)
    }

    var isEmpty: Bool { added == 0 && removed == 0 }

    private static func split(_ text: String) -> [Substring] {
        // Nothing at all is no line, not an empty one.
        guard !text.isEmpty else { return [] }
        return text.split(
            separator: "\n", maxSplits: maximumLines, omittingEmptySubsequences: false)
    }

    /// The shortest way from one to the other (Myers, "An O(ND) Difference Algorithm", 1986).
    private static func edits(_ old: [Substring], _ new: [Substring]) -> [Line] {
        guard let trace = trace(old, new) else {
            return old.map { Line(change: .removed, text: String($0)) }
                + new.map { Line(change: .added, text: String($0)) }
        }
        var x = old.count
        var y = new.count
        var lines: [Line] = []
        func takeSame(untilX: Int, y untilY: Int) {
            while x > untilX, y > untilY {
                x -= 1
                y -= 1
                lines.append(Line(change: .same, text: String(old[x])))
            }
        }
        for edit in stride(from: trace.count - 1, through: 1, by: -1) {
            guard let step = trace[edit - 1].step(to: x - y, old.count, new.count) else { break }
            takeSame(untilX: step.x, y: step.x - (x - y))
            if step.isDown {
                y -= 1
                lines.append(Line(change: .added, text: String(new[y])))
            } else {
                x -= 1
                lines.append(Line(change: .removed, text: String(old[x])))
            }
        }
        takeSame(untilX: 0, y: 0)
        return lines.reversed()
    }

    /// How far one comes on each diagonal (x - y) with a number of edits.
    private struct Reach {
        let edits: Int
        /// Positions in the old text, for the diagonals from `-edits` to `edits`.
        var x: [Int?]

        subscript(diagonal: Int) -> Int? {
            let index = diagonal + edits
            return x.indices.contains(index) ? x[index] : nil
        }

        /// Where one more edit leads on a diagonal, and whether it adds a line.
        func step(to diagonal: Int, _ oldCount: Int, _ newCount: Int) -> (x: Int, isDown: Bool)? {
            let down = self[diagonal + 1].flatMap { $0 - diagonal <= newCount ? $0 : nil }
            let right = self[diagonal - 1].flatMap { $0 < oldCount ? $0 + 1 : nil }
            guard let down else { return right.map { ($0, false) } }
            guard let right, right > down else { return (down, true) }
            return (right, false)
        }
    }

    private static func trace(_ old: [Substring], _ new: [Substring]) -> [Reach]? {
        var trace: [Reach] = []
        for edit in 0...maximumEdits {
            var reach = Reach(edits: edit, x: Array(repeating: nil, count: 2 * edit + 1))
            for diagonal in stride(from: -edit, through: edit, by: 2) {
                let start =
                    edit == 0
                    ? 0 : trace[edit - 1].step(to: diagonal, old.count, new.count)?.x
                guard var x = start else { continue }
                while x < old.count, x - diagonal < new.count, old[x] == new[x - diagonal] {
                    x += 1
                }
                reach.x[diagonal + edit] = x
                if x == old.count, x - diagonal == new.count { return trace + [reach] }
            }
            trace.append(reach)
        }
        return nil
    }

    /// Long stretches without a change become one line that counts them.
    private static func folded(_ all: [Line]) -> [Line] {
        var isNear = Array(repeating: false, count: all.count)
        for (index, line) in all.enumerated() where line.change != .same {
            for near in max(0, index - context)...min(all.count - 1, index + context) {
                isNear[near] = true
            }
        }
        var result: [Line] = []
        var skipped = 0
        for (index, line) in all.enumerated() {
            if isNear[index] {
                if skipped > 0 { result.append(Line(change: .skipped(skipped), text: "")) }
                skipped = 0
                result.append(line)
            } else {
                skipped += 1
            }
        }
        if skipped > 0 { result.append(Line(change: .skipped(skipped), text: "")) }
        return result
    }
}
