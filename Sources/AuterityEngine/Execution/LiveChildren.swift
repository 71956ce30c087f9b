import AuterityAPI

extension LiveExecution {
    /// Goes on with a step that starts executions, once its workflow was looked up. Does nothing
    /// when the step has started them already.
    package mutating func startChildren(
        _ step: Int, _ found: Result<ChildWorkflow, StepFailure>, _ context: TurnContext
    ) {
        guard !state.isFinished, state.steps[step].status == .pending,
            let delegation = definition.nodes[step].delegation,
            case .workflow(_, let input) = delegation.target
        else { return }
        let attempt = nextAttempt(of: step)
        do throws(StepFailure) {
            let child = try found.get()
            if delegation.items == nil {
                try startChild(step, child, input, attempt, context)
            } else {
                try startList(step, child, attempt, context)
            }
        } catch {
            settle(step, .failed(error), attempt: attempt, context)
        }
    }

    private mutating func startChild(
        _ step: Int, _ child: ChildWorkflow, _ template: JSONTemplate?, _ attempt: Int,
        _ context: TurnContext
    ) throws(StepFailure) {
        let input = try childInput(
            nil, child, template, nodeContext(step, context), context)
        let id = context.newExecutionID()
        record(
            .stepWaiting(
                StepWait(
                    reason: .child, until: deadline(of: step, context), executionID: id),
                input: Self.described(child, ["input": .object(input)])),
            step: step, attempt: attempt, at: context.now)
        delegating.births.append(
            Birth(step: step, item: 0, attempt: attempt, id: id, input: input))
    }

    private mutating func startList(
        _ step: Int, _ child: ChildWorkflow, _ attempt: Int, _ context: TurnContext
    ) throws(StepFailure) {
        let items = try list(of: step, context)
        record(
            .stepWaiting(
                StepWait(reason: .child, until: deadline(of: step, context)),
                input: Self.described(child, ["items": .array(items)])),
            step: step, attempt: attempt, at: context.now)
        delegating.lists[step] = nil
        fill(step, takeList(step, context), .success(child), context)
    }

    /// When an attempt that begins now has taken too long.
    private func deadline(of step: Int, _ context: TurnContext) -> Timestamp? {
        definition.nodes[step].policy.timeout.map { context.now.adding(seconds: $0) }
    }

    /// Ends an attempt that has waited too long for the executions that it started, and has them
    /// cancelled.
    mutating func timeOut(_ step: Int, _ context: TurnContext) {
        let policy = definition.nodes[step].policy
        guard let timeout = policy.timeout, let until = state.steps[step].wait?.until,
            until <= context.now
        else { return }
        let failure = StepFailure(timeout: timeout)
        if definition.nodes[step].delegation?.items != nil {
            failList(step, takeList(step, context), failure, context)
        } else {
            delegating.abandon(step)
            settle(step, .failed(failure), attempt: state.steps[step].attempt, context)
        }
    }

    private static func described(_ child: ChildWorkflow, _ more: JSONObject) -> JSONValue {
        var object: JSONObject = [
            "workflow_id": .string(child.id.description),
            "workflow_version": .int(Int64(child.version)),
        ]
        object.merge(more)
        return .object(object)
    }

    /// Takes in how executions of a step ended, and starts the next ones. Those that it does not
    /// wait for (any more) change nothing.
    package mutating func collect(
        _ step: Int, _ ends: [ChildEnd], _ found: Result<ChildWorkflow, StepFailure>,
        _ context: TurnContext
    ) {
        let now = state.steps[step]
        guard !state.isFinished, let wait = now.wait, wait.reason == .child,
            let delegation = definition.nodes[step].delegation
        else { return }
        guard delegation.items != nil else {
            guard let end = ends.first(where: { $0.id == wait.executionID }) else { return }
            let outcome: NodeOutcome =
                switch end.outcome {
                case .success(let output): .completed(output)
                case .failure(let failure): .failed(failure)
                }
            settle(step, outcome, attempt: now.attempt, context)
            return
        }
        var list = takeList(step, context)
        for end in ends where now.items?.children[end.item] == end.id {
            guard let failure = note(end.item, end.outcome, of: step, in: &list, context) else {
                continue
            }
            failList(step, list, failure, context)
            return
        }
        fill(step, list, found, context)
    }

    /// Starts executions as far as there is room.
    private mutating func fill(
        _ step: Int, _ list: ItemList, _ found: Result<ChildWorkflow, StepFailure>,
        _ context: TurnContext
    ) {
        guard let delegation = definition.nodes[step].delegation, let items = delegation.items,
            case .workflow(_, let template) = delegation.target
        else { return }
        var list = list
        let attempt = state.steps[step].attempt
        while list.underWay.count < items.maxParallel, let index = list.takeNext() {
            do throws(StepFailure) {
                let item = list.items[index]
                let input = try childInput(
                    item, try found.get(), template, itemContext(step, index, item, context),
                    context)
                let id = context.newExecutionID()
                list.change.started.append(ItemsChange.Start(index: index, executionID: id))
                delegating.births.append(
                    Birth(step: step, item: index, attempt: attempt, id: id, input: input))
            } catch {
                guard let failure = note(index, .failure(error), of: step, in: &list, context)
                else { continue }
                failList(step, list, failure, context)
                return
            }
        }
        settleList(step, list, context)
    }

    private func childInput(
        _ item: JSONValue?, _ child: ChildWorkflow, _ template: JSONTemplate?,
        _ nodeContext: NodeContext, _ context: TurnContext
    ) throws(StepFailure) -> JSONObject {
        let value: JSONValue
        if let template {
            value = try nodeContext.json(template, in: "input")
        } else {
            value = item ?? [:]
        }
        guard case .object(let input) = context.redact(value) else {
            throw StepFailure(
                StepFailure.childInputCode,
                "The item is \(article(value.kindName)), and the input of a workflow is an object. "
                    + "Say in input what it is to be, such as {\"value\": \"{{item}}\"}")
        }
        if value.isDeeper(than: JSONValue.maximumDepth) { throw StepFailure.tooDeep("input") }
        if let fault = child.definition.inputFaults(input).first {
            throw StepFailure(
                StepFailure.childInputCode,
                "The workflow refuses its input: \(fault.field) \(fault.message)")
        }
        return input
    }
}
