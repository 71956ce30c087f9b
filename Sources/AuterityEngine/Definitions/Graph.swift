package import AuterityAPI

/// The nodes and edges of a definition by number: what the planner walks. Edges to nowhere are
/// left out; validation refuses them before.
package struct Graph: Sendable {
    package struct Edge: Hashable, Sendable {
        package let id: String
        package let source: Int
        package let target: Int
        /// The outcome that it hangs on; `nil` when it fires whatever the outcome.
        package let handle: String?
        package let hasCondition: Bool
        /// Its place among the edges of the definition.
        package let position: Int
    }

    package let nodeCount: Int
    package let edges: [Edge]
    /// Every node behind all nodes with an edge to it. Nodes on a cycle are missing.
    package let topologicalOrder: [Int]
    /// The place of each node in `topologicalOrder`; -1 on a cycle.
    package let rank: [Int]
    /// The node that begins; `nil` where there is not exactly one.
    package let start: Int?
    /// Nodes besides the start that no edge leads to: they are skipped at once.
    package let orphans: [Int]
    private let outgoingEdges: Adjacency
    private let incomingEdges: Adjacency

    /// `handles` says for each node on which handle an edge without one hangs.
    package init(_ definition: Definition, layout: StepLayout, plainHandles: [String?] = []) {
        nodeCount = layout.count
        var edges: [Edge] = []
        edges.reserveCapacity(definition.edges.count)
        for (position, edge) in definition.edges.enumerated() {
            guard let source = layout.index(of: edge.source),
                let target = layout.index(of: edge.target)
            else { continue }
            let plain = plainHandles.indices.contains(source) ? plainHandles[source] : nil
            edges.append(
                Edge(
                    id: edge.id, source: source, target: target,
                    handle: edge.sourceHandle ?? plain, hasCondition: edge.condition != nil,
                    position: position))
        }
        self.edges = edges
        outgoingEdges = Adjacency(edges.map(\.source), nodeCount: nodeCount)
        incomingEdges = Adjacency(edges.map(\.target), nodeCount: nodeCount)
        let starts = layout.types.indices.filter { layout.types[$0] == "start" }
        let start = starts.count == 1 ? starts[0] : nil
        self.start = start
        let incoming = incomingEdges
        orphans = (0..<nodeCount).filter { $0 != start && incoming[$0].isEmpty }
        let order = Self.order(edges, outgoingEdges, incomingEdges, nodeCount: nodeCount)
        topologicalOrder = order
        var rank = [Int](repeating: -1, count: nodeCount)
        for (place, node) in order.enumerated() { rank[node] = place }
        self.rank = rank
    }

    /// Places in `edges` of the edges that leave the node.
    package func outgoing(_ node: Int) -> ArraySlice<Int32> { outgoingEdges[node] }

    /// Places in `edges` of the edges that lead to the node.
    package func incoming(_ node: Int) -> ArraySlice<Int32> { incomingEdges[node] }

    /// Kahn's algorithm; of nodes that are free at the same time the first in the definition.
    private static func order(
        _ edges: [Edge], _ outgoing: Adjacency, _ incoming: Adjacency, nodeCount: Int
    ) -> [Int] {
        var missing = (0..<nodeCount).map { incoming[$0].count }
        var order = (0..<nodeCount).filter { missing[$0] == 0 }
        order.reserveCapacity(nodeCount)
        var next = 0
        while next < order.count {
            for edge in outgoing[order[next]] {
                let target = edges[Int(edge)].target
                missing[target] -= 1
                if missing[target] == 0 { order.append(target) }
            }
            next += 1
        }
        return order
    }
}

/// Numbers of edges grouped by node, in two flat arrays.
private struct Adjacency: Sendable {
    private let starts: [Int32]
    private let edges: [Int32]

    /// `nodes` gives for each edge the node that it is grouped under.
    init(_ nodes: [Int], nodeCount: Int) {
        var starts = [Int32](repeating: 0, count: nodeCount + 1)
        for node in nodes { starts[node + 1] += 1 }
        for node in 0..<nodeCount { starts[node + 1] += starts[node] }
        var next = starts
        var edges = [Int32](repeating: 0, count: nodes.count)
        for (edge, node) in nodes.enumerated() {
            edges[Int(next[node])] = Int32(edge)
            next[node] += 1
        }
        self.starts = starts
        self.edges = edges
    }

    subscript(node: Int) -> ArraySlice<Int32> {
        edges[Int(starts[node])..<Int(starts[node + 1])]
    }
}
