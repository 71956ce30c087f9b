public import AuterityAPI

extension Engine {
    /// Whose access token it is. A token that was seen before costs no query; roles, and whether
    /// the session and the account are good, are those of this moment.
    ///
    /// - Throws: 401 `UNAUTHORIZED`, `TOKEN_EXPIRED` or `TOKEN_REVOKED`; 503 while the store does
    ///   not work.
    public func authenticate(token: String) async throws(APIError) -> AuthenticatedSession {
        try await core.authenticate(token)
    }

    /// Grows with every change of an account or a session: whoever keeps an authenticated session
    /// asks again when it has grown.
    public var accountsRevision: UInt64 { core.foundation.accounts.cache.revision }
}

extension EngineCore {
    func authenticate(_ token: String) async throws(APIError) -> AuthenticatedSession {
        guard (1...TokenKey.maximumBytes).contains(token.utf8.count) else {
            throw TokenKey.refusal
        }
        let fingerprint = Fingerprint(of: token)
        let cache = foundation.accounts.cache
        let known = cache.lookUp(fingerprint)
        let claim: SessionCache.Claim
        if let known {
            claim = known.claim
            guard claim.expiresAt > configuration.clock.now() else { throw TokenKey.expired }
        } else {
            claim = try await verifiedClaim(of: token)
            cache.note(claim, of: fingerprint)
        }
        let standing: SessionCache.Standing
        if let remembered = known?.standing ?? cache.standing(of: claim.session) {
            standing = remembered
        } else {
            standing = try await readStanding(of: claim)
        }
        guard case .live(let caller) = standing else { throw TokenKey.revoked }
        guard caller.id == claim.user else { throw TokenKey.refusal }
        return AuthenticatedSession(caller: caller, expiresAt: claim.expiresAt)
    }

    private func verifiedClaim(of token: String) async throws(APIError) -> SessionCache.Claim {
        let claims = try await foundation.accounts.tokens.accessClaims(
            of: token, now: configuration.clock.now())
        guard let user = UserID(claims.sub), let session = claims.sid.flatMap({ SessionID($0) })
        else { throw TokenKey.refusal }
        return SessionCache.Claim(
            session: session, user: user,
            expiresAt: Timestamp(milliseconds: claims.exp * 1000))
    }

    private func readStanding(
        of claim: SessionCache.Claim
    ) async throws(APIError) -> SessionCache.Standing {
        let cache = foundation.accounts.cache
        let revision = cache.revision
        let id = claim.session
        do {
            let standing = try await session.store.readBriefly { connection in
                try SessionRecords.standing(of: id, in: connection)
            }
            cache.note(standing, of: id, readAt: revision)
            return standing
        } catch {
            throw answer(for: error, doing: "authentication")
        }
    }
}
