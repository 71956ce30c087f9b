/// A change that clients are told of. Ids only grow, over the whole store and over restarts.
public struct Event: Codable, Hashable, Sendable {
    /// `nil` for what is made for its reader and not kept (`metrics_update`).
    public let id: Int64?
    public let payload: Payload
    public let timestamp: Timestamp

    public enum Payload: Hashable, Sendable {
        case executionUpdate(ExecutionUpdate)
        case systemAlert(Alert)
        case errorNotification(ErrorNotification)
        case metricsUpdate(Metrics)
    }

    public init(id: Int64?, payload: Payload, timestamp: Timestamp) {
        self.id = id
        self.payload = payload
        self.timestamp = timestamp
    }

    enum CodingKeys: String, CodingKey {
        case type, data, timestamp, id
    }

    private enum Kind: String, Codable {
        case executionUpdate = "workflow_execution_update"
        case systemAlert = "system_alert"
        case errorNotification = "error_notification"
        case metricsUpdate = "metrics_update"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decodeIfPresent(Int64.self, forKey: .id)
        timestamp = try container.decode(Timestamp.self, forKey: .timestamp)
        switch try container.decode(Kind.self, forKey: .type) {
        case .executionUpdate:
            payload = .executionUpdate(try container.decode(ExecutionUpdate.self, forKey: .data))
        case .systemAlert:
            payload = .systemAlert(try container.decode(Alert.self, forKey: .data))
        case .errorNotification:
            payload = .errorNotification(
                try container.decode(ErrorNotification.self, forKey: .data))
        case .metricsUpdate:
            payload = .metricsUpdate(try container.decode(Metrics.self, forKey: .data))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch payload {
        case .executionUpdate(let update):
            try container.encode(Kind.executionUpdate, forKey: .type)
            try container.encode(update, forKey: .data)
        case .systemAlert(let alert):
            try container.encode(Kind.systemAlert, forKey: .type)
            try container.encode(alert, forKey: .data)
        case .errorNotification(let error):
            try container.encode(Kind.errorNotification, forKey: .type)
            try container.encode(error, forKey: .data)
        case .metricsUpdate(let metrics):
            try container.encode(Kind.metricsUpdate, forKey: .type)
            try container.encode(metrics, forKey: .data)
        }
        try container.encode(timestamp, forKey: .timestamp)
        if let id { try container.encode(id, forKey: .id) }
    }
}

/// How an execution stands after a change.
public struct ExecutionUpdate: Codable, Hashable, Sendable {
    public let executionID: ExecutionID
    public let workflowID: WorkflowID
    public let workflowName: String
    public let status: ExecutionStatus
    public let currentStep: StepID?
    /// Whole per cent.
    public let progress: Int
    public let stepsCompleted: Int
    public let stepsTotal: Int
    public let startedAt: Timestamp
    public let completedAt: Timestamp?
    public let error: ExecutionError?
    public let isDemo: Bool

    enum CodingKeys: String, CodingKey {
        case status, progress, error
        case executionID = "execution_id"
        case workflowID = "workflow_id"
        case workflowName = "workflow_name"
        case currentStep = "current_step"
        case stepsCompleted = "steps_completed"
        case stepsTotal = "steps_total"
        case startedAt = "started_at"
        case completedAt = "completed_at"
        case isDemo = "is_demo"
    }

    public init(
        executionID: ExecutionID, workflowID: WorkflowID, workflowName: String,
        status: ExecutionStatus, currentStep: StepID?, progress: Int, stepsCompleted: Int,
        stepsTotal: Int, startedAt: Timestamp, completedAt: Timestamp?, error: ExecutionError?,
        isDemo: Bool = false
    ) {
        self.executionID = executionID
        self.workflowID = workflowID
        self.workflowName = workflowName
        self.status = status
        self.currentStep = currentStep
        self.progress = progress
        self.stepsCompleted = stepsCompleted
        self.stepsTotal = stepsTotal
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.error = error
        self.isDemo = isDemo
    }
}

/// A step or an execution failed.
public struct ErrorNotification: Codable, Hashable, Sendable {
    public let executionID: ExecutionID
    public let workflowID: WorkflowID
    public let stepID: StepID?
    public let code: String
    public let message: String

    enum CodingKeys: String, CodingKey {
        case code, message
        case executionID = "execution_id"
        case workflowID = "workflow_id"
        case stepID = "step_id"
    }

    public init(
        executionID: ExecutionID, workflowID: WorkflowID, stepID: StepID?, code: String,
        message: String
    ) {
        self.executionID = executionID
        self.workflowID = workflowID
        self.stepID = stepID
        self.code = code
        self.message = message
    }
}
