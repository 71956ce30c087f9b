import AuterityAPI
import Synchronization

extension Runner {
    /// Why a step cannot start now, as a sentence; `nil` when it has got a place.
    func obstacle(
        _ key: StepKey, _ execution: ActiveExecution, _ node: CompiledNode
    ) -> String? {
        let limit = limits.concurrentSteps
        let hasPlace = state.withLock { state in
            if state.places.contains(key) { return true }
            guard state.places.count < limit else {
                state.queue.append(key)
                return false
            }
            state.places.insert(key)
            return true
        }
        guard hasPlace else {
            return "\(limit) steps run already, which is the limit; it starts when one ends"
        }
        guard node.type == "ai" else { return nil }
        let now = clock.now()
        guard let free = aiLimiter.take(execution.ownerRow, at: now).freeAt else { return nil }
        state.withLock { state in
            state.places.remove(key)
            state.delayed[key] = free
        }
        timers.schedule(free)
        return "The owner of the workflow has made \(aiLimiter.calls) AI calls in a minute, which "
            + "is the limit; it starts at \(free)"
    }

    func releasePlace(_ key: StepKey) {
        let next = state.withLock { state -> StepKey? in
            guard state.places.remove(key) != nil else { return nil }
            return state.queue.popFirst()
        }
        if let next { start(next) }
    }

    /// Starts a step that queued.
    func start(_ key: StepKey) {
        guard let execution = state.withLock({ $0.active[key.execution] }) else {
            // It has ended meanwhile: its turn goes to the next.
            if let next = state.withLock({ $0.queue.popFirst() }) { start(next) }
            return
        }
        turn(execution) { live, context in live.makeReady(key.unit, context) }
    }

    /// Runs an attempt whose start is durable.
    func launch(_ call: StepCall, of execution: ActiveExecution) {
        let key = StepKey(execution.id, call)
        state.withLock { state in
            guard !state.isClosing else { return }
            if let timeout = call.timeout {
                let deadline = clock.now().adding(seconds: timeout)
                state.deadlines[key] = deadline
                timers.schedule(deadline)
            }
            state.tasks[key] = Task { await self.run(call, of: execution, key) }
        }
    }

    private func run(_ call: StepCall, of execution: ActiveExecution, _ key: StepKey) async {
        let start = clock.monotonic()
        let context = EffectContext(
            executionID: execution.id, workflowID: execution.workflowID, stepID: call.stepID,
            attempt: call.attempt, idempotencyKey: call.idempotencyKey, timeout: call.timeout,
            services: around.services, now: clock.now)
        var outcome = await call.node.run(call.input, context)
        let (isOverdue, isClosing) = state.withLock { state in
            state.tasks[key] = nil
            state.deadlines[key] = nil
            return (state.overdue.remove(key) != nil, state.isClosing)
        }
        around.figures.recordStep(
            type(of: call.node).documentation.name, nanoseconds: clock.monotonic() &- start)
        if isOverdue, let timeout = call.timeout {
            outcome = .failed(StepFailure(timeout: timeout))
        } else if isClosing {
            // The next opening runs it again, under the same idempotency key.
            return
        }
        releasePlace(key)
        let ended = outcome
        turn(execution) { live, context in
            if !live.end(key.unit, attempt: call.attempt, ended, context) {
                self.around.figures.countStaleResult()
            }
        }
    }

    // MARK: - What is due

    /// Ends attempts whose time is up, and starts steps that a rate limit held. Answers when the
    /// next one is due.
    func handleDeadlines(at now: Timestamp) -> Timestamp? {
        let (tasks, free, next) = state.withLock { state in
            let late = state.deadlines.filter { $0.value <= now }.keys
            for key in late {
                state.deadlines[key] = nil
                state.overdue.insert(key)
            }
            let free = state.delayed.filter { $0.value <= now }.keys
            for key in free { state.delayed[key] = nil }
            let next = [state.deadlines.values.min(), state.delayed.values.min()]
                .compactMap(\.self).min()
            return (late.compactMap { state.tasks[$0] }, Array(free), next)
        }
        for task in tasks { task.cancel() }
        for key in free { start(key) }
        return next
    }
}

extension StepFailure {
    /// - Parameter timeout: in seconds.
    init(timeout: Double) {
        self.init(
            Self.timeoutCode,
            "The step took longer than its timeout of \(timeout) seconds. Give it a longer "
                + "timeout, or look at what it waits for", isRetryable: true)
    }
}
