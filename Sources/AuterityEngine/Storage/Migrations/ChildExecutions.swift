extension Migration {
    /// Executions that steps of others start.
    static let childExecutions = Migration(
        version: 4, name: "child executions",
        statements: [
            "ALTER TABLE workflow_executions ADD COLUMN parent_attempt INTEGER",
            "ALTER TABLE workflow_executions ADD COLUMN parent_item INTEGER",
            "ALTER TABLE workflow_executions ADD COLUMN depth INTEGER NOT NULL DEFAULT 0",
            // The same item is never begun twice in one attempt.
            """
            CREATE UNIQUE INDEX executions_parent ON workflow_executions
                (parent_execution, parent_step, parent_attempt, parent_item)
            WHERE parent_execution IS NOT NULL
            """,
            """
            CREATE TABLE child_ends (
                id INTEGER PRIMARY KEY, parent TEXT NOT NULL,
                child_id INTEGER NOT NULL UNIQUE REFERENCES workflow_executions (id))
            """,
            "CREATE INDEX child_ends_parent ON child_ends (parent, id)",
        ])
}
