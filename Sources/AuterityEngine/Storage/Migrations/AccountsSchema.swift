extension Migration {
    /// What accounts need besides their rows: sessions and their refresh tokens, failed logins,
    /// and the log of who did what.
    static let sessions = Migration(
        version: 2, name: "sessions", statements: sessionTables + failures + auditLog)

    private static let sessionTables: [SQLText] = [
        """
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),
            user_id INTEGER NOT NULL REFERENCES users (id),
            created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT)
        """,
        "CREATE INDEX sessions_user ON sessions (user_id, id) WHERE ended_at IS NULL",
        "CREATE INDEX sessions_expiry ON sessions (expires_at)",
        "CREATE INDEX sessions_end ON sessions (ended_at) WHERE ended_at IS NOT NULL",
        // The token itself is nowhere: `hash` is its SHA-256 in hexadecimal.
        """
        CREATE TABLE refresh_tokens (
            id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES sessions (id),
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64), created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL, used_at BIGINT)
        """,
        "CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id, id)",
        "CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at)",
        """
        CREATE INDEX users_created ON users (created_at, id) WHERE password_hash IS NOT NULL
        """,
        "CREATE INDEX user_roles_role ON user_roles (role_id)",
    ]

    private static let failures: [SQLText] = [
        // `account` is a keyed hash of the email that was given, whether it has an account or not.
        """
        CREATE TABLE login_failures (
            account TEXT PRIMARY KEY CHECK (length(account) = 64),
            failures INTEGER NOT NULL CHECK (failures >= 1), last_at BIGINT NOT NULL)
        """,
        "CREATE INDEX login_failures_age ON login_failures (last_at)",
    ]

    private static let auditLog: [SQLText] = [
        // `user_id` is a public id: users of the operating system need no row of theirs.
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, public_id TEXT NOT NULL, at BIGINT NOT NULL, user_id TEXT,
            user_name TEXT, action TEXT NOT NULL, target TEXT, status INTEGER NOT NULL,
            code TEXT, request_id TEXT, address TEXT)
        """,
        "CREATE INDEX audit_user ON audit (user_id, at) WHERE user_id IS NOT NULL",
        "CREATE INDEX audit_at ON audit (at)",
    ]
}
