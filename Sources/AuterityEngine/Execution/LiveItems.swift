import AuterityAPI

// Steps that run an inner node for each item of a list.

extension LiveExecution {
    mutating func beginItems(_ step: Int, _ context: TurnContext) {
        let attempt = nextAttempt(of: step)
        do throws(StepFailure) {
            let items = try list(of: step, context)
            record(
                .stepStarted(input: ["items": .array(items)]), step: step, attempt: attempt,
                at: context.now)
            delegating.lists[step] = nil
            fillItems(step, takeList(step, context), context)
        } catch {
            settle(step, .failed(error), attempt: attempt, context)
        }
    }

    /// Goes on with a list that was under way when the process ended.
    mutating func restartItems(_ step: Int, _ context: TurnContext) {
        record(
            .stepStarted(input: state.steps[step].input), step: step,
            attempt: max(state.steps[step].attempt, 1), at: context.now)
        delegating.lists[step] = nil
        fillItems(step, takeList(step, context), context)
    }

    /// Makes items ready as far as there is room.
    private mutating func fillItems(_ step: Int, _ list: ItemList, _ context: TurnContext) {
        guard let delegation = definition.nodes[step].delegation, let items = delegation.items,
            let node = delegation.node
        else { return }
        var list = list
        if node.isPure {
            settleList(step, list, context)
            if !list.isDone { delegating.evaluating.append(step) }
            return
        }
        let series = state.steps[step].attempt
        while list.underWay.count < items.maxParallel, let index = list.takeNext() {
            let unit = WorkUnit(step: step, item: ItemCall(index: index, series: series))
            let until = state.steps[step].items?.postponed[index]?.until
            if let until, until > context.now {
                delegating.delays.append((unit, until))
            } else {
                delegating.readyItems.append(unit)
            }
        }
        settleList(step, list, context)
    }

    // MARK: Pure inner nodes

    /// Evaluates at most so many items of the first list that has some left. Answers how many.
    mutating func evaluateItems(_ context: TurnContext, limit: Int) -> Int {
        guard let step = delegating.evaluating.first,
            let node = definition.nodes[step].delegation?.node, case .pure(let pure) = node.work
        else { return 0 }
        var list = takeList(step, context)
        var count = 0
        var failure: StepFailure?
        while count < limit, failure == nil, let index = list.takeNext() {
            count += 1
            failure = evaluate(pure, index, of: step, in: &list, context)
        }
        if let failure {
            failList(step, list, failure, context)
        } else {
            if list.isDone { delegating.evaluating.removeFirst() }
            settleList(step, list, context)
        }
        return count
    }

    private mutating func evaluate(
        _ node: any PureNode, _ index: Int, of step: Int, in list: inout ItemList,
        _ context: TurnContext
    ) -> StepFailure? {
        let outcome: NodeOutcome
        do throws(StepFailure) {
            outcome = try node.evaluate(itemContext(step, index, list.items[index], context))
        } catch {
            outcome = .failed(error)
        }
        emit(outcome.emissions, of: step, context)
        return note(index, outcome.itemResult, of: step, in: &list, context)
    }

    // MARK: Inner nodes with a side effect

    /// Takes up an item again that queued for a place or a limit, or whose next attempt is due.
    mutating func makeReady(_ unit: WorkUnit) {
        guard holds(unit) else { return }
        delegating.readyItems.append(unit)
    }

    /// Whether the item is under way in this attempt of its step, and does not run.
    private func holds(_ unit: WorkUnit) -> Bool {
        guard let item = unit.item, !state.isFinished, state.steps[unit.step].status == .running,
            state.steps[unit.step].attempt == item.series
        else { return false }
        return delegating.lists[unit.step]?.underWay.contains(item.index) == true
            && !runs(unit.step, item.index)
    }

    private func runs(_ step: Int, _ index: Int) -> Bool {
        delegating.lists[step]?.running.contains(index) == true
    }

    /// Starts an attempt of an item. `nil` when it has no business any more, or when its texts
    /// could not be rendered and it failed.
    mutating func startItem(_ unit: WorkUnit, _ context: TurnContext) -> StepCall? {
        guard holds(unit), let item = unit.item,
            let inner = definition.nodes[unit.step].delegation?.node,
            case .effectful(let node) = inner.work
        else { return nil }
        var list = takeList(unit.step, context)
        let number = (list.attempts[item.index] ?? 0) + 1
        list.attempts[item.index] = number
        list.running.insert(item.index)
        let value = list.items[item.index]
        delegating.lists[unit.step] = list
        let input: JSONObject
        do {
            input = try node.render(itemContext(unit.step, item.index, value, context))
        } catch {
            _ = endItem(unit, attempt: number, .failed(error), context)
            return nil
        }
        let id = definition.layout.ids[unit.step]
        return StepCall(
            step: unit.step, stepID: id, attempt: number, node: node, input: input,
            timeout: inner.policy.timeout,
            idempotencyKey: idempotencyKey(
                execution: facts.executionID, step: id, item: item.index),
            item: item)
    }

    /// Takes in how an attempt of an item ended. Answers false, and changes nothing, when that
    /// attempt does not run (any more).
    mutating func endItem(
        _ unit: WorkUnit, attempt: Int, _ outcome: NodeOutcome, _ context: TurnContext
    ) -> Bool {
        guard let item = unit.item, !state.isFinished,
            state.steps[unit.step].status == .running,
            state.steps[unit.step].attempt == item.series,
            runs(unit.step, item.index),
            delegating.lists[unit.step]?.attempts[item.index] == attempt
        else { return false }
        var list = takeList(unit.step, context)
        emit(outcome.emissions, of: unit.step, context)
        let result = outcome.itemResult
        if case .failure(let failure) = result,
            let inner = definition.nodes[unit.step].delegation?.node,
            let delay = inner.policy.retry.delay(
                after: failure, attempt: attempt, random: context.random)
        {
            let until = context.now.adding(seconds: delay)
            list.running.remove(item.index)
            list.change.postponed.append(
                ItemsChange.Postponement(index: item.index, attempt: attempt, until: until))
            delegating.delays.append((unit, until))
            settleList(unit.step, list, context)
            return true
        }
        if let failure = note(item.index, result, of: unit.step, in: &list, context) {
            failList(unit.step, list, failure, context)
        } else {
            fillItems(unit.step, list, context)
        }
        return true
    }
}

extension NodeOutcome {
    /// What it means for an item.
    fileprivate var itemResult: Swift.Result<JSONValue, StepFailure> {
        switch result {
        case .completed(let output, _): .success(output)
        case .failed(let failure): .failure(failure)
        case .waiting:
            .failure(
                StepFailure(
                    StepFailure.itemsCode, "A node that waits cannot run for an item of a list"))
        }
    }
}
