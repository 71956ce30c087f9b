extension Migration {
    /// Lists, their totals and their searches cost the same however many rows there are.
    static let countedLists = Migration(
        version: 5, name: "counted lists",
        statements: owners + executionIndexes + logIndexes + workflowIndexes + counts
            + searches)

    /// The owner of the workflow stands in the row, so that one index finds what they may see.
    private static let owners: [SQLText] = [
        "ALTER TABLE workflow_executions ADD COLUMN owner_id INTEGER NOT NULL DEFAULT 0",
        "DROP INDEX executions_status",
        "DROP INDEX executions_workflow",
        "DROP INDEX executions_starter",
        "DROP INDEX executions_finished",
        """
        UPDATE workflow_executions SET owner_id =
            (SELECT created_by FROM workflows WHERE workflows.id = workflow_id)
        """,
        "ALTER TABLE execution_logs ADD COLUMN owner_id INTEGER",
        """
        UPDATE execution_logs SET owner_id =
            (SELECT created_by FROM workflows WHERE workflows.id = workflow_id)
        WHERE workflow_id IS NOT NULL
        """,
    ]

    /// Each ends in the order of the list, newest first.
    private static let executionIndexes: [SQLText] = [
        "CREATE INDEX executions_status ON workflow_executions (status, started_at, id)",
        "CREATE INDEX executions_workflow ON workflow_executions (workflow_id, started_at, id)",
        "CREATE INDEX executions_owner ON workflow_executions (owner_id, started_at, id)",
        """
        CREATE INDEX executions_foreign ON workflow_executions (started_by, started_at, id)
        WHERE started_by <> owner_id
        """,
        """
        CREATE INDEX executions_completed ON workflow_executions (completed_at, id)
        WHERE completed_at IS NOT NULL
        """,
        """
        CREATE INDEX executions_duration ON workflow_executions (duration, id)
        WHERE completed_at IS NOT NULL
        """,
        """
        CREATE INDEX executions_progress ON workflow_executions (progress, id)
        WHERE completed_at IS NOT NULL
        """,
        """
        CREATE INDEX executions_ended ON workflow_executions (status, id)
        WHERE completed_at IS NOT NULL
        """,
        "CREATE INDEX executions_demo ON workflow_executions (id) WHERE is_demo = 1",
    ]

    private static let logIndexes: [SQLText] = [
        "DROP INDEX logs_execution",
        "DROP INDEX logs_workflow",
        """
        CREATE INDEX logs_execution ON execution_logs (execution_id, at, id)
        WHERE execution_id IS NOT NULL
        """,
        """
        CREATE INDEX logs_workflow ON execution_logs (workflow_id, at, id)
        WHERE workflow_id IS NOT NULL
        """,
        """
        CREATE INDEX logs_owner ON execution_logs (owner_id, at, id) WHERE owner_id IS NOT NULL
        """,
        "CREATE INDEX logs_user ON execution_logs (user_id, at, id) WHERE user_id IS NOT NULL",
        "CREATE INDEX logs_time ON execution_logs (at, id)",
        "CREATE INDEX logs_level ON execution_logs (level, id)",
    ]

    private static let workflowIndexes: [SQLText] = [
        "DROP INDEX workflows_owner",
        """
        CREATE INDEX workflows_owner ON workflows (created_by, id, is_active)
        WHERE deleted_at IS NULL
        """,
        "CREATE INDEX workflows_name ON workflows (lower(name), id)",
        "CREATE INDEX workflows_updated ON workflows (updated_at, id) WHERE deleted_at IS NULL",
    ]

    /// What is kept, by status, over all (`subject` 0), for each user who sees it by being the
    /// owner or the starter, and for each workflow; and what ever was, over all and for each user.
    /// `+ 0` keeps the database from reading the rows in the order of an index: sorting is faster.
    private static let counts: [SQLText] = [
        """
        CREATE TABLE execution_counts (
            scope TEXT NOT NULL CHECK (scope IN ('all', 'user', 'workflow')),
            subject INTEGER NOT NULL, status TEXT NOT NULL, kept INTEGER NOT NULL,
            PRIMARY KEY (scope, subject, status))
        """,
        """
        INSERT INTO execution_counts (scope, subject, status, kept)
        SELECT 'all', 0, status, count(*) FROM workflow_executions GROUP BY status
        """,
        """
        INSERT INTO execution_counts (scope, subject, status, kept)
        SELECT 'workflow', workflow_id + 0, status, count(*) FROM workflow_executions
        GROUP BY workflow_id + 0, status
        """,
        """
        INSERT INTO execution_counts (scope, subject, status, kept)
        SELECT 'user', viewer, status, count(*) FROM (
            SELECT owner_id + 0 AS viewer, status FROM workflow_executions
            UNION ALL SELECT started_by, status FROM workflow_executions
                WHERE started_by <> owner_id) AS seen
        GROUP BY viewer, status
        """,
        """
        CREATE TABLE execution_totals (
            scope TEXT NOT NULL CHECK (scope IN ('all', 'user')), subject INTEGER NOT NULL,
            started BIGINT NOT NULL, completed BIGINT NOT NULL, failed BIGINT NOT NULL,
            cancelled BIGINT NOT NULL, duration BIGINT NOT NULL, PRIMARY KEY (scope, subject))
        """,
        """
        INSERT INTO execution_totals
            (scope, subject, started, completed, failed, cancelled, duration)
        SELECT 'all', 0, coalesce(sum(started_count), 0), coalesce(sum(completed_count), 0),
            coalesce(sum(failed_count), 0), coalesce(sum(cancelled_count), 0),
            coalesce(sum(duration_total), 0)
        FROM workflows
        """,
        """
        INSERT INTO execution_totals
            (scope, subject, started, completed, failed, cancelled, duration)
        SELECT 'user', viewer, sum(started), sum(completed), sum(failed), sum(cancelled),
            sum(duration)
        FROM (
            SELECT created_by AS viewer, started_count AS started, completed_count AS completed,
                failed_count AS failed, cancelled_count AS cancelled, duration_total AS duration
            FROM workflows
            UNION ALL SELECT started_by, 1, status = 'completed', status = 'failed',
                status = 'cancelled', coalesce(duration, 0)
            FROM workflow_executions WHERE started_by <> owner_id) AS seen
        GROUP BY viewer
        """,
        """
        CREATE TABLE execution_user_minutes (
            user_id INTEGER NOT NULL, minute BIGINT NOT NULL, started INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (user_id, minute))
        """,
        """
        INSERT INTO execution_user_minutes (user_id, minute, started, failed)
        SELECT viewer, minute, sum(started), sum(failed) FROM (
            SELECT owner_id AS viewer, started_at / 60000 AS minute, 1 AS started, 0 AS failed
            FROM workflow_executions
            WHERE started_at > (SELECT max(started_at) - 86400000 FROM workflow_executions)
            UNION ALL SELECT owner_id, completed_at / 60000, 0, 1 FROM workflow_executions
            WHERE status = 'failed'
                AND completed_at > (SELECT max(started_at) - 86400000 FROM workflow_executions))
            AS seen
        GROUP BY viewer, minute
        """,
        "CREATE INDEX execution_user_minutes_age ON execution_user_minutes (minute)",
    ]

    /// Finds texts of three characters and more anywhere in a text. SQLite's own
    /// (https://sqlite.org/fts5.html#the_trigram_tokenizer); triggers keep it in step.
    private static let searches: [SQLText] = [
        """
        CREATE VIRTUAL TABLE workflow_search USING fts5 (
            name, description, content = 'workflows', content_rowid = 'id',
            tokenize = 'trigram')
        """,
        "INSERT INTO workflow_search (workflow_search) VALUES ('rebuild')",
        """
        CREATE TRIGGER workflow_search_insert AFTER INSERT ON workflows BEGIN
            INSERT INTO workflow_search (rowid, name, description)
            VALUES (new.id, new.name, new.description);
        END
        """,
        """
        CREATE TRIGGER workflow_search_delete AFTER DELETE ON workflows BEGIN
            INSERT INTO workflow_search (workflow_search, rowid, name, description)
            VALUES ('delete', old.id, old.name, old.description);
        END
        """,
        """
        CREATE TRIGGER workflow_search_update AFTER UPDATE OF name, description ON workflows
        WHEN old.name <> new.name OR old.description <> new.description BEGIN
            INSERT INTO workflow_search (workflow_search, rowid, name, description)
            VALUES ('delete', old.id, old.name, old.description);
            INSERT INTO workflow_search (rowid, name, description)
            VALUES (new.id, new.name, new.description);
        END
        """,
        """
        CREATE VIRTUAL TABLE execution_search USING fts5 (
            error_code, error_message, content = 'workflow_executions', content_rowid = 'id',
            tokenize = 'trigram')
        """,
        """
        INSERT INTO execution_search (rowid, error_code, error_message)
        SELECT id, error_code, error_message FROM workflow_executions
        WHERE error_code IS NOT NULL
        """,
        """
        CREATE TRIGGER execution_search_update AFTER UPDATE OF error_code ON workflow_executions
        WHEN old.error_code IS NULL AND new.error_code IS NOT NULL BEGIN
            INSERT INTO execution_search (rowid, error_code, error_message)
            VALUES (new.id, new.error_code, new.error_message);
        END
        """,
        """
        CREATE TRIGGER execution_search_delete AFTER DELETE ON workflow_executions
        WHEN old.error_code IS NOT NULL BEGIN
            INSERT INTO execution_search (execution_search, rowid, error_code, error_message)
            VALUES ('delete', old.id, old.error_code, old.error_message);
        END
        """,
    ]
}
