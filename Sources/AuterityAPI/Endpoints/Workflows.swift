/// Makes a workflow. A definition with errors is refused with all of them (422).
public struct CreateWorkflow: Endpoint {
    public typealias Response = Workflow

    public var name: String
    public var description: String?
    public var definition: JSONValue
    /// `true` when absent.
    public var isActive: Bool?
    /// Marks it as part of the demo.
    public var isDemo: Bool?

    enum CodingKeys: String, CodingKey {
        case name, description, definition
        case isActive = "is_active"
        case isDemo = "is_demo"
    }

    public init(
        name: String, description: String? = nil, definition: JSONValue, isActive: Bool? = nil,
        isDemo: Bool? = nil
    ) {
        self.name = name
        self.description = description
        self.definition = definition
        self.isActive = isActive
        self.isDemo = isDemo
    }

    public static let route = Route(
        .post, "/api/workflows", success: 201, access: .permission(.workflowCreate),
        rateLimit: .workflows, summary: "Create a workflow")
    public static let example = CreateWorkflow(
        name: "Customer Follow-up Workflow", description: "Automated customer follow-up process",
        definition: exampleDefinition, isActive: true)
    public static let notes = CallNotes(
        "A definition with errors is refused with all of them; one that is only odd is taken "
            + "with `warnings`.")
}

/// A page of workflows, the newest first.
public struct ListWorkflows: Endpoint {
    public typealias Response = Page<WorkflowSummary>

    /// Counted from 1; 1 when absent.
    public var page: Int?
    /// 1 to 100; 10 when absent.
    public var pageSize: Int?
    /// Empty to begin; then what the page before said. Excludes `page`.
    public var cursor: String?
    public var isActive: Bool?
    /// Looks in name and description.
    public var search: String?
    /// A key of the items, with `-` before it for falling order.
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case page, cursor, search, sort
        case pageSize = "page_size"
        case isActive = "is_active"
    }

    public init(
        page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil, isActive: Bool? = nil,
        search: String? = nil, sort: String? = nil
    ) {
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.isActive = isActive
        self.search = search
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/workflows", access: .permission(.workflowRead), rateLimit: .workflows,
        summary: "List workflows")
    public static let example = ListWorkflows(
        page: 1, pageSize: 10, isActive: true, search: "follow-up")
    public static let notes = CallNotes(fields: [
        "is_active": FieldNote("Those that are active, or those that are not."),
        "search": FieldNote("Looks in name and description, whatever the case."),
        "sort": .sort([
            "name", "created_at", "updated_at", "execution_count", "last_execution", "version",
            "is_active",
        ]),
    ])
}

/// One workflow with its definition and how its executions went.
public struct GetWorkflow: Endpoint {
    public typealias Response = Workflow

    public var workflowID: WorkflowID

    enum CodingKeys: String, CodingKey {
        case workflowID = "workflow_id"
    }

    public init(workflowID: WorkflowID) { self.workflowID = workflowID }

    public static let route = Route(
        .get, "/api/workflows/{workflow_id}", access: .permission(.workflowRead),
        rateLimit: .workflows, summary: "Get a workflow")
    public static let example = GetWorkflow(workflowID: exampleID())
}

/// Changes all of a workflow; makes a new version. Running executions keep theirs.
public struct ReplaceWorkflow: Endpoint {
    public typealias Response = Workflow

    public var workflowID: WorkflowID
    public var name: String
    /// Empty when absent.
    public var description: String?
    public var definition: JSONValue
    /// `true` when absent.
    public var isActive: Bool?
    /// The entity tag that the change is made against; a stale one is 412.
    public var ifMatch: String?

    enum CodingKeys: String, CodingKey {
        case name, description, definition
        case workflowID = "workflow_id"
        case isActive = "is_active"
        case ifMatch = "if_match"
    }

