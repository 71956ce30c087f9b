/// What differs between two texts, line by line, with three lines around each change.
enum LineDiff {
    private static let context = 3

    /// Empty when they are the same. Lines begin with a blank, `-` or `+`; `…` stands for what is
    /// left out.
    static func lines(_ old: [String], _ new: [String]) -> [String] {
        let difference = new.difference(from: old)
        guard !difference.isEmpty else { return [] }
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        return folded(marked(old, new, removed, inserted))
    }

    private static func marked(
        _ old: [String], _ new: [String], _ removed: Set<Int>, _ inserted: Set<Int>
    ) -> [(mark: Character, text: String)] {
        var result: [(mark: Character, text: String)] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                result.append(("-", old[left]))
                left += 1
            } else if right < new.count, inserted.contains(right) {
                result.append(("+", new[right]))
                right += 1
            } else {
                if left < old.count { result.append((" ", old[left])) }
                left += 1
                right += 1
            }
        }
        return result
    }

    private static func folded(_ lines: [(mark: Character, text: String)]) -> [String] {
        let changes = lines.indices.filter { lines[$0].mark != " " }
        var near: Set<Int> = []
        for index in changes {
            for line in max(0, index - context)...min(lines.count - 1, index + context) {
                near.insert(line)
            }
        }
        var result: [String] = []
        for index in lines.indices {
            if near.contains(index) {
                result.append("\(lines[index].mark) \(lines[index].text)")
            } else if index == 0 || near.contains(index - 1) {
                result.append("…")
            }
        }
        return result
    }
}
