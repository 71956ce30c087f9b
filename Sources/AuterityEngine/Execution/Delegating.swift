import AuterityAPI

/// An item of a step that works through a list, in one attempt of the step: what is left of an
/// earlier attempt does not count for a later one.
package struct ItemCall: Hashable, Sendable {
    package let index: Int
    /// Of the step, counted from 1.
    package let series: Int
}

/// Something that can be started: a step, or an item of one.
struct WorkUnit: Hashable, Sendable {
    let step: Int
    let item: ItemCall?
}

/// What a live execution leaves for the shell on behalf of steps whose work others do, and what
/// it keeps in memory about them. All of it follows from the journal after a restart.
struct Delegating: Sendable {
    /// Steps that start executions, with the workflow that is to be looked up for each.
    var wanted: [(step: Int, workflow: WorkflowID)] = []
    /// Executions to be started with this turn.
    var births: [Birth] = []
    /// Items with a side effect that are to be started, or queued, now.
    var readyItems: [WorkUnit] = []
    /// Items that are to be started later.
    var delays: [(unit: WorkUnit, until: Timestamp)] = []
    /// Steps that ended before all that they had started.
    var abandoned: Set<Int> = []
    /// Steps whose inner node is pure and that have items left.
    var evaluating: [Int] = []
    var lists: [Int: ItemList] = [:]

    mutating func end() {
        births = []
        wanted = []
        readyItems = []
        delays = []
        evaluating = []
        lists = [:]
    }

    /// Lets go of what a step has begun.
    mutating func abandon(_ step: Int) {
        births.removeAll { $0.step == step }
        readyItems.removeAll { $0.step == step }
        delays.removeAll { $0.unit.step == step }
        evaluating.removeAll { $0 == step }
        lists[step] = nil
        abandoned.insert(step)
    }
}

/// A list while a step works through it.
struct ItemList: Sendable {
    let items: [JSONValue]
    /// Begun in some way, and not done.
    var underWay: Set<Int> = []
    /// Whose attempt runs now.
    var running: Set<Int> = []
    /// Attempts of the items, this process and the journal taken together.
    var attempts: [Int: Int] = [:]
    /// Done in this turn, and not in the state yet.
    var change = ItemsChange()
    /// Items before it are done or under way.
    private var cursor = 0
    private var done: Set<Int>
    /// Bytes that the results may still take.
    private var bytesLeft: Int

    init(_ items: [JSONValue], _ progress: ItemsProgress?, limit: Int) {
        self.items = items
        done = Set(progress?.results.keys.map(\.self) ?? [])
        bytesLeft = limit
        for result in progress?.results.values.map(\.self) ?? [] { _ = result.spend(&bytesLeft) }
        underWay = Set(progress?.children.keys.map(\.self) ?? [])
        attempts = progress?.postponed.mapValues(\.attempt) ?? [:]
    }

    var isDone: Bool { done.count == items.count }
    var doneCount: Int { done.count }

    /// The next item that nobody has begun; it counts as begun from now on.
    mutating func takeNext() -> Int? {
        while cursor < items.count {
            defer { cursor += 1 }
            if !done.contains(cursor), underWay.insert(cursor).inserted { return cursor }
        }
        return nil
    }

    /// Answers false when the results have become too large.
    mutating func finish(_ index: Int, _ output: JSONValue) -> Bool {
        underWay.remove(index)
        running.remove(index)
        done.insert(index)
        change.done.append(ItemsChange.Result(index: index, output: output))
        return output.spend(&bytesLeft)
    }
}

extension LiveExecution {
    /// Steps that start executions and wait until somebody has looked up the workflow.
    mutating func takeWanted() -> [(step: Int, workflow: WorkflowID)] {
        defer { delegating.wanted = [] }
        return delegating.wanted
    }

    /// Executions that must be accepted in the transaction of this turn.
    package mutating func takeBirths() -> [Birth] {
        defer { delegating.births = [] }
        return delegating.births
    }

    mutating func takeReadyItems() -> [WorkUnit] {
        defer { delegating.readyItems = [] }
        return delegating.readyItems
    }

    mutating func takeDelays() -> [(unit: WorkUnit, until: Timestamp)] {
        defer { delegating.delays = [] }
        return delegating.delays
    }

    /// Steps whose executions and items are to be stopped.
    mutating func takeAbandoned() -> Set<Int> {
        defer { delegating.abandoned = [] }
        return delegating.abandoned
    }

    /// Begins the next attempt of a step whose work others do.
    mutating func delegate(_ step: Int, _ delegation: Delegation, _ context: TurnContext) {
        guard case .workflow(let id, _) = delegation.target else {
            beginItems(step, context)
            return
        }
        do throws(StepFailure) {
            let text = try nodeContext(step, context).text(id, in: "workflow_id")
            guard let workflow = WorkflowID(text) else {
                throw StepFailure(
                    StepFailure.childNotFoundCode, "\"\(text)\" is not the id of a workflow")
            }
            record(
                .stepScheduled(blockedBy: "It looks for the workflow \(workflow)"), step: step,
                at: context.now)
            delegating.wanted.append((step, workflow))
        } catch {
            settle(step, .failed(error), attempt: nextAttempt(of: step), context)
        }
    }

