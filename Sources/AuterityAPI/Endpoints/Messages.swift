/// The named messages that `email` steps can send, by name.
public struct ListMessages: Endpoint {
    public typealias Response = Page<NamedMessage>

    public var page: Int?
    public var pageSize: Int?
    /// Empty to begin; then what the page before said. Excludes `page`.
    public var cursor: String?
    /// A key of the items, with `-` before it for falling order.
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case page, cursor, sort
        case pageSize = "page_size"
    }

    public init(
        page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil, sort: String? = nil
    ) {
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/messages", access: .permission(.templateRead), rateLimit: .other,
        summary: "List named messages")
    public static let example = ListMessages(page: 1)
    public static let notes = CallNotes(fields: [
        "sort": .sort(["name", "subject"], standard: "name")
    ])
}

/// One named message.
public struct GetMessage: Endpoint {
    public typealias Response = NamedMessage

    public var name: String

    public init(name: String) { self.name = name }

    public static let route = Route(
        .get, "/api/messages/{name}", access: .permission(.templateRead), rateLimit: .other,
        summary: "Get a named message")
    public static let example = GetMessage(name: "follow_up_template")
    public static let notes = CallNotes(fields: ["name": messageName])
}

/// Makes or changes a named message.
public struct PutMessage: Endpoint {
    public typealias Response = NamedMessage

    public var name: String
    public var subject: String
    public var text: String
    public var html: String?
    /// The entity tag that the change is made against; a stale one is 412.
    public var ifMatch: String?

    enum CodingKeys: String, CodingKey {
        case name, subject, text, html
        case ifMatch = "if_match"
    }

    public init(
        name: String, subject: String, text: String, html: String? = nil, ifMatch: String? = nil
    ) {
        self.name = name
        self.subject = subject
        self.text = text
        self.html = html
        self.ifMatch = ifMatch
    }

    public static let route = Route(
        .put, "/api/messages/{name}", access: .permission(.templateUpdate), rateLimit: .other,
        headers: ["if_match": "If-Match"], summary: "Make or change a named message")
    public static let example = PutMessage(
        name: "follow_up_template", subject: "Thank you, {{customer_name}}",
        text: "We were glad to see you.")
    public static let notes = CallNotes(
        "The texts may have `{{…}}` holes.",
        fields: [
            "name": messageName,
            "subject": FieldNote("One line.", length: FieldLimits.messageSubject),
            "text": FieldNote("The plain body.", length: FieldLimits.messageText),
            "html": FieldNote(
                "The body for readers that show HTML.",
                length: 0...FieldLimits.messageText.upperBound),
        ])
}

/// Deletes a named message. A step that sends it fails from then on.
public struct DeleteMessage: Endpoint {
    public typealias Response = NoContent

    public var name: String
    /// The entity tag that the deletion is made against; a stale one is 412.
    public var ifMatch: String?

    enum CodingKeys: String, CodingKey {
        case name
        case ifMatch = "if_match"
    }

    public init(name: String, ifMatch: String? = nil) {
        self.name = name
        self.ifMatch = ifMatch
    }

    public static let route = Route(
        .delete, "/api/messages/{name}", success: 204, access: .permission(.templateUpdate),
        rateLimit: .other, headers: ["if_match": "If-Match"], summary: "Delete a named message")
    public static let example = DeleteMessage(name: "follow_up_template")
    public static let notes = CallNotes(
        "A step that sends it fails from then on.", fields: ["name": messageName])
}

private let messageName = FieldNote(
    "A name of letters, digits, `_`, `-` and `.`.",
    ["pattern": "^[A-Za-z0-9_.-]{1,255}$"])
