/// A page of templates, the newest first.
public struct ListTemplates: Endpoint {
    public typealias Response = Page<TemplateSummary>

    public var category: String?
    public var page: Int?
    public var pageSize: Int?
    public var cursor: String?
    /// Looks in name and description.
    public var search: String?
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case category, page, cursor, search, sort
        case pageSize = "page_size"
    }

    public init(
        category: String? = nil, page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil,
        search: String? = nil, sort: String? = nil
    ) {
        self.category = category
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.search = search
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/templates", access: .permission(.templateRead), rateLimit: .templates,
        summary: "List templates")
    public static let example = ListTemplates(category: "sales", page: 1, pageSize: 10)
    public static let notes = CallNotes(fields: [
        "category": FieldNote("Those of this category, such as `sales`."),
        "search": FieldNote("Looks in name and description, whatever the case."),
        "sort": .sort(["name", "category", "created_at", "usage_count", "parameter_count"]),
    ])
}

/// One template with its definition and parameters.
public struct GetTemplate: Endpoint {
    public typealias Response = Template

    public var templateID: TemplateID

    enum CodingKeys: String, CodingKey {
        case templateID = "template_id"
    }

    public init(templateID: TemplateID) { self.templateID = templateID }

    public static let route = Route(
        .get, "/api/templates/{template_id}", access: .permission(.templateRead),
        rateLimit: .templates, summary: "Get a template")
    public static let example = GetTemplate(templateID: exampleID())
}

/// Makes a template.
public struct CreateTemplate: Endpoint {
    public typealias Response = Template

    public var name: String
    public var description: String?
    public var category: String
    public var definition: JSONValue
    public var parameters: [TemplateParameter]?

    public init(
        name: String, description: String? = nil, category: String, definition: JSONValue,
        parameters: [TemplateParameter]? = nil
    ) {
        self.name = name
        self.description = description
        self.category = category
        self.definition = definition
        self.parameters = parameters
    }

    public static let route = Route(
        .post, "/api/templates", success: 201, access: .permission(.templateCreate),
        rateLimit: .templates, summary: "Create a template")
    public static let example = CreateTemplate(
        name: "Customer greeting", description: "Greets a customer", category: "sales",
        definition: exampleTemplateDefinition, parameters: [exampleParameter])
    public static let notes = CallNotes(fields: templateFields)
}

/// Changes all of a template. Workflows made from it stay as they are.
public struct ReplaceTemplate: Endpoint {
    public typealias Response = Template

    public var templateID: TemplateID
    public var name: String
    public var description: String?
    public var category: String
    public var definition: JSONValue
    public var parameters: [TemplateParameter]?
    /// `true` when absent.
    public var isActive: Bool?
    /// The entity tag that the change is made against; a stale one is 412.
    public var ifMatch: String?

    enum CodingKeys: String, CodingKey {
        case name, description, category, definition, parameters
        case templateID = "template_id"
        case isActive = "is_active"
        case ifMatch = "if_match"
    }

    public init(
        templateID: TemplateID, name: String, description: String? = nil, category: String,
        definition: JSONValue, parameters: [TemplateParameter]? = nil, isActive: Bool? = nil,
        ifMatch: String? = nil
    ) {
        self.templateID = templateID
        self.name = name
        self.description = description
        self.category = category
        self.definition = definition
        self.parameters = parameters
        self.isActive = isActive
        self.ifMatch = ifMatch
    }

    public static let route = Route(
        .put, "/api/templates/{template_id}", access: .permission(.templateUpdate),
        rateLimit: .templates, headers: ["if_match": "If-Match"], summary: "Replace a template")
    public static let example = ReplaceTemplate(
        templateID: exampleID(), name: "Customer greeting", category: "sales",
        definition: exampleTemplateDefinition, parameters: [exampleParameter])
    public static let notes = CallNotes(
        "Workflows made from it stay as they are.", fields: templateFields)
}

/// Deletes a template. Workflows made from it stay.
public struct DeleteTemplate: Endpoint {
    public typealias Response = NoContent

