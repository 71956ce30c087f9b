import AuterityAPI
import Logging
import Synchronization

extension Runner {
    /// Makes every unfinished execution ready again under the next epoch: one statement over the
    /// index of the unfinished, whatever else the store holds.
    static func claimUnfinished(_ context: WriteContext) throws -> Int {
        try context.run(
            """
            UPDATE workflow_executions SET epoch = epoch + 1
            WHERE status IN ('pending', 'running', 'waiting')
            """)
    }

    /// Begins: takes up what was running, queues what was pending, and keeps the time. Waiting
    /// executions stay where they are until their time comes.
    func begin() {
        let timers = timers
        work.add {
            await timers.run { [weak self] now in await self?.handleDue(at: now) }
        }
        work.add { [weak self] in await self?.resumeAll() }
        timers.schedule(clock.now())
    }

    private func resumeAll() async {
        do {
            try await queuePending()
            var last: Int64 = 0
            while !Task.isCancelled {
                let page = try await unfinished("running", after: last)
                for item in page { await resume(item.id) }
                guard let end = page.last, page.count == Self.pageSize else { break }
                last = end.row
            }
            admitNext()
            try await resumeChildren()
        } catch is CancellationError {
        } catch {
            around.logger.error("unfinished executions could not be read: \(error)")
        }
    }

    /// Executions a read.
    private static let pageSize = 200

    private struct Unfinished: Sendable {
        let row: Int64
        let id: ExecutionID
    }

    private func unfinished(_ status: String, after row: Int64) async throws -> [Unfinished] {
        try await around.store.read { connection in
            try connection.all(
                """
                SELECT id, public_id FROM workflow_executions
                WHERE status = $1 AND status IN ('pending', 'running', 'waiting') AND id > $2
                ORDER BY id LIMIT $3
                """, [.text(status), .int(row), .int(Self.pageSize)]
            ) { Unfinished(row: $0.int(0), id: try $0.identifier(1)) }
        }
    }

    private func queuePending() async throws {
        var last: Int64 = 0
        while true {
            let page = try await unfinished("pending", after: last)
            state.withLock { state in
                for item in page { state.pending.append(item.id) }
            }
            guard let end = page.last, page.count == Self.pageSize else { return }
            last = end.row
        }
    }

    /// Takes up an execution that had to be dropped from memory, after a pause.
    func takeUpLater(_ id: ExecutionID) {
        work.add { [weak self] in
            guard let self else { return }
            let moment = clock.now().adding(seconds: Self.retrySeconds)
            do { try await clock.sleep(moment) } catch { return }
            await resume(id)
        }
    }

    /// Takes up one execution where its journal ends.
    private func resume(_ id: ExecutionID) async {
        do {
            // What was accepted after the opening is in memory and moves already.
            if state.withLock({ $0.active[id] != nil }) { return }
            guard let execution = try await activate(id) else { return }
            let deaths = try await deaths(of: execution)
            turn(execution) { live, context in
                for (step, count) in deaths where count >= Self.deathLimit {
                    live.quarantine(
                        step,
                        "The step brought its process down \(count) times and was set aside. "
                            + "Mend the cause, then retry the execution", context)
                }
                live.restartInterrupted(
                    except: Set(deaths.filter { $0.value >= Self.deathLimit }.keys), context)
            }
            if execution.hasChildren { tend(id) }
        } catch is CancellationError {
        } catch {
            around.logger.error("execution \(id) could not be taken up: \(error)")
        }
    }

    /// Starts without an end after which a step is set aside.
    static let deathLimit = 3