    public init(
        workflowID: WorkflowID, name: String, description: String? = nil, definition: JSONValue,
        isActive: Bool? = nil, ifMatch: String? = nil
    ) {
        self.workflowID = workflowID
        self.name = name
        self.description = description
        self.definition = definition
        self.isActive = isActive
        self.ifMatch = ifMatch
    }

    public static let route = Route(
        .put, "/api/workflows/{workflow_id}", access: .permission(.workflowUpdate),
        rateLimit: .workflows, headers: ["if_match": "If-Match"], summary: "Replace a workflow")
    public static let example = ReplaceWorkflow(
        workflowID: exampleID(), name: "Customer Follow-up Workflow",
        definition: exampleDefinition, ifMatch: "\"3\"")
    public static let notes = CallNotes(
        "Makes a new version; a running execution keeps the one that it started with.")
}

/// Changes the given fields of a workflow; makes a new version.
public struct UpdateWorkflow: Endpoint {
    public typealias Response = Workflow

    public var workflowID: WorkflowID
    public var name: String?
    public var description: String?
    public var definition: JSONValue?
    public var isActive: Bool?
    /// The entity tag that the change is made against; a stale one is 412.
    public var ifMatch: String?

    enum CodingKeys: String, CodingKey {
        case name, description, definition
        case workflowID = "workflow_id"
        case isActive = "is_active"
        case ifMatch = "if_match"
    }

    public init(
        workflowID: WorkflowID, name: String? = nil, description: String? = nil,
        definition: JSONValue? = nil, isActive: Bool? = nil, ifMatch: String? = nil
    ) {
        self.workflowID = workflowID
        self.name = name
        self.description = description
        self.definition = definition
        self.isActive = isActive
        self.ifMatch = ifMatch
    }

    public static let route = Route(
        .patch, "/api/workflows/{workflow_id}", access: .permission(.workflowUpdate),
        rateLimit: .workflows, headers: ["if_match": "If-Match"], summary: "Update a workflow")
    public static let example = UpdateWorkflow(workflowID: exampleID(), isActive: false)
    public static let notes = CallNotes(
        "Changes the fields that are given and makes a new version.",
        fields: [
            "description": FieldNote(
                "Stays as it is when absent.", length: FieldLimits.description),
            "is_active": FieldNote("Whether it can be executed; stays as it is when absent."),
        ])
}

/// Deletes a workflow. It is gone from lists; its executions and their history stay.
public struct DeleteWorkflow: Endpoint {
    public typealias Response = NoContent

    public var workflowID: WorkflowID
    /// The entity tag that the deletion is made against; a stale one is 412.
    public var ifMatch: String?

    enum CodingKeys: String, CodingKey {
        case workflowID = "workflow_id"
        case ifMatch = "if_match"
    }

    public init(workflowID: WorkflowID, ifMatch: String? = nil) {
        self.workflowID = workflowID
        self.ifMatch = ifMatch
    }

    public static let route = Route(
        .delete, "/api/workflows/{workflow_id}", success: 204,
        access: .permission(.workflowDelete), rateLimit: .workflows,
        headers: ["if_match": "If-Match"], summary: "Delete a workflow")
    public static let example = DeleteWorkflow(workflowID: exampleID())
    public static let notes = CallNotes(
        "It is gone from lists and answers 404; its executions and their history stay.")
}

/// Makes a copy of a workflow.
public struct DuplicateWorkflow: Endpoint {
    public typealias Response = Workflow

    public var workflowID: WorkflowID
    /// "Copy of …" when absent.
    public var name: String?

    enum CodingKeys: String, CodingKey {
        case name
        case workflowID = "workflow_id"
    }

    public init(workflowID: WorkflowID, name: String? = nil) {
        self.workflowID = workflowID
        self.name = name
    }

    public static let route = Route(
        .post, "/api/workflows/{workflow_id}/duplicate", success: 201,
        access: .permission(.workflowCreate), rateLimit: .workflows,
        summary: "Duplicate a workflow")
    public static let example = DuplicateWorkflow(
        workflowID: exampleID(), name: "Customer Follow-up, spring")
    public static let notes = CallNotes(fields: [
        "name": FieldNote("\"Copy of …\" when absent.", length: FieldLimits.name)
    ])
}