    /// The list that a step works through: that of its first attempt, if there was one, so that
    /// what is done then fits it.
    func list(of step: Int, _ context: TurnContext) throws(StepFailure) -> [JSONValue] {
        if let kept = keptList(of: step) { return kept }
        guard let items = definition.nodes[step].delegation?.items else { return [] }
        let value = try nodeContext(step, context).json(items.list, in: "items")
        guard let list = value.arrayValue else {
            throw StepFailure(
                StepFailure.itemsCode, "items must give a list, not \(article(value.kindName))")
        }
        guard list.count <= Delegation.maximumItems else {
            throw StepFailure(
                StepFailure.itemsCode,
                "items gives \(list.count) items; a step takes at most "
                    + "\(Delegation.maximumItems). Split the list")
        }
        if value.isDeeper(than: JSONValue.maximumDepth) { throw StepFailure.tooDeep("list") }
        // What the journal shows is what runs, before a restart and after it.
        return list.map { context.redact($0) }
    }

    private func keptList(of step: Int) -> [JSONValue]? {
        state.steps[step].input?["items"]?.arrayValue
    }

    func itemContext(
        _ step: Int, _ index: Int, _ item: JSONValue, _ context: TurnContext
    ) -> NodeContext {
        let outer = nodeContext(step, context)
        return NodeContext(
            scope: ItemScope(outer: outer.scope, item: item, index: index), stepID: outer.stepID,
            now: context.now, input: state.input, predecessors: outer.predecessors,
            message: context.message)
    }

    /// Takes the list out while it is worked on: nothing else may hold it then.
    mutating func takeList(_ step: Int, _ context: TurnContext) -> ItemList {
        if let list = delegating.lists.removeValue(forKey: step) { return list }
        return ItemList(
            keptList(of: step) ?? [], state.steps[step].items, limit: context.maximumOutput)
    }

    /// Takes in how an item ended for good. `nil`, or why the step fails by it.
    func note(
        _ index: Int, _ outcome: Result<JSONValue, StepFailure>, of step: Int,
        in list: inout ItemList, _ context: TurnContext
    ) -> StepFailure? {
        var outcome = outcome
        // The results are an object and a list around it.
        if case .success(let output) = outcome,
            output.isDeeper(than: JSONValue.maximumDepth - 2)
        {
            outcome = .failure(.tooDeep("output"))
        }
        let result: JSONValue
        switch outcome {
        case .success(let output): result = context.redact(output)
        case .failure(let failure):
            guard definition.nodes[step].delegation?.items?.onError == .continue else {
                return StepFailure(ofItem: index, failure)
            }
            result = [
                "error": [
                    "code": .string(failure.code),
                    "message": .string(context.redact(failure.message)),
                ]
            ]
        }
        if list.finish(index, result) { return nil }
        return StepFailure(
            StepFailure.outputTooLargeCode,
            "The results are larger than \(context.maximumOutput) bytes; let the items give less, "
                + "or split the list")
    }

    /// Writes down what has come of the list in this turn: its end, or how far it is.
    mutating func settleList(_ step: Int, _ list: ItemList, _ context: TurnContext) {
        var list = list
        let attempt = state.steps[step].attempt
        guard !list.isDone else {
            var results = state.steps[step].items?.results ?? [:]
            for result in list.change.done { results[result.index] = result.output }
            let ordered = list.items.indices.map { results[$0] ?? .null }
            delegating.lists[step] = nil
            settle(step, .completed(["results": .array(ordered)]), attempt: attempt, context)
            return
        }
        if !list.change.isEmpty {
            let message = "\(list.doneCount) of \(list.items.count) items are done"
            record(
                .stepProgressed(message: message, items: list.change), step: step,
                attempt: attempt, at: context.now)
            list.change = ItemsChange()
        }
        delegating.lists[step] = list
    }

    /// Fails the step by one of its items, after what is done was written down.
    mutating func failList(
        _ step: Int, _ list: ItemList, _ failure: StepFailure, _ context: TurnContext
    ) {
        var done = list.change
        // What was to be started with this turn is not.
        done.started = []
        done.postponed = []
        let attempt = state.steps[step].attempt
        if !done.isEmpty {
            record(
                .stepProgressed(
                    message: "\(list.doneCount) of \(list.items.count) items are done",
                    items: done), step: step, attempt: attempt, at: context.now)
        }
        delegating.abandon(step)
        settle(step, .failed(failure), attempt: attempt, context)
    }
}
