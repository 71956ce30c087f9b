/// How much a log line matters, in rising order.
public enum LogLevel: String, Codable, Sendable, CaseIterable, Comparable {
    case debug, info, warning, error

    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.severity < right.severity
    }

    private var severity: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}

/// One line of an execution's log, or of a client's.
public struct LogLine: Listed {
    public static let listKey = "logs"

    public let id: LogLineID
    public let timestamp: Timestamp
    public let level: LogLevel
    public let message: String
    public let executionID: ExecutionID?
    public let workflowID: WorkflowID?
    public let stepID: StepID?

    enum CodingKeys: String, CodingKey {
        case id, timestamp, level, message
        case executionID = "execution_id"
        case workflowID = "workflow_id"
        case stepID = "step_id"
    }

    public init(
        id: LogLineID, timestamp: Timestamp, level: LogLevel, message: String,
        executionID: ExecutionID?, workflowID: WorkflowID?, stepID: StepID?
    ) {
        self.id = id
        self.timestamp = timestamp
        self.level = level
        self.message = message
        self.executionID = executionID
        self.workflowID = workflowID
        self.stepID = stepID
    }
}

/// A log line that a client sends.
public struct NewLogLine: Codable, Hashable, Sendable {
    public let level: LogLevel
    public let message: String
    public let timestamp: Timestamp?
    public let executionID: ExecutionID?

    enum CodingKeys: String, CodingKey {
        case level, message, timestamp
        case executionID = "execution_id"
    }

    public init(
        level: LogLevel, message: String, timestamp: Timestamp? = nil,
        executionID: ExecutionID? = nil
    ) {
        self.level = level
        self.message = message
        self.timestamp = timestamp
        self.executionID = executionID
    }
}

/// How many lines of a request were taken.
public struct LogsAccepted: Codable, Hashable, Sendable {
    public let accepted: Int

    public init(accepted: Int) { self.accepted = accepted }
}
