import AuterityAPI
import Testing

@testable import AuterityEngine

/// Who may make which call, as the documents have it: written down here a second time, so that a
/// change of the contract by mistake is seen.
struct MatrixRow: Sendable {
    /// What the path names, made anew for each cell.
    enum Resource: Sendable {
        case none, workflow, waitingExecution, template, user, message, secret, alert
        /// The caller's own account and session.
        case session

        /// Whether it belongs to somebody, and others need `workflow:read_all`.
        var isOwned: Bool { self == .workflow || self == .waitingExecution }
    }

    let access: Route.Access
    let resource: Resource
    let body: JSONValue?
    let query: String
    /// What else it takes, where nothing is the caller's own.
    var besides: Permission?

    init(
        _ access: Route.Access, _ resource: Resource = .none, body: JSONValue? = nil,
        query: String = ""
    ) {
        self.access = access
        self.resource = resource
        self.body = body
        self.query = query
    }

    init(
        _ permission: Permission, _ resource: Resource = .none, body: JSONValue? = nil,
        query: String = ""
    ) {
        self.init(.permission(permission), resource, body: body, query: query)
    }

    func besides(_ permission: Permission) -> MatrixRow {
        var row = self
        row.besides = permission
        return row
    }

    static func key(_ route: Route) -> String { "\(route.method.rawValue) \(route.path)" }

    static let rows: [String: MatrixRow] = workflows.merging(executions) { $1 }
        .merging(templates) { $1 }.merging(monitoring) { $1 }.merging(accounts) { $1 }
        .merging(administration) { $1 }

    private static let named: JSONValue = [
        "name": "Matrix", "definition": ContractServer.minimal,
    ]

    private static let workflows: [String: MatrixRow] = [
        "POST /api/workflows": .init(.workflowCreate, body: named),
        "GET /api/workflows": .init(.workflowRead),
        "GET /api/workflows/{workflow_id}": .init(.workflowRead, .workflow),
        "PUT /api/workflows/{workflow_id}": .init(.workflowUpdate, .workflow, body: named),
        "PATCH /api/workflows/{workflow_id}": .init(
            .workflowUpdate, .workflow, body: ["name": "New"]),
        "DELETE /api/workflows/{workflow_id}": .init(.workflowDelete, .workflow),
        "POST /api/workflows/{workflow_id}/duplicate": .init(.workflowCreate, .workflow, body: [:]),
        "GET /api/workflows/{workflow_id}/versions": .init(.workflowRead, .workflow),
        "GET /api/workflows/{workflow_id}/versions/{version}": .init(.workflowRead, .workflow),
        "POST /api/workflows/validate": .init(
            .workflowCreate, body: ["definition": ContractServer.minimal]),
        "POST /api/workflows/{workflow_id}/execute": .init(.workflowExecute, .workflow, body: [:]),
    ]

    private static let executions: [String: MatrixRow] = [
        "GET /api/workflows/executions": .init(.workflowRead),
        "GET /api/workflows/executions/{execution_id}": .init(.workflowRead, .waitingExecution),
        "GET /api/workflows/executions/{execution_id}/journal": .init(
            .workflowRead, .waitingExecution),
        "GET /api/workflows/executions/{execution_id}/logs": .init(
            .workflowRead, .waitingExecution),
        "POST /api/workflows/executions/{execution_id}/cancel": .init(
            .workflowExecute, .waitingExecution),
        "POST /api/workflows/executions/{execution_id}/retry": .init(
            .workflowExecute, .waitingExecution, body: [:]),
        "POST /api/workflows/executions/{execution_id}/approve": .init(
            .workflowExecute, .waitingExecution, body: ["approved": true]),
        "GET /api/logs": .init(.workflowRead),
        "POST /api/logs": .init(
            .authenticated, .waitingExecution,
            body: ["logs": [["level": "info", "message": "m", "execution_id": "{execution_id}"]]]),
    ]

    private static let template: JSONValue = [
        "name": "Matrix", "description": "", "category": "other",
        "definition": ContractServer.minimal, "parameters": [],
    ]

