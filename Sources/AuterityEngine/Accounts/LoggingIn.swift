import AuterityAPI
import Logging

extension Request {
    var accounts: Accounts { core.foundation.accounts }

    // MARK: - Beginning a session

    func logIn(email: String, password: String) async throws -> TokenGrant {
        let attempt = try accounts.throttle.begin(email: email, from: caller.origin, at: now)
        let account: AccountRecords.Record?
        let isRight: Bool
        do {
            account = try await read { try AccountRecords.find(email: email, in: $0) }
            isRight = try await accounts.passwords.verify(
                password, against: account?.passwordHash)
        } catch {
            accounts.throttle.abandon(attempt)
            throw error
        }
        guard let account, isRight else {
            failed(attempt)
            throw Self.wrongCredentials
        }
        let hadFailures = accounts.throttle.succeed(attempt)
        guard account.user.isActive else { throw Self.inactiveAccount }
        return try await beginSession(account, forgetting: hadFailures ? attempt.account : nil)
    }

    private func beginSession(
        _ account: AccountRecords.Record, forgetting failures: Fingerprint?
    ) async throws -> TokenGrant {
        let (id, now, limit) = (newID() as SessionID, now, accounts.settings.sessionsPerAccount)
        let (token, refresh) = try newRefreshToken()
        let (user, ended) = try await write { context in
            if let failures { try LoginFailureRecords.remove(failures, in: context) }
            // Hashing took a while, in which the account may have changed.
            guard let current = try AccountRecords.find(account.user.id, in: context.connection),
                current.passwordHash == account.passwordHash
            else { throw Self.wrongCredentials }
            guard current.user.isActive else { throw Self.inactiveAccount }
            let ended = try SessionRecords.begin(
                id, of: current.row, refresh, limit: limit, at: now, in: context)
            return (current.user, ended)
        }
        accounts.cache.end(ended)
        auditMark.account(user)
        return try await grant(user, session: id, refreshToken: token)
    }

    /// Keeps the failure over a restart; the answer does not wait for that, lest it tell more than
    /// it says.
    func failed(_ attempt: LoginThrottle.Attempt) {
        core.foundation.figures.countLoginFailure()
        let failures = accounts.throttle.fail(attempt, at: now)
        let logger = core.logger
        let operation = WriteOperation(
            mayFail: false, apply: { try LoginFailureRecords.put(failures, in: $0) },
            finish: { outcome in
                guard case .failure(let error) = outcome else { return }
                logger.error("a failed login could not be written down: \(error)")
            })
        do {
            try session.writer.submit(operation)
        } catch {
            logger.error("a failed login could not be written down: \(error)")
        }
    }

    private static var wrongCredentials: APIError {
        APIError(.invalidCredentials, "The email or the password is wrong")
    }

    private static var inactiveAccount: APIError {
        APIError(.inactiveAccount, "The account is not active. Ask an administrator")
    }

    // MARK: - Renewing a session

    func renew(refreshToken: String) async throws -> TokenGrant {
        let now = now
        let (token, refresh) = try newRefreshToken()
        let presented = Fingerprint(of: refreshToken)
        let renewal = try await write { context in
            try SessionRecords.renew(presented, with: refresh, at: now, in: context)
        }
        switch renewal {
        case .renewed(let holder):
            auditMark.account(holder.user)
            return try await grant(holder.user, session: holder.session, refreshToken: token)
        case .reused(let session):
            accounts.cache.end([session])
            throw APIError(
                .tokenRevoked,
                "The refresh token was used before, so its session has ended. Log in again")
        case .revoked: throw TokenKey.revoked
        case .expired:
            throw APIError(.tokenExpired, "The refresh token has expired. Log in again")
        case .unknown:
            throw APIError(.unauthorized, "The refresh token is not valid. Log in again")
        }
    }

    /// Renews the session of the bearer token, which stays good to its end.
    func renewByBearer() async throws -> TokenGrant {
        guard let id = caller.sessionID else {
            throw APIError(
                .unauthorized,
                "A session is renewed by its refresh token or by a bearer token; give one of them")
        }
        let now = now
        let (token, refresh) = try newRefreshToken()
        let holder = try await write { context in
            let holder = try SessionRecords.holder(of: id, in: context.connection)
            if let holder {
                try SessionRecords.extend(holder, with: refresh, at: now, in: context)
            }
            return holder
        }
        guard let holder else { throw TokenKey.revoked }
        return try await grant(holder.user, session: id, refreshToken: token)
    }

    // MARK: - Tokens

    /// Bytes of a refresh token.
    private static let refreshTokenSize = 32

    private func newRefreshToken() throws -> (token: String, refresh: SessionRecords.Refresh) {
        guard let bytes = randomBytes(Self.refreshTokenSize) else {
            throw APIError(.internalError, "The system gave no random bytes. Try again")
        }
        let (token, settings) = (base64URL(bytes), accounts.settings)
        let life = Double(settings.refreshTokenSeconds)
        let session = max(life, Double(settings.accessTokenSeconds))
        return (
            token,
            SessionRecords.Refresh(
                hash: Fingerprint(of: token), expiresAt: now.adding(seconds: life),
                sessionExpiresAt: now.adding(seconds: session))
        )
    }

    private func grant(
        _ user: User, session: SessionID, refreshToken: String
    ) async throws -> TokenGrant {
        let settings = accounts.settings
        let issued = now.milliseconds / 1000
        let claims = TokenClaims(
            iss: TokenClaims.ourselves, aud: TokenClaims.ourselves, sub: user.id.description,
            sid: session.description, jti: newTokenID(), iat: issued,
            exp: issued + Int64(settings.accessTokenSeconds), type: .access,
            roles: user.roles.map(\.rawValue))
        return TokenGrant(
            accessToken: try await accounts.tokens.sign(claims),
            expiresIn: settings.accessTokenSeconds, refreshToken: refreshToken,
            refreshExpiresIn: settings.refreshTokenSeconds)
    }

    func newTokenID() -> String { (newID() as Identifier<TokenClaims>).description }
}
