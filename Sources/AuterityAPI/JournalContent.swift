/// What a row of the journal says, typed: the one place that knows the `data` of each
/// `JournalKind`. `data` writes it, `init(kind:data:)` reads it. The keys of `data`, by kind:
///
/// - `execution_accepted`: `input`; `queued_by` (a sentence) when it must wait for its turn;
///   `retried_from`.
/// - `execution_started`: null; it left the queue.
/// - `step_scheduled`: `blocked_by`, the sentence that says which limit it queues for.
/// - `step_started`: `input`, the node's data as rendered for this attempt.
/// - `step_progressed`: `message`; of a `map`: `done` (`index`, `output`), `started` (`index`,
///   `execution_id`) and `postponed` (`index`, `attempt`, `until`).
/// - `step_waiting`: `reason`, `until` (RFC 3339), `message`, `approvers`, `execution_id` of the
///   one execution that it started, `input`.
/// - `step_completed`: `output`; `handle`; `edges` (ids of those whose condition held, where any
///   has one); `edge_error`; `input` of a step that wrote no `step_started`; `carried`
///   (`execution_id`, `started_at`, `completed_at`) of a retried execution.
/// - `step_failed`: `error` (`code`, `message`, `step_id`); `handled` (`continue` or `branch`) when
///   the execution goes on; `edges`, `edge_error` and `carried` as above.
/// - `step_skipped`: null; none of its incoming edges fired.
/// - `step_retrying`: `error` of the attempt that failed; `until`, when the next one starts.
/// - `signal_received`: `signal` (`approval` or `cancel`), `approved`, `comment`, `by`.
/// - `timer_set`: `until`, the new wake-up time of a step that waits.
/// - `execution_completed`: `output`.
/// - `execution_failed`: `error`.
/// - `execution_cancelled`: `by`, `reason`.
/// - `alert_raised`: `severity`, `message`, `alert_id`.
/// - `alert_acknowledged`: `alert_id`, `by`.
///
/// A pure step writes only `step_completed`: its start is implied. The `output` of a `start` step
/// is left out where it is the input.
public enum JournalContent: Hashable, Sendable {
    case executionAccepted(input: JSONObject, queuedBy: String?, retriedFrom: ExecutionID?)
    case executionStarted
    case stepScheduled(blockedBy: String)
    case stepStarted(input: JSONValue?)
    case stepProgressed(message: String, items: ItemsChange? = nil)
    case stepWaiting(StepWait, input: JSONValue?)
    case stepCompleted(StepResult)
    case stepFailed(StepFault)
    case stepSkipped
    case stepRetrying(error: ExecutionError, until: Timestamp)
    case signalReceived(Signal)
    case timerSet(until: Timestamp)
    case executionCompleted(output: JSONValue)
    case executionFailed(ExecutionError)
    case executionCancelled(by: String?, reason: String?)
    case alertRaised(severity: AlertSeverity, message: String, alertID: AlertID?)
    case alertAcknowledged(alertID: AlertID?, by: String?)

    public var kind: JournalKind {
        switch self {
        case .executionAccepted: .executionAccepted
        case .executionStarted: .executionStarted
        case .stepScheduled: .stepScheduled
        case .stepStarted: .stepStarted
        case .stepProgressed: .stepProgressed
        case .stepWaiting: .stepWaiting
        case .stepCompleted: .stepCompleted
        case .stepFailed: .stepFailed
        case .stepSkipped: .stepSkipped
        case .stepRetrying: .stepRetrying
        case .signalReceived: .signalReceived
        case .timerSet: .timerSet
        case .executionCompleted: .executionCompleted
        case .executionFailed: .executionFailed
        case .executionCancelled: .executionCancelled
        case .alertRaised: .alertRaised
        case .alertAcknowledged: .alertAcknowledged
        }
    }
}

/// Why a step waits, and for how long.
public struct StepWait: Hashable, Sendable {
    public enum Reason: String, Codable, Sendable, CaseIterable {
        case delay, approval
        /// For the next attempt.
        case retry
        /// For a limit, such as that on AI calls.
        case limit
        /// For the executions that it started.
        case child
    }

