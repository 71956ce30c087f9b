/// A graph in layers: every edge points to a later layer, and is cut into pieces that go from
/// one layer to the next, through bends in between and the place of its label.
struct GraphLayers {
    enum Kind: Hashable {
        /// Index of the node.
        case node(Int)
        /// A place that an edge goes through.
        case bend
        /// Index of the edge whose label stands here.
        case label(Int)
    }

    struct Piece {
        /// Indices of vertices.
        let from: Int
        let to: Int
        /// Index of the edge.
        let edge: Int
        /// The edge closes a cycle, and is laid out against its direction.
        let isReversed: Bool
    }

    private(set) var vertices: [Kind] = []
    /// Vertices by layer, in the order in which they stand beside each other.
    var layers: [[Int]] = []
    /// The layer of each vertex.
    private(set) var layerOf: [Int] = []
    private(set) var pieces: [Piece] = []
    /// Indices of pieces that leave, and that reach, each vertex.
    private(set) var outgoing: [[Int]] = []
    private(set) var incoming: [[Int]] = []
    /// Nodes with an edge to themselves.
    private(set) var loops: Set<Int> = []

    /// `nil` when the graph is too large to be drawn.
    init?(_ model: GraphModel) {
        guard model.nodes.count <= GraphLimits.maximumNodes,
            model.edges.count <= GraphLimits.maximumVertices
        else { return nil }
        let links = GraphLinks(model)
        loops = links.loops
        let ranks = links.ranks()
        let count = (ranks.max() ?? -1) + 1
        var isLabelled = Array(repeating: false, count: count)
        for link in links.all where !model.edges[link.edge].label.isEmpty {
            isLabelled[ranks[link.from]] = true
        }
        var layerOfRank: [Int] = []
        var next = 0
        for rank in 0..<count {
            layerOfRank.append(next)
            next += isLabelled[rank] ? 2 : 1
        }
        layers = Array(repeating: [], count: next)
        for node in model.nodes.indices { add(.node(node), layer: layerOfRank[ranks[node]]) }
        for link in links.all {
            let span = layerOfRank[ranks[link.to]] - layerOfRank[ranks[link.from]]
            guard vertices.count + span <= GraphLimits.maximumVertices else { return nil }
            let isLabelled = !model.edges[link.edge].label.isEmpty
            cut(link, from: layerOfRank[ranks[link.from]], span: span, isLabelled: isLabelled)
        }
    }

    @discardableResult
    private mutating func add(_ kind: Kind, layer: Int) -> Int {
        vertices.append(kind)
        layerOf.append(layer)
        outgoing.append([])
        incoming.append([])
        layers[layer].append(vertices.count - 1)
        return vertices.count - 1
    }

    private mutating func cut(
        _ link: GraphLinks.Link, from layer: Int, span: Int, isLabelled: Bool
    ) {
        var last = link.from
        for step in 1..<max(span, 1) {
            let kind = step == 1 && isLabelled ? Kind.label(link.edge) : .bend
            let vertex = add(kind, layer: layer + step)
            connect(last, vertex, link)
            last = vertex
        }
        connect(last, link.to, link)
    }

    private mutating func connect(_ from: Int, _ to: Int, _ link: GraphLinks.Link) {
        pieces.append(Piece(from: from, to: to, edge: link.edge, isReversed: link.isReversed))
        outgoing[from].append(pieces.count - 1)
        incoming[to].append(pieces.count - 1)
    }
}

/// The edges of a graph by index of their nodes, with those turned round that close a cycle.
struct GraphLinks {
    struct Link {
        var from: Int
        var to: Int
        let edge: Int
        var isReversed = false
    }

    private(set) var all: [Link] = []
    private(set) var loops: Set<Int> = []
    private let nodeCount: Int
    private var outgoing: [[Int]]

    init(_ model: GraphModel) {
        nodeCount = model.nodes.count
        outgoing = Array(repeating: [], count: nodeCount)
        var indices: [String: Int] = [:]
        for (index, node) in model.nodes.enumerated() where indices[node.id] == nil {
            indices[node.id] = index
        }
        for (index, edge) in model.edges.enumerated() {
            guard let from = indices[edge.from], let to = indices[edge.to] else { continue }
            if from == to {
                loops.insert(from)
            } else {
                outgoing[from].append(all.count)
                all.append(Link(from: from, to: to, edge: index))
            }
        }
        turnCyclesRound()
    }

    /// Depth first, without recursion; a link to a node that is still open closes a cycle.
    private mutating func turnCyclesRound() {
        enum State { case new, open, done }
        var states = Array(repeating: State.new, count: nodeCount)
        var reached = Array(repeating: false, count: nodeCount)
        for link in all { reached[link.to] = true }
        var reversed: [Int] = []
        // From the sources first, so that a cycle is cut where it leads back.
        for root in (0..<nodeCount).sorted(by: { !reached[$0] && reached[$1] })
        where states[root] == .new {
            var stack: [(node: Int, next: Int)] = [(root, 0)]
            states[root] = .open
            while let (node, next) = stack.last {
                guard next < outgoing[node].count else {
                    states[node] = .done
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let link = outgoing[node][next]
                switch states[all[link].to] {
                case .new:
                    states[all[link].to] = .open
                    stack.append((all[link].to, 0))
                case .open: reversed.append(link)
                case .done: break
                }
            }
        }
        for link in reversed {
            outgoing[all[link].from].removeAll { $0 == link }
            outgoing[all[link].to].append(link)
            (all[link].from, all[link].to) = (all[link].to, all[link].from)
            all[link].isReversed = true
        }
    }

    /// Every node once, none before those that lead to it.
    func topologicalOrder() -> [Int] {
        var missing = Array(repeating: 0, count: nodeCount)
        for link in all { missing[link.to] += 1 }
        var order = (0..<nodeCount).filter { missing[$0] == 0 }
        var next = 0
        while next < order.count {
            for link in outgoing[order[next]] {
                missing[all[link].to] -= 1
                if missing[all[link].to] == 0 { order.append(all[link].to) }
            }
            next += 1
        }
        return order
    }

    /// The longest way from a source to each node; sources stand just before what they lead to.
    func ranks() -> [Int] {
        var ranks = Array(repeating: 0, count: nodeCount)
        var isReached = Array(repeating: false, count: nodeCount)
        for node in topologicalOrder() {
            for link in outgoing[node] {
                isReached[all[link].to] = true
                ranks[all[link].to] = max(ranks[all[link].to], ranks[node] + 1)
            }
        }
        for node in 0..<nodeCount where !isReached[node] {
            if let nearest = outgoing[node].map({ ranks[all[$0].to] }).min() {
                ranks[node] = nearest - 1
            }
        }
        return ranks
    }

    /// The links that leave a node, in the order of the edges.
    func links(from node: Int) -> [Link] {
        outgoing[node].map { all[$0] }
    }
}
