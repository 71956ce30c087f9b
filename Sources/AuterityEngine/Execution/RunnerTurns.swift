import AuterityAPI
import Logging
import Synchronization

extension Runner {
    /// Takes a turn of an execution: changes it, runs what runs without a side effect, starts
    /// what is ready, and hands all of it to the writer as one operation. What it started runs
    /// when that is durable.
    func turn(
        _ execution: ActiveExecution, lane: WriteOperation.Lane = .data,
        accepting acceptance: Acceptance? = nil, family: Family = Family(),
        _ body: @Sendable (inout LiveExecution, TurnContext) -> Void,
        then done: (@Sendable (Result<Turn, any Error>) -> Void)? = nil
    ) {
        let context = context(for: execution)
        let refusal: (any Error)? = execution.content.withLock { content in
            guard !content.isDropped else { return DroppedExecution() }
            if around.events.isHeard {
                if content.shadow == nil { content.shadow = content.live.state }
            } else {
                content.shadow = nil
            }
            body(&content.live, context)
            let turn = makeTurn(
                execution, &content, accepting: acceptance, family: family, context)
            return submit(turn, lane: lane, &content, done)
        }
        if let refusal {
            done?(.failure(refusal))
            if !(refusal is DroppedExecution) { drop(execution) }
        }
    }

    /// Runs pure steps and starts or queues the others, until neither is left or the turn is full.
    func advance(
        _ execution: ActiveExecution, _ content: inout ActiveExecution.Content,
        _ context: TurnContext
    ) -> (calls: [StepCall], hasMore: Bool) {
        var calls: [StepCall] = []
        while true {
            let hasMore = content.live.advance(context)
            var ready = content.live.takeReadySteps().map { WorkUnit(step: $0, item: nil) }
            ready += content.live.takeReadyItems()
            for unit in ready {
                if let call = begin(unit, of: execution, &content, context) { calls.append(call) }
            }
            if hasMore || ready.isEmpty { return (calls, hasMore) }
        }
    }

    /// Starts a step when it finds a place and no limit holds it; else it queues.
    private func begin(
        _ unit: WorkUnit, of execution: ActiveExecution,
        _ content: inout ActiveExecution.Content, _ context: TurnContext
    ) -> StepCall? {
        let step = unit.step
        let key = StepKey(execution: execution.id, step: step, item: unit.item)
        let node = content.live.definition.nodes[step]
        if let sentence = obstacle(key, execution, node.delegation?.node ?? node) {
            // A step with one item that queues has others that run.
            if unit.item == nil {
                content.queued.insert(step)
                content.live.queue(step, blockedBy: sentence, context)
            }
            return nil
        }
        content.queued.remove(step)
        let call =
            unit.item == nil
            ? content.live.start(step, context) : content.live.startItem(unit, context)
        if call == nil { releasePlace(key) }
        return call
    }

    private func submit(
        _ turn: Turn, lane: WriteOperation.Lane, _ content: inout ActiveExecution.Content,
        _ done: (@Sendable (Result<Turn, any Error>) -> Void)?
    ) -> (any Error)? {
        // What is to be started waits for the writer even then: the row that says so may still be
        // on its way there.
        if turn.changesNothing, turn.calls.isEmpty, turn.delegated.consumed.isEmpty {
            done?(.success(turn))
            return nil
        }
        content.openTurns += 1
        hold(turn.delegated.children)
        let operation = WriteOperation(
            lane: lane, size: turn.size, mayFail: false,
            apply: { context in try turn.write(context) },
            finish: { result in
                self.settle(turn, result)
                done?(result.map { turn })
            })
        do {
            try around.writer.submit(operation, isBounded: turn.acceptance != nil)
            return nil
        } catch {
            content.openTurns -= 1
            for child in turn.delegated.children { drop(child.execution) }
            return error
        }
    }

    /// Advances, and gathers what has come of it.
    func makeTurn(
        _ execution: ActiveExecution, _ content: inout ActiveExecution.Content,
        accepting acceptance: Acceptance?, family: Family, _ context: TurnContext
    ) -> Turn {
        let (calls, hasMore) = advance(execution, &content, context)
        let delegated = delegatedTurn(execution, &content, family)
        let drafts = content.live.takeDrafts()
        let emissions = content.live.takeEmissions()
        let state = content.live.state
        let standing = Standing(state)
        let (set, removed) = timerChanges(drafts, &content)
        let log = ExecutionLog(around.configuration.executionLogLevel)
        let turn = Turn(
            execution: execution, acceptance: acceptance,
            rows: drafts.map(JournalRecords.Encoded.init),
            events: events(for: drafts, execution, &content), standing: standing,
            formerStatus: content.status, timersSet: set, timersRemoved: removed,
            removesAllTimers: state.isFinished && !content.timers.isEmpty,
            alerts: emissions.compactMap { AlertDraft($0, ids: around.ids) },
            logLines: log.lines(of: drafts, and: emissions, ids: around.ids),
            calls: calls, hasMore: hasMore,
            delegated: delegated, stepEnds: stepEnds(drafts, content.live.definition))
        content.status = standing.status
        if state.isFinished { content.timers = [] }
        return turn
    }

    private func stepEnds(
        _ drafts: [JournalDraft], _ definition: CompiledDefinition
    ) -> [RunTotals.StepEnd] {
        drafts.compactMap { draft in
            guard let outcome = RunTotals.Outcome(draft.content), let step = draft.stepID,
                let index = definition.layout.index(of: step)
            else { return nil }
            return RunTotals.StepEnd(type: definition.nodes[index].type, outcome: outcome)
        }
    }

