import AuterityAPI

/// Sessions and their refresh tokens as rows.
enum SessionRecords {
    /// A refresh token as the store knows it, and until when it is good.
    struct Refresh: Sendable {
        let hash: Fingerprint
        let expiresAt: Timestamp
        /// Of the session, which outlives its tokens.
        let sessionExpiresAt: Timestamp
    }

    /// Refresh tokens of one session that wait for their use. Renewing by bearer makes one each
    /// time; the oldest go.
    private static let waitingTokens = 10
    /// Used refresh tokens of one session that are kept to notice a second use.
    private static let usedTokens = 1000

    static func standing(
        of id: SessionID, in connection: any StoreConnection
    ) throws -> SessionCache.Standing {
        let found = try connection.first(
            "SELECT users.public_id, users.email, users.is_active, sessions.ended_at, "
                + RoleRecords.mask
                    + """
                     FROM sessions JOIN users ON users.id = sessions.user_id
                    WHERE sessions.public_id = $1 AND users.password_hash IS NOT NULL
                    """, [.text(id.description)]
        ) { row -> SessionCache.Standing in
            guard row.bool(2), row.isNull(3) else { return .ended }
            let roles = RoleRecords.roles(ofMask: row.int(4))
            return .live(
                Caller(
                    id: try row.identifier(0), name: row.text(1), roles: Set(roles),
                    sessionID: id))
        }
        return found ?? .ended
    }

    /// Begins a session. Answers those that ended for it, being too many.
    static func begin(
        _ id: SessionID, of user: Int64, _ refresh: Refresh, limit: Int, at now: Timestamp,
        in context: WriteContext
    ) throws -> [SessionID] {
        let row = try context.insert(
            """
            INSERT INTO sessions (public_id, user_id, created_at, expires_at)
            VALUES ($1, $2, $3, $4)
            """,
            [
                .text(id.description), .int(user), .int(now.milliseconds),
                .int(refresh.sessionExpiresAt.milliseconds),
            ])
        try insert(refresh, of: row, at: now, in: context)
        return try context.connection.all(
            """
            UPDATE sessions SET ended_at = $3
            WHERE user_id = $1 AND ended_at IS NULL AND id <= (SELECT id FROM sessions
                WHERE user_id = $1 AND ended_at IS NULL ORDER BY id DESC LIMIT 1 OFFSET $2)
            RETURNING public_id
            """, [.int(user), .int(limit), .int(now.milliseconds)]
        ) { try $0.identifier(0) }
    }

    static func end(_ id: SessionID, at now: Timestamp, in context: WriteContext) throws {
        try context.run(
            "UPDATE sessions SET ended_at = $2 WHERE public_id = $1 AND ended_at IS NULL",
            [.text(id.description), .int(now.milliseconds)])
    }

    /// Ends the sessions of an account but one. Answers which they were.
    static func endAll(
        of user: Int64, but kept: SessionID? = nil, at now: Timestamp, in context: WriteContext
    ) throws -> [SessionID] {
        try context.connection.all(
            """
            UPDATE sessions SET ended_at = $3
            WHERE user_id = $1 AND ended_at IS NULL AND public_id <> $2 RETURNING public_id
            """,
            [.int(user), .text(kept?.description ?? ""), .int(now.milliseconds)]
        ) { try $0.identifier(0) }
    }

    // MARK: - Refresh tokens

    struct Holder: Sendable {
        let session: SessionID
        let sessionRow: Int64
        let user: User
    }

    /// What came of a refresh token that was presented.
    enum Renewal: Sendable {
        case renewed(Holder)
        case unknown, expired, revoked
        /// Used before: somebody has stolen it, so the session has ended.
        case reused(SessionID)
    }

    /// Uses a refresh token up, and puts another in its place.
    static func renew(
        _ token: Fingerprint, with next: Refresh, at now: Timestamp, in context: WriteContext
    ) throws -> Renewal {
        let found = try context.connection.first(
            """
            SELECT refresh_tokens.id, refresh_tokens.expires_at, refresh_tokens.used_at,
                sessions.public_id
            FROM refresh_tokens JOIN sessions ON sessions.id = refresh_tokens.session_id
            WHERE refresh_tokens.hash = $1
            """, [.text(token.hexadecimal)]
        ) { row in
            (
                row: row.int(0), expiresAt: row.time(1), isUsed: !row.isNull(2),
                session: try row.identifier(3) as SessionID
            )
        }
        guard let found else { return .unknown }
        guard let holder = try holder(of: found.session, in: context.connection) else {
            return .revoked
        }
        if found.isUsed {
            try end(found.session, at: now, in: context)
            return .reused(found.session)
        }
        guard found.expiresAt > now else { return .expired }
        try context.run(
            "UPDATE refresh_tokens SET used_at = $2 WHERE id = $1",
            [.int(found.row), .int(now.milliseconds)])
        try extend(holder, with: next, at: now, in: context)
        return .renewed(holder)
    }

    /// A session that has not ended, of an active account.
    static func holder(
        of id: SessionID, in connection: any StoreConnection
    ) throws -> Holder? {
        try connection.first(
            "SELECT " + AccountRecords.fields
                + """
                , sessions.id FROM sessions JOIN users ON users.id = sessions.user_id
                WHERE sessions.public_id = $1 AND sessions.ended_at IS NULL
                    AND users.is_active = 1 AND users.password_hash IS NOT NULL
                """, [.text(id.description)]
        ) { row in
            Holder(
                session: id, sessionRow: row.int(8), user: try AccountRecords.decodeUser(row))
        }
    }

    /// Gives a session another refresh token, and the time that goes with it.
    static func extend(
        _ holder: Holder, with next: Refresh, at now: Timestamp, in context: WriteContext
    ) throws {
        try insert(next, of: holder.sessionRow, at: now, in: context)
        try context.run(
            "UPDATE sessions SET expires_at = $2 WHERE id = $1",
            [.int(holder.sessionRow), .int(next.sessionExpiresAt.milliseconds)])
        try context.run(
            """
            DELETE FROM refresh_tokens WHERE session_id = $1 AND used_at IS NULL AND id <=
                (SELECT id FROM refresh_tokens WHERE session_id = $1 AND used_at IS NULL
                    ORDER BY id DESC LIMIT 1 OFFSET $2)
            """, [.int(holder.sessionRow), .int(waitingTokens)])
        try context.run(
            """
            DELETE FROM refresh_tokens WHERE session_id = $1 AND used_at IS NOT NULL AND id <=
                (SELECT id FROM refresh_tokens WHERE session_id = $1 AND used_at IS NOT NULL
                    ORDER BY id DESC LIMIT 1 OFFSET $2)
            """, [.int(holder.sessionRow), .int(usedTokens)])
    }

    private static func insert(
        _ refresh: Refresh, of session: Int64, at now: Timestamp, in context: WriteContext
    ) throws {
        try context.run(
            """
            INSERT INTO refresh_tokens (session_id, hash, created_at, expires_at)
            VALUES ($1, $2, $3, $4)
            """,
            [
                .int(session), .text(refresh.hash.hexadecimal), .int(now.milliseconds),
                .int(refresh.expiresAt.milliseconds),
            ])
    }
}
