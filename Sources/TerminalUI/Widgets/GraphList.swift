/// A graph as rows: each node below those that lead to it, with what it leads to. For graphs
/// that are too large to be drawn, and for places that are too small.
struct GraphList: Hashable, Sendable {
    struct Row: Hashable {
        let node: Int
        /// How many nodes are before it on the longest way, at most `maximumIndent`.
        let indent: Int
        /// The edges that leave it: index and node.
        let targets: [Target]
        let moreTargets: Int
    }

    struct Target: Hashable {
        let edge: Int
        let node: Int
    }

    private(set) var rows: [Row] = []
    /// The row of each node.
    private(set) var rowOf: [Int]

    static let maximumIndent = 6
    static let shownTargets = 4

    init(_ model: GraphModel) {
        rowOf = Array(repeating: 0, count: model.nodes.count)
        let links = GraphLinks(model)
        let ranks = links.ranks()
        for node in links.topologicalOrder() {
            let leaving = links.links(from: node).filter { !$0.isReversed }
            rowOf[node] = rows.count
            rows.append(
                Row(
                    node: node, indent: min(ranks[node], GraphList.maximumIndent),
                    targets: leaving.prefix(GraphList.shownTargets).map {
                        Target(edge: $0.edge, node: $0.to)
                    },
                    moreTargets: max(0, leaving.count - GraphList.shownTargets)))
        }
    }

    func node(toThe heading: GraphLayout.Heading, of node: Int) -> Int? {
        guard rowOf.indices.contains(node) else { return nil }
        let row: Int
        switch heading {
        case .up: row = rowOf[node] - 1
        case .down: row = rowOf[node] + 1
        case .left: return nil
        case .right: return rows[rowOf[node]].targets.first?.node
        }
        return rows.indices.contains(row) ? rows[row].node : nil
    }
}
