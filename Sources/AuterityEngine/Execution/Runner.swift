import AuterityAPI
import Logging
import Synchronization

/// Runs executions: holds those in memory in which something happens, hands their turns to the
/// writer, and runs the steps that a durable turn has started.
final class Runner: Sendable {
    /// What is around a runner.
    struct Surroundings: Sendable {
        let configuration: EngineConfiguration
        let store: any Store
        let writer: Writer
        let events: EventHub
        let definitions: DefinitionCache
        let messages: MessageCache
        let vault: Vault
        let services: any NodeServices
        let ids: IDSource
        let figures: ThroughputFigures
        let webhookKey: WebhookKey
        let logger: Logger
    }

    struct State {
        var active: [ExecutionID: ActiveExecution] = [:]
        /// Executions that were admitted and are neither waiting nor finished.
        var moving: Set<ExecutionID> = []
        /// Accepted ones that wait for their turn, in order.
        var pending = Queue<ExecutionID>()
        var tasks: [StepKey: Task<Void, Never>] = [:]
        /// Steps that hold one of the places, from the turn that starts them on.
        var places: Set<StepKey> = []
        /// Steps that wait for a place, in order.
        var queue = Queue<StepKey>()
        /// When the attempt under way must be over.
        var deadlines: [StepKey: Timestamp] = [:]
        /// Attempts whose time was up.
        var overdue: Set<StepKey> = []
        /// Steps that wait for a rate limit.
        var delayed: [StepKey: Timestamp] = [:]
        /// Registered first, and given a continuation when they begin to wait.
        var endWaiters: [ExecutionID: [Int: CheckedContinuation<Void, Never>?]] = [:]
        var nextWaiter = 0
        /// Executions whose children's ends are being taken in; true when more have come.
        var tending: [ExecutionID: Bool] = [:]
        var isClosing = false
    }

    let around: Surroundings
    let state = Mutex(State())
    let timers: TimerLoop
    let aiLimiter: RateLimiter<Int64>
    let webhooks: WebhookDeliveries
    let work = OwnedTasks()

    init(_ around: Surroundings) {
        self.around = around
        let clock = around.configuration.clock
        timers = TimerLoop(clock: clock)
        webhooks = WebhookDeliveries(around)
        aiLimiter = RateLimiter(
            calls: around.configuration.limits.aiCallsPerMinute, seconds: 60)
    }

    var clock: EngineClock { around.configuration.clock }
    var limits: EngineLimits { around.configuration.limits }

    // MARK: - What a turn sees

    func context(for execution: ActiveExecution) -> TurnContext {
        let secrets = around.vault.secrets(for: execution.workflowID)
        let messages = around.messages
        return TurnContext(
            now: clock.now(), random: around.ids.fraction(), secrets: secrets,
            redactor: around.vault.redactor, maximumOutput: limits.stepOutput,
            message: { messages.message($0) },
            newExecutionID: { [around, clock] in around.ids.next(at: clock.now()) })
    }

    // MARK: - From outside

    /// Takes an execution in. Returns when that is durable, with `pending` or `running`.
    ///
    /// - Throws: `KnownIdempotencyKey`, `WriterError`, or 503 when too many wait.
    func accept(
        _ acceptance: Acceptance, workflow: WorkflowRecords.Record,
        definition: CompiledDefinition, input: JSONObject, carrying carried: [CarriedStep] = []
    ) async throws -> ExecutionStatus {
        let facts = ExecutionFacts(
            executionID: acceptance.id, workflowID: workflow.id, workflowName: workflow.name,
            workflowVersion: acceptance.workflowVersion, startedBy: acceptance.starter.name,
            parameters: workflow.parameters)
        let execution = ActiveExecution(
            acceptance, workflow: workflow, live: LiveExecution(definition, facts: facts))
        let queuedBy = try admit(execution)
        return try await withCheckedThrowingContinuation { continuation in
            turn(execution, accepting: acceptance) { live, context in
                if let original = acceptance.retriedFrom {
                    live.accept(
                        input: input, queuedBy: queuedBy, carrying: carried, from: original,
                        context: context)
                } else {
                    live.accept(input: input, queuedBy: queuedBy, context: context)
                }
            } then: { result in
                continuation.resume(with: result.map(\.standing.statusAtAcceptance))
            }
        }
    }

