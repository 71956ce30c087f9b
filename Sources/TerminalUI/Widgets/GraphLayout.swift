/// How much room a drawn graph takes.
public enum GraphDensity: Hashable, Sendable, CaseIterable {
    /// A box a node.
    case boxes
    /// A line of text a node.
    case labels
    /// No drawing: the nodes below each other, with what they lead to.
    case list
}

/// Where everything of a graph stands. It is made once for the graph's structure and kept;
/// drawing then costs what is visible.
public struct GraphLayout: Hashable, Sendable {
    enum Direction: Hashable { case down, right }

    /// One way to draw the graph, the best liked first; empty when it is too large for that.
    let drawings: [GraphDrawing]
    let list: GraphList

    public init(_ model: GraphModel) {
        list = GraphList(model)
        guard !model.nodes.isEmpty, let layers = GraphLayers(model) else {
            drawings = []
            return
        }
        let graph = GraphOrder.ordered(layers)
        let ways: [(Direction, GraphDensity)] = [
            (.right, .boxes), (.down, .boxes), (.right, .labels), (.down, .labels),
        ]
        drawings = ways.map { GraphDrawing(model, graph, direction: $0, density: $1) }
    }

    /// Under this size a list says more than a window on a drawing.
    static let leastSize = Size(width: 24, height: 8)

    /// The drawing for a place: the first that fits; else one that needs scrolling in one
    /// direction only; `nil` for the list.
    func drawing(for size: Size, density: GraphDensity?) -> GraphDrawing? {
        if density == .list { return nil }
        let wanted = drawings.filter { density == nil || $0.density == density }
        if let fitting = wanted.first(where: { $0.fits(size) }) { return fitting }
        if density == nil,
            size.width < GraphLayout.leastSize.width || size.height < GraphLayout.leastSize.height
        {
            return nil
        }
        return wanted.first { $0.direction == .down && $0.size.width <= size.width }
            ?? wanted.first { $0.direction == .right && $0.size.height <= size.height }
            ?? wanted.first { $0.direction == .down } ?? wanted.first
    }

    /// Whether a place shows the whole graph as a drawing.
    public func fits(_ size: Size) -> Bool { drawings.contains { $0.fits(size) } }

    /// The density in which a place shows the graph.
    public func density(for size: Size, wanted: GraphDensity? = nil) -> GraphDensity {
        drawing(for: size, density: wanted)?.density ?? .list
    }

    public enum Heading: Hashable, Sendable {
        case up, down, left, right
    }

    /// The node that a key of that direction goes to from another; `nil` where there is none.
    public func node(
        toThe heading: Heading, of node: Int, in size: Size, density: GraphDensity? = nil
    ) -> Int? {
        guard let drawing = drawing(for: size, density: density) else {
            return list.node(toThe: heading, of: node)
        }
        guard drawing.boxes.indices.contains(node) else { return nil }
        let from = drawing.center(of: node)
        var best: (cost: Int, node: Int)?
        for other in drawing.boxes.indices where other != node {
            let to = drawing.center(of: other)
            let (ahead, aside) =
                switch heading {
                case .up: (from.y - to.y, abs(to.x - from.x))
                case .down: (to.y - from.y, abs(to.x - from.x))
                case .left: (from.x - to.x, 2 * abs(to.y - from.y))
                case .right: (to.x - from.x, 2 * abs(to.y - from.y))
                }
            let cost = ahead + 2 * aside
            if ahead > 0, cost < best?.cost ?? .max { best = (cost, other) }
        }
        return best?.node
    }

    /// The node drawn at a point of a place that shows the graph from `origin` on.
    func node(at point: Point, of drawing: GraphDrawing) -> Int? {
        drawing.boxes.firstIndex { $0.contains(point) }
    }
}

/// The graph in one direction and density: boxes, lines and labels in cells of its own.
struct GraphDrawing: Hashable, Sendable {
    /// A line of an edge, through the middles of cells.
    struct Stroke: Hashable {
        let edge: Int
        let points: [Point]
    }

    struct Label: Hashable {
        let edge: Int
        let text: String
        let at: Point
        let columns: Int
    }

    struct Arrow: Hashable {
        let edge: Int
        let at: Point
        /// It stands in the border of a box, since the edge goes against the layers.
        let isReversed: Bool
    }

