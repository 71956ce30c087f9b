import AuterityAPI
import TerminalUI

/// A definition as a graph to be drawn, by itself or with an execution in it.
enum WorkflowGraph {
    static func model(_ definition: Definition) -> GraphModel {
        GraphModel(
            nodes: definition.nodes.map {
                GraphModel.Node(
                    id: $0.id.rawValue, label: $0.label, role: .graphNode, sign: sign(of: $0.type))
            },
            edges: definition.edges.map {
                GraphModel.Edge(
                    from: $0.source.rawValue, to: $0.target.rawValue, label: $0.sourceHandle ?? "")
            })
    }

    /// Lights the path that was taken and dims the one that was not.
    static func show(
        _ moment: ExecutionMoment, of definition: Definition, in model: inout GraphModel,
        glyphs: Glyphs
    ) {
        var statuses: [StepID: StepStatus] = [:]
        for step in moment.steps { statuses[step.stepID] = step.status }
        for (index, node) in definition.nodes.enumerated()
        where model.nodes.indices.contains(index) {
            let look = (statuses[node.id] ?? .pending).look(glyphs)
            model.nodes[index].role = look.role
            model.nodes[index].sign = look.sign
        }
        for (index, edge) in definition.edges.enumerated()
        where model.edges.indices.contains(index) {
            model.edges[index].emphasis = emphasis(
                of: edge, source: statuses[edge.source] ?? .pending,
                target: statuses[edge.target] ?? .pending, state: moment.state?[edge.source])
        }
    }

    private static func emphasis(
        of edge: Definition.Edge, source: StepStatus, target: StepStatus, state: StepState?
    ) -> GraphModel.Emphasis {
        switch source {
        case .skipped, .cancelled: return .dim
        case .pending, .running, .waiting: return .normal
        case .completed, .failed: break
        }
        if target == .skipped { return .dim }
        guard let state, state.status == source else {
            return target == .pending || target == .cancelled ? .normal : .lit
        }
        if source == .failed {
            let fires =
                switch state.handling {
                case .branch: edge.sourceHandle == "error"
                case .continue: edge.sourceHandle == nil
                case .fail, nil: false
                }
            return fires ? .lit : .dim
        }
        if let handle = edge.sourceHandle, handle != state.handle { return .dim }
        if edge.condition != nil, let edges = state.edges, !edges.contains(edge.id) {
            return .dim
        }
        return .lit
    }

    /// Where nothing runs, the sign tells what a node is for.
    private static func sign(of type: String) -> Character {
        switch type {
        case "start": "▶"
        case "end": "◆"
        case "condition", "decision", "switch": "◈"
        case "approval": "○"
        case "delay": "◔"
        case "ai", "ai_process": "✱"
        case "map", "workflow": "◉"
        default: "●"
        }
    }
}

/// Where one is in a graph, and how densely it is drawn.
struct GraphTab: Sendable {
    private(set) var layout: GraphLayout?
    private(set) var model: GraphModel?
    /// The node under the cursor; until one moves it is the current step.
    private(set) var selected: Int?
    private(set) var hasMoved = false
    private(set) var density: GraphDensity?
    private(set) var pan = Point(x: 0, y: 0)

    private static let panColumns = 8
    private static let panRows = 4

    mutating func begin(with definition: Definition) {
        let model = WorkflowGraph.model(definition)
        if let old = self.model, old.hasSameStructure(as: model) { return }
        self.model = model
        layout = GraphLayout(model)
        selected = model.nodes.isEmpty ? nil : 0
    }

    mutating func show(_ moment: ExecutionMoment, of definition: Definition, glyphs: Glyphs) {
        guard var model else { return }
        WorkflowGraph.show(moment, of: definition, in: &model, glyphs: glyphs)
        self.model = model
        if !hasMoved, let current = moment.currentStep ?? moment.error?.stepID,
            let index = moment.index(of: current)
        {
            selected = index
        }
    }

    mutating func select(_ node: Int) {
        guard let model, model.nodes.indices.contains(node) else { return }
        selected = node
        hasMoved = true
    }

    var view: GraphView? {
        guard let model, let layout else { return nil }
        var view = GraphView(model: model, layout: layout, selected: selected, density: density)
        view.pan = pan
        return view
    }

    /// The arrows and `hjkl` go from node to node, `HJKL` move the view, `v` changes the
    /// density, `g` and `G` go to the first and last node.
    mutating func handle(_ key: Key, in area: Rect) -> Bool {
        switch key {
        case .up, .character("k"): move(.up, area)
        case .down, .character("j"): move(.down, area)
        case .left, .character("h"): move(.left, area)
        case .right, .character("l"): move(.right, area)
        case .character("H"): pan.x -= GraphTab.panColumns
        case .character("L"): pan.x += GraphTab.panColumns
        case .character("K"), .mouse(.wheelUp, _): pan.y -= GraphTab.panRows
        case .character("J"), .mouse(.wheelDown, _): pan.y += GraphTab.panRows
        case .character("v"): nextDensity()
        case .home, .character("g"): select(0)
        case .end, .character("G"): select((model?.nodes.count ?? 0) - 1)
        case .mouse(.press, let point):
            guard let node = view?.node(at: point, in: area) else { return false }
            select(node)
        default: return false
        }
        return true
    }

    private mutating func move(_ heading: GraphLayout.Heading, _ area: Rect) {
        pan = Point(x: 0, y: 0)
        guard let layout, let selected else { return }
        let next = layout.node(
            toThe: heading, of: selected, in: area.size, density: density)
        if let next { select(next) }
    }

    private mutating func nextDensity() {
        pan = Point(x: 0, y: 0)
        switch density {
        case nil: density = .boxes
        case .boxes: density = .labels
        case .labels: density = .list
        case .list: density = nil
        }
    }

    func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        view?.draw(into: &frame, in: area, theme: theme)
    }
}
