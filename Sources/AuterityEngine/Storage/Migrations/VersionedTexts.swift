extension Migration {
    /// What `If-Match` is held against on a change of a template or a named message, and the
    /// indexes of lists of alerts.
    static let versionedTexts = Migration(
        version: 7, name: "versioned texts",
        statements: [
            "ALTER TABLE templates ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE messages ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
            """
            CREATE INDEX alerts_workflow ON alerts (workflow_id, id)
            WHERE workflow_id IS NOT NULL
            """,
        ])
}
