import AuterityAPI

@testable import AuterityEngine

/// SplitMix64: the same seed gives the same graph everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// A random graph without cycles, and how each of its steps ends when it runs.
struct RandomGraph {
    let definition: Definition
    let layout: StepLayout
    let graph: Graph
    /// By step.
    let outcomes: [JournalContent]

    init(using generator: inout some RandomNumberGenerator) {
        let count = Int.random(in: 1...14, using: &generator)
        let density = Double.random(in: 0.05...0.6, using: &generator)
        var nodes = [Definition.Node(id: "n0", type: "start", data: [:])]
        for index in 1..<max(count, 1) {
            nodes.append(
                Definition.Node(id: StepID("n\(index)"), type: "log", data: [:]))
        }
        var edges: [Definition.Edge] = []
        for source in 0..<count {
            for target in (source + 1)..<max(count, source + 1)
            where Double.random(in: 0..<1, using: &generator) < density {
                for _ in 0..<Int.random(in: 1...2, using: &generator) {
                    edges.append(
                        Self.edge(edges.count, source, target, using: &generator))
                }
            }
        }
        edges.shuffle(using: &generator)
        // The order of the definition is not that of the graph.
        let definition = Definition(nodes: nodes.shuffled(using: &generator), edges: edges)
        let layout = StepLayout(definition)
        self.definition = definition
        self.layout = layout
        graph = Graph(definition, layout: layout)
        let mayFail = Bool.random(using: &generator)
        outcomes = layout.ids.map { id in
            Self.outcome(of: id, edges, mayFail: mayFail, using: &generator)
        }
    }

    private static func edge(
        _ number: Int, _ source: Int, _ target: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Definition.Edge {
        let handles: [String?] = [nil, nil, nil, "true", "false", "error"]
        let handle = handles.randomElement(using: &generator) ?? nil
        let hasCondition = Int.random(in: 0..<4, using: &generator) == 0
        return Definition.Edge(
            id: "e\(number)", source: StepID("n\(source)"), target: StepID("n\(target)"),
            sourceHandle: handle, condition: hasCondition ? "x" : nil)
    }

    private static func outcome(
        of id: StepID, _ edges: [Definition.Edge], mayFail: Bool,
        using generator: inout some RandomNumberGenerator
    ) -> JournalContent {
        let conditional = edges.filter { $0.source == id && $0.condition != nil }
        let held = conditional.filter { _ in Bool.random(using: &generator) }.map(\.id)
        let decided = conditional.isEmpty ? nil : held
        let kind = Int.random(in: 0..<10, using: &generator)
        if mayFail, kind < 3 {
            let handling: FailureHandling =
                [.fail, .continue, .branch][kind == 0 ? 0 : kind]
            return .stepFailed(
                StepFault(
                    error: ExecutionError(code: "X", message: "x", stepID: id),
                    handling: handling, edges: decided))
        }
        let handle = ["true", "false", nil].randomElement(using: &generator) ?? nil
        return .stepCompleted(StepResult(output: [:], handle: handle, edges: decided))
    }
}

/// What the definition says, read as plainly as possible: no planner, no counters.
struct ReferenceInterpreter {
    private let sample: RandomGraph
    private var known: [StepID: StepStatus] = [:]

    init(_ sample: RandomGraph) {
        self.sample = sample
    }

    /// The status of every step, in the order of the definition, as if nothing failed before.
    func run() -> [StepStatus] {
        var copy = self
        return sample.layout.ids.map { copy.status(of: $0) }
    }

    private mutating func status(of id: StepID) -> StepStatus {
        if let status = known[id] { return status }
        let incoming = sample.definition.edges.filter { $0.target == id }
        var fired = id == "n0"
        for edge in incoming where fires(edge) { fired = true }
        let status: StepStatus = fired ? ran(id) : .skipped
        known[id] = status
        return status
    }

    private func ran(_ id: StepID) -> StepStatus {
        if case .stepFailed? = outcome(of: id) { .failed } else { .completed }
    }

    private func outcome(of id: StepID) -> JournalContent? {
        sample.layout.index(of: id).map { sample.outcomes[$0] }
    }

    private mutating func fires(_ edge: Definition.Edge) -> Bool {
        guard status(of: edge.source) != .skipped else { return false }
        let mayFire: Bool
        let held: [String]?
        switch outcome(of: edge.source) {
        case .stepCompleted(let result)?:
            mayFire = edge.sourceHandle == nil || edge.sourceHandle == result.handle
            held = result.edges
        case .stepFailed(let fault)?:
            held = fault.edges
            switch fault.handling {
            case .fail: mayFire = false
            case .continue: mayFire = edge.sourceHandle == nil
            case .branch: mayFire = edge.sourceHandle == "error"
            }
        default: return false
        }
        return mayFire && (edge.condition == nil || held?.contains(edge.id) == true)
    }
}
