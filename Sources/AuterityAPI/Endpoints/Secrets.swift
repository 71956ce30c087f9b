/// The names of the secrets.
public struct ListSecrets: Endpoint {
    public typealias Response = Page<SecretSummary>

    public var page: Int?
    public var pageSize: Int?

    enum CodingKeys: String, CodingKey {
        case page
        case pageSize = "page_size"
    }

    public init(page: Int? = nil, pageSize: Int? = nil) {
        self.page = page
        self.pageSize = pageSize
    }

    public static let route = Route(
        .get, "/api/secrets", access: .permission(.systemConfigure), rateLimit: .other,
        summary: "List the names of secrets")
    public static let example = ListSecrets(page: 1)
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
}