    /// How often each interrupted step was under way when its process ended, not counting those
    /// times when the engine was closed in order.
    private func deaths(of execution: ActiveExecution) async throws -> [Int: Int] {
        let interrupted = execution.content.withLock { content in
            content.live.interruptedSteps.map {
                (step: $0, id: content.live.definition.layout.ids[$0])
            }
        }
        guard !interrupted.isEmpty else { return [:] }
        let row = execution.row.load(ordering: .relaxed)
        return try await around.store.read { connection in
            var deaths: [Int: Int] = [:]
            for (step, id) in interrupted {
                deaths[step] = try Self.deaths(of: id, execution: row, connection)
            }
            return deaths
        }
    }

    private static func deaths(
        of step: StepID, execution: Int64, _ connection: any StoreConnection
    ) throws -> Int {
        let rows = try connection.all(
            """
            SELECT kind, epoch FROM execution_journal
            WHERE execution_id = $1 AND step_id = $2 ORDER BY seq
            """, [.int(execution), .text(step.rawValue)]
        ) { (kind: $0.text(0), epoch: $0.int(1)) }
        var open: Set<Int64> = []
        for row in rows {
            switch JournalKind(rawValue: row.kind) {
            case .stepStarted: open.insert(row.epoch)
            case .stepProgressed: open.remove(row.epoch)
            case .stepWaiting, .stepRetrying: open = []
            default: break
            }
        }
        return open.count
    }

    // MARK: - The time

    /// Does everything that is due. Answers when the next thing is.
    private func handleDue(at now: Timestamp) async -> Timestamp? {
        var next = [handleDeadlines(at: now)]
        do {
            next.append(try await wakeDue(at: now))
            let timers = timers
            next.append(try await webhooks.start(at: now, in: work) { timers.schedule($0) })
        } catch is CancellationError {
        } catch {
            around.logger.error("timers could not be read: \(error)")
            next.append(now.adding(seconds: Self.retrySeconds))
        }
        return next.compactMap(\.self).min()
    }

    private static let retrySeconds = 1.0
    /// Timers a read.
    private static let timersARead = 500

    private func wakeDue(at now: Timestamp) async throws -> Timestamp? {
        let due = try await around.store.read { connection in
            try TimerRecords.due(at: now, limit: Self.timersARead, in: connection)
        }
        for timer in due {
            guard let execution = try await activate(timer.execution) else { continue }
            turn(execution) { live, context in
                guard let step = live.state.layout.index(of: timer.step),
                    let until = live.state.steps[step].wait?.until, until <= context.now
                else { return }
                live.wakeUp(step, context)
            }
        }
        // Behind what the turns above have written.
        if !due.isEmpty { try await around.writer.perform(mayFail: false) { _ in } }
        let earliest = try await around.store.read { try TimerRecords.earliest(in: $0) }
        guard let earliest, due.count < Self.timersARead else { return earliest }
        // What is due and did not go has no business; it is looked at again, but not at once.
        return max(earliest, now.adding(seconds: due.isEmpty ? 0 : Self.retrySeconds))
    }

    // MARK: - The end

    /// Tells running steps to stop and waits for them. They run again at the next opening, under
    /// the same idempotency key.
    func close() async {
        let (tasks, open) = state.withLock { state in
            state.isClosing = true
            // A list whose items all wait for their next attempt has no task.
            let items = state.delayed.keys.filter { $0.item != nil }
            return (Array(state.tasks.values), Array(state.tasks.keys) + items)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        noteInterruptions(open)
        await work.close()
        let waiters = state.withLock { state in
            defer { state.endWaiters = [:] }
            return state.endWaiters.values.flatMap(\.values).compactMap(\.self)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Writes down that the process ended in order, and not by a step's doing.
    private func noteInterruptions(_ keys: [StepKey]) {
        for (id, keys) in Dictionary(grouping: keys, by: \.execution) {
            guard let execution = state.withLock({ $0.active[id] }) else { continue }
            turn(execution) { live, context in
                for step in Set(keys.map(\.step)).sorted()
                where live.state.steps[step].status == .running {
                    live.record(
                        .stepProgressed(message: "The engine was closed; the step runs again"),
                        step: step, at: context.now)
                }
            }
        }
    }
}
