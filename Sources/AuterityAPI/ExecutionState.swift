/// The steps of a definition in their order, shared by all executions of one version.
public final class StepLayout: Sendable {
    public let ids: [StepID]
    public let types: [String]
    public let labels: [String]
    private let indices: [StepID: Int]

    /// Of repeated ids the first one counts.
    public init(_ definition: Definition) {
        ids = definition.nodes.map(\.id)
        types = definition.nodes.map(\.type)
        labels = definition.nodes.map(\.label)
        var indices: [StepID: Int] = [:]
        indices.reserveCapacity(ids.count)
        for (index, id) in ids.enumerated() where indices[id] == nil {
            indices[id] = index
        }
        self.indices = indices
    }

    public var count: Int { ids.count }

    public func index(of id: StepID) -> Int? { indices[id] }
}

/// One step as the journal has left it.
public struct StepState: Hashable, Sendable {
    public internal(set) var status = StepStatus.pending
    /// Counted from 1; 0 before the first.
    public internal(set) var attempt = 0
    public internal(set) var startedAt: Timestamp?
    public internal(set) var completedAt: Timestamp?
    /// The node's data as rendered for the last attempt.
    public internal(set) var input: JSONValue?
    public internal(set) var output: JSONValue?
    /// Why it failed, or why its last attempt did; gone when the next one begins.
    public internal(set) var error: ExecutionError?
    /// Which of its outcomes it took.
    public internal(set) var handle: String?
    /// Ids of the outgoing edges whose condition held; `nil` when none has a condition.
    public internal(set) var edges: [String]?
    /// Why a condition of an outgoing edge could not be decided.
    public internal(set) var edgeError: String?
    /// What the definition did about its failure; only of a failed step.
    public internal(set) var handling: FailureHandling?
    public internal(set) var wait: StepWait?
    /// The limit that it queues for, as a sentence.
    public internal(set) var blockedBy: String?
    /// How far a step has come that works through a list; `nil` for any other, and when it has
    /// ended.
    public internal(set) var items: ItemsProgress?
    /// It was taken over from the execution that this one retries.
    public internal(set) var isCarriedOver = false
}

/// An execution as a fold over its journal: folded up to any entry it is the execution as it was
/// then. Applying an entry costs the same whatever the number of steps; only the end of an
/// execution looks at all of them.
public struct ExecutionState: Sendable {
    public let layout: StepLayout
    /// In the order of the definition.
    public private(set) var steps: [StepState]
    public private(set) var input = JSONObject()
    public private(set) var output: JSONValue?
    public private(set) var error: ExecutionError?
    /// When it was accepted; `nil` before the first entry.
    public private(set) var startedAt: Timestamp?
    public private(set) var completedAt: Timestamp?
    public private(set) var retriedFrom: ExecutionID?
    /// The sentence that says what a pending execution queues for.
    public private(set) var queuedBy: String?
    /// The newest entry that was applied; 0 where entries have no number yet.
    public private(set) var seq: Int64 = 0
    /// Completed, failed or skipped.
    public private(set) var decidedCount = 0
    public private(set) var completedCount = 0
    public private(set) var runningCount = 0
    private var ending: ExecutionStatus?
    private var hasStarted = false
    /// Waiting for a delay, an approval or a child.
    private var quietCount = 0
    /// Waiting for the next attempt or a limit, or queued.
    private var blockedCount = 0
    /// Started steps in the order of their starts; the last one is unfinished.
    private var started: [Int32] = []

    public init(_ layout: StepLayout) {
        self.layout = layout
        steps = Array(repeating: StepState(), count: layout.count)
    }

    public init(_ definition: Definition) {
        self.init(StepLayout(definition))
    }

    public var status: ExecutionStatus {
        if let ending { return ending }
        guard hasStarted else { return .pending }
        return quietCount > 0 && runningCount == 0 && blockedCount == 0 ? .waiting : .running
    }

    public var isFinished: Bool { ending != nil }

    /// Whole per cent of decided steps, rounded down.
    public var progress: Int {
        steps.isEmpty ? 0 : decidedCount * 100 / steps.count
    }

    /// The unfinished step that started last; `nil` at the end.
    public var currentStep: StepID? {
        started.last.map { layout.ids[Int($0)] }
    }

    /// Takes in one entry. One whose data cannot be read, or whose step the definition does not
    /// have, changes nothing but `seq`.
    public mutating func apply(_ entry: JournalEntry) {
        seq = max(seq, entry.seq)
        guard let content = JournalContent(kind: entry.kind, data: entry.data) else { return }
        let step = entry.stepID.flatMap { layout.index(of: $0) }
        apply(content, step: step, attempt: entry.attempt, at: entry.at)
    }

    /// Takes in what an entry says. `step` is the index of the step that it is about.
    public mutating func apply(
        _ content: JournalContent, step: Int?, attempt: Int?, at: Timestamp
    ) {
        switch content {
        case .executionAccepted(let input, let queuedBy, let retriedFrom):
            self.input = input
            self.queuedBy = queuedBy
            self.retriedFrom = retriedFrom
            startedAt = at
            hasStarted = queuedBy == nil
        case .executionStarted:
            hasStarted = true
            queuedBy = nil
        case .executionCompleted(let output):
            self.output = output
            end(.completed, at: at)
        case .executionFailed(let error):
            self.error = error
            end(.failed, at: at)
        case .executionCancelled: end(.cancelled, at: at)
        case .alertRaised, .alertAcknowledged, .signalReceived: break
        default:
            guard let step, steps.indices.contains(step), ending == nil else { return }
            apply(content, to: step, attempt: attempt, at: at)
        }
    }

