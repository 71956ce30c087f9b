/// A workflow: a named definition with its history.
public struct Workflow: Codable, Hashable, Sendable, Versioned {
    public let id: WorkflowID
    public let name: String
    public let description: String
    public let isActive: Bool
    /// As it was given, unknown keys included; see `Definition` for its reading.
    public let definition: JSONValue
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let createdBy: UserID
    /// Counted from 1; every change of the workflow makes a new one.
    public let version: Int
    public let templateID: TemplateID?
    /// The values that a template was filled with, in reach of expressions as `params`.
    public let parameters: JSONObject
    /// Made by `auterity demo`, and removed with it.
    public let isDemo: Bool
    public let executionStats: ExecutionStats?
    /// What is odd about the definition, though it runs; `nil` where it was not judged, and then
    /// there is no such key.
    public let warnings: [FieldFault]?

    enum CodingKeys: String, CodingKey {
        case id, name, description, definition, version, parameters, warnings
        case isActive = "is_active"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case createdBy = "created_by"
        case templateID = "template_id"
        case isDemo = "is_demo"
        case executionStats = "execution_stats"
    }

    public init(
        id: WorkflowID, name: String, description: String, isActive: Bool, definition: JSONValue,
        createdAt: Timestamp, updatedAt: Timestamp, createdBy: UserID, version: Int,
        templateID: TemplateID? = nil, parameters: JSONObject = [:], isDemo: Bool = false,
        executionStats: ExecutionStats? = nil, warnings: [FieldFault]? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.isActive = isActive
        self.definition = definition
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.createdBy = createdBy
        self.version = version
        self.templateID = templateID
        self.parameters = parameters
        self.isDemo = isDemo
        self.executionStats = executionStats
        self.warnings = warnings
    }
}

extension Workflow {
    /// Leaves the warnings out where the definition was not judged, rather than writing `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(description, forKey: .description)
        try container.encode(isActive, forKey: .isActive)
        try container.encode(definition, forKey: .definition)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(updatedAt, forKey: .updatedAt)
        try container.encode(createdBy, forKey: .createdBy)
        try container.encode(version, forKey: .version)
        try container.encodeIfPresent(templateID, forKey: .templateID)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(isDemo, forKey: .isDemo)
        try container.encodeIfPresent(executionStats, forKey: .executionStats)
        if let warnings { try container.encode(warnings, forKey: .warnings) }
    }

    /// Without the warnings, which only what saves a definition tells.
    public var tagged: Workflow {
        Workflow(
            id: id, name: name, description: description, isActive: isActive,
            definition: definition, createdAt: createdAt, updatedAt: updatedAt,
            createdBy: createdBy, version: version, templateID: templateID,
            parameters: parameters, isDemo: isDemo, executionStats: executionStats)
    }
}

/// How the executions of a workflow went.
public struct ExecutionStats: Codable, Hashable, Sendable {
    public let totalExecutions: Int
    public let successfulExecutions: Int
    public let failedExecutions: Int
    /// Seconds over the finished executions; `nil` without any.
    public let averageDuration: Double?

    enum CodingKeys: String, CodingKey {
        case totalExecutions = "total_executions"
        case successfulExecutions = "successful_executions"
        case failedExecutions = "failed_executions"
        case averageDuration = "average_duration"
    }

    public init(
        totalExecutions: Int, successfulExecutions: Int, failedExecutions: Int,
        averageDuration: Double?
    ) {
        self.totalExecutions = totalExecutions
        self.successfulExecutions = successfulExecutions
        self.failedExecutions = failedExecutions
        self.averageDuration = averageDuration
    }
}

/// A workflow as a list shows it.
public struct WorkflowSummary: Listed {
    public static let listKey = "workflows"

    public let id: WorkflowID
    public let name: String
    public let description: String
    public let isActive: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let version: Int
    public let isDemo: Bool
    public let executionCount: Int
    /// When the newest execution was started.
    public let lastExecution: Timestamp?

    enum CodingKeys: String, CodingKey {
        case id, name, description, version
        case isActive = "is_active"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case isDemo = "is_demo"
        case executionCount = "execution_count"
        case lastExecution = "last_execution"
    }

    public init(
        id: WorkflowID, name: String, description: String, isActive: Bool, createdAt: Timestamp,
        updatedAt: Timestamp, version: Int, isDemo: Bool, executionCount: Int,
        lastExecution: Timestamp?
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.isActive = isActive
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
        self.isDemo = isDemo
        self.executionCount = executionCount
        self.lastExecution = lastExecution
    }
}

/// One version in the history of a workflow.
public struct WorkflowVersion: Listed {
    public static let listKey = "versions"

    public let version: Int
    public let name: String
    public let description: String
    /// `nil` in lists, which have no such key.
    public let definition: JSONValue?
    public let createdAt: Timestamp
    public let createdBy: UserID

    enum CodingKeys: String, CodingKey {
        case version, name, description, definition
        case createdAt = "created_at"
        case createdBy = "created_by"
    }

    public init(
        version: Int, name: String, description: String, definition: JSONValue?,
        createdAt: Timestamp, createdBy: UserID
    ) {
        self.version = version
        self.name = name
        self.description = description
        self.definition = definition
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

extension WorkflowVersion {
    /// Leaves the definition out where there is none, rather than writing `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(name, forKey: .name)
        try container.encode(description, forKey: .description)
        if let definition { try container.encode(definition, forKey: .definition) }
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(createdBy, forKey: .createdBy)
    }
}

/// What is wrong (`errors`: it is refused) or odd (`warnings`) about a definition.
public struct ValidationReport: Codable, Hashable, Sendable {
    public let valid: Bool
    public let errors: [FieldFault]
    public let warnings: [FieldFault]

    public init(errors: [FieldFault], warnings: [FieldFault]) {
        self.valid = errors.isEmpty
        self.errors = errors
        self.warnings = warnings
    }
}
