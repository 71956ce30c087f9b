extension Migration {
    /// Warnings and errors are found at once among any number of other lines, in the order of
    /// the list. They are few, and the other lines pay nothing for these indexes.
    static let severeLogs = Migration(
        version: 6, name: "severe log lines",
        statements: [
            "CREATE INDEX logs_severe ON execution_logs (level, at, id) WHERE level >= 2",
            """
            CREATE INDEX logs_severe_owner ON execution_logs (owner_id, level, at, id)
            WHERE level >= 2
            """,
            """
            CREATE INDEX logs_severe_workflow ON execution_logs (workflow_id, level, at, id)
            WHERE level >= 2
            """,
        ])
}
