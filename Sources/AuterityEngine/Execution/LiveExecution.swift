package import AuterityAPI

/// One execution in memory: its state, the planner's tally, and what is to happen next. It is
/// pure: it reads no clock and does no I/O. Each of its calls leaves rows for the journal
/// (`takeDrafts`), log lines and alerts (`takeEmissions`) and steps with a side effect that are
/// ready (`takeReadySteps`), which the shell writes in one transaction and acts on after it.
///
/// After each call that can move it, `advance` runs what can run without a side effect.
package struct LiveExecution: Sendable {
    package let definition: CompiledDefinition
    package let facts: ExecutionFacts
    package internal(set) var state: ExecutionState
    var tally: EdgeTally
    var commands: [Command] = []
    var nextCommand = 0
    var drafts: [JournalDraft] = []
    var emissions: [StepEmission] = []
    var readySteps: [Int] = []
    var delegating = Delegating()

    /// Steps that one call of `advance` decides; the rest is for the next, so that one huge
    /// execution does not hold up the others.
    package static let stepsATurn = 1000

    package init(_ definition: CompiledDefinition, facts: ExecutionFacts) {
        self.definition = definition
        self.facts = facts
        state = ExecutionState(definition.layout)
        tally = EdgeTally(definition.graph)
    }

    /// As its journal has left it, ready to go on: `advance` does what was not done yet, and
    /// `interruptedSteps` must be started again.
    package init(
        _ definition: CompiledDefinition, facts: ExecutionFacts,
        journal: some Sequence<JournalEntry>
    ) {
        self.init(definition, facts: facts)
        for entry in journal { state.apply(entry) }
        replan()
    }

    /// Steps whose attempt was under way when the process ended.
    package var interruptedSteps: [Int] {
        state.steps.indices.filter { state.steps[$0].status == .running }
    }

    /// Steps that wait for a time, with that time.
    package var timers: [(step: Int, until: Timestamp)] {
        state.steps.indices.compactMap { index in
            state.steps[index].wait?.until.map { (index, $0) }
        }
    }

    mutating func replan() {
        tally = EdgeTally(state, definition.graph)
        commands = plan(state, definition.graph)
        nextCommand = 0
    }

    // MARK: Handing over

    /// The rows for the journal, in order.
    package mutating func takeDrafts() -> [JournalDraft] {
        defer { drafts = [] }
        return drafts
    }

    /// Log lines and alerts of steps.
    package mutating func takeEmissions() -> [StepEmission] {
        defer { emissions = [] }
        return emissions
    }

    /// Steps with a side effect that are to be started, or queued, now.
    package mutating func takeReadySteps() -> [Int] {
        defer { readySteps = [] }
        return readySteps
    }

    // MARK: Beginning and ending

    /// Takes it in. `queuedBy` is the sentence that says what it must wait for, where it must.
    package mutating func accept(
        input: JSONObject, queuedBy: String? = nil, context: TurnContext
    ) {
        record(
            .executionAccepted(input: input, queuedBy: queuedBy, retriedFrom: nil),
            at: context.now)
        commands = tally.begin(state, definition.graph)
    }

    /// Takes it in as a retry: what `carried` lists keeps its result.
    package mutating func accept(
        input: JSONObject, queuedBy: String? = nil, carrying carried: [CarriedStep],
        from original: ExecutionID, context: TurnContext
    ) {
        record(
            .executionAccepted(input: input, queuedBy: queuedBy, retriedFrom: original),
            at: context.now)
        for step in carried {
            var content = step.content
            decideEdges(of: step.index, &content, context)
            record(content, step: step.index, attempt: step.attempt, at: context.now)
        }
        replan()
    }

    /// Its turn has come.
    package mutating func leaveQueue(_ context: TurnContext) {
        guard state.status == .pending else { return }
        record(.executionStarted, at: context.now)
        replan()
    }

    package mutating func cancel(by: String?, reason: String? = nil, context: TurnContext) {
        guard !state.isFinished else { return }
        record(.signalReceived(.cancel(by: by)), at: context.now)
        finish(.executionCancelled(by: by, reason: reason), at: context.now)
    }

    mutating func finish(_ content: JournalContent, at: Timestamp) {
        record(content, at: at)
        commands = []
        nextCommand = 0
        readySteps = []
        delegating.end()
    }

    mutating func record(
        _ content: JournalContent, step: Int? = nil, attempt: Int? = nil, at: Timestamp
    ) {
        state.apply(content, step: step, attempt: attempt, at: at)
        drafts.append(
            JournalDraft(
                content, step: step.map { definition.layout.ids[$0] }, attempt: attempt, at: at))
    }
}

/// A log line or an alert of a step.
package struct StepEmission: Hashable, Sendable {
    package let stepID: StepID
    package let emission: Emission
    package let at: Timestamp
    /// How many of the drafts that are handed over with it stand before it.
    package let place: Int
}

/// One attempt of a step with a side effect, ready to run.
package struct StepCall: Sendable {
    package let step: Int
    package let stepID: StepID
    /// Counted from 1.
    package let attempt: Int
    package let node: any EffectfulNode
    /// The rendered data, secrets included: never to be written down.
    package let input: JSONObject
    /// Seconds.
    package let timeout: Double?
    package let idempotencyKey: String
    /// The item that it is for, of a step that works through a list.
    package var item: ItemCall?
}
