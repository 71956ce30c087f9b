import AuterityAPI
import Testing

/// The table of the contract, written down once more by hand: who reaches what, and how a success
/// answers.
@Suite struct RouteTests {
    private static let table = """
        POST /api/workflows 201 workflow:create workflows
        GET /api/workflows 200 workflow:read workflows
        GET /api/workflows/{workflow_id} 200 workflow:read workflows
        PUT /api/workflows/{workflow_id} 200 workflow:update workflows
        PATCH /api/workflows/{workflow_id} 200 workflow:update workflows
        DELETE /api/workflows/{workflow_id} 204 workflow:delete workflows
        POST /api/workflows/{workflow_id}/duplicate 201 workflow:create workflows
        GET /api/workflows/{workflow_id}/versions 200 workflow:read workflows
        GET /api/workflows/{workflow_id}/versions/{version} 200 workflow:read workflows
        POST /api/workflows/validate 200 workflow:create workflows
        POST /api/workflows/{workflow_id}/execute 202 workflow:execute workflows
        GET /api/workflows/executions 200 workflow:read workflows
        GET /api/workflows/executions/{execution_id} 200 workflow:read workflows
        GET /api/workflows/executions/{execution_id}/journal 200 workflow:read workflows
        POST /api/workflows/executions/{execution_id}/cancel 202 workflow:execute workflows
        POST /api/workflows/executions/{execution_id}/retry 202 workflow:execute workflows
        POST /api/workflows/executions/{execution_id}/approve 200 workflow:execute workflows
        GET /api/workflows/executions/{execution_id}/logs 200 workflow:read workflows
        GET /api/templates 200 template:read templates
        GET /api/templates/{template_id} 200 template:read templates
        POST /api/templates 201 template:create templates
        PUT /api/templates/{template_id} 200 template:update templates
        DELETE /api/templates/{template_id} 204 template:delete templates
        POST /api/templates/{template_id}/instantiate 200 workflow:create templates
        POST /api/templates/{template_id}/preview 200 template:read templates
        GET /api/logs 200 workflow:read workflows
        POST /api/logs 201 authenticated workflows
        GET /api/monitoring/health 200 open monitoring
        GET /api/monitoring/metrics 200 metrics:read monitoring
        GET /api/monitoring/history 200 metrics:read monitoring
        GET /api/monitoring/alerts 200 workflow:read monitoring
        POST /api/monitoring/alerts/{alert_id}/acknowledge 200 system:monitor monitoring
        POST /api/auth/register 201 open authentication
        POST /api/auth/login 200 open authentication
        POST /api/auth/token 200 open authentication
        GET /api/auth/me 200 authenticated other
        POST /api/auth/refresh 200 optional other
        POST /api/auth/logout 204 authenticated other
        POST /api/auth/change-password 204 authenticated authentication
        POST /api/auth/cross-system-token 200 authenticated other
        GET /api/users 200 user:read other
        POST /api/users 201 user:create other
        GET /api/users/{user_id} 200 user:read other
        PATCH /api/users/{user_id} 200 user:update other
        DELETE /api/users/{user_id} 204 user:delete other
        GET /api/roles 200 user:read other
        GET /api/audit 200 system:monitor other
        GET /api/messages 200 template:read other
        GET /api/messages/{name} 200 template:read other
        PUT /api/messages/{name} 200 template:update other
        DELETE /api/messages/{name} 204 template:update other
        GET /api/secrets 200 system:configure other
        PUT /api/secrets/{name} 200 system:configure other
        DELETE /api/secrets/{name} 204 system:configure other
        DELETE /api/demo 200 system:configure other
        """

    @Test func everyEndpointStandsInTheTable() {
        let routes = Endpoints.all.map { type -> String in
            let route = type.route
            let access =
                switch route.access {
                case .open: "open"
                case .optional: "optional"
                case .authenticated: "authenticated"
                case .permission(let permission): permission.rawValue
                }
            return "\(route.method.rawValue) \(route.path) \(route.success) \(access) "
                + route.rateLimit.rawValue
        }
        let rows = Self.table.split(separator: "\n").map(String.init)
        #expect(Set(routes).symmetricDifference(rows).sorted() == [])
    }

    @Test(arguments: [
        (Role.superAdmin, Permission.allCases.map(\.rawValue).joined(separator: " ")),
        (
            .admin,
            "user:create user:read user:update workflow:create workflow:read workflow:read_all "
                + "workflow:update workflow:delete workflow:execute template:create template:read "
                + "template:update template:delete system:monitor ai:access ai:route metrics:read"
        ),
        (
            .operator,
            "workflow:read workflow:read_all workflow:execute template:read system:monitor "
                + "metrics:read"
        ),
        (
            .user,
            "workflow:create workflow:read workflow:update workflow:execute template:read "
                + "ai:access metrics:read"
        ),
        (.viewer, "workflow:read workflow:read_all template:read metrics:read"),
    ])
    func rolesHaveThePermissionsOfTheTable(role: Role, permissions: String) {
        let named = Set(permissions.split(separator: " ").map(String.init))
        #expect(Set(role.permissions.map(\.rawValue)) == named)
    }

    @Test func severalRolesAddUp() {
        var generator = SystemRandomNumberGenerator()
        let id = UserID(at: Timestamp(milliseconds: 0), using: &generator)
        let caller = Caller(id: id, name: "ann", roles: [.viewer, .user])
        #expect(caller.may(.workflowReadAll))
        #expect(caller.may(.workflowCreate))
        #expect(!caller.may(.workflowDelete))
        #expect(!Caller(id: id, name: "ann", roles: []).may(.workflowRead))
    }

    @Test func anUnhealthySystemAnswers503() {
        func health(_ status: ServiceStatus) -> Health {
            let none = ServiceHealth(status: .notConfigured)
            return Health(
                status: status, timestamp: Timestamp(milliseconds: 0), version: "1",
                environment: "development",
                services: .init(database: none, redis: none, mail: none, aiServices: [:]))
        }
        #expect(GetHealth.status(of: health(.unhealthy)) == 503)
        #expect(GetHealth.status(of: health(.degraded)) == 200)
        #expect(GetHealth.status(of: health(.healthy)) == 200)
    }
}
