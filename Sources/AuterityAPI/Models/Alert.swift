/// How urgent an alert is.
public enum AlertSeverity: String, Codable, Sendable, CaseIterable {
    case info, warning, critical
}

/// Something that an operator should know: a limit passed, or what a `notify` step says.
public struct Alert: Listed {
    public static let listKey = "alerts"

    public let id: AlertID
    public let severity: AlertSeverity
    /// Such as `cpu_usage`, or the step of a workflow.
    public let source: String
    public let message: String
    public let value: Double?
    public let limit: Double?
    public let raisedAt: Timestamp
    public let clearedAt: Timestamp?
    public let acknowledgedAt: Timestamp?
    /// An email, or the operating-system user.
    public let acknowledgedBy: String?
    public let executionID: ExecutionID?
    public let workflowID: WorkflowID?

    enum CodingKeys: String, CodingKey {
        case id, severity, source, message, value, limit
        case raisedAt = "raised_at"
        case clearedAt = "cleared_at"
        case acknowledgedAt = "acknowledged_at"
        case acknowledgedBy = "acknowledged_by"
        case executionID = "execution_id"
        case workflowID = "workflow_id"
    }

    public init(
        id: AlertID, severity: AlertSeverity, source: String, message: String,
        value: Double? = nil, limit: Double? = nil, raisedAt: Timestamp,
        clearedAt: Timestamp? = nil, acknowledgedAt: Timestamp? = nil,
        acknowledgedBy: String? = nil, executionID: ExecutionID? = nil,
        workflowID: WorkflowID? = nil
    ) {
        self.id = id
        self.severity = severity
        self.source = source
        self.message = message
        self.value = value
        self.limit = limit
        self.raisedAt = raisedAt
        self.clearedAt = clearedAt
        self.acknowledgedAt = acknowledgedAt
        self.acknowledgedBy = acknowledgedBy
        self.executionID = executionID
        self.workflowID = workflowID
    }
}
