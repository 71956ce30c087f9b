/// What a caller may do. The names are the contract's.
public enum Permission: String, Codable, Sendable, CaseIterable {
    case workflowCreate = "workflow:create"
    case workflowRead = "workflow:read"
    case workflowReadAll = "workflow:read_all"
    case workflowUpdate = "workflow:update"
    case workflowDelete = "workflow:delete"
    case workflowExecute = "workflow:execute"
    case templateCreate = "template:create"
    case templateRead = "template:read"
    case templateUpdate = "template:update"
    case templateDelete = "template:delete"
    case userCreate = "user:create"
    case userRead = "user:read"
    case userUpdate = "user:update"
    case userDelete = "user:delete"
    case systemMonitor = "system:monitor"
    case systemConfigure = "system:configure"
    case systemBackup = "system:backup"
    case aiAccess = "ai:access"
    case aiRoute = "ai:route"
    case aiConfigure = "ai:configure"
    case aiBilling = "ai:billing"
    case metricsRead = "metrics:read"
}

/// A named set of permissions.
public enum Role: String, Codable, Sendable, CaseIterable {
    case superAdmin = "super_admin"
    case admin
    case `operator`
    case user
    case viewer

    /// As the table in `extensions.md`, section 1, has them.
    public var permissions: Set<Permission> {
        switch self {
        case .superAdmin: Set(Permission.allCases)
        case .admin:
            [
                .userCreate, .userRead, .userUpdate, .workflowCreate, .workflowRead,
                .workflowReadAll, .workflowUpdate, .workflowDelete, .workflowExecute,
                .templateCreate, .templateRead, .templateUpdate, .templateDelete, .systemMonitor,
                .aiAccess, .aiRoute, .metricsRead,
            ]
        case .operator:
            [
                .workflowRead, .workflowReadAll, .workflowExecute, .templateRead, .systemMonitor,
                .metricsRead,
            ]
        case .user:
            [
                .workflowCreate, .workflowRead, .workflowUpdate, .workflowExecute, .templateRead,
                .aiAccess, .metricsRead,
            ]
        case .viewer: [.workflowRead, .workflowReadAll, .templateRead, .metricsRead]
        }
    }
}

/// On whose behalf a call is made.
public struct Caller: Hashable, Sendable {
    public let id: UserID
    /// An email address, or the name of the operating-system user in process.
    public let name: String
    public let roles: Set<Role>

    public init(id: UserID, name: String, roles: Set<Role>) {
        self.id = id
        self.name = name
        self.roles = roles
    }

    public func may(_ permission: Permission) -> Bool {
        roles.contains { $0.permissions.contains(permission) }
    }
}
