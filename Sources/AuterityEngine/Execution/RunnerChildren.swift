import AuterityAPI
import Logging
import Synchronization

// Executions that steps of other executions start. They are accepted in the transaction in which
// the step begins to wait; their end leaves a row for it in the transaction that ends them; and
// that row goes in the transaction in which the step goes on.

extension Runner {
    // MARK: - Starting

    /// What a turn has done about children, with their first turns taken.
    func delegatedTurn(
        _ execution: ActiveExecution, _ content: inout ActiveExecution.Content, _ family: Family
    ) -> DelegatedTurn {
        var turn = DelegatedTurn(consumed: family.consumed)
        turn.wanted = content.live.takeWanted()
        turn.abandoned = content.live.takeAbandoned()
        turn.delays = content.live.takeDelays()
        let layout = content.live.definition.layout
        turn.children = content.live.takeBirths().compactMap { birth in
            family.members[birth.step].map { member in
                bear(
                    birth, member,
                    ChildOrigin(
                        parent: execution.id, step: layout.ids[birth.step],
                        attempt: birth.attempt, item: birth.item, depth: member.depth))
            }
        }
        return turn
    }

    private func bear(_ birth: Birth, _ member: Family.Member, _ origin: ChildOrigin) -> Turn {
        let workflow = member.workflow
        var acceptance = Acceptance(
            id: birth.id, workflowRow: workflow.row, ownerRow: workflow.ownerRow,
            workflowVersion: member.version, stepsTotal: member.definition.layout.count,
            starter: member.starter, at: clock.now(),
            isDemo: member.isDemo)
        acceptance.origin = origin
        let facts = ExecutionFacts(
            executionID: birth.id, workflowID: workflow.id, workflowName: workflow.name,
            workflowVersion: member.version, startedBy: member.starter.name,
            parameters: workflow.parameters)
        let child = ActiveExecution(
            acceptance, workflow: workflow, live: LiveExecution(member.definition, facts: facts))
        let queuedBy = admitChild(child)
        let context = context(for: child)
        return child.content.withLock { content in
            if around.events.isHeard { content.shadow = content.live.state }
            content.live.accept(input: birth.input, queuedBy: queuedBy, context: context)
            return makeTurn(child, &content, accepting: acceptance, family: Family(), context)
        }
    }

    /// Marks turns that go to the writer with the turn of their parent.
    func hold(_ children: [Turn]) {
        for child in children { child.execution.content.withLock { $0.openTurns += 1 } }
    }

    /// A child is never refused: there are only as many as its parent may have under way.
    private func admitChild(_ child: ActiveExecution) -> String? {
        let limit = limits.concurrentExecutions
        return state.withLock { state in
            guard state.moving.count < limit, state.pending.isEmpty else {
                return "\(limit) executions run already, which is the limit; it runs when one ends"
            }
            state.moving.insert(child.id)
            state.active[child.id] = child
            return nil
        }
    }

    /// Looks up the workflow that a step starts, and lets the step go on with it.
    private func prepare(_ id: ExecutionID, step: Int, workflow: WorkflowID) {
        workOn(id) { runner in
            let definitions = runner.around.definitions
            let found = try await runner.around.store.read { connection in
                try ExecutionRecord.find(id, in: connection).map { parent in
                    try Family.Member.find(
                        workflow, version: nil, for: parent, definitions, in: connection)
                }
            }
            guard let found else { return }
            var family = Family()
            family.members[step] = try? found.get()
            _ = try await runner.change(id, lane: .data, family: family) { live, context in
                live.startChildren(step, found.map(\.child), context)
            }
        }
    }

    /// Does something for an execution in the background, and again after a pause when the store
    /// could not be read just then.
    private func workOn(
        _ id: ExecutionID, _ body: @escaping @Sendable (Runner) async throws -> Void
    ) {
        work.add { [weak self] in
            while !Task.isCancelled {
                guard let self else { return }
                do {
                    return try await body(self)
                } catch is CancellationError {
                    return
                } catch WriterError.closed, WriterError.stopped {
                    // The next opening takes it up.
                    return
                } catch {
                    around.logger.error("execution \(id) is looked at again: \(error)")
                    let moment = clock.now().adding(seconds: Self.pauseSeconds)
                    do { try await clock.sleep(moment) } catch { return }
                }
            }
        }
    }

    private static let pauseSeconds = 1.0

    // MARK: - After the commit, on the writer's thread

    func settleDelegated(_ turn: Turn) {
        let execution = turn.execution
        for child in turn.delegated.children { settle(child, .success(())) }
        for wanted in turn.delegated.wanted where !turn.standing.status.isFinished {
            prepare(execution.id, step: wanted.step, workflow: wanted.workflow)
        }
        delay(turn.delegated.delays, of: execution.id)
        guard !turn.delegated.abandoned.isEmpty else { return }
        let layout = execution.content.withLock { $0.live.definition.layout }
        for step in turn.delegated.abandoned {
            stopItems(of: step, execution.id)
            if execution.hasChildren {
                cancelChildren(of: execution.id, step: layout.ids[step])
            }
        }
    }

