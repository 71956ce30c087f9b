import AuterityAPI

extension LiveExecution {
    mutating func settle(
        _ step: Int, _ outcome: NodeOutcome, attempt: Int, _ context: TurnContext
    ) {
        emit(outcome.emissions, of: step, context)
        switch outcome.result {
        case .completed(let output, let handle):
            if output.exceeds(bytes: context.maximumOutput) {
                let failure = StepFailure(
                    StepFailure.outputTooLargeCode,
                    "The output is larger than \(context.maximumOutput) bytes; let the step put "
                        + "out less")
                fail(step, failure, attempt: attempt, context)
            } else if output.isDeeper(than: JSONValue.maximumDepth) {
                fail(step, .tooDeep("output"), attempt: attempt, context)
            } else {
                complete(step, output, handle, attempt: attempt, context)
            }
        case .waiting(let wait):
            let redacted = StepWait(
                reason: wait.reason, until: wait.until,
                message: wait.message.map { context.redact($0) }, approvers: wait.approvers)
            record(
                .stepWaiting(redacted, input: nil), step: step, attempt: attempt, at: context.now)
        case .failed(let failure): fail(step, failure, attempt: attempt, context)
        }
    }

    mutating func emit(_ list: [Emission], of step: Int, _ context: TurnContext) {
        for emission in list {
            let redacted: Emission =
                switch emission {
                case .log(let level, let text): .log(level, context.redact(text))
                case .alert(let severity, let text): .alert(severity, context.redact(text))
                }
            emissions.append(
                StepEmission(
                    stepID: definition.layout.ids[step], emission: redacted, at: context.now,
                    place: drafts.count))
        }
    }

    private mutating func complete(
        _ step: Int, _ output: JSONValue, _ handle: String?, attempt: Int, _ context: TurnContext
    ) {
        // What the start puts out stands in the journal already, as the input.
        let isStart = step == definition.graph.start
        let written: JSONValue? = isStart ? Optional.none : context.redact(output)
        var content = JournalContent.stepCompleted(StepResult(output: written, handle: handle))
        decideEdges(of: step, &content, context)
        record(content, step: step, attempt: attempt, at: context.now)
        follow(step)
    }

    private mutating func fail(
        _ step: Int, _ failure: StepFailure, attempt: Int, _ context: TurnContext
    ) {
        let policy = definition.nodes[step].policy
        let error = ExecutionError(
            code: failure.code, message: context.redact(failure.message),
            stepID: definition.layout.ids[step])
        if let delay = policy.retry.delay(
            after: failure, attempt: attempt, random: context.random)
        {
            record(
                .stepRetrying(error: error, until: context.now.adding(seconds: delay)), step: step,
                attempt: attempt, at: context.now)
            return
        }
        var content = JournalContent.stepFailed(
            StepFault(error: error, handling: policy.onError))
        decideEdges(of: step, &content, context)
        record(content, step: step, attempt: attempt, at: context.now)
        follow(step)
    }
}

// MARK: - Scopes and edges

extension LiveExecution {
    func nodeContext(_ step: Int, _ context: TurnContext) -> NodeContext {
        let scope = StepScope(
            state: state, definition: definition, facts: facts, secrets: context.secrets,
            stepsInReach: definition.nodes[step].stepsInReach, step: step)
        return NodeContext(
            scope: scope, stepID: definition.layout.ids[step], now: context.now,
            input: state.input, wait: state.steps[step].wait,
            predecessors: { [definition, state] in definition.predecessorOutputs(step, state) },
            message: context.message)
    }

    /// Decides the conditions of the edges that the outcome of the step lets fire, once and for
    /// all: what was decided stands in the journal.
    mutating func decideEdges(
        of step: Int, _ content: inout JournalContent, _ context: TurnContext
    ) {
        let graph = definition.graph
        let edges = graph.outgoing(step).map { graph.edges[Int($0)] }.filter(\.hasCondition)
        guard !edges.isEmpty, !content.hasDecidedEdges else { return }
        // The conditions see the outcome of the step already. It is recorded again with them.
        state.apply(content, step: step, attempt: nil, at: context.now)
        var fired: [String] = []
        var failure: String?
        for edge in edges where failure == nil && content.lets(edge) {
            do throws(StepFailure) {
                if try holds(edge, context) { fired.append(edge.id) }
            } catch {
                failure = context.redact(error.message)
            }
        }
        content.setEdges(fired, error: failure)
    }

    private func holds(
        _ edge: Graph.Edge, _ context: TurnContext
    ) throws(StepFailure) -> Bool {
        guard let condition = definition.conditions[edge.position] else { return true }
        let scope = StepScope(
            state: state, definition: definition, facts: facts, secrets: context.secrets,
            stepsInReach: condition.stepsInReach, step: edge.source)
        let value: JSONValue
        do {
            value = try condition.template.render(in: scope)
        } catch {
            throw StepFailure(error, in: "The condition of edge \"\(edge.id)\"")
        }
        guard case .bool(let holds) = value else {
            throw StepFailure(
                StepFailure.expressionCode,
                "The condition of edge \"\(edge.id)\" must give true or false, not "
                    + article(value.kindName))
        }
        return holds
    }
}

extension CompiledDefinition {
    /// Outputs of the completed steps with an edge to this one that fired, in topological order.
    func predecessorOutputs(_ step: Int, _ state: ExecutionState) -> [JSONValue] {
        let fired = graph.incoming(step).lazy.map { self.graph.edges[Int($0)] }
            .filter { state.fires($0) }
        let sources = Set(fired.map(\.source))
        return sources.sorted { graph.rank[$0] < graph.rank[$1] }
            .compactMap { state.steps[$0].output }
    }
}

extension JournalContent {
    /// Whether the edge fires when its condition holds.
    fileprivate func lets(_ edge: Graph.Edge) -> Bool {
        switch self {
        case .stepCompleted(let result): edge.hangs(on: result.handle)
        case .stepFailed(let fault): edge.hangs(onFailureHandledBy: fault.handling)
        default: false
        }
    }

    fileprivate var hasDecidedEdges: Bool {
        switch self {
        case .stepCompleted(let result): result.edges != nil && result.edgeError == nil
        case .stepFailed(let fault): fault.edges != nil && fault.edgeError == nil
        default: false
        }
    }

    fileprivate mutating func setEdges(_ edges: [String], error: String?) {
        switch self {
        case .stepCompleted(var result):
            result.edges = edges
            result.edgeError = error
            self = .stepCompleted(result)
        case .stepFailed(var fault):
            fault.edges = edges
            fault.edgeError = error
            self = .stepFailed(fault)
        default: break
        }
    }
}
