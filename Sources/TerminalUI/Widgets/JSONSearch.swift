/// Looks through all of a JSON value, opened or not, in the order of its text.
struct JSONSearch<Value: JSONTreeValue> {
    let root: Value
    let pattern: SearchPattern

    /// The most values that one search looks at.
    static var maximumValues: Int { 2_000_000 }

    /// The positions that lead to the first match behind (before) the value at `current`,
    /// around the ends; `nil` when there is none.
    func match(from current: [Int], forward: Bool) -> [Int]? {
        var first: [Int]?
        var last: [Int]?
        var before: [Int]?
        var next: [Int]?
        var isBehind = false
        walk { path, key, value in
            if path == current {
                isBehind = true
                before = last
                // The value itself is neither behind nor before itself.
                if !matches(key, value) { return forward || before == nil }
                if first == nil { first = path }
                last = path
                return forward || before == nil
            }
            guard matches(key, value) else { return true }
            if first == nil { first = path }
            last = path
            if isBehind, next == nil { next = path }
            return !(forward && next != nil)
        }
        return forward ? next ?? first : before ?? last
    }

    func matches(_ key: String?, _ value: Value) -> Bool {
        if let key, pattern.matches(key) { return true }
        switch value.treeKind {
        case .string(let text), .number(let text): return pattern.matches(text)
        case .bool(let bool): return pattern.matches(bool ? "true" : "false")
        case .null: return pattern.matches("null")
        case .array, .object: return false
        }
    }

    /// Goes through all values until `visit` returns false.
    private func walk(_ visit: ([Int], String?, Value) -> Bool) {
        var path: [Int] = []
        var stack: [(value: Value, count: Int, next: Int)] = []
        var left = JSONSearch.maximumValues
        guard visit(path, nil, root) else { return }
        stack.append((root, count(root), 0))
        while let (value, count, next) = stack.last, left > 0 {
            guard next < count else {
                stack.removeLast()
                if !path.isEmpty { path.removeLast() }
                continue
            }
            stack[stack.count - 1].next += 1
            let (key, child) = value.treeChild(at: next)
            path.append(next)
            left -= 1
            guard visit(path, key, child) else { return }
            stack.append((child, self.count(child), 0))
        }
    }

    private func count(_ value: Value) -> Int {
        switch value.treeKind {
        case .array(let count), .object(let count): count
        default: 0
        }
    }
}