    private static let templates: [String: MatrixRow] = [
        "GET /api/templates": .init(.templateRead),
        "GET /api/templates/{template_id}": .init(.templateRead, .template),
        "POST /api/templates": .init(.templateCreate, body: template),
        "PUT /api/templates/{template_id}": .init(.templateUpdate, .template, body: template),
        "DELETE /api/templates/{template_id}": .init(.templateDelete, .template),
        "POST /api/templates/{template_id}/instantiate": .init(
            .workflowCreate, .template, body: ["name": "Made"]),
        "POST /api/templates/{template_id}/preview": .init(
            .templateRead, .template, body: ["name": "Made"]),
        "GET /api/messages": .init(.templateRead),
        "GET /api/messages/{name}": .init(.templateRead, .message),
        "PUT /api/messages/{name}": .init(
            .templateUpdate, .message, body: ["subject": "s", "text": "t"]),
        "DELETE /api/messages/{name}": .init(.templateUpdate, .message),
    ]

    private static let monitoring: [String: MatrixRow] = [
        "GET /api/monitoring/health": .init(.open),
        "GET /api/monitoring/metrics": .init(.metricsRead),
        "GET /api/monitoring/history": .init(.metricsRead),
        "GET /api/monitoring/alerts": .init(.workflowRead).besides(.systemMonitor),
        "POST /api/monitoring/alerts/{alert_id}/acknowledge": .init(.systemMonitor, .alert),
    ]

    private static let accounts: [String: MatrixRow] = [
        "POST /api/auth/register": .init(
            .open, body: ["email": "{new}", "password": "SecurePass123!"]),
        "POST /api/auth/login": .init(
            .open, body: ["email": "user@example.com", "password": .string(password)]),
        "POST /api/auth/token": .init(.open),
        "GET /api/auth/me": .init(.authenticated),
        "POST /api/auth/refresh": .init(.optional, .session),
        "POST /api/auth/logout": .init(.authenticated, .session),
        "POST /api/auth/change-password": .init(
            .authenticated, .session,
            body: [
                "current_password": .string(password), "new_password": "Another-One-2",
            ]),
        "POST /api/auth/cross-system-token": .init(
            .authenticated, body: ["target_system": "relaycore", "permissions": ["metrics:read"]]),
    ]

    private static let password = ContractServer.password

    private static let administration: [String: MatrixRow] = [
        "GET /api/users": .init(.userRead),
        "POST /api/users": .init(
            .userCreate, body: ["email": "{new}", "password": "SecurePass123!"]),
        "GET /api/users/{user_id}": .init(.userRead, .user),
        "PATCH /api/users/{user_id}": .init(.userUpdate, .user, body: ["first_name": "New"]),
        "DELETE /api/users/{user_id}": .init(.userDelete, .user),
        "GET /api/roles": .init(.userRead),
        "GET /api/audit": .init(.systemMonitor),
        "GET /api/secrets": .init(.systemConfigure),
        "PUT /api/secrets/{name}": .init(
            .systemConfigure, .secret, body: ["value": "v", "workflows": "*"]),
        "DELETE /api/secrets/{name}": .init(.systemConfigure, .secret),
        "DELETE /api/demo": .init(.systemConfigure),
    ]
}

/// One square of the matrix.
struct MatrixCell: Sendable {
    enum Caller: Hashable, Sendable {
        case role(Role)
        case anonymous, badToken
    }

    let route: Route
    let row: MatrixRow
    let caller: Caller
    let isOwn: Bool

    /// What must be answered: a status of an error, or the one of success.
    var expected: Int {
        let isOpen = row.access == .open
        switch caller {
        case .anonymous, .badToken: return isOpen ? route.success : 401
        case .role(let role):
            if case .permission(let permission) = row.access,
                !role.permissions.contains(permission)
            {
                return 403
            }
            if let besides = row.besides, !role.permissions.contains(besides) { return 403 }
            let seesAll = role.permissions.contains(.workflowReadAll)
            return row.resource.isOwned && !isOwn && !seesAll ? 404 : route.success
        }
    }

    var name: String {
        "\(MatrixRow.key(route)) by \(caller), \(isOwn ? "own" : "foreign")"
    }

    /// Every square, in the order of the endpoints.
    static var all: [MatrixCell] {
        let callers = Role.allCases.map(Caller.role) + [.anonymous, .badToken]
        return Endpoints.all.flatMap { type -> [MatrixCell] in
            guard let row = MatrixRow.rows[MatrixRow.key(type.route)] else { return [] }
            return callers.flatMap { caller in
                (row.resource.isOwned ? [true, false] : [true]).map { isOwn in
                    MatrixCell(route: type.route, row: row, caller: caller, isOwn: isOwn)
                }
            }
        }
    }
}
