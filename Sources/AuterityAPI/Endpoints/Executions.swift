/// Starts an execution of a workflow. What is answered was written durably.
public struct ExecuteWorkflow: Endpoint {
    public typealias Response = ExecutionOutcome

    public enum Mode: String, Codable, Sendable, CaseIterable {
        /// Answers at once.
        case async
        /// Answers the finished execution, or 202 when it takes longer than `sync_timeout`.
        case sync
    }

    public var workflowID: WorkflowID
    public var inputData: JSONObject?
    /// `async` when absent.
    public var executionMode: Mode?
    /// Seconds; 30 when absent, at most 300.
    public var syncTimeout: Double?
    /// Called when the execution ends.
    public var webhookURL: String?
    /// The same key and body within 24 hours answer the same execution; at most 255 characters.
    public var idempotencyKey: String?

    enum CodingKeys: String, CodingKey {
        case workflowID = "workflow_id"
        case inputData = "input_data"
        case executionMode = "execution_mode"
        case syncTimeout = "sync_timeout"
        case webhookURL = "webhook_url"
        case idempotencyKey = "idempotency_key"
    }

    public init(
        workflowID: WorkflowID, inputData: JSONObject? = nil, executionMode: Mode? = nil,
        syncTimeout: Double? = nil, webhookURL: String? = nil, idempotencyKey: String? = nil
    ) {
        self.workflowID = workflowID
        self.inputData = inputData
        self.executionMode = executionMode
        self.syncTimeout = syncTimeout
        self.webhookURL = webhookURL
        self.idempotencyKey = idempotencyKey
    }

    public static let route = Route(
        .post, "/api/workflows/{workflow_id}/execute", success: 202,
        access: .permission(.workflowExecute), rateLimit: .workflows,
        headers: ["idempotency_key": "Idempotency-Key"], summary: "Execute a workflow")
    public static let example = ExecuteWorkflow(
        workflowID: exampleID(), inputData: ["customer_email": "john@example.com"],
        executionMode: .async, webhookURL: "https://example.com/hooks/auterity")
    public static let notes = CallNotes(
        "What was answered was written durably and is never lost. With `execution_mode` `sync` "
            + "the answer is the finished execution (200), or the accepted one (202) when "
            + "`sync_timeout` passes before its end. An input that the `input_schema` of the "
            + "workflow refuses is answered 422.",
        fields: [
            "execution_mode": FieldNote("Whether to wait for the end.", standard: "async"),
            "sync_timeout": FieldNote(
                "How long to wait for the end, in seconds.", in: FieldLimits.syncTimeout,
                standard: .int(Int64(FieldLimits.standardSyncTimeout))),
            "webhook_url": FieldNote(
                "Called when the execution ends, see the callback. An address that the server "
                    + "may not reach is refused.", ["format": "uri"]),
            "idempotency_key": FieldNote(
                "The same key and body within 24 hours answer the same execution, with "
                    + "`Idempotency-Replayed: true`; the same key with another body is 409.",
                length: FieldLimits.idempotencyKey),
        ],
        failures: [.conflict, .workflowInactive])

    public static func status(of response: ExecutionOutcome) -> Int {
        switch response {
        case .accepted: route.success
        case .finished, .finishedBefore: 200
        }
    }

    public static func headers(of response: ExecutionOutcome) -> [String: String] {
        response.isReplayed ? [replayedHeader: "true"] : [:]
    }

    public static func response(
        _ body: ExecutionOutcome, header: (_ name: String) -> String?
    ) -> ExecutionOutcome {
        guard header(replayedHeader) == "true" else { return body }
        switch body {
        case .accepted(var accepted):
            accepted.isReplayed = true
            return .accepted(accepted)
        case .finished(let execution), .finishedBefore(let execution):
            return .finishedBefore(execution)
        }
    }

    private static let replayedHeader = "Idempotency-Replayed"
}

/// A page of executions of all workflows, the newest first.
public struct ListExecutions: Endpoint {
    public typealias Response = Page<ExecutionSummary>

    public var page: Int?
    public var pageSize: Int?
    /// Empty to begin; then what the page before said. Excludes `page`.
    public var cursor: String?
    /// Any of these; all when absent.
    public var status: [ExecutionStatus]?
    public var workflowID: WorkflowID?
    /// Looks in workflow name and error, at the beginning of the id (8 characters and more), and
    /// anywhere in the ids of the newest 10,000 executions.
    public var search: String?
    /// Started at or after.
    public var since: Timestamp?
    /// Started before.
    public var until: Timestamp?
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case page, cursor, status, search, since, until, sort
        case pageSize = "page_size"
        case workflowID = "workflow_id"
    }

    public init(
        page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil,
        status: [ExecutionStatus]? = nil, workflowID: WorkflowID? = nil, search: String? = nil,
        since: Timestamp? = nil, until: Timestamp? = nil, sort: String? = nil
    ) {
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.status = status
        self.workflowID = workflowID
        self.search = search
        self.since = since
        self.until = until
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/workflows/executions", access: .permission(.workflowRead),
        rateLimit: .workflows, summary: "List executions")
    public static let example = ListExecutions(
        pageSize: 20, cursor: "", status: [.failed, .cancelled], search: "lead")
    public static let notes = CallNotes(fields: [
        "status": FieldNote("Any of these; give it several times for several."),
        "workflow_id": FieldNote("Those of this workflow."),
        "search": FieldNote(
            "Looks in workflow name, id and error, whatever the case. Older ids than the newest "
                + "10,000 are found by their beginning."),
        "since": FieldNote("Started at or after this moment."),
        "until": FieldNote("Started before this moment."),
        "sort": .sort([
            "started_at", "completed_at", "duration", "status", "progress", "workflow_name",
        ]),
    ])
}

