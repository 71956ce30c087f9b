import AuterityAPI

/// Brings a store to the version of the schema that this build knows.
struct Migrator {
    let database: String
    let migrations: [Migration]
    let now: Timestamp

    static var newestVersion: Int { Migration.all.last?.version ?? 0 }

    static func refuseNewer(_ version: Int, at path: String) throws(EngineError) {
        guard version > newestVersion else { return }
        throw EngineError(
            .newerDatabase,
            "The database \(path) has schema version \(version), and this build knows up to "
                + "\(newestVersion). Nothing was changed. Update Auterity, or name another "
                + "directory with --data-dir.")
    }

    /// Each migration in a transaction of its own.
    func run(on store: any Store) throws {
        try store.write { connection in
            try connection.run(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
                    applied_at BIGINT NOT NULL)
                """, [])
            let applied = try applied(connection)
            try Self.refuseNewer(applied.keys.max() ?? 0, at: database)
            for migration in migrations {
                if let known = applied[migration.version] {
                    try hold(migration, against: known)
                } else {
                    try apply(migration, to: store, connection)
                }
            }
        }
    }

    private func applied(_ connection: any StoreConnection) throws -> [Int: String] {
        let rows = try connection.all("SELECT version, checksum FROM schema_migrations") { row in
            (Int(row.int(0)), row.text(1))
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    private func hold(_ migration: Migration, against checksum: String) throws(EngineError) {
        guard migration.checksum != checksum else { return }
        throw EngineError(
            .changedMigration,
            "The database \(database) was made with another form of migration "
                + "\(migration.version) (\(migration.name)). Nothing was changed. Use the build "
                + "that made it, or name another directory with --data-dir.")
    }

    private func apply(
        _ migration: Migration, to store: any Store, _ connection: any StoreConnection
    ) throws {
        try store.begin(connection)
        do {
            for statement in migration.statements { try connection.run(statement, []) }
            try connection.run(
                """
                INSERT INTO schema_migrations (version, name, checksum, applied_at)
                VALUES ($1, $2, $3, $4)
                """,
                [
                    .int(migration.version), .text(migration.name), .text(migration.checksum),
                    .int(now.milliseconds),
                ])
            try connection.markSchema(version: migration.version)
            try store.commit(connection)
        } catch {
            store.rollBack(connection)
            throw error
        }
    }
}