    private func delay(_ delays: [(unit: WorkUnit, until: Timestamp)], of id: ExecutionID) {
        guard let earliest = delays.map(\.until).min() else { return }
        state.withLock { state in
            for (unit, until) in delays {
                state.delayed[StepKey(execution: id, step: unit.step, item: unit.item)] = until
            }
        }
        timers.schedule(earliest)
    }

    private func stopItems(of step: Int, _ id: ExecutionID) {
        let tasks = state.withLock { state in
            state.tasks.filter {
                $0.key.execution == id && $0.key.step == step && $0.key.item != nil
            }.values
        }
        for task in tasks { task.cancel() }
    }

    /// A step that works through a list is woken again and again: as long as there are few of
    /// them, its execution is not read back for each item.
    func worksThroughList(_ live: LiveExecution) -> Bool {
        guard live.definition.hasChildren, live.state.isWorkingThroughList else { return false }
        return state.withLock { $0.active.count <= Self.keptExecutions }
    }

    private static let keptExecutions = 1024

    // MARK: - Taking in ends

    /// Lets an execution take in what has come of those that it started.
    func tend(_ id: ExecutionID) {
        let isFirst = state.withLock { state in
            defer { state.tending[id] = state.tending[id] != nil }
            return state.tending[id] == nil
        }
        guard isFirst else { return }
        workOn(id) { runner in
            while try await runner.takeEnds(of: id) {}
        }
    }

    /// Answers whether there may be more.
    private func takeEnds(of id: ExecutionID) async throws -> Bool {
        let definitions = around.definitions
        let (ends, parent) = try await around.store.read { connection in
            (
                try ChildRecords.ends(of: id, in: connection),
                try ExecutionRecord.find(id, in: connection)
            )
        }
        guard let parent, !ends.isEmpty, let execution = try await activate(id) else {
            return stopTending(id)
        }
        let steps = execution.content.withLock { content in
            Self.steps(of: ends, content.live)
        }
        let (family, found) = try await around.store.read { connection in
            var family = Family(consumed: ends.map(\.row))
            var found: [Int: Result<ChildWorkflow, StepFailure>] = [:]
            for step in steps {
                let member = try Family.Member.find(
                    step.workflow, version: step.version, for: parent, definitions,
                    in: connection)
                family.members[step.index] = try? member.get()
                found[step.index] = member.map(\.child)
            }
            return (family, found)
        }
        _ = try await change(id, lane: .data, family: family) { live, context in
            for (step, found) in found.sorted(by: { $0.key < $1.key }) {
                let name = live.definition.layout.ids[step]
                live.collect(
                    step, ends.filter { $0.step == name }.map(\.end), found, context)
            }
        }
        return true
    }

    private struct TendedStep: Sendable {
        let index: Int
        let workflow: WorkflowID
        let version: Int?
    }

    /// The waiting steps that these ends are for, with the workflow that each has begun with.
    private static func steps(
        of ends: [ChildRecords.End], _ live: LiveExecution
    ) -> [TendedStep] {
        Set(ends.map(\.step)).compactMap { id in
            guard let index = live.state.layout.index(of: id),
                live.state.steps[index].wait?.reason == .child,
                let input = live.state.steps[index].input,
                let workflow = input["workflow_id"]?.stringValue.flatMap({ WorkflowID($0) })
            else { return nil }
            let version = input["workflow_version"]?.intValue.flatMap { Int(exactly: $0) }
            return TendedStep(index: index, workflow: workflow, version: version)
        }
    }

    /// Answers true, and goes on, when more has come meanwhile.
    private func stopTending(_ id: ExecutionID) -> Bool {
        state.withLock { state in
            let more = state.tending[id] == true
            state.tending[id] = more ? false : nil
            return more
        }
    }

    // MARK: - Stopping

    /// Cancels the executions that an execution, or one of its steps, has started.
    func cancelChildren(of parent: ExecutionID, step: StepID? = nil) {
        workOn(parent) { runner in
            let children = try await runner.around.store.read { connection in
                try ChildRecords.unfinished(of: parent, step: step, in: connection)
            }
            try await runner.cancel(children)
        }
    }

    private func cancel(_ children: [ExecutionID]) async throws {
        for child in children {
            _ = try await change(child) { live, context in
                live.cancel(
                    by: nil, reason: "The execution that started it goes on without it",
                    context: context)
            }
        }
    }

    // MARK: - After a restart

    func resumeChildren() async throws {
        let (parents, orphans) = try await around.store.read { connection in
            (
                try ChildRecords.parents(in: connection),
                try ChildRecords.orphans(in: connection)
            )
        }
        for parent in parents { tend(parent) }
        try await cancel(orphans)
    }
}

extension ExecutionState {
    /// Whether a step waits for the executions that it starts for the items of a list.
    fileprivate var isWorkingThroughList: Bool {
        steps.contains { $0.wait?.reason == .child && $0.wait?.executionID == nil }
    }
}

extension Turn {
    func writeDelegated(_ row: Int64, _ context: WriteContext) throws {
        if isEnd, let origin = execution.origin {
            try ChildRecords.note(row, of: origin.parent, in: context)
        }
        try ChildRecords.remove(delegated.consumed, in: context)
        if isEnd, execution.hasChildren {
            try ChildRecords.removeAll(of: execution.id, in: context)
        }
        for child in delegated.children { try child.write(context) }
    }
}