    public let reason: Reason
    /// When the engine looks at it again by itself; `nil` when only a signal ends the wait.
    public let until: Timestamp?
    /// What an approver reads, or the sentence that names the limit.
    public let message: String?
    /// Names of roles; empty when anyone may decide who may execute it.
    public let approvers: [String]
    /// The execution that it waits for; `nil` when it waits for something else, or for several,
    /// which `ItemsProgress` names.
    public let executionID: ExecutionID?

    public init(
        reason: Reason, until: Timestamp? = nil, message: String? = nil, approvers: [String] = [],
        executionID: ExecutionID? = nil
    ) {
        self.reason = reason
        self.until = until
        self.message = message
        self.approvers = approvers
        self.executionID = executionID
    }
}

/// Where a step was taken over from when its execution was retried.
public struct CarriedOver: Hashable, Sendable {
    public let executionID: ExecutionID
    public let startedAt: Timestamp?
    public let completedAt: Timestamp?

    public init(executionID: ExecutionID, startedAt: Timestamp?, completedAt: Timestamp?) {
        self.executionID = executionID
        self.startedAt = startedAt
        self.completedAt = completedAt
    }
}

/// How a step completed.
public struct StepResult: Hashable, Sendable {
    /// `nil` for a `start` step whose output is the input.
    public var output: JSONValue?
    /// Which of its outcomes it took, such as `true`.
    public var handle: String?
    /// Ids of the outgoing edges whose condition held; `nil` when none has a condition.
    public var edges: [String]?
    /// Why a condition of an outgoing edge could not be decided; it fails the execution.
    public var edgeError: String?
    /// Of a step that wrote no `step_started`.
    public var input: JSONValue?
    public var carried: CarriedOver?

    public init(
        output: JSONValue?, handle: String? = nil, edges: [String]? = nil,
        edgeError: String? = nil, input: JSONValue? = nil, carried: CarriedOver? = nil
    ) {
        self.output = output
        self.handle = handle
        self.edges = edges
        self.edgeError = edgeError
        self.input = input
        self.carried = carried
    }
}

/// What a definition says to do when a step fails.
public enum FailureHandling: String, Codable, Sendable, CaseIterable {
    /// The execution fails.
    case fail
    /// The execution goes on as if the step had ended without output.
    case `continue`
    /// The edges with the handle `error` fire.
    case branch
}

/// How a step failed for good.
public struct StepFault: Hashable, Sendable {
    public var error: ExecutionError
    public var handling: FailureHandling
    /// As in `StepResult`.
    public var edges: [String]?
    /// As in `StepResult`.
    public var edgeError: String?
    public var carried: CarriedOver?

    public init(
        error: ExecutionError, handling: FailureHandling, edges: [String]? = nil,
        edgeError: String? = nil, carried: CarriedOver? = nil
    ) {
        self.error = error
        self.handling = handling
        self.edges = edges
        self.edgeError = edgeError
        self.carried = carried
    }
}

/// What came to an execution from outside.
public enum Signal: Hashable, Sendable {
    /// A person decided a waiting approval; `by` is an email or the operating-system user.
    case approval(approved: Bool, by: String, comment: String?)
    case cancel(by: String?)
}

/// A row of the journal before the store has given it its `seq`.
public struct JournalDraft: Hashable, Sendable {
    public let content: JournalContent
    public let stepID: StepID?
    /// Counted from 1.
    public let attempt: Int?
    public let at: Timestamp

    public init(_ content: JournalContent, step: StepID?, attempt: Int?, at: Timestamp) {
        self.content = content
        self.stepID = step
        self.attempt = attempt
        self.at = at
    }

    public func entry(seq: Int64) -> JournalEntry {
        JournalEntry(
            seq: seq, kind: content.kind, stepID: stepID, attempt: attempt, at: at,
            data: content.data)
    }
}
