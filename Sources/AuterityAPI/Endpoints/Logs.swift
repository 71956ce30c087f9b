/// A page of log lines, the newest first.
public struct ListLogs: Endpoint {
    public typealias Response = Page<LogLine>

    public var executionID: ExecutionID?
    public var workflowID: WorkflowID?
    /// The least level.
    public var level: LogLevel?
    /// Looks in the message.
    public var search: String?
    public var since: Timestamp?
    public var until: Timestamp?
    public var page: Int?
    public var pageSize: Int?
    public var cursor: String?
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case level, search, since, until, page, cursor, sort
        case executionID = "execution_id"
        case workflowID = "workflow_id"
        case pageSize = "page_size"
    }

    public init(
        executionID: ExecutionID? = nil, workflowID: WorkflowID? = nil, level: LogLevel? = nil,
        search: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil, sort: String? = nil
    ) {
        self.executionID = executionID
        self.workflowID = workflowID
        self.level = level
        self.search = search
        self.since = since
        self.until = until
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/logs", access: .permission(.workflowRead), rateLimit: .workflows,
        summary: "List log lines")
    public static let example = ListLogs(level: .warning, search: "smtp", pageSize: 50)
    public static let notes = CallNotes(fields: logFields)
}

/// A page of one execution's log lines, the newest first.
public struct ListExecutionLogs: Endpoint {
    public typealias Response = Page<LogLine>

    public var executionID: ExecutionID
    /// The least level.
    public var level: LogLevel?
    /// Looks in the message.
    public var search: String?
    public var since: Timestamp?
    public var page: Int?
    public var pageSize: Int?
    public var cursor: String?
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case level, search, since, page, cursor, sort
        case executionID = "execution_id"
        case pageSize = "page_size"
    }

    public init(
        executionID: ExecutionID, level: LogLevel? = nil, search: String? = nil,
        since: Timestamp? = nil, page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil,
        sort: String? = nil
    ) {
        self.executionID = executionID
        self.level = level
        self.search = search
        self.since = since
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/workflows/executions/{execution_id}/logs",
        access: .permission(.workflowRead), rateLimit: .workflows,
        summary: "List the log lines of an execution")
    public static let example = ListExecutionLogs(executionID: exampleID(), level: .info)
    public static let notes = CallNotes(fields: logFields)
}

/// Takes log lines of a client.
public struct CreateLogs: Endpoint {
    public typealias Response = LogsAccepted

    /// 1 to 100.
    public var logs: [NewLogLine]

    public init(logs: [NewLogLine]) { self.logs = logs }

    public static let maximumLines = 100

    public static let route = Route(
        .post, "/api/logs", success: 201, access: .authenticated, rateLimit: .workflows,
        summary: "Send log lines")
    public static let example = CreateLogs(logs: [
        NewLogLine(level: .info, message: "Import finished", timestamp: exampleTime)
    ])
    public static let notes = CallNotes(
        "An execution that the caller may not see is answered 404.",
        fields: [
            "logs": FieldNote(
                "Each message has 1 to 10,000 characters; a line without a time gets that of "
                    + "its arrival.", count: FieldLimits.logLines)
        ],
        failures: [.notFound])
}

private let logFields: [String: FieldNote] = [
    "level": FieldNote("The least level."),
    "search": FieldNote(
        "Looks in the message, whatever the case: in the newest 100,000 lines, those before `until` "
            + "if it is given."),
    "workflow_id": FieldNote("Those of this workflow."),
    "sort": .sort(["timestamp", "level"]),
]