    private func events(
        for drafts: [JournalDraft], _ execution: ActiveExecution,
        _ content: inout ActiveExecution.Content
    ) -> [[Event]]? {
        guard var shadow = content.shadow else { return nil }
        content.shadow = nil
        let subject = execution.subject
        let events = drafts.map { draft in
            let step = draft.stepID.flatMap { shadow.layout.index(of: $0) }
            shadow.apply(draft.content, step: step, attempt: draft.attempt, at: draft.at)
            // The number comes with the row.
            return EventMaking.events(
                draft.content, step: draft.stepID, at: draft.at, seq: 0, state: shadow,
                subject: subject)
        }
        content.shadow = shadow
        return events
    }

    private func timerChanges(
        _ drafts: [JournalDraft], _ content: inout ActiveExecution.Content
    ) -> (set: [(step: StepID, until: Timestamp)], removed: [StepID]) {
        let state = content.live.state
        guard !state.isFinished else { return ([], []) }
        var set: [(step: StepID, until: Timestamp)] = []
        var removed: [StepID] = []
        var seen: Set<Int> = []
        for draft in drafts {
            guard let id = draft.stepID, let step = state.layout.index(of: id),
                draft.content.movesTimers || content.timers.contains(step),
                seen.insert(step).inserted
            else { continue }
            if let until = state.steps[step].wait?.until {
                set.append((id, until))
                content.timers.insert(step)
            } else if content.timers.remove(step) != nil {
                removed.append(id)
            }
        }
        return (set, removed)
    }

    // MARK: - After the commit, on the writer's thread

    func settle(_ turn: Turn, _ result: Result<Void, any Error>) {
        let execution = turn.execution
        guard case .success = result else {
            for call in turn.calls { releasePlace(StepKey(execution.id, call)) }
            for child in turn.delegated.children { settle(child, result) }
            if case .failure(is StaleTurn) = result { around.figures.countStaleResult() }
            drop(execution)
            if case .failure(let error) = result, turn.acceptance == nil, !(error is WriterError) {
                around.logger.error("execution \(execution.id) is read again: \(error)")
                takeUpLater(execution.id)
            }
            return
        }
        for call in turn.calls { launch(call, of: execution) }
        if let earliest = turn.timersSet.map(\.until).min() { timers.schedule(earliest) }
        around.figures.record(turn)
        settleDelegated(turn)
        let isIdle = execution.content.withLock { content in
            content.openTurns -= 1
            return content.openTurns == 0 && mayLeave(content)
        }
        if turn.isEnd {
            end(execution, standing: turn.standing)
        } else if turn.hasMore {
            self.turn(execution, { _, _ in })
        } else {
            switch turn.standing.status {
            case .waiting, .pending:
                stopMoving(execution, isPending: turn.standing.status == .pending)
            case .running where turn.formerStatus != .running:
                state.withLock { _ = $0.moving.insert(execution.id) }
            default: break
            }
            if isIdle { leave(execution) }
        }
    }

    /// Nothing will happen in it soon: its journal keeps it.
    private func mayLeave(_ content: ActiveExecution.Content) -> Bool {
        let state = content.live.state
        guard !state.isFinished, state.runningCount == 0, content.queued.isEmpty,
            !worksThroughList(content.live)
        else { return false }
        let soon = clock.now().adding(seconds: Self.keepSeconds)
        return state.status == .pending
            || content.live.timers.allSatisfy { $0.until > soon } && state.status == .waiting
    }

    /// Seconds; a wait that ends sooner is not worth reading the execution again.
    private static let keepSeconds = 10.0

    private func leave(_ execution: ActiveExecution) {
        execution.content.withLock { content in
            guard content.openTurns == 0, mayLeave(content) else { return }
            content.isDropped = true
            state.withLock { state in
                if state.active[execution.id] === execution { state.active[execution.id] = nil }
            }
        }
    }

    /// Forgets what is in memory; the journal has what holds.
    func drop(_ execution: ActiveExecution) {
        let tasks = forget(execution) { state in
            state.moving.remove(execution.id)
            return state.tasks.filter { $0.key.execution == execution.id }.map(\.value)
        }
        for task in tasks { task.cancel() }
        admitNext()
    }

    /// Takes it from memory in one go: whoever looks it up finds either what takes turns or
    /// nothing.
    private func forget<Value>(
        _ execution: ActiveExecution, _ body: (inout State) -> Value
    ) -> Value {
        execution.content.withLock { content in
            content.isDropped = true
            return state.withLock { state in
                if state.active[execution.id] === execution { state.active[execution.id] = nil }
                return body(&state)
            }
        }
    }

    /// Only an end before its time leaves steps running.
    private func isEarly(_ standing: Standing) -> Bool { standing.status != .completed }

    private func end(_ execution: ActiveExecution, standing: Standing) {
        let (tasks, waiters) = forget(execution) { state in
            state.moving.remove(execution.id)
            let waiters = state.endWaiters.removeValue(forKey: execution.id)
            let tasks =
                isEarly(standing)
                ? state.tasks.filter { $0.key.execution == execution.id }.map(\.value) : []
            return (tasks, waiters)
        }
        for task in tasks { task.cancel() }
        for waiter in waiters?.values.compactMap(\.self) ?? [] { waiter.resume() }
        around.figures.recordEnd(standing, startedAt: execution.startedAt)
        if execution.webhookURL != nil { timers.schedule(clock.now()) }
        if execution.hasChildren, isEarly(standing) { cancelChildren(of: execution.id) }
        if let origin = execution.origin { tend(origin.parent) }
        admitNext()
    }
}

extension JournalContent {
    /// Whether it sets a wake-up time.
    var movesTimers: Bool {
        switch self {
        case .stepWaiting, .stepRetrying, .timerSet: true
        default: false
        }
    }
}