    /// What belongs to one layer, or to the room between two.
    struct Band: Hashable {
        /// Cells along the layout's direction.
        var range: Range<Int>
        var nodes: [Int] = []
        var strokes: [Stroke] = []
        var labels: [Label] = []
        var arrows: [Arrow] = []
    }

    let direction: GraphLayout.Direction
    let density: GraphDensity
    private(set) var size = Size(width: 0, height: 0)
    /// By node.
    private(set) var boxes: [Rect]
    private(set) var texts: [String]
    private(set) var bands: [Band] = []
    /// Nodes from which lines leave, for the mark in their border.
    private(set) var leaving: [Bool]

    func fits(_ size: Size) -> Bool {
        self.size.width <= size.width && self.size.height <= size.height
    }

    func center(of node: Int) -> Point {
        Point(
            x: boxes[node].x + boxes[node].width / 2, y: boxes[node].y + boxes[node].height / 2)
    }

    init(
        _ model: GraphModel, _ graph: GraphLayers, direction: GraphLayout.Direction,
        density: GraphDensity
    ) {
        self.direction = direction
        self.density = density
        texts = model.nodes.indices.map { index in
            let loop = graph.loops.contains(index) ? " (loop)" : ""
            return GraphLimits.cut(model.nodes[index].label, to: GraphLimits.maximumLabel) + loop
        }
        boxes = Array(repeating: Rect(x: 0, y: 0, width: 0, height: 0), count: model.nodes.count)
        leaving = model.nodes.indices.map { !graph.outgoing[$0].isEmpty }
        let labels = model.edges.map {
            GraphLimits.cut($0.label, to: GraphLimits.maximumEdgeLabel)
        }
        let sizes = graph.vertices.map { kind in
            GraphDrawing.extent(of: kind, texts: texts, labels: labels, density, direction)
        }
        let isDown = direction == .down
        let centers = GraphPlacement.centers(
            of: graph, halves: sizes.map { ($0.across - 1) / 2 },
            gap: { left, right in
                guard isDown else { return left == .bend || right == .bend ? 0 : 1 }
                return left == .bend && right == .bend ? 1 : 2
            })
        assemble(graph, sizes: sizes, centers: centers, labels: labels)
    }

    /// Cells along and across the direction of a layout; across is always odd.
    struct Extent {
        var along: Int
        var across: Int
    }

    private static func extent(
        of kind: GraphLayers.Kind, texts: [String], labels: [String], _ density: GraphDensity,
        _ direction: GraphLayout.Direction
    ) -> Extent {
        switch kind {
        case .bend: return Extent(along: 1, across: 1)
        case .label(let edge):
            let columns = TextWidth.columns(of: labels[edge])
            return direction == .down
                ? Extent(along: 1, across: columns | 1) : Extent(along: columns + 2, across: 1)
        case .node(let node):
            // A sign, a blank and the text, in a border with a blank inside on each side.
            let text = TextWidth.columns(of: texts[node]) + 2
            let width = density == .boxes ? text + 4 : text + 2
            let height = density == .boxes ? 3 : 1
            return direction == .down
                ? Extent(along: height, across: width | 1) : Extent(along: width, across: height)
        }
    }

    // MARK: Assembly

    private mutating func assemble(
        _ graph: GraphLayers, sizes: [Extent], centers: [Int], labels: [String]
    ) {
        var along = 0
        var across = 0
        for layer in graph.layers.indices {
            let length = graph.layers[layer].map { sizes[$0].along }.max() ?? 0
            addLayer(graph, layer, at: along..<along + length, sizes, centers, labels)
            along += length
            for vertex in graph.layers[layer] {
                across = max(across, centers[vertex] + (sizes[vertex].across + 1) / 2)
            }
            if layer + 1 < graph.layers.count {
                along = addGap(graph, behind: layer, at: along, centers, across: &across)
            }
        }
        size =
            direction == .down
            ? Size(width: across, height: along) : Size(width: along, height: across)
    }

    private func point(_ along: Int, _ across: Int) -> Point {
        direction == .down ? Point(x: across, y: along) : Point(x: along, y: across)
    }

