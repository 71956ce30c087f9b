/// Finds where along its layer each vertex stands: as near as can be to the middle of its
/// neighbours in the next layers, in the given order and with the given room between.
struct GraphPlacement {
    private let graph: GraphLayers
    /// Cells that a vertex takes on each side of its centre.
    private let halves: [Int]
    private let gap: (GraphLayers.Kind, GraphLayers.Kind) -> Int
    private var centers: [Int]

    static let rounds = 8
    /// Long edges are straight before nodes are centred.
    static let bendWeight = 8.0

    static func centers(
        of graph: GraphLayers, halves: [Int],
        gap: @escaping (GraphLayers.Kind, GraphLayers.Kind) -> Int
    ) -> [Int] {
        var placement = GraphPlacement(graph: graph, halves: halves, gap: gap)
        for round in 0..<GraphPlacement.rounds {
            placement.sweep(isDown: round % 2 == 0)
        }
        placement.straighten()
        return placement.moved()
    }

    private init(
        graph: GraphLayers, halves: [Int],
        gap: @escaping (GraphLayers.Kind, GraphLayers.Kind) -> Int
    ) {
        self.graph = graph
        self.halves = halves
        self.gap = gap
        centers = Array(repeating: 0, count: graph.vertices.count)
        for layer in graph.layers {
            let offsets = self.offsets(of: layer)
            let middle = (offsets.last ?? 0) / 2
            for (index, vertex) in layer.enumerated() { centers[vertex] = offsets[index] - middle }
        }
    }

    /// The least distances of a layer's vertices from its first.
    private func offsets(of layer: [Int]) -> [Int] {
        var offsets: [Int] = []
        for (index, vertex) in layer.enumerated() {
            guard index > 0 else {
                offsets.append(0)
                continue
            }
            offsets.append(offsets[index - 1] + distance(layer[index - 1], vertex))
        }
        return offsets
    }

    private func distance(_ left: Int, _ right: Int) -> Int {
        halves[left] + halves[right] + 1 + gap(graph.vertices[left], graph.vertices[right])
    }

    private mutating func sweep(isDown: Bool) {
        let layers = isDown ? graph.layers : graph.layers.reversed()
        for layer in layers.dropFirst() { place(layer, isDown: isDown) }
    }

    /// The least squares under the order, by pooling neighbours that push each other
    /// (pool adjacent violators).
    private mutating func place(_ layer: [Int], isDown: Bool) {
        let offsets = offsets(of: layer)
        var blocks: [(sum: Double, weight: Double, count: Int)] = []
        for (index, vertex) in layer.enumerated() {
            let (wish, weight) = wish(of: vertex, isDown: isDown)
            blocks.append(((wish - Double(offsets[index])) * weight, weight, 1))
            while blocks.count > 1 {
                let last = blocks[blocks.count - 1]
                let before = blocks[blocks.count - 2]
                guard before.sum / before.weight > last.sum / last.weight else { break }
                blocks.removeLast()
                blocks[blocks.count - 1] = (
                    before.sum + last.sum, before.weight + last.weight, before.count + last.count
                )
            }
        }
        var index = 0
        for block in blocks {
            let base = Int((block.sum / block.weight).rounded(.down))
            for _ in 0..<block.count {
                centers[layer[index]] = base + offsets[index]
                index += 1
            }
        }
    }

    private func wish(of vertex: Int, isDown: Bool) -> (Double, weight: Double) {
        let neighbours =
            isDown
            ? graph.incoming[vertex].map { graph.pieces[$0].from }
            : graph.outgoing[vertex].map { graph.pieces[$0].to }
        guard !neighbours.isEmpty else { return (Double(centers[vertex]), 0.1) }
        let sum = neighbours.reduce(0) { $0 + centers[$1] }
        let isBend = graph.vertices[vertex] == .bend
        return (
            Double(sum) / Double(neighbours.count), isBend ? GraphPlacement.bendWeight : 1
        )
    }

    /// Removes the bends that rounding left in chains.
    private mutating func straighten() {
        for layer in graph.layers.dropFirst() {
            for (index, vertex) in layer.enumerated() where graph.incoming[vertex].count == 1 {
                let from = graph.pieces[graph.incoming[vertex][0]].from
                guard graph.outgoing[from].count == 1, centers[from] != centers[vertex] else {
                    continue
                }
                let wish = centers[from]
                if index > 0,
                    wish < centers[layer[index - 1]] + distance(layer[index - 1], vertex)
                {
                    continue
                }
                if index + 1 < layer.count,
                    wish > centers[layer[index + 1]] - distance(vertex, layer[index + 1])
                {
                    continue
                }
                centers[vertex] = wish
            }
        }
    }

    /// So that the first cell in use is 0.
    private func moved() -> [Int] {
        let least = centers.indices.map { centers[$0] - halves[$0] }.min() ?? 0
        return centers.map { $0 - least }
    }
}
