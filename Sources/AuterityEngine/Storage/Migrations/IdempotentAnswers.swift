extension Migration {
    /// A repeated call is answered as the first one was, whatever became of the execution.
    static let idempotentAnswers = Migration(
        version: 3, name: "idempotent answers",
        statements: [
            """
            ALTER TABLE idempotency_keys ADD COLUMN status TEXT NOT NULL DEFAULT 'running'
                CHECK (status IN ('pending', 'running'))
            """
        ])
}