    public var templateID: TemplateID
    /// The entity tag that the deletion is made against; a stale one is 412.
    public var ifMatch: String?

    enum CodingKeys: String, CodingKey {
        case templateID = "template_id"
        case ifMatch = "if_match"
    }

    public init(templateID: TemplateID, ifMatch: String? = nil) {
        self.templateID = templateID
        self.ifMatch = ifMatch
    }

    public static let route = Route(
        .delete, "/api/templates/{template_id}", success: 204,
        access: .permission(.templateDelete), rateLimit: .templates,
        headers: ["if_match": "If-Match"], summary: "Delete a template")
    public static let example = DeleteTemplate(templateID: exampleID())
    public static let notes = CallNotes("Workflows made from it stay.")
}

/// Makes a workflow from a template. Unknown and wrong values are refused, each named (422).
public struct InstantiateTemplate: Endpoint {
    public typealias Response = Workflow

    public var templateID: TemplateID
    public var name: String
    public var description: String?
    public var parameterValues: JSONObject?
    /// Marks the workflow as part of the demo.
    public var isDemo: Bool?

    enum CodingKeys: String, CodingKey {
        case name, description
        case templateID = "template_id"
        case parameterValues = "parameter_values"
        case isDemo = "is_demo"
    }

    public init(
        templateID: TemplateID, name: String, description: String? = nil,
        parameterValues: JSONObject? = nil, isDemo: Bool? = nil
    ) {
        self.templateID = templateID
        self.name = name
        self.description = description
        self.parameterValues = parameterValues
        self.isDemo = isDemo
    }

    public static let route = Route(
        .post, "/api/templates/{template_id}/instantiate", access: .permission(.workflowCreate),
        rateLimit: .templates, summary: "Make a workflow from a template")
    public static let example = InstantiateTemplate(
        templateID: exampleID(), name: "Greet John", description: "For John",
        parameterValues: ["customer_name": "John Doe"])
    public static let notes = CallNotes(
        "Unknown and wrong values are refused, each named. An inactive template is 409.",
        fields: ["parameter_values": valuesNote], failures: [.conflict])
}

/// Answers what `InstantiateTemplate` would make; saves nothing.
public struct PreviewTemplate: Endpoint {
    public typealias Response = TemplatePreview

    public var templateID: TemplateID
    /// The template's name when absent.
    public var name: String?
    public var description: String?
    public var parameterValues: JSONObject?

    enum CodingKeys: String, CodingKey {
        case name, description
        case templateID = "template_id"
        case parameterValues = "parameter_values"
    }

    public init(
        templateID: TemplateID, name: String? = nil, description: String? = nil,
        parameterValues: JSONObject? = nil
    ) {
        self.templateID = templateID
        self.name = name
        self.description = description
        self.parameterValues = parameterValues
    }

    public static let changes = false
    public static let route = Route(
        .post, "/api/templates/{template_id}/preview", access: .permission(.templateRead),
        rateLimit: .templates, summary: "Preview what a template would make")
    public static let example = PreviewTemplate(
        templateID: exampleID(), parameterValues: ["customer_name": "John Doe"])
    public static let notes = CallNotes(
        "Saves nothing. A secret is named after its parameter and eight digits of the workflow's "
            + "id; here, where there is none yet, the digits are zeros.",
        fields: [
            "name": FieldNote("The template's name when absent."),
            "description": FieldNote("The template's description when absent."),
            "parameter_values": valuesNote,
        ])
}

private let exampleTemplateDefinition: JSONValue = [
    "nodes": [
        [
            "id": "start", "type": "start", "data": ["label": "Start: {{customer_name}}"],
            "position": ["x": 100, "y": 100],
        ]
    ],
    "edges": [],
]

private let exampleParameter = TemplateParameter(
    name: "customer_name", description: "Whom to greet", parameterType: .string, isRequired: true)

private let templateFields: [String: FieldNote] = [
    "category": FieldNote("Such as `sales`.", length: FieldLimits.category),
    "parameters": FieldNote("The blanks.", count: FieldLimits.templateParameters),
]

private let valuesNote = FieldNote("By the names of the parameters.")
