package import AuterityAPI

/// A definition made ready to run: every template and expression read once. Made once for each
/// version of a workflow and shared by its executions.
package final class CompiledDefinition: Sendable {
    package let definition: Definition
    package let layout: StepLayout
    package let graph: Graph
    /// In the order of the definition.
    package let nodes: [CompiledNode]
    /// By the position of the edge in the definition; `nil` for an edge without condition.
    let conditions: [EdgeCondition?]
    /// The steps with an `output_key`, each list in topological order.
    let outputKeys: [String: [Int]]
    /// Whether any step starts executions of other workflows.
    let hasChildren: Bool
    /// What the input must be; `nil` where the definition does not say.
    package let inputSchema: JSONSchema?

    init(
        definition: Definition, layout: StepLayout, graph: Graph, nodes: [CompiledNode],
        conditions: [EdgeCondition?]
    ) {
        self.definition = definition
        self.layout = layout
        self.graph = graph
        self.nodes = nodes
        self.conditions = conditions
        var outputKeys: [String: [Int]] = [:]
        for index in graph.topologicalOrder {
            guard let key = nodes[index].policy.outputKey else { continue }
            outputKeys[key, default: []].append(index)
        }
        self.outputKeys = outputKeys
        hasChildren = nodes.contains { $0.delegation.map { $0.node == nil } ?? false }
        inputSchema = graph.start.flatMap { nodes[$0].work.node as? StartNode }?.inputSchema
    }

    /// Every fault of an input, each with a path below `input_data`.
    package func inputFaults(_ input: JSONObject) -> [FieldFault] {
        inputSchema?.faults(of: .object(input), path: "input_data") ?? []
    }

    /// What a completed execution puts out: what the `end` nodes that ran say, merged in
    /// topological order; when none says anything, the outputs of all completed steps but the
    /// start that are objects.
    package func output(of state: ExecutionState) -> JSONValue {
        var ends = JSONObject()
        var others = JSONObject()
        var endSpoke = false
        for index in graph.topologicalOrder where state.steps[index].status == .completed {
            guard index != graph.start, let output = state.steps[index].output?.objectValue else {
                continue
            }
            if nodes[index].saysOutput {
                endSpoke = true
                ends.merge(output)
            } else {
                others.merge(output)
            }
        }
        return .object(endSpoke ? ends : others)
    }
}

/// One node of a compiled definition.
package struct CompiledNode: Sendable {
    package enum Work: Sendable {
        case pure(any PureNode)
        case effectful(any EffectfulNode)
        case delegated(any DelegatingNode)

        package var node: any WorkflowNode {
            switch self {
            case .pure(let node): node
            case .effectful(let node): node
            case .delegated(let node): node
            }
        }
    }

    package let id: StepID
    /// As the catalog calls it, not by an alias.
    package let type: String
    package let work: Work
    package let policy: StepPolicy
    /// An `end` with an output of its own.
    let saysOutput: Bool
    /// The steps that its expressions name as `steps.ID`; `nil` when any may be meant.
    let stepsInReach: [Int]?

    init?(
        id: StepID, node: any WorkflowNode, policy: StepPolicy, stepsInReach: [Int]?
    ) {
        switch node {
        case let node as any PureNode: work = .pure(node)
        case let node as any EffectfulNode: work = .effectful(node)
        case let node as any DelegatingNode: work = .delegated(node)
        default: return nil
        }
        self.id = id
        self.type = Swift.type(of: node).documentation.name
        self.policy = policy
        self.stepsInReach = stepsInReach
        saysOutput = (node as? EndNode)?.output != nil
    }

    package var delegation: Delegation? {
        if case .delegated(let node) = work { node.delegation } else { nil }
    }

    package var isPure: Bool {
        if case .pure = work { true } else { false }
    }
}

/// The compiled condition of an edge.
struct EdgeCondition: Sendable {
    let template: JSONTemplate
    let stepsInReach: [Int]?
}

/// The steps that expressions name as `steps.ID`; `nil` when one takes `steps` as a whole.
func stepsInReach(_ uses: [NameUse], _ layout: StepLayout) -> [Int]? {
    var indices: Set<Int> = []
    for use in uses where use.root == "steps" {
        guard let member = use.member else { return nil }
        if let index = layout.index(of: StepID(member)) { indices.insert(index) }
    }
    return indices.sorted()
}
