// Conventions of the schema: rows are clustered by an integer key in the order of their making;
// the public id, a UUID, stands in a unique column beside it. Times are milliseconds since 1970.
// Payloads stand in `execution_journal` and `blobs` only, so that lists never load one.

extension Migration {
    static let initial = Migration(
        version: 1, name: "initial",
        statements: accounts + templates + workflows + executions + journal + operations
            + monitoring)

    private static let accounts: [SQLText] = [
        """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),
            email TEXT NOT NULL, first_name TEXT NOT NULL DEFAULT '',
            last_name TEXT NOT NULL DEFAULT '', company TEXT NOT NULL DEFAULT '',
            password_hash TEXT, is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)
        """,
        // Only accounts log in by email; the users of the system beside them have no password.
        """
        CREATE UNIQUE INDEX users_email ON users (lower(email)) WHERE password_hash IS NOT NULL
        """,
        """
        CREATE TABLE roles (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            description TEXT NOT NULL DEFAULT '')
        """,
        """
        CREATE TABLE permissions (
            id INTEGER PRIMARY KEY, role_id INTEGER NOT NULL REFERENCES roles (id),
            name TEXT NOT NULL, UNIQUE (role_id, name))
        """,
        """
        CREATE TABLE user_roles (
            user_id INTEGER NOT NULL REFERENCES users (id),
            role_id INTEGER NOT NULL REFERENCES roles (id), PRIMARY KEY (user_id, role_id))
        """,
    ]

    private static let templates: [SQLText] = [
        """
        CREATE TABLE templates (
            id INTEGER PRIMARY KEY,
            public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),
            name TEXT NOT NULL, description TEXT NOT NULL, category TEXT NOT NULL,
            is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
            is_starter INTEGER NOT NULL CHECK (is_starter IN (0, 1)),
            usage_count INTEGER NOT NULL DEFAULT 0, parameter_count INTEGER NOT NULL DEFAULT 0,
            created_by INTEGER REFERENCES users (id), created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL, deleted_at BIGINT, definition TEXT NOT NULL)
        """,
        """
        CREATE TABLE template_parameters (
            id INTEGER PRIMARY KEY, template_id INTEGER NOT NULL REFERENCES templates (id),
            position INTEGER NOT NULL, name TEXT NOT NULL, specification TEXT NOT NULL,
            UNIQUE (template_id, name))
        """,
    ]

    private static let workflows: [SQLText] = [
        """
        CREATE TABLE workflows (
            id INTEGER PRIMARY KEY,
            public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),
            name TEXT NOT NULL, description TEXT NOT NULL,
            is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
            is_demo INTEGER NOT NULL CHECK (is_demo IN (0, 1)),
            version INTEGER NOT NULL CHECK (version >= 1),
            template_id INTEGER REFERENCES templates (id),
            created_by INTEGER NOT NULL REFERENCES users (id),
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT,
            kept_count INTEGER NOT NULL DEFAULT 0, started_count INTEGER NOT NULL DEFAULT 0,
            completed_count INTEGER NOT NULL DEFAULT 0, failed_count INTEGER NOT NULL DEFAULT 0,
            cancelled_count INTEGER NOT NULL DEFAULT 0,
            duration_total BIGINT NOT NULL DEFAULT 0, last_execution_at BIGINT,
            parameters TEXT NOT NULL DEFAULT '{}')
        """,
        "CREATE INDEX workflows_owner ON workflows (created_by, id)",
        "CREATE INDEX workflows_template ON workflows (template_id) WHERE template_id IS NOT NULL",
        """
        CREATE TABLE workflow_versions (
            id INTEGER PRIMARY KEY, workflow_id INTEGER NOT NULL REFERENCES workflows (id),
            version INTEGER NOT NULL CHECK (version >= 1), name TEXT NOT NULL,
            description TEXT NOT NULL, created_by INTEGER NOT NULL REFERENCES users (id),
            created_at BIGINT NOT NULL, definition TEXT NOT NULL,
            UNIQUE (workflow_id, version))
        """,
    ]

