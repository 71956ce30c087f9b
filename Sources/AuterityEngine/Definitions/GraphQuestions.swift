extension Graph {
    /// Which nodes can be reached from the start.
    func reachable() -> [Bool] {
        var reached = [Bool](repeating: false, count: nodeCount)
        guard let start else { return reached }
        var stack = [start]
        reached[start] = true
        while let node = stack.popLast() {
            for edge in outgoing(node) {
                let target = edges[Int(edge)].target
                if !reached[target] {
                    reached[target] = true
                    stack.append(target)
                }
            }
        }
        return reached
    }

    /// One cycle for each edge that closes one, as the edge and the nodes on the way; none when
    /// the graph has no cycle. At most `limit`.
    func cycles(limit: Int) -> [(edge: Int, nodes: [Int])] {
        enum Mark { case unseen, open, done }
        guard topologicalOrder.count < nodeCount else { return [] }
        var found: [(edge: Int, nodes: [Int])] = []
        var marks = [Mark](repeating: .unseen, count: nodeCount)
        for root in 0..<nodeCount where marks[root] == .unseen {
            // The way from the root, each node with the edges that are still to be followed.
            var way = [(node: root, rest: outgoing(root))]
            marks[root] = .open
            while let last = way.indices.last {
                guard let edge = way[last].rest.popFirst() else {
                    marks[way[last].node] = .done
                    way.removeLast()
                    continue
                }
                let target = edges[Int(edge)].target
                switch marks[target] {
                case .unseen:
                    marks[target] = .open
                    way.append((target, outgoing(target)))
                case .open:
                    let nodes = way.map(\.node)
                    let begin = nodes.firstIndex(of: target) ?? 0
                    found.append((Int(edge), Array(nodes[begin...])))
                    if found.count >= limit { return found }
                case .done: break
                }
            }
        }
        return found
    }

    /// For each of `pairs`, whether the first node comes before the second on some way. Asked for
    /// many at once, since 64 first nodes share one walk over the graph.
    func precedes(_ pairs: [(before: Int, after: Int)]) -> [Bool] {
        var answers = [Bool](repeating: false, count: pairs.count)
        var asked: [Int: [Int]] = [:]
        for (index, pair) in pairs.enumerated() {
            asked[pair.before, default: []].append(index)
        }
        let sources = asked.keys.sorted()
        for begin in stride(from: 0, to: sources.count, by: 64) {
            let group = sources[begin..<min(begin + 64, sources.count)]
            var bits = [UInt64](repeating: 0, count: nodeCount)
            var own = bits
            for (bit, source) in group.enumerated() { own[source] = 1 << UInt64(bit) }
            for node in topologicalOrder {
                let passed = bits[node] | own[node]
                if passed == 0 { continue }
                for edge in outgoing(node) { bits[edges[Int(edge)].target] |= passed }
            }
            for (bit, source) in group.enumerated() {
                for index in asked[source] ?? [] {
                    answers[index] = bits[pairs[index].after] & (1 << UInt64(bit)) != 0
                }
            }
        }
        return answers
    }
}
