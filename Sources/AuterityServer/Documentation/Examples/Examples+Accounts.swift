import AuterityAPI

extension User: Exemplified {
    static var example: User {
        User(
            id: Sample.id(), email: "user@example.com", firstName: "John", lastName: "Doe",
            company: "Example Corp", isActive: true, createdAt: Sample.start, roles: [.user])
    }
}

extension CurrentUser: Exemplified {
    static var example: CurrentUser {
        CurrentUser(User.example, permissions: Role.user.permissions)
    }
}

extension TokenGrant: Exemplified {
    static var example: TokenGrant {
        TokenGrant(
            accessToken: "eyJhbGciOiJIUzI1NiJ9.…", expiresIn: 1800, refreshToken: "x7Qv…",
            refreshExpiresIn: 604_800)
    }
}

extension CrossSystemToken: Exemplified {
    static var example: CrossSystemToken {
        CrossSystemToken(
            token: "eyJhbGciOiJIUzI1NiJ9.…", expiresAt: Sample.start.adding(seconds: 3600),
            permissions: [.aiRoute, .metricsRead])
    }
}

extension RoleDescription: Exemplified {
    static var example: RoleDescription { RoleDescription(.viewer) }
}

extension AuditEntry: Exemplified {
    static var example: AuditEntry {
        AuditEntry(
            id: Sample.id(), timestamp: Sample.start, userID: Sample.id(),
            user: "user@example.com", action: "POST /api/workflows/{workflow_id}/execute",
            target: ExecutionID.none.description, status: 202, code: nil,
            requestID: "01988a5f-3d40-7000-8000-000000000000", address: "192.0.2.7")
    }
}
