import AuterityAPI

extension HandlerTable {
    mutating func addAuthentication() {
        on(Register.self, checking: { try $1.checked($0) }) { call, account, request in
            try await request.createAccount(account, password: call.password)
        }
        on(Login.self) { call, request in
            try await request.logIn(email: call.email, password: call.password)
        }
        on(RequestToken.self) { call, request in try await request.requestToken(call) }
        on(GetCurrentUser.self) { _, request in try await request.currentUser() }
        on(RefreshToken.self) { call, request in
            if let token = call.refreshToken {
                return try await request.renew(refreshToken: token)
            }
            return try await request.renewByBearer()
        }
        on(Logout.self) { _, request in try await request.logOut() }
        on(ChangePassword.self, checking: { try $1.check($0) }) { call, _, request in
            try await request.changePassword(call)
        }
        on(CreateCrossSystemToken.self, checking: { try $1.check($0) }) { call, _, request in
            try await request.crossSystemToken(call)
        }
    }
}

// MARK: - Accounts of one's own

extension Request {
    fileprivate func checked(_ call: Register) throws(APIError) -> User {
        guard accounts.settings.allowsRegistration else {
            throw APIError(
                .forbidden, "Nobody can register here. Ask an administrator for an account")
        }
        return try checked(
            NewAccount(
                email: call.email, password: call.password, firstName: call.firstName,
                lastName: call.lastName, company: call.company, roles: [.user]))
    }

    fileprivate func currentUser() async throws -> CurrentUser {
        let caller = caller
        let account = try await read { try AccountRecords.find(caller.id, in: $0) }
        if let account { return CurrentUser(account.user, permissions: account.permissions) }
        // The user of the operating system has no account; a row, once they have made something.
        let since = try await read { try UserRecords.createdAt(of: caller, in: $0) }
        return CurrentUser(
            User(
                id: caller.id, email: caller.name, firstName: "", lastName: "", company: "",
                isActive: true, createdAt: since ?? core.foundation.startedAt,
                roles: Role.allCases.filter(caller.roles.contains)),
            permissions: caller.permissions)
    }

    fileprivate func check(_ call: ChangePassword) throws(APIError) {
        var faults = Faults(besides: knownFaults)
        faults.password(call.newPassword, at: "new_password")
        try faults.check()
    }

    fileprivate func changePassword(_ call: ChangePassword) async throws -> NoContent {
        let caller = caller
        guard let account = try await read({ try AccountRecords.find(caller.id, in: $0) }) else {
            throw Self.noAccount
        }
        try await confirm(call.currentPassword, of: account)
        let hash = try await accounts.passwords.hash(call.newPassword)
        let now = now
        let ended = try await write { context in
            let current = try AccountRecords.find(caller.id, in: context.connection)
            // Somebody was faster, with the password that is no longer right.
            guard current?.passwordHash == account.passwordHash else {
                throw Self.wrongCurrentPassword
            }
            try AccountRecords.setPassword(account.row, hash: hash, at: now, in: context)
            return try SessionRecords.endAll(
                of: account.row, but: caller.sessionID, at: now, in: context)
        }
        accounts.cache.end(ended)
        accounts.cache.accountChanged(caller.id)
        return NoContent()
    }

    /// Holds a password against the account's. Guesses count as failed logins.
    private func confirm(_ password: String, of account: AccountRecords.Record) async throws {
        let attempt = try accounts.throttle.begin(
            email: account.user.email, from: caller.origin, at: now)
        let isRight: Bool
        do {
            isRight = try await accounts.passwords.verify(
                password, against: account.passwordHash)
        } catch {
            accounts.throttle.abandon(attempt)
            throw error
        }
        guard isRight else {
            failed(attempt)
            throw Self.wrongCurrentPassword
        }
        if accounts.throttle.succeed(attempt) {
            try await write { try LoginFailureRecords.remove(attempt.account, in: $0) }
        }
    }

    private static var wrongCurrentPassword: APIError {
        APIError(.invalidCredentials, "The current password is wrong", status: 400)
    }

    private static var noAccount: APIError {
        APIError(
            .badRequest,
            "You are here as a user of the operating system, without an account of your own. Log "
                + "in with an account first")
    }
}

// MARK: - Sessions

extension Request {
    fileprivate func requestToken(_ call: RequestToken) async throws -> TokenGrant {
        var faults = Faults()
        switch call.grantType {
        case .password:
            if let username = call.username, let password = call.password {
                return try await logIn(email: username, password: password)
            }
            if call.username == nil { faults.note("username", "is needed for this grant") }
            if call.password == nil { faults.note("password", "is needed for this grant") }
        case .refreshToken:
            if let token = call.refreshToken { return try await renew(refreshToken: token) }
            faults.note("refresh_token", "is needed for this grant")
        }
        throw APIError.validation(faults.list)
    }

    fileprivate func logOut() async throws -> NoContent {
        guard let id = caller.sessionID else { throw Self.noAccount }
        let now = now
        try await write { try SessionRecords.end(id, at: now, in: $0) }
        accounts.cache.end([id])
        return NoContent()
    }

    fileprivate func check(_ call: CreateCrossSystemToken) throws(APIError) {
        let settings = accounts.settings
        var faults = Faults(besides: knownFaults)
        if !settings.crossSystemTargets.contains(call.targetSystem) {
            let known = settings.crossSystemTargets.joined(separator: ", ")
            faults.note("target_system", "must be one of \(known)")
        }
        try faults.check()
    }

    fileprivate func crossSystemToken(
        _ call: CreateCrossSystemToken
    ) async throws -> CrossSystemToken {
        let settings = accounts.settings
        var named: Set<Permission> = []
        let permissions = call.permissions.filter { named.insert($0).inserted }
        let missing = permissions.filter { !caller.may($0) }
        guard missing.isEmpty else {
            throw APIError(
                .forbidden,
                "You lack what the token would grant: "
                    + missing.map(\.rawValue).joined(separator: ", "))
        }
        let issued = now.milliseconds / 1000
        let expires = issued + Int64(settings.crossSystemSeconds)
        let claims = TokenClaims(
            iss: TokenClaims.ourselves, aud: call.targetSystem, sub: caller.id.description,
            sid: caller.sessionID?.description, jti: newTokenID(), iat: issued, exp: expires,
            type: .crossSystem, roles: [], permissions: permissions)
        return CrossSystemToken(
            token: try await accounts.tokens.sign(claims),
            expiresAt: Timestamp(milliseconds: expires * 1000), permissions: permissions)
    }
}
