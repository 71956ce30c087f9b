package import AuterityAPI

/// What is to happen next in an execution.
package enum Command: Hashable, Sendable {
    /// All incoming edges are decided and one fired: run the step.
    case run(Int)
    /// All incoming edges are decided and none fired: skip the step.
    case skip(Int)
    /// Every step is decided: the execution is completed.
    case complete
    case fail(ExecutionError)
}

/// Everything that is to happen next, from the state alone: what recovery asks. Of steps that
/// queue it says again that they are to run.
package func plan(_ state: ExecutionState, _ graph: Graph) -> [Command] {
    guard state.isMoving else { return [] }
    if let error = state.firstEndingError { return [.fail(error)] }
    if state.decidedCount == graph.nodeCount { return [.complete] }
    let tally = EdgeTally(state, graph)
    return (0..<graph.nodeCount).compactMap { node in
        state.steps[node].status == .pending ? tally.command(for: node, graph) : nil
    }
}

/// How many of each node's incoming edges are not decided yet, and whether one fired: kept beside
/// the state, so that the end of a step costs as much as it has outgoing edges.
package struct EdgeTally: Sendable {
    private var undecided: [Int32]
    private var fired: [Bool]

    /// Nothing is decided yet.
    package init(_ graph: Graph) {
        undecided = (0..<graph.nodeCount).map { Int32(graph.incoming($0).count) }
        fired = Array(repeating: false, count: graph.nodeCount)
    }

    /// As the state has it.
    package init(_ state: ExecutionState, _ graph: Graph) {
        self.init(graph)
        for edge in graph.edges where state.steps[edge.source].status.isDecided {
            decide(edge, fires: state.fires(edge))
        }
    }

    private mutating func decide(_ edge: Graph.Edge, fires: Bool) {
        undecided[edge.target] -= 1
        if fires { fired[edge.target] = true }
    }

    /// What the beginning of an execution brings about.
    package func begin(_ state: ExecutionState, _ graph: Graph) -> [Command] {
        guard state.isMoving else { return [] }
        var commands = graph.start.map { [Command.run($0)] } ?? []
        commands += graph.orphans.map { .skip($0) }
        return commands.filter { command in
            switch command {
            case .run(let node), .skip(let node): state.steps[node].status == .pending
            case .complete, .fail: true
            }
        }
    }

    /// What the end of `step` brings about. To be called once a step, when the state says that it
    /// is decided.
    package mutating func planAfter(
        _ step: Int, _ state: ExecutionState, _ graph: Graph
    ) -> [Command] {
        var commands: [Command] = []
        for index in graph.outgoing(step) {
            let edge = graph.edges[Int(index)]
            decide(edge, fires: state.fires(edge))
            // The last edge of several from the same node decides.
            if undecided[edge.target] == 0, state.steps[edge.target].status == .pending,
                let command = command(for: edge.target, graph)
            {
                commands.append(command)
            }
        }
        guard state.isMoving else { return [] }
        if let error = state.endingError(of: step) { return [.fail(error)] }
        return state.decidedCount == graph.nodeCount ? [.complete] : commands
    }

    func command(for node: Int, _ graph: Graph) -> Command? {
        guard undecided[node] == 0 else { return nil }
        return fired[node] || node == graph.start ? .run(node) : .skip(node)
    }
}

extension ExecutionState {
    /// It is neither queued nor at its end.
    var isMoving: Bool { status != .pending && !isFinished }

    /// Whether an edge of a decided step fires.
    package func fires(_ edge: Graph.Edge) -> Bool {
        let source = steps[edge.source]
        return isCandidate(edge) && (!edge.hasCondition || source.edges?.contains(edge.id) == true)
    }

    /// Whether an edge of a decided step fires when its condition holds.
    private func isCandidate(_ edge: Graph.Edge) -> Bool {
        let source = steps[edge.source]
        switch source.status {
        case .completed:
            return edge.hangs(on: source.handle)
        case .failed:
            return edge.hangs(onFailureHandledBy: source.handling ?? .fail)
        case .pending, .running, .waiting, .skipped, .cancelled: return false
        }
    }

    fileprivate var firstEndingError: ExecutionError? {
        steps.indices.lazy.compactMap { endingError(of: $0) }.first
    }

    /// What the end of this step fails the execution with.
    func endingError(of step: Int) -> ExecutionError? {
        let state = steps[step]
        if let message = state.edgeError {
            return ExecutionError(
                code: StepFailure.expressionCode, message: message, stepID: layout.ids[step])
        }
        guard state.status == .failed, state.handling ?? .fail == .fail else { return nil }
        return state.error
    }
}

extension Graph.Edge {
    static let errorHandle = "error"

    /// Whether it belongs to this outcome of a completed step.
    func hangs(on outcome: String?) -> Bool {
        handle == nil ? true : handle == outcome && handle != Self.errorHandle
    }

    /// Whether it belongs to a failure that is handled so.
    func hangs(onFailureHandledBy handling: FailureHandling) -> Bool {
        switch handling {
        case .fail: false
        case .continue: handle == nil
        case .branch: handle == Self.errorHandle
        }
    }
}