    private mutating func addLayer(
        _ graph: GraphLayers, _ layer: Int, at range: Range<Int>, _ sizes: [Extent],
        _ centers: [Int], _ labels: [String]
    ) {
        var band = Band(range: range)
        for vertex in graph.layers[layer] {
            let center = centers[vertex]
            var start = range.lowerBound
            switch graph.vertices[vertex] {
            case .bend: break
            case .label(let edge):
                let columns = TextWidth.columns(of: labels[edge])
                let at =
                    direction == .down
                    ? point(range.lowerBound, center - (sizes[vertex].across - 1) / 2)
                    : point(range.lowerBound + 1 + (range.count - columns - 2) / 2, center)
                band.labels.append(
                    Label(edge: edge, text: labels[edge], at: at, columns: columns))
            case .node(let node):
                band.nodes.append(node)
                let corner = point(start, center - (sizes[vertex].across - 1) / 2)
                let end = point(sizes[vertex].along, sizes[vertex].across)
                boxes[node] = Rect(x: corner.x, y: corner.y, width: end.x, height: end.y)
                start += sizes[vertex].along
            }
            guard start < range.upperBound else { continue }
            for piece in graph.outgoing[vertex] {
                let points = [point(start - 1, center), point(range.upperBound, center)]
                band.strokes.append(Stroke(edge: graph.pieces[piece].edge, points: points))
            }
        }
        bands.append(band)
    }

    /// Returns where the next layer begins.
    private mutating func addGap(
        _ graph: GraphLayers, behind layer: Int, at start: Int, _ centers: [Int],
        across: inout Int
    ) -> Int {
        let pieces = graph.layers[layer].flatMap { graph.outgoing[$0] }
        let requests = pieces.map { index -> GraphRouting.Request in
            let piece = graph.pieces[index]
            return GraphRouting.Request(
                source: piece.from, target: piece.to, from: centers[piece.from],
                to: centers[piece.to])
        }
        let routing = GraphRouting(requests)
        let hasTarget = graph.layers[layer + 1].contains { graph.vertices[$0].isNode }
        let hasSource = graph.layers[layer].contains { graph.vertices[$0].isNode }
        let room = GraphRoom(
            direction: direction, density: density, tracks: routing.trackCount,
            hasSource: hasSource, hasTarget: hasTarget)
        let end = start + room.length
        var band = Band(range: start..<end)
        for (index, piece) in pieces.enumerated() {
            let request = requests[index]
            let edge = graph.pieces[piece].edge
            var points = [point(start - 1, request.from)]
            var column = request.from
            for turn in routing.turns[index] {
                let track = start + room.offset(ofTrack: turn.track)
                points.append(point(track, column))
                points.append(point(track, turn.column))
                column = turn.column
                across = max(across, column + 1)
            }
            points.append(point(end, column))
            band.strokes.append(Stroke(edge: edge, points: points))
            let isReversed = graph.pieces[piece].isReversed
            if isReversed, graph.vertices[graph.pieces[piece].from].isNode {
                let at = point(start - 1, request.from)
                band.arrows.append(Arrow(edge: edge, at: at, isReversed: true))
            } else if !isReversed, graph.vertices[graph.pieces[piece].to].isNode {
                let at = point(end - 1, request.to)
                band.arrows.append(Arrow(edge: edge, at: at, isReversed: false))
            }
        }
        bands.append(band)
        return end
    }
}

/// The cells between two layers.
struct GraphRoom {
    let direction: GraphLayout.Direction
    let density: GraphDensity
    let tracks: Int
    let hasSource: Bool
    /// Arrows stand before nodes.
    let hasTarget: Bool

    /// A cell before the first track, where lines leave sideways.
    private var lead: Int {
        direction == .right && hasSource ? 1 : 0
    }

    /// Tracks side by side are told apart better with a column between.
    private var pitch: Int { direction == .right && tracks < 12 ? 2 : 1 }

    var length: Int {
        let arrow = hasTarget ? (direction == .right ? 2 : 1) : 0
        if tracks == 0 {
            if direction == .right { return hasTarget && hasSource ? 4 : max(arrow, 1) }
            return hasTarget || (hasSource && density == .boxes) ? 1 : 0
        }
        let tail = direction == .right && !hasTarget ? 1 : 0
        return lead + (tracks - 1) * pitch + 1 + tail + arrow
    }

    func offset(ofTrack track: Int) -> Int {
        lead + track * pitch
    }
}

extension GraphLayers.Kind {
    var isNode: Bool {
        if case .node = self { true } else { false }
    }
}