/// The history of a workflow's definition, the newest first, without the definitions.
public struct ListWorkflowVersions: Endpoint {
    public typealias Response = Page<WorkflowVersion>

    public var workflowID: WorkflowID
    public var page: Int?
    public var pageSize: Int?
    /// Empty to begin; then what the page before said. Excludes `page`.
    public var cursor: String?
    /// A key of the items, with `-` before it for falling order.
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case page, cursor, sort
        case workflowID = "workflow_id"
        case pageSize = "page_size"
    }

    public init(
        workflowID: WorkflowID, page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil,
        sort: String? = nil
    ) {
        self.workflowID = workflowID
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/workflows/{workflow_id}/versions", access: .permission(.workflowRead),
        rateLimit: .workflows, summary: "List the versions of a workflow")
    public static let example = ListWorkflowVersions(workflowID: exampleID())
    public static let notes = CallNotes(
        "The newest first, without the definitions.",
        fields: ["sort": .sort(["version", "name", "created_at"])])
}

/// One version of a workflow's definition.
public struct GetWorkflowVersion: Endpoint {
    public typealias Response = WorkflowVersion

    public var workflowID: WorkflowID
    public var version: Int

    enum CodingKeys: String, CodingKey {
        case version
        case workflowID = "workflow_id"
    }

    public init(workflowID: WorkflowID, version: Int) {
        self.workflowID = workflowID
        self.version = version
    }

    public static let route = Route(
        .get, "/api/workflows/{workflow_id}/versions/{version}",
        access: .permission(.workflowRead), rateLimit: .workflows,
        summary: "Get a version of a workflow")
    public static let example = GetWorkflowVersion(workflowID: exampleID(), version: 2)
}

/// Tells every fault of a definition; saves nothing.
public struct ValidateDefinition: Endpoint {
    public typealias Response = ValidationReport

    public var definition: JSONValue
    /// The workflow that it is to be the definition of, whose parameters it may name.
    public var workflowID: WorkflowID?

    enum CodingKeys: String, CodingKey {
        case definition
        case workflowID = "workflow_id"
    }

    public init(definition: JSONValue, workflowID: WorkflowID? = nil) {
        self.definition = definition
        self.workflowID = workflowID
    }

    public static let changes = false
    public static let route = Route(
        .post, "/api/workflows/validate", access: .permission(.workflowCreate),
        rateLimit: .workflows, summary: "Validate a definition")
    public static let example = ValidateDefinition(definition: exampleDefinition)
    public static let notes = CallNotes(
        "Saves nothing. A definition is refused (`errors`) or odd (`warnings`).",
        fields: [
            "definition": FieldNote("Whatever is to be judged."),
            "workflow_id": FieldNote(
                "The workflow whose definition it is to be: its parameters are in reach as "
                    + "`params`. Without one there are none."),
        ])
}

/// The definition of the contract's own example.
let exampleDefinition: JSONValue = [
    "nodes": [
        [
            "id": "start", "type": "start", "data": ["label": "Start Process"],
            "position": ["x": 100, "y": 100],
        ],
        [
            "id": "send_email", "type": "email",
            "data": [
                "label": "Send Follow-up Email", "to": "{{customer_email}}",
                "template": "follow_up_template",
            ],
            "position": ["x": 300, "y": 100],
        ],
    ],
    "edges": [["id": "e1", "source": "start", "target": "send_email"]],
]

/// A fixed id for examples.
func exampleID<Noun>() -> Identifier<Noun> {
    var zeros = ZeroGenerator()
    return Identifier(at: exampleTime, using: &zeros)
}

/// 2025-08-08T10:30:00Z, as in the contract.
let exampleTime = Timestamp(milliseconds: 1_754_649_000_000)

private struct ZeroGenerator: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0 }
}