/// One execution with all its steps.
public struct GetExecution: Endpoint {
    public typealias Response = Execution

    public var executionID: ExecutionID

    enum CodingKeys: String, CodingKey {
        case executionID = "execution_id"
    }

    public init(executionID: ExecutionID) { self.executionID = executionID }

    public static let route = Route(
        .get, "/api/workflows/executions/{execution_id}", access: .permission(.workflowRead),
        rateLimit: .workflows, summary: "Get an execution")
    public static let example = GetExecution(executionID: exampleID())
}

/// What happened in an execution, in order. Folded up to any entry, it is the execution as it
/// was then.
public struct ListJournal: Endpoint {
    public typealias Response = Page<JournalEntry>

    public var executionID: ExecutionID
    /// Entries behind this `seq`; from the beginning when absent.
    public var after: Int64?
    /// 1 to 1000; 1000 when absent.
    public var limit: Int?

    enum CodingKeys: String, CodingKey {
        case after, limit
        case executionID = "execution_id"
    }

    public init(executionID: ExecutionID, after: Int64? = nil, limit: Int? = nil) {
        self.executionID = executionID
        self.after = after
        self.limit = limit
    }

    public static let maximumLimit = 1000

    public static let route = Route(
        .get, "/api/workflows/executions/{execution_id}/journal",
        access: .permission(.workflowRead), rateLimit: .workflows,
        summary: "List the journal of an execution")
    public static let example = ListJournal(executionID: exampleID(), after: 42, limit: 100)
    public static let notes = CallNotes(
        "The journal is the history that the execution is made of, in the order in which it was "
            + "decided.",
        fields: [
            "after": FieldNote("Entries behind this `seq`; from the beginning when absent."),
            "limit": FieldNote(
                "How many entries at most.", in: FieldLimits.journal,
                standard: .int(Int64(maximumLimit))),
        ])
}

/// Ends an execution: running steps are told to stop, what was not reached is cancelled.
public struct CancelExecution: Endpoint {
    public typealias Response = Execution

    public var executionID: ExecutionID

    enum CodingKeys: String, CodingKey {
        case executionID = "execution_id"
    }

    public init(executionID: ExecutionID) { self.executionID = executionID }

    public static let route = Route(
        .post, "/api/workflows/executions/{execution_id}/cancel", success: 202,
        access: .permission(.workflowExecute), rateLimit: .workflows,
        summary: "Cancel an execution")
    public static let example = CancelExecution(executionID: exampleID())
    public static let notes = CallNotes(
        "Running steps are told to stop; what was not reached is `cancelled`.",
        failures: [.executionFinished])
}

/// Starts a new execution that takes over what the old one completed.
public struct RetryExecution: Endpoint {
    public typealias Response = ExecutionAccepted

    public var executionID: ExecutionID
    /// Runs this step and all behind it again; the failed ones when absent.
    public var fromStep: StepID?
    /// Other input, for what runs again; what completed is kept all the same. An execution that
    /// completed runs again as a whole, unless `fromStep` says where to begin.
    public var inputData: JSONObject?

    enum CodingKeys: String, CodingKey {
        case executionID = "execution_id"
        case fromStep = "from_step"
        case inputData = "input_data"
    }

    public init(
        executionID: ExecutionID, fromStep: StepID? = nil, inputData: JSONObject? = nil
    ) {
        self.executionID = executionID
        self.fromStep = fromStep
        self.inputData = inputData
    }

    public static let route = Route(
        .post, "/api/workflows/executions/{execution_id}/retry", success: 202,
        access: .permission(.workflowExecute), rateLimit: .workflows,
        summary: "Retry an execution from its failed steps")
    public static let example = RetryExecution(executionID: exampleID(), fromStep: "send_email")
    public static let notes = CallNotes(
        "A new execution takes over what the old one completed, with other `input_data` too; the "
            + "old one stays as it was. One that completed as a whole is run again from "
            + "`from_step`, or all of it with other `input_data`; without both there is nothing "
            + "to retry (409).",
        fields: [
            "from_step": FieldNote(
                "Runs this step and all behind it again; the failed ones when absent."),
            "input_data": FieldNote(
                "Other input for what runs again, at most 1 MiB; the old one's when absent. Steps "
                    + "that completed are kept with what they made of the old input: to run them "
                    + "again too, name the first in `from_step`."),
        ],
        failures: [.conflict, .workflowInactive])
}

/// Decides an approval that an execution waits for.
public struct ApproveExecution: Endpoint {
    public typealias Response = Execution

    public var executionID: ExecutionID
    public var approved: Bool
    public var comment: String?
    /// Needed where several approvals wait.
    public var stepID: StepID?

    enum CodingKeys: String, CodingKey {
        case approved, comment
        case executionID = "execution_id"
        case stepID = "step_id"
    }

    public init(
        executionID: ExecutionID, approved: Bool, comment: String? = nil, stepID: StepID? = nil
    ) {
        self.executionID = executionID
        self.approved = approved
        self.comment = comment
        self.stepID = stepID
    }

    public static let route = Route(
        .post, "/api/workflows/executions/{execution_id}/approve",
        access: .permission(.workflowExecute), rateLimit: .workflows,
        summary: "Decide a waiting approval")
    public static let example = ApproveExecution(
        executionID: exampleID(), approved: true, comment: "Within the budget")
    public static let notes = CallNotes(
        fields: [
            "approved": FieldNote("`false` takes the edges with the handle `rejected`."),
            "comment": FieldNote("Kept with the decision.", length: FieldLimits.description),
            "step_id": FieldNote("Which approval; needed where several wait."),
        ],
        failures: [.conflict, .executionFinished])
}
