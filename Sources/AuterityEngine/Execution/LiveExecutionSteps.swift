import AuterityAPI

extension LiveExecution {
    /// Runs what can run without a side effect. Answers whether there is more of it for another
    /// turn.
    package mutating func advance(_ context: TurnContext, limit: Int = stepsATurn) -> Bool {
        var left = limit
        while left > 0 {
            guard nextCommand < commands.count else {
                if delegating.evaluating.isEmpty { break }
                left -= max(1, evaluateItems(context, limit: left))
                continue
            }
            let command = commands[nextCommand]
            nextCommand += 1
            left -= 1
            switch command {
            case .run(let step): run(step, context)
            case .skip(let step):
                record(.stepSkipped, step: step, at: context.now)
                follow(step)
            case .complete:
                let output = context.redact(definition.output(of: state))
                finish(.executionCompleted(output: output), at: context.now)
            case .fail(let error): finish(.executionFailed(error), at: context.now)
            }
        }
        if nextCommand == commands.count {
            commands.removeAll(keepingCapacity: true)
            nextCommand = 0
        }
        return nextCommand < commands.count || !delegating.evaluating.isEmpty
    }

    private mutating func run(_ step: Int, _ context: TurnContext) {
        switch definition.nodes[step].work {
        case .effectful: readySteps.append(step)
        case .pure(let node):
            let outcome = attempt(step, context) { nodeContext throws(StepFailure) in
                try node.evaluate(nodeContext)
            }
            settle(step, outcome, attempt: 1, context)
        case .delegated(let node): delegate(step, node.delegation, context)
        }
    }

    mutating func follow(_ step: Int) {
        let next = tally.planAfter(step, state, definition.graph)
        if case .fail? = next.first {
            // Nothing that was about to run runs any more.
            commands = next
            nextCommand = 0
        } else {
            commands += next
        }
    }

    /// Starts an attempt of a step with a side effect. `nil` when it has no business any more, or
    /// when its texts could not be rendered and it failed; `advance` goes on from there.
    package mutating func start(_ step: Int, _ context: TurnContext) -> StepCall? {
        let status = state.steps[step].status
        guard !state.isFinished, !status.isDecided,
            case .effectful(let node) =
                definition.nodes[step].work
        else { return nil }
        // A step that was interrupted, or that waited for a limit, has not used up its attempt:
        // the error of one that failed stands there until the next begins.
        let number = nextAttempt(of: step)
        var input: JSONObject = [:]
        do throws(StepFailure) {
            input = try node.render(nodeContext(step, context))
            if JSONValue.object(input).isDeeper(than: JSONValue.maximumDepth) {
                throw StepFailure.tooDeep("input")
            }
        } catch {
            settle(step, .failed(error), attempt: number, context)
            return nil
        }
        record(
            .stepStarted(input: context.redact(.object(input))), step: step, attempt: number,
            at: context.now)
        let id = definition.layout.ids[step]
        return StepCall(
            step: step, stepID: id, attempt: number, node: node, input: input,
            timeout: definition.nodes[step].policy.timeout,
            idempotencyKey: idempotencyKey(execution: facts.executionID, step: id))
    }

    func nextAttempt(of step: Int) -> Int {
        let isNext = state.steps[step].attempt == 0 || state.steps[step].error != nil
        return state.steps[step].attempt + (isNext ? 1 : 0)
    }

    /// Notes that a ready step cannot start yet, and why.
    package mutating func queue(_ step: Int, blockedBy: String, _ context: TurnContext) {
        guard !state.isFinished, !state.steps[step].status.isDecided else { return }
        record(.stepScheduled(blockedBy: blockedBy), step: step, at: context.now)
    }

    /// Takes in how an attempt ended. Answers false, and changes nothing, when the step does not
    /// run that attempt (any more).
    package mutating func end(
        _ step: Int, attempt: Int, _ outcome: NodeOutcome, _ context: TurnContext
    ) -> Bool {
        guard !state.isFinished, state.steps[step].status == .running,
            state.steps[step].attempt == attempt
        else { return false }
        settle(step, outcome, attempt: attempt, context)
        return true
    }

    /// The wake-up time of a waiting step has come. A step with a side effect becomes ready.
    package mutating func wakeUp(_ step: Int, _ context: TurnContext) {
        guard !state.isFinished, state.steps[step].status == .waiting else { return }
        switch definition.nodes[step].work {
        case .effectful: readySteps.append(step)
        case .pure(let node): wake(step, node, by: .due, context)
        case .delegated(let node):
            switch state.steps[step].wait?.reason {
            case .retry: delegate(step, node.delegation, context)
            case .child: timeOut(step, context)
            default: return
            }
        }
    }

    /// A person decided. Answers false, and changes nothing, when the step does not wait for that.
    package mutating func decide(
        _ step: Int, approved: Bool, by: String, comment: String?, _ context: TurnContext
    ) -> Bool {
        guard !state.isFinished, state.steps[step].wait?.reason == .approval,
            case .pure(let node) = definition.nodes[step].work
        else { return false }
        record(
            .signalReceived(.approval(approved: approved, by: by, comment: comment)), step: step,
            at: context.now)
        wake(step, node, by: .approval(approved: approved, by: by, comment: comment), context)
        return true
    }

    /// Sets a step aside that brought its process down again and again.
    package mutating func quarantine(_ step: Int, _ reason: String, _ context: TurnContext) {
        guard !state.isFinished, !state.steps[step].status.isDecided else { return }
        settle(
            step, .failed(StepFailure(StepFailure.quarantinedCode, reason)),
            attempt: max(state.steps[step].attempt, 1), context)
    }

    private mutating func wake(
        _ step: Int, _ node: any PureNode, by wake: Wake, _ context: TurnContext
    ) {
        let outcome = attempt(step, context) { nodeContext throws(StepFailure) in
            try node.wake(nodeContext, by: wake)
        }
        settle(step, outcome, attempt: max(state.steps[step].attempt, 1), context)
    }

    private func attempt(
        _ step: Int, _ context: TurnContext,
        _ body: (NodeContext) throws(StepFailure) -> NodeOutcome
    ) -> NodeOutcome {
        do {
            return try body(nodeContext(step, context))
        } catch {
            return .failed(error)
        }
    }
}
