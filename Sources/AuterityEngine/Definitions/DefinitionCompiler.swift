import AuterityAPI

/// Reads the data of every node and the condition of every edge.
struct DefinitionCompiler {
    /// A name that an expression takes, where it stands, and the step whose scope it sees.
    struct Use {
        let field: String
        let use: NameUse
        let step: Int
        /// The expression stands on an edge, behind the step: it sees the step's output too.
        let isOnEdge: Bool
    }

    private let definition: Definition
    private let layout: StepLayout
    private let paths: DefinitionPaths
    private(set) var errors: [FieldFault] = []
    private(set) var warnings: [FieldFault] = []
    /// `nil` where a node could not be read.
    private(set) var nodes: [(any WorkflowNode)?] = []
    private(set) var compiledNodes: [CompiledNode?] = []
    private(set) var conditions: [EdgeCondition?] = []
    private(set) var uses: [Use] = []
    private(set) var messages: [(field: String, name: String)] = []
    private(set) var workflows: [(field: String, id: WorkflowID)] = []

    private let nodeTypes: [any WorkflowNode.Type]

    init(
        _ definition: Definition, _ layout: StepLayout, _ paths: DefinitionPaths,
        nodeTypes: [any WorkflowNode.Type]
    ) {
        self.nodeTypes = nodeTypes
        self.definition = definition
        self.layout = layout
        self.paths = paths
    }

    var plainHandles: [String?] {
        nodes.map { $0.flatMap { type(of: $0).plainHandle } }
    }

    private func knownType(named name: String) -> (any WorkflowNode.Type)? {
        NodeCatalog.type(named: name) ?? nodeTypes.first { $0.documentation.name == name }
    }

    mutating func compile() {
        for (index, node) in definition.nodes.enumerated() {
            guard let type = knownType(named: node.type) else {
                let names = NodeCatalog.names.joined(separator: ", ")
                errors.append(
                    FieldFault(
                        field: "\(paths.node(index)).type",
                        message: "\"\(node.type)\" is no type of node; there are \(names)"))
                nodes.append(nil)
                compiledNodes.append(nil)
                continue
            }
            compile(node, at: index, as: type)
        }
        for (index, edge) in definition.edges.enumerated() {
            conditions.append(edge.condition.flatMap { condition($0, of: edge, at: index) })
        }
    }

    private mutating func compile(
        _ node: Definition.Node, at index: Int, as type: any WorkflowNode.Type
    ) {
        var data = NodeData(
            node.data, path: "\(paths.node(index)).data", extraTypes: nodeTypes)
        let ownKeys = type.documentation.fields.map(\.key)
        if let label = data.value("label"), label.stringValue == nil {
            data.fault("label", "must be a text")
        }
        let policy = StepPolicy(&data, timeoutIsOwn: ownKeys.contains("timeout"))
        let compiled = type.init(&data)
        let known = Set(ownKeys + NodeField.everyNode.map(\.key))
        for key in node.data.keys where !known.contains(key) {
            data.warn(key, "is not read by nodes of type \(type.documentation.name)")
        }
        errors += data.faults
        warnings += data.warnings
        messages += data.messages
        workflows += data.workflows
        for (field, use) in data.names {
            uses.append(Use(field: field, use: use, step: index, isOnEdge: false))
        }
        nodes.append(compiled)
        compiledNodes.append(
            compiled.flatMap {
                CompiledNode(
                    id: node.id, node: $0, policy: policy,
                    stepsInReach: stepsInReach(data.names.map(\.use), layout))
            })
    }

    private mutating func condition(
        _ source: String, of edge: Definition.Edge, at index: Int
    ) -> EdgeCondition? {
        let field = "\(paths.edge(index)).condition"
        do {
            let template = try JSONTemplate(.string(source), place: .expression)
            if let step = layout.index(of: edge.source) {
                for use in template.names {
                    uses.append(Use(field: field, use: use, step: step, isOnEdge: true))
                }
            }
            return EdgeCondition(
                template: template, stepsInReach: stepsInReach(template.names, layout))
        } catch {
            errors.append(FieldFault(field: field, message: "\(error)"))
            return nil
        }
    }
}