    /// Whether it may run now: `nil`, or the sentence that says what it waits for.
    private func admit(_ execution: ActiveExecution) throws(APIError) -> String? {
        let limit = limits.concurrentExecutions
        return try state.withLock { state throws(APIError) in
            if state.isClosing {
                throw APIError(.serviceUnavailable, "The engine is closing", retryAfter: 5)
            }
            if state.moving.count < limit, state.pending.isEmpty {
                state.moving.insert(execution.id)
                state.active[execution.id] = execution
                return nil
            }
            guard state.pending.count < limits.pendingExecutions else {
                throw APIError(
                    .serviceUnavailable,
                    "\(state.pending.count) executions wait for their turn already; try again "
                        + "later",
                    retryAfter: 5)
            }
            return "\(limit) executions run already, which is the limit; it runs when one ends"
        }
    }

    /// Changes an execution from outside, wherever it is. Returns when that is durable; `nil`
    /// when there is no such execution or it has ended.
    func change(
        _ id: ExecutionID, lane: WriteOperation.Lane = .control, family: Family = Family(),
        _ body: @escaping @Sendable (inout LiveExecution, TurnContext) -> Void
    ) async throws -> Standing? {
        for _ in 0..<Self.lookups {
            guard let execution = try await activate(id) else { return nil }
            let standing: Standing? = try await withCheckedThrowingContinuation { continuation in
                turn(execution, lane: lane, family: family, body) { result in
                    switch result {
                    case .success(let turn): continuation.resume(returning: turn.standing)
                    case .failure(is DroppedExecution), .failure(is StaleTurn):
                        // It was read before another's turn became durable.
                        continuation.resume(returning: nil)
                    case .failure(let error): continuation.resume(throwing: error)
                    }
                }
            }
            if let standing { return standing }
        }
        throw WriterError.queueFull
    }

    /// Tries to find an execution that is dropped from memory at that very moment.
    private static let lookups = 100

    /// Returns when the execution has ended or the moment has come.
    func waitForEnd(of id: ExecutionID, until: Timestamp) async throws {
        let number = state.withLock { state in
            state.nextWaiter += 1
            state.endWaiters[id, default: [:]][state.nextWaiter] = .some(nil)
            return state.nextWaiter
        }
        // It may have ended before the registration.
        let record = try await around.store.readBriefly { try ExecutionRecord.find(id, in: $0) }
        if record?.status.isFinished ?? true {
            release(id, number)
            return
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.end(of: id, number) }
            group.addTask { try? await self.clock.sleep(until) }
            await group.next()
            group.cancelAll()
        }
        release(id, number)
    }

    private func end(of id: ExecutionID, _ number: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // The end takes the registration away.
                    guard !Task.isCancelled, state.endWaiters[id]?[number] != nil else {
                        return true
                    }
                    state.endWaiters[id]?[number] = .some(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            release(id, number)
        }
    }

    private func release(_ id: ExecutionID, _ number: Int) {
        let waiter = state.withLock { state in
            let waiter = state.endWaiters[id]?.removeValue(forKey: number)
            if state.endWaiters[id]?.isEmpty == true { state.endWaiters[id] = nil }
            return waiter ?? nil
        }
        waiter?.resume()
    }
}

/// The execution left memory between its look-up and its turn.
struct DroppedExecution: Error {}

/// First in, first out.
struct Queue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var taken = 0

    var count: Int { elements.count - taken }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard taken < elements.count else { return nil }
        defer {
            taken += 1
            // Half of it is spent: move the rest to the front, at a cost shared by all pops.
            if taken > 32, taken * 2 > elements.count {
                elements.removeFirst(taken)
                taken = 0
            }
        }
        return elements[taken]
    }
}
