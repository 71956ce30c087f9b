/// The names of the secrets.
public struct ListSecrets: Endpoint {
    public typealias Response = Page<SecretSummary>

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
        .get, "/api/secrets", access: .permission(.systemConfigure), rateLimit: .other,
        summary: "List the names of secrets")
    public static let example = ListSecrets(page: 1)
    public static let notes = CallNotes(
        "The values never leave the server.",
        fields: ["sort": .sort(["name", "updated_at"], standard: "name")])
}

/// Makes or changes a secret.
public struct PutSecret: Endpoint {
    public typealias Response = SecretSummary

    public var name: String
    public var value: String
    /// All when absent.
    public var workflows: SecretScope?

    public init(name: String, value: String, workflows: SecretScope? = nil) {
        self.name = name
        self.value = value
        self.workflows = workflows
    }

    public static let route = Route(
        .put, "/api/secrets/{name}", access: .permission(.systemConfigure), rateLimit: .other,
        summary: "Make or change a secret")
    public static let example = PutSecret(
        name: "crm_token", value: "not-a-real-token", workflows: .all)
    public static let notes = CallNotes(fields: [
        "name": secretName,
        "value": FieldNote(
            "1 byte to 64 KiB in UTF-8; encrypted at rest.",
            length: FieldLimits.secretBytes, ["format": "password"]),
        "workflows": FieldNote("Which workflows may use it; all when absent."),
    ])
}

/// Deletes a secret.
public struct DeleteSecret: Endpoint {
    public typealias Response = NoContent

    public var name: String

    public init(name: String) { self.name = name }

    public static let route = Route(
        .delete, "/api/secrets/{name}", success: 204, access: .permission(.systemConfigure),
        rateLimit: .other, summary: "Delete a secret")
    public static let example = DeleteSecret(name: "crm_token")
    public static let notes = CallNotes(fields: ["name": FieldNote("The name of a secret.")])
}

private let secretName = FieldNote(
    "A name of letters, digits and `_` that does not begin with a digit.",
    ["pattern": "^[A-Za-z_][A-Za-z0-9_]{0,254}$"])
