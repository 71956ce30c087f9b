/// An account. Its password never leaves the store.
public struct User: Listed {
    public static let listKey = "users"

    public let id: UserID
    /// As it was given; compared without regard to case.
    public let email: String
    public let firstName: String
    public let lastName: String
    public let company: String
    public let isActive: Bool
    public let createdAt: Timestamp
    public let roles: [Role]

    enum CodingKeys: String, CodingKey {
        case id, email, company, roles
        case firstName = "first_name"
        case lastName = "last_name"
        case isActive = "is_active"
        case createdAt = "created_at"
    }

    public init(
        id: UserID, email: String, firstName: String, lastName: String, company: String,
        isActive: Bool, createdAt: Timestamp, roles: [Role]
    ) {
        self.id = id
        self.email = email
        self.firstName = firstName
        self.lastName = lastName
        self.company = company
        self.isActive = isActive
        self.createdAt = createdAt
        self.roles = roles
    }
}

/// The account of the caller, with what it may do.
public struct CurrentUser: Codable, Hashable, Sendable {
    public let id: UserID
    public let email: String
    public let firstName: String
    public let lastName: String
    public let company: String
    public let isActive: Bool
    public let createdAt: Timestamp
    public let roles: [Role]
    /// In the order of `Permission.allCases`.
    public let permissions: [Permission]

    enum CodingKeys: String, CodingKey {
        case id, email, company, roles, permissions
        case firstName = "first_name"
        case lastName = "last_name"
        case isActive = "is_active"
        case createdAt = "created_at"
    }

    /// Roles and permissions that only a newer server knows are left out.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(UserID.self, forKey: .id)
        email = try container.decode(String.self, forKey: .email)
        firstName = try container.decode(String.self, forKey: .firstName)
        lastName = try container.decode(String.self, forKey: .lastName)
        company = try container.decode(String.self, forKey: .company)
        isActive = try container.decode(Bool.self, forKey: .isActive)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        roles = try container.known(Role.self, forKey: .roles)
        permissions = try container.known(Permission.self, forKey: .permissions)
    }

    public init(_ user: User, permissions: Set<Permission>) {
        id = user.id
        email = user.email
        firstName = user.firstName
        lastName = user.lastName
        company = user.company
        isActive = user.isActive
        createdAt = user.createdAt
        roles = user.roles
        self.permissions = Permission.allCases.filter(permissions.contains)
    }
}

/// A role as a list shows it.
public struct RoleDescription: Listed {
    public static let listKey = "roles"

    public let name: Role
    public let description: String
    public let permissions: [Permission]

    public init(_ role: Role) {
        name = role
        description = role.summary
        permissions = Permission.allCases.filter(role.permissions.contains)
    }
}

extension KeyedDecodingContainer {
    /// The values of a list that this version knows.
    fileprivate func known<Value: RawRepresentable & Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws -> [Value] where Value.RawValue == String {
        if let all = try? decode([Value].self, forKey: key) { return all }
        return try decode([String].self, forKey: key).compactMap(Value.init(rawValue:))
    }
}