    private static let executions: [SQLText] = [
        """
        CREATE TABLE workflow_executions (
            id INTEGER PRIMARY KEY,
            public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),
            workflow_id INTEGER NOT NULL REFERENCES workflows (id),
            workflow_version INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN
                ('pending', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
            epoch INTEGER NOT NULL DEFAULT 1,
            progress INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
            steps_completed INTEGER NOT NULL DEFAULT 0, steps_total INTEGER NOT NULL,
            current_step TEXT, started_at BIGINT NOT NULL, completed_at BIGINT,
            duration BIGINT, head_seq BIGINT NOT NULL DEFAULT 0,
            error_code TEXT, error_step TEXT, error_message TEXT, blocked_by TEXT,
            started_by INTEGER NOT NULL REFERENCES users (id),
            is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
            retried_from TEXT, idempotency_key TEXT, webhook_url TEXT,
            parent_execution TEXT, parent_step TEXT)
        """,
        "CREATE INDEX executions_status ON workflow_executions (status, id)",
        "CREATE INDEX executions_workflow ON workflow_executions (workflow_id, id)",
        "CREATE INDEX executions_starter ON workflow_executions (started_by, id)",
        "CREATE INDEX executions_started ON workflow_executions (started_at, id)",
        """
        CREATE INDEX executions_unfinished ON workflow_executions (id)
        WHERE status IN ('pending', 'running', 'waiting')
        """,
        """
        CREATE INDEX executions_finished ON workflow_executions (completed_at)
        WHERE completed_at IS NOT NULL
        """,
        """
        CREATE TABLE idempotency_keys (
            id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
            workflow_id INTEGER NOT NULL REFERENCES workflows (id), key TEXT NOT NULL,
            body_hash TEXT NOT NULL, execution_id TEXT NOT NULL, created_at BIGINT NOT NULL,
            UNIQUE (user_id, workflow_id, key))
        """,
        "CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at)",
    ]

    private static let journal: [SQLText] = [
        """
        CREATE TABLE blobs (
            id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, size BIGINT NOT NULL,
            content TEXT NOT NULL)
        """,
        """
        CREATE TABLE execution_journal (
            seq INTEGER PRIMARY KEY,
            execution_id INTEGER REFERENCES workflow_executions (id),
            epoch INTEGER NOT NULL, kind TEXT NOT NULL, step_id TEXT, attempt INTEGER,
            at BIGINT NOT NULL, data TEXT, blob_id INTEGER REFERENCES blobs (id))
        """,
        "CREATE INDEX journal_execution ON execution_journal (execution_id, seq)",
        "CREATE INDEX journal_blob ON execution_journal (blob_id) WHERE blob_id IS NOT NULL",
        """
        CREATE TABLE timers (
            id INTEGER PRIMARY KEY,
            execution_id INTEGER NOT NULL REFERENCES workflow_executions (id),
            step_id TEXT NOT NULL, wake_at BIGINT NOT NULL, UNIQUE (execution_id, step_id))
        """,
        "CREATE INDEX timers_wake ON timers (wake_at)",
        """
        CREATE TABLE execution_logs (
            id INTEGER PRIMARY KEY, public_id TEXT NOT NULL, at BIGINT NOT NULL,
            level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
            execution_id INTEGER REFERENCES workflow_executions (id),
            workflow_id INTEGER REFERENCES workflows (id), user_id INTEGER REFERENCES users (id),
            step_id TEXT, message TEXT NOT NULL)
        """,
        """
        CREATE INDEX logs_execution ON execution_logs (execution_id, id)
        WHERE execution_id IS NOT NULL
        """,
        """
        CREATE INDEX logs_workflow ON execution_logs (workflow_id, id)
        WHERE workflow_id IS NOT NULL
        """,
    ]

    private static let operations: [SQLText] = [
        """
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
            text TEXT NOT NULL, html TEXT, updated_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE secrets (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key_id TEXT NOT NULL,
            nonce BLOB NOT NULL, sealed BLOB NOT NULL, workflows TEXT NOT NULL,
            updated_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE webhook_deliveries (
            id INTEGER PRIMARY KEY,
            execution_id INTEGER NOT NULL REFERENCES workflow_executions (id),
            url TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL)
        """,
        "CREATE INDEX webhook_deliveries_next ON webhook_deliveries (next_at)",
        "CREATE INDEX webhook_deliveries_execution ON webhook_deliveries (execution_id)",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ]

    private static let monitoring: [SQLText] = [
        """
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY,
            public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),
            severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
            source TEXT NOT NULL, message TEXT NOT NULL, value DOUBLE PRECISION,
            limit_value DOUBLE PRECISION, raised_at BIGINT NOT NULL, cleared_at BIGINT,
            acknowledged_at BIGINT, acknowledged_by TEXT, execution_id TEXT, workflow_id TEXT,
            seq BIGINT NOT NULL)
        """,
        "CREATE INDEX alerts_open ON alerts (id) WHERE cleared_at IS NULL",
        "CREATE UNIQUE INDEX alerts_seq ON alerts (seq)",
        """
        CREATE TABLE execution_minutes (
            minute BIGINT PRIMARY KEY, started INTEGER NOT NULL DEFAULT 0,
            completed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0)
        """,
        """
        CREATE TABLE ai_usage (
            day BIGINT NOT NULL, model TEXT NOT NULL, requests INTEGER NOT NULL,
            tokens BIGINT NOT NULL, cost DOUBLE PRECISION NOT NULL, PRIMARY KEY (day, model))
        """,
        """
        CREATE TABLE metrics_samples (
            resolution INTEGER NOT NULL, at BIGINT NOT NULL, figures TEXT NOT NULL,
            PRIMARY KEY (resolution, at))
        """,
    ]
}
