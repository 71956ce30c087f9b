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

    /// One line for people.
    public var summary: String {
        switch self {
        case .superAdmin: "May do everything"
        case .admin: "Administers accounts, workflows and templates"
        case .operator: "Sees and runs everybody's workflows, and watches the system"
        case .user: "Makes and runs workflows of their own"
        case .viewer: "Sees everybody's workflows, and changes nothing"
        }
    }

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

/// On whose behalf a call is made, and from where.
public struct Caller: Hashable, Sendable {
    public let id: UserID
    /// An email address, or the name of the operating-system user in process.
    public let name: String
    public let roles: Set<Role>
    /// What the roles permit together.
    public let permissions: Set<Permission>
    /// The session of the token; `nil` in process and for who is not logged in.
    public let sessionID: SessionID?
    /// The request that the call came with; `nil` in process.
    public var origin: RequestOrigin?

    public init(
        id: UserID, name: String, roles: Set<Role>, sessionID: SessionID? = nil,
        origin: RequestOrigin? = nil
    ) {
        self.id = id
        self.name = name
        self.roles = roles
        permissions = roles.reduce(into: []) { $0.formUnion($1.permissions) }
        self.sessionID = sessionID
        self.origin = origin
    }

    /// Who is not logged in.
    public static func anonymous(_ origin: RequestOrigin? = nil) -> Caller {
        Caller(id: .none, name: "anonymous", roles: [], origin: origin)
    }

    public var isAnonymous: Bool { id == .none }

    public func may(_ permission: Permission) -> Bool { permissions.contains(permission) }
}

extension Route.Access {
    /// Holds a caller against what a route asks for.
    ///
    /// - Throws: `unauthorized` for who is not logged in, `forbidden` for who lacks the permission.
    public func check(_ caller: Caller) throws(APIError) {
        switch self {
        case .open, .optional: return
        case .authenticated, .permission:
            guard !caller.isAnonymous else {
                throw APIError(
                    .unauthorized, "This call needs a token. Log in, and send it as a bearer token")
            }
        }
        guard case .permission(let permission) = self, !caller.may(permission) else { return }
        throw APIError(
            .forbidden,
            "\(caller.name) lacks the permission \(permission.rawValue), which this call needs. "
                + "Ask an administrator for a role that has it")
    }
}

/// Where a call came from, for the audit log and for limits.
public struct RequestOrigin: Hashable, Sendable {
    /// As in `X-Request-ID`.
    public let requestID: String
    /// An IP address, or `unix` for the socket of the server.
    public let address: String

    public init(requestID: String, address: String) {
        self.requestID = requestID
        self.address = address
    }
}
