/// Where an execution stands.
public enum ExecutionStatus: String, Codable, Sendable, CaseIterable {
    case pending, running
    /// For a delay, an approval or an execution that it started.
    case waiting
    case completed, failed, cancelled

    public var isFinished: Bool {
        self == .completed || self == .failed || self == .cancelled
    }
}

/// Where a step stands.
public enum StepStatus: String, Codable, Sendable, CaseIterable {
    case pending, running, waiting, completed, failed, skipped, cancelled

    /// Completed, failed or skipped: what counts as progress.
    public var isDecided: Bool {
        self == .completed || self == .failed || self == .skipped
    }
}

/// Why an execution or a step failed.
public struct ExecutionError: Codable, Hashable, Sendable {
    /// Such as `NOT_CONFIGURED`, `TIMEOUT`, `EXPRESSION_ERROR`, `QUARANTINED`.
    public let code: String
    /// What failed, why, and what to do.
    public let message: String
    public let stepID: StepID?

    enum CodingKeys: String, CodingKey {
        case code, message
        case stepID = "step_id"
    }

    public init(code: String, message: String, stepID: StepID? = nil) {
        self.code = code
        self.message = message
        self.stepID = stepID
    }
}

/// One step of an execution, as it stands now.
public struct Step: Codable, Hashable, Sendable {
    public let stepID: StepID
    public let type: String
    public let label: String
    public let status: StepStatus
    public let startedAt: Timestamp?
    public let completedAt: Timestamp?
    /// Seconds.
    public let duration: Double?
    /// Counted from 1; 0 before the first.
    public let attempt: Int
    /// What the step was given after its texts were rendered; secrets are redacted.
    public let input: JSONValue?
    public let output: JSONValue?
    public let error: ExecutionError?

    enum CodingKeys: String, CodingKey {
        case type, label, status, duration, attempt, input, output, error
        case stepID = "step_id"
        case startedAt = "started_at"
        case completedAt = "completed_at"
    }

    public init(
        stepID: StepID, type: String, label: String, status: StepStatus,
        startedAt: Timestamp? = nil, completedAt: Timestamp? = nil, attempt: Int = 0,
        input: JSONValue? = nil, output: JSONValue? = nil, error: ExecutionError? = nil
    ) {
        self.stepID = stepID
        self.type = type
        self.label = label
        self.status = status
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.duration = startedAt.flatMap { start in completedAt?.seconds(since: start) }
        self.attempt = attempt
        self.input = input
        self.output = output
        self.error = error
    }
}

/// An execution with all its steps.
public struct Execution: Codable, Hashable, Sendable {
    public let id: ExecutionID
    public let workflowID: WorkflowID
    public let workflowName: String
    public let workflowVersion: Int
    public let status: ExecutionStatus
    public let startedAt: Timestamp
    public let completedAt: Timestamp?
    /// Seconds.
    public let duration: Double?
    public let inputData: JSONObject
    public let outputData: JSONValue?
    /// In the order of the definition.
    public let steps: [Step]
    /// Whole per cent of decided steps, rounded down.
    public let progress: Int
    /// The unfinished step that started last; `nil` at the end.
    public let currentStep: StepID?
    public let error: ExecutionError?
    public let retriedFrom: ExecutionID?
    /// The execution that started it, and by which of its steps; `nil` when a caller did.
    public let parentExecutionID: ExecutionID?
    public let parentStepID: StepID?
    /// Why it does not move, in one sentence; `nil` while it moves or has ended.
    public let blockedBy: String?
    /// Who started it: an email, or the operating-system user.
    public let startedBy: String?
    public let idempotencyKey: String?
    public let isDemo: Bool

    enum CodingKeys: String, CodingKey {
        case id, status, duration, steps, progress, error
        case workflowID = "workflow_id"
        case workflowName = "workflow_name"
        case workflowVersion = "workflow_version"
        case startedAt = "started_at"
        case completedAt = "completed_at"
        case inputData = "input_data"
        case outputData = "output_data"
        case currentStep = "current_step"
        case retriedFrom = "retried_from"
        case parentExecutionID = "parent_execution_id"
        case parentStepID = "parent_step_id"
        case blockedBy = "blocked_by"
        case startedBy = "started_by"
        case idempotencyKey = "idempotency_key"
        case isDemo = "is_demo"
    }

    public init(
        id: ExecutionID, workflowID: WorkflowID, workflowName: String, workflowVersion: Int,
        status: ExecutionStatus, startedAt: Timestamp, completedAt: Timestamp?,
        inputData: JSONObject, outputData: JSONValue?, steps: [Step], progress: Int,
        currentStep: StepID?, error: ExecutionError?, retriedFrom: ExecutionID? = nil,
        blockedBy: String? = nil, startedBy: String? = nil, idempotencyKey: String? = nil,
        isDemo: Bool = false, parentExecutionID: ExecutionID? = nil, parentStepID: StepID? = nil
    ) {
        self.id = id
        self.parentExecutionID = parentExecutionID
        self.parentStepID = parentStepID
        self.workflowID = workflowID
        self.workflowName = workflowName
        self.workflowVersion = workflowVersion
        self.status = status
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.duration = completedAt?.seconds(since: startedAt)
        self.inputData = inputData
        self.outputData = outputData
        self.steps = steps
        self.progress = progress
        self.currentStep = currentStep
        self.error = error
        self.retriedFrom = retriedFrom
        self.blockedBy = blockedBy
        self.startedBy = startedBy
        self.idempotencyKey = idempotencyKey
        self.isDemo = isDemo
    }
}