    private mutating func apply(
        _ content: JournalContent, to step: Int, attempt: Int?, at: Timestamp
    ) {
        if let attempt { steps[step].attempt = attempt }
        switch content {
        case .stepScheduled(let blockedBy):
            move(step, to: .pending, blockedBy: blockedBy)
        case .stepStarted(let input):
            start(step, at: at)
            steps[step].input = input
            steps[step].error = nil
            move(step, to: .running)
        case .stepWaiting(let wait, let input):
            start(step, at: at)
            if let input { steps[step].input = input }
            steps[step].error = nil
            move(step, to: .waiting, wait: wait)
        case .stepProgressed(_, let change?):
            guard !steps[step].status.isDecided else { return }
            steps[step].items = steps[step].items ?? ItemsProgress()
            steps[step].items?.apply(change)
        case .stepRetrying(let error, let until):
            start(step, at: at)
            steps[step].error = error
            steps[step].items?.endAttempt()
            move(step, to: .waiting, wait: StepWait(reason: .retry, until: until))
        case .timerSet(let until):
            guard let wait = steps[step].wait else { return }
            steps[step].wait = StepWait(
                reason: wait.reason, until: until, message: wait.message,
                approvers: wait.approvers, executionID: wait.executionID)
        case .stepCompleted(let result): complete(step, result, at: at)
        case .stepFailed(let fault): fail(step, fault, at: at)
        case .stepSkipped:
            steps[step].completedAt = at
            move(step, to: .skipped)
        default: break
        }
    }
}

// MARK: - Moving a step

extension ExecutionState {
    private mutating func start(_ step: Int, at: Timestamp) {
        guard steps[step].startedAt == nil else { return }
        steps[step].startedAt = at
        if steps[step].attempt == 0 { steps[step].attempt = 1 }
        started.append(Int32(step))
    }

    private mutating func complete(_ step: Int, _ result: StepResult, at: Timestamp) {
        finish(step, at: at, carried: result.carried)
        if result.output == nil, layout.types[step] == "start" {
            steps[step].output = .object(input)
        } else {
            steps[step].output = result.output
        }
        steps[step].handle = result.handle
        steps[step].edges = result.edges
        steps[step].edgeError = result.edgeError
        steps[step].error = nil
        if let input = result.input { steps[step].input = input }
        move(step, to: .completed)
    }

    private mutating func fail(_ step: Int, _ fault: StepFault, at: Timestamp) {
        finish(step, at: at, carried: fault.carried)
        steps[step].error = fault.error
        steps[step].handling = fault.handling
        steps[step].edges = fault.edges
        steps[step].edgeError = fault.edgeError
        move(step, to: .failed)
    }

    /// What starts and ends in one entry never was the current step.
    private mutating func finish(_ step: Int, at: Timestamp, carried: CarriedOver?) {
        if steps[step].startedAt == nil { steps[step].startedAt = carried?.startedAt ?? at }
        if steps[step].attempt == 0 { steps[step].attempt = 1 }
        steps[step].completedAt = carried?.completedAt ?? at
        steps[step].items = nil
        steps[step].isCarriedOver = carried != nil
    }

    /// Keeps the counts in step with the statuses.
    private mutating func move(
        _ step: Int, to status: StepStatus, wait: StepWait? = nil, blockedBy: String? = nil
    ) {
        count(step, by: -1)
        steps[step].status = status
        steps[step].wait = wait
        steps[step].blockedBy = blockedBy
        count(step, by: 1)
        while let last = started.last, !isUnfinished(Int(last)) {
            started.removeLast()
        }
    }

    private mutating func count(_ step: Int, by change: Int) {
        switch steps[step].status {
        case .pending: if steps[step].blockedBy != nil { blockedCount += change }
        case .running: runningCount += change
        case .waiting:
            switch steps[step].wait?.reason {
            case .retry, .limit: blockedCount += change
            case .delay, .approval, .child, nil: quietCount += change
            }
        case .completed:
            completedCount += change
            decidedCount += change
        case .failed, .skipped: decidedCount += change
        case .cancelled: break
        }
    }

    private func isUnfinished(_ step: Int) -> Bool {
        switch steps[step].status {
        case .running, .waiting: true
        case .pending: steps[step].blockedBy != nil
        case .completed, .failed, .skipped, .cancelled: false
        }
    }

    /// Whatever is not decided when an execution ends is cancelled.
    private mutating func end(_ status: ExecutionStatus, at: Timestamp) {
        guard ending == nil else { return }
        for step in steps.indices where !steps[step].status.isDecided {
            if steps[step].startedAt != nil { steps[step].completedAt = at }
            move(step, to: .cancelled)
        }
        completedAt = at
        queuedBy = nil
        ending = status
    }
}
