import AuterityAPI

/// Takes sessions, refresh tokens, failed logins and entries of the audit log out of the store
/// that are of no use any more.
enum AccountPruning {
    /// Rows of a table that one slice deletes at most.
    static let sliceRows = 2000
    /// Entries of the audit log that are kept, however young.
    static let auditRows = 5_000_000
    /// Seconds that an ended session is kept.
    private static let endedSeconds = 86_400.0

    /// Answers whether nothing was left to prune.
    static func slice(
        at now: Timestamp, _ settings: AccountSettings, in context: WriteContext
    ) throws -> Bool {
        let ended = now.adding(seconds: -endedSeconds)
        let failed = now.adding(seconds: -settings.lockout.forgetSeconds)
        let audited = now.adding(seconds: -Double(settings.auditRetentionDays) * 86_400)
        let counts = [
            try refreshTokens(ended: ended, now: now, in: context),
            try sessions(ended: ended, now: now, in: context),
            try context.run(
                """
                DELETE FROM login_failures WHERE account IN (SELECT account FROM login_failures
                    WHERE last_at <= $1 ORDER BY last_at LIMIT $2)
                """, [.int(failed.milliseconds), .int(sliceRows)]),
            try context.run(
                """
                DELETE FROM login_failures WHERE account IN (SELECT account FROM login_failures
                    ORDER BY last_at DESC LIMIT $2 OFFSET $1)
                """, [.int(LoginFailureRecords.limit), .int(sliceRows)]),
            try context.run(
                """
                DELETE FROM audit WHERE id IN
                    (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)
                """, [.int(audited.milliseconds), .int(sliceRows)]),
            try context.run(
                """
                DELETE FROM audit WHERE id IN (SELECT id FROM audit
                    WHERE id <= (SELECT max(id) FROM audit) - $1 ORDER BY id LIMIT $2)
                """, [.int(auditRows), .int(sliceRows)]),
        ]
        return counts.allSatisfy { $0 < sliceRows }
    }

    private static func refreshTokens(
        ended: Timestamp, now: Timestamp, in context: WriteContext
    ) throws -> Int {
        let expired = try context.run(
            """
            DELETE FROM refresh_tokens WHERE id IN (SELECT id FROM refresh_tokens
                WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
            """, [.int(now.milliseconds), .int(sliceRows)])
        let orphaned = try context.run(
            """
            DELETE FROM refresh_tokens WHERE id IN (SELECT refresh_tokens.id
                FROM sessions JOIN refresh_tokens ON refresh_tokens.session_id = sessions.id
                WHERE sessions.ended_at <= $1 LIMIT $2)
            """, [.int(ended.milliseconds), .int(sliceRows)])
        return max(expired, orphaned)
    }

    private static func sessions(
        ended: Timestamp, now: Timestamp, in context: WriteContext
    ) throws -> Int {
        let expired = try context.run(
            """
            DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1
                AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE session_id = sessions.id)
                ORDER BY expires_at LIMIT $2)
            """, [.int(now.milliseconds), .int(sliceRows)])
        let over = try context.run(
            """
            DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ended_at <= $1
                AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE session_id = sessions.id)
                ORDER BY ended_at LIMIT $2)
            """, [.int(ended.milliseconds), .int(sliceRows)])
        return max(expired, over)
    }
}