/// An execution as a list shows it; no payload is loaded for it.
public struct ExecutionSummary: Listed {
    public static let listKey = "executions"

    public let id: ExecutionID
    public let workflowID: WorkflowID
    public let workflowName: String
    public let status: ExecutionStatus
    public let progress: Int
    public let currentStep: StepID?
    public let startedAt: Timestamp
    public let completedAt: Timestamp?
    /// Seconds.
    public let duration: Double?
    public let error: ExecutionError?
    public let isDemo: Bool

    enum CodingKeys: String, CodingKey {
        case id, status, progress, duration, error
        case workflowID = "workflow_id"
        case workflowName = "workflow_name"
        case currentStep = "current_step"
        case startedAt = "started_at"
        case completedAt = "completed_at"
        case isDemo = "is_demo"
    }

    public init(
        id: ExecutionID, workflowID: WorkflowID, workflowName: String, status: ExecutionStatus,
        progress: Int, currentStep: StepID?, startedAt: Timestamp, completedAt: Timestamp?,
        error: ExecutionError?, isDemo: Bool = false
    ) {
        self.id = id
        self.workflowID = workflowID
        self.workflowName = workflowName
        self.status = status
        self.progress = progress
        self.currentStep = currentStep
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.duration = completedAt?.seconds(since: startedAt)
        self.error = error
        self.isDemo = isDemo
    }
}

/// The answer of `execute` and `retry`: the execution was accepted and will not be lost.
public struct ExecutionAccepted: Codable, Hashable, Sendable {
    public let executionID: ExecutionID
    public let workflowID: WorkflowID
    /// `running`, or `pending` when a limit queues it.
    public let status: ExecutionStatus
    public let startedAt: Timestamp
    public let inputData: JSONObject
    public let retriedFrom: ExecutionID?
    /// The call was made before, with the same idempotency key: this is what it was answered.
    /// Not part of the body.
    public var isReplayed = false

    enum CodingKeys: String, CodingKey {
        case status
        case executionID = "execution_id"
        case workflowID = "workflow_id"
        case startedAt = "started_at"
        case inputData = "input_data"
        case retriedFrom = "retried_from"
    }

    public init(
        executionID: ExecutionID, workflowID: WorkflowID, status: ExecutionStatus,
        startedAt: Timestamp, inputData: JSONObject, retriedFrom: ExecutionID? = nil
    ) {
        self.executionID = executionID
        self.workflowID = workflowID
        self.status = status
        self.startedAt = startedAt
        self.inputData = inputData
        self.retriedFrom = retriedFrom
    }
}

/// The answer of `execute`: accepted (202), or in `sync` mode the finished execution (200).
public enum ExecutionOutcome: Hashable, Sendable, Codable {
    case accepted(ExecutionAccepted)
    case finished(Execution)
    /// As `finished`, of an execution that an earlier call with the same idempotency key has
    /// started. On the wire only its header says so.
    case finishedBefore(Execution)

    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer().decode(JSONValue.self)
        if value["steps"] != nil {
            self = .finished(try value.decoded())
        } else {
            self = .accepted(try value.decoded())
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .accepted(let accepted): try accepted.encode(to: encoder)
        case .finished(let execution), .finishedBefore(let execution):
            try execution.encode(to: encoder)
        }
    }

    public var executionID: ExecutionID {
        switch self {
        case .accepted(let accepted): accepted.executionID
        case .finished(let execution), .finishedBefore(let execution): execution.id
        }
    }

    /// Whether an earlier call with the same idempotency key has started it.
    public var isReplayed: Bool {
        switch self {
        case .accepted(let accepted): accepted.isReplayed
        case .finished: false
        case .finishedBefore: true
        }
    }
}

/// One row of an execution's journal: what happened, in the order in which it was decided.
public struct JournalEntry: Listed {
    public static let listKey = "entries"

    /// Grows over the whole store, in the order of commits.
    public let seq: Int64
    /// Such as `step_completed`.
    public let kind: JournalKind
    public let stepID: StepID?
    /// Counted from 1; `nil` for what is not about an attempt of a step.
    public let attempt: Int?
    public let at: Timestamp
    /// What came with it: an output, an error, a wake-up time; see `JournalContent`.
    public let data: JSONValue

    enum CodingKeys: String, CodingKey {
        case seq, kind, attempt, at, data
        case stepID = "step_id"
    }

    public init(
        seq: Int64, kind: JournalKind, stepID: StepID?, attempt: Int?, at: Timestamp,
        data: JSONValue
    ) {
        self.seq = seq
        self.kind = kind
        self.stepID = stepID
        self.attempt = attempt
        self.at = at
        self.data = data
    }
}

/// What can stand in a journal; `JournalContent` says what the `data` of each kind holds.
public enum JournalKind: String, Codable, Sendable, CaseIterable {
    case executionAccepted = "execution_accepted"
    case executionStarted = "execution_started"
    case stepScheduled = "step_scheduled"
    case stepStarted = "step_started"
    case stepProgressed = "step_progressed"
    case stepWaiting = "step_waiting"
    case stepCompleted = "step_completed"
    case stepFailed = "step_failed"
    case stepSkipped = "step_skipped"
    case stepRetrying = "step_retrying"
    case signalReceived = "signal_received"
    case timerSet = "timer_set"
    case executionCompleted = "execution_completed"
    case executionFailed = "execution_failed"
    case executionCancelled = "execution_cancelled"
    case alertRaised = "alert_raised"
    case alertAcknowledged = "alert_acknowledged"
}
