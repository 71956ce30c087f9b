/// A page of accounts, the newest first.
public struct ListUsers: Endpoint {
    public typealias Response = Page<User>

    /// Counted from 1; 1 when absent.
    public var page: Int?
    /// 1 to 100; 10 when absent.
    public var pageSize: Int?
    /// Empty to begin; then what the page before said. Excludes `page`.
    public var cursor: String?
    public var isActive: Bool?
    /// Looks in email, first and last name, and company.
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
        .get, "/api/users", access: .permission(.userRead), rateLimit: .other,
        summary: "List accounts")
    public static let example = ListUsers(pageSize: 20, search: "example.com")
    public static let notes = CallNotes(fields: [
        "is_active": FieldNote("Those that are active, or those that are not."),
        "search": FieldNote("Looks in email, names and company, whatever the case."),
        "sort": .sort(["email", "first_name", "last_name", "company", "created_at"]),
    ])
}

/// Makes an account with roles that the caller may grant.
public struct CreateUser: Endpoint {
    public typealias Response = User

    public var email: String
    /// 8 to 72 bytes in UTF-8.
    public var password: String
    public var firstName: String?
    public var lastName: String?
    public var company: String?
    /// `user` alone when absent.
    public var roles: [Role]?

    enum CodingKeys: String, CodingKey {
        case email, password, company, roles
        case firstName = "first_name"
        case lastName = "last_name"
    }

    public init(
        email: String, password: String, firstName: String? = nil, lastName: String? = nil,
        company: String? = nil, roles: [Role]? = nil
    ) {
        self.email = email
        self.password = password
        self.firstName = firstName
        self.lastName = lastName
        self.company = company
        self.roles = roles
    }

    public static let route = Route(
        .post, "/api/users", success: 201, access: .permission(.userCreate), rateLimit: .other,
        summary: "Create an account")
    public static let example = CreateUser(
        email: "operator@example.com", password: "correct horse battery", firstName: "Ann",
        lastName: "Lee", company: "Example Corp", roles: [.operator])
    public static let notes = CallNotes(
        "Nobody grants a role with permissions that they lack.",
        fields: ["roles": FieldNote("`user` alone when absent.")],
        failures: [.emailAlreadyRegistered])
}

/// One account.
public struct GetUser: Endpoint {
    public typealias Response = User

    public var userID: UserID

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
    }

    public init(userID: UserID) { self.userID = userID }

    public static let route = Route(
        .get, "/api/users/{user_id}", access: .permission(.userRead), rateLimit: .other,
        summary: "Get an account")
    public static let example = GetUser(userID: exampleID())
}

/// Changes the given fields of an account. Nobody grants a role with permissions that they lack.
public struct UpdateUser: Endpoint {
    public typealias Response = User

    public var userID: UserID
    public var firstName: String?
    public var lastName: String?
    public var company: String?
    /// `false` ends the account's sessions at once.
    public var isActive: Bool?
    public var roles: [Role]?

    enum CodingKeys: String, CodingKey {
        case company, roles
        case userID = "user_id"
        case firstName = "first_name"
        case lastName = "last_name"
        case isActive = "is_active"
    }

    public init(
        userID: UserID, firstName: String? = nil, lastName: String? = nil,
        company: String? = nil, isActive: Bool? = nil, roles: [Role]? = nil
    ) {
        self.userID = userID
        self.firstName = firstName
        self.lastName = lastName
        self.company = company
        self.isActive = isActive
        self.roles = roles
    }

    public static let route = Route(
        .patch, "/api/users/{user_id}", access: .permission(.userUpdate), rateLimit: .other,
        summary: "Update an account")
    public static let example = UpdateUser(
        userID: exampleID(), isActive: true, roles: [.operator, .user])
    public static let notes = CallNotes(
        "Changes the fields that are given. Nobody grants a role with permissions that they "
            + "lack, and the last active `super_admin` stays one (409).",
        fields: [
            "is_active": FieldNote("`false` ends the account's sessions at once."),
            "roles": FieldNote("All of its roles from now on."),
        ], failures: [.conflict])
}

/// Deactivates an account and ends its sessions. What it made stays.
public struct DeleteUser: Endpoint {
    public typealias Response = NoContent

    public var userID: UserID

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
    }

    public init(userID: UserID) { self.userID = userID }

    public static let route = Route(
        .delete, "/api/users/{user_id}", success: 204, access: .permission(.userDelete),
        rateLimit: .other, summary: "Deactivate an account")
    public static let example = DeleteUser(userID: exampleID())
    public static let notes = CallNotes(
        "Ends its sessions; what it made stays. The last active `super_admin` stays (409).",
        failures: [.conflict])
}

/// All roles with their permissions.
public struct ListRoles: Endpoint {
    public typealias Response = Page<RoleDescription>

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
        .get, "/api/roles", access: .permission(.userRead), rateLimit: .other,
        summary: "List roles")
    public static let example = ListRoles()
    public static let notes = CallNotes(fields: [
        "sort": FieldNote(
            "By name, with `-` before it for falling order. Without it the role with the most "
                + "rights comes first.", ["enum": ["name", "-name"]])
    ])
}

/// A page of the audit log, the newest first.
public struct ListAudit: Endpoint {
    public typealias Response = Page<AuditEntry>

    public var page: Int?
    public var pageSize: Int?
    public var cursor: String?
    public var userID: UserID?
    /// Looks in user, action, target and request id.
    public var search: String?
    /// At or after.
    public var since: Timestamp?
    /// Before.
    public var until: Timestamp?
    /// A key of the items, with `-` before it for falling order.
    public var sort: String?

    enum CodingKeys: String, CodingKey {
        case page, cursor, search, since, until, sort
        case pageSize = "page_size"
        case userID = "user_id"
    }

    public init(
        page: Int? = nil, pageSize: Int? = nil, cursor: String? = nil, userID: UserID? = nil,
        search: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        sort: String? = nil
    ) {
        self.page = page
        self.pageSize = pageSize
        self.cursor = cursor
        self.userID = userID
        self.search = search
        self.since = since
        self.until = until
        self.sort = sort
    }

    public static let route = Route(
        .get, "/api/audit", access: .permission(.systemMonitor), rateLimit: .other,
        summary: "List who did what")
    public static let example = ListAudit(pageSize: 20, search: "execute")
    public static let notes = CallNotes(fields: [
        "user_id": FieldNote("What this account did."),
        "search": FieldNote(
            "Looks in user, action, target and request id, whatever the case: in the newest "
                + "100,000 entries, those before `until` if it is given."),
        "sort": .sort(["timestamp"]),
    ])
}
