import AuterityAPI

/// Whether the nodes and edges make a graph that can run.
struct ShapeCheck {
    private(set) var errors: [FieldFault] = []
    private(set) var warnings: [FieldFault] = []
    private let definition: Definition
    private let layout: StepLayout
    private let graph: Graph
    private let paths: DefinitionPaths

    init(
        _ definition: Definition, _ layout: StepLayout, _ graph: Graph, _ paths: DefinitionPaths
    ) {
        self.definition = definition
        self.layout = layout
        self.graph = graph
        self.paths = paths
    }

    private mutating func error(_ field: String, _ message: String) {
        errors.append(FieldFault(field: field, message: message))
    }

    private mutating func warn(_ field: String, _ message: String) {
        warnings.append(FieldFault(field: field, message: message))
    }

    /// `nodes` are the compiled ones, `nil` where one could not be read.
    mutating func check(nodes: [(any WorkflowNode)?]) {
        checkIDs()
        checkEnds()
        checkStarts()
        checkCycles()
        checkReach()
        checkHandles(nodes)
    }

    private mutating func checkIDs() {
        for (index, node) in definition.nodes.enumerated() {
            let id = node.id.rawValue
            let field = "\(paths.node(index)).id"
            if layout.index(of: node.id) != index {
                error(field, "\"\(id)\" is the id of another node too")
            }
            if id.utf8.count > DefinitionValidation.maximumIDLength
                || id.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            {
                let limit = DefinitionValidation.maximumIDLength
                error(field, "must be at most \(limit) bytes without control characters")
            }
        }
        var seen: Set<String> = []
        for (index, edge) in definition.edges.enumerated() where !seen.insert(edge.id).inserted {
            error("\(paths.edge(index)).id", "\"\(edge.id)\" is the id of another edge too")
        }
    }

    private mutating func checkEnds() {
        for (index, edge) in definition.edges.enumerated() {
            if layout.index(of: edge.source) == nil {
                error("\(paths.edge(index)).source", "there is no node \"\(edge.source)\"")
            }
            switch layout.index(of: edge.target) {
            case nil: error("\(paths.edge(index)).target", "there is no node \"\(edge.target)\"")
            case let target? where layout.types[target] == "start":
                error("\(paths.edge(index)).target", "no edge can lead to the start")
            default: break
            }
        }
    }

    private mutating func checkStarts() {
        guard !definition.nodes.isEmpty else { return }
        let starts = layout.types.indices.filter { layout.types[$0] == "start" }
        if starts.isEmpty { error("definition.nodes", "needs a node of type start") }
        for extra in starts.dropFirst() {
            error(
                "\(paths.node(extra)).type",
                "there is a start already, \"\(layout.ids[starts[0]])\"; there can be only one")
        }
        if !layout.types.contains("end") {
            warn("definition.nodes", "there is no node of type end")
        }
    }

    private mutating func checkCycles() {
        for (edge, nodes) in graph.cycles(limit: 100) {
            var names = nodes.map { layout.ids[$0].rawValue }
            if names.count > 10 { names = names.prefix(5) + ["…"] + names.suffix(4) }
            let way = (names + [names[0]]).joined(separator: " → ")
            error(paths.edge(graph.edges[edge].position), "closes a cycle: \(way)")
        }
    }

    private mutating func checkReach() {
        guard graph.start != nil else { return }
        for (index, isReached) in graph.reachable().enumerated() where !isReached {
            warn(paths.node(index), "no way leads here from the start, so it will be skipped")
        }
    }

    private mutating func checkHandles(_ nodes: [(any WorkflowNode)?]) {
        for edge in graph.edges {
            guard let handle = edge.handle, let node = nodes[edge.source] else { continue }
            let field = "\(paths.edge(edge.position)).source_handle"
            let source = layout.ids[edge.source]
            if handle == Graph.Edge.errorHandle {
                if definition.nodes[edge.source].data["on_error"] != "branch" {
                    warn(
                        field,
                        "fires only when \"\(source)\" has on_error set to branch")
                }
            } else if !node.handles.contains(handle) {
                let known = node.handles.joined(separator: ", ")
                warn(
                    field,
                    "never fires: \"\(source)\" has no outcome \"\(handle)\""
                        + (known.isEmpty ? "" : "; it has \(known)"))
            }
        }
        for (index, node) in definition.nodes.enumerated() where node.data["on_error"] == "branch" {
            let hasBranch = graph.outgoing(index).contains {
                graph.edges[Int($0)].handle == Graph.Edge.errorHandle
            }
            if !hasBranch {
                warn("\(paths.node(index)).data.on_error", "no edge has the handle error")
            }
        }
    }
}
