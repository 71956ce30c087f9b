/// Puts the vertices of each layer into an order with few crossings: barycentres, swept down
/// and up (Sugiyama, Tagawa and Toda, 1981). The order in which the author wrote the edges
/// stays where it has no crossing.
struct GraphOrder {
    private(set) var graph: GraphLayers
    private var position: [Int]

    static let maximumSweeps = 8

    static func ordered(_ graph: GraphLayers) -> GraphLayers {
        var order = GraphOrder(graph)
        order.sweep()
        return order.graph
    }

    private init(_ graph: GraphLayers) {
        self.graph = graph
        position = Array(repeating: 0, count: graph.vertices.count)
        orderByWalk()
    }

    /// Depth first from the first layer: what belongs together comes to stand together.
    private mutating func orderByWalk() {
        var layers = graph.layers.map { _ in [Int]() }
        var isSeen = Array(repeating: false, count: graph.vertices.count)
        for root in graph.layers.joined() where graph.incoming[root].isEmpty {
            var stack = [root]
            while let vertex = stack.popLast() {
                guard !isSeen[vertex] else { continue }
                isSeen[vertex] = true
                layers[graph.layerOf[vertex]].append(vertex)
                for piece in graph.outgoing[vertex].reversed() {
                    stack.append(graph.pieces[piece].to)
                }
            }
        }
        graph.layers = layers
        for layer in graph.layers.indices { number(layer) }
    }

    private mutating func number(_ layer: Int) {
        for (index, vertex) in graph.layers[layer].enumerated() { position[vertex] = index }
    }

    private mutating func sweep() {
        var best = graph.layers
        var fewest = crossings()
        for sweep in 0..<GraphOrder.maximumSweeps where fewest > 0 {
            let isDown = sweep % 2 == 0
            let layers = Array(graph.layers.indices)
            for layer in isDown ? layers : layers.reversed() { sort(layer, isDown: isDown) }
            let count = crossings()
            if count < fewest {
                fewest = count
                best = graph.layers
            }
        }
        graph.layers = best
    }

    private mutating func sort(_ layer: Int, isDown: Bool) {
        let keyed = graph.layers[layer].map { vertex -> (key: Double, index: Int, vertex: Int) in
            let neighbours =
                isDown
                ? graph.incoming[vertex].map { graph.pieces[$0].from }
                : graph.outgoing[vertex].map { graph.pieces[$0].to }
            guard !neighbours.isEmpty else {
                return (Double(position[vertex]), position[vertex], vertex)
            }
            let sum = neighbours.reduce(0) { $0 + position[$1] }
            return (Double(sum) / Double(neighbours.count), position[vertex], vertex)
        }
        graph.layers[layer] = keyed.sorted { ($0.key, $0.index) < ($1.key, $1.index) }
            .map(\.vertex)
        number(layer)
    }

    /// Crossings between neighbouring layers, counted as inversions with a binary indexed tree
    /// (Barth, Mutzel and Jünger, 2004).
    private func crossings() -> Int {
        var total = 0
        for layer in graph.layers.indices.dropLast() {
            var counts = Array(repeating: 0, count: graph.layers[layer + 1].count + 1)
            var seen = 0
            for vertex in graph.layers[layer] {
                let targets = graph.outgoing[vertex].map { position[graph.pieces[$0].to] }
                for target in targets {
                    var before = 0
                    var index = target + 1
                    while index > 0 {
                        before += counts[index]
                        index &= index - 1
                    }
                    total += seen - before
                }
                for target in targets {
                    seen += 1
                    var index = target + 1
                    while index < counts.count {
                        counts[index] += 1
                        index += index & -index
                    }
                }
            }
        }
        return total
    }
}
