public import AuterityAPI
import Glibc

/// What a store is found to be: its figures, and whether what must hold of it holds. Reads one
/// snapshot, beside an owner that goes on.
public struct StoreInspection: Sendable {
    /// One thing that must hold.
    public struct Rule: Sendable {
        /// One word, such as `integrity`.
        public let id: String
        /// Such as `the database is whole`.
        public let name: String
        /// What broke it, as a sentence; `nil` when it holds.
        public let fault: String?
        /// What to do then.
        public let advice: String
        /// Whether work can go on though it is broken.
        public let isBearable: Bool
    }

    public let schemaVersion: Int
    public let newestSchemaVersion: Int
    /// Bytes of the database and of the log before it.
    public let size: Int64
    public let logSize: Int64
    public let workflows: Int64
    public let executions: Int64
    /// Executions that are pending, running or waiting.
    public let unfinished: Int64
    /// Secrets that are kept.
    public let secrets: Int64
    public let rules: [Rule]

    /// - Parameters:
    ///   - isWhole: reads every page, which takes as long as the store is large.
    ///   - now: for what is overdue; `nil` when no engine works on the store.
    /// - Throws: an `EngineError` when there is no store, or none that can be read.
    public static func inspect(
        dataDirectory: String, isWhole: Bool, now: Timestamp?
    ) throws(EngineError) -> StoreInspection {
        let directory = StoreDirectory(path: dataDirectory)
        let database = try ReadOnlyDatabase(path: directory.database)
        do {
            try database.connection.run("BEGIN", [])
            let version = try database.schemaVersion()
            try Migrator.refuseNewer(version, at: directory.database)
            return try StoreInspection(directory, database, version, isWhole: isWhole, now: now)
        } catch let error as EngineError {
            throw error
        } catch {
            throw SQLiteStore.openingError(error, at: directory.database)
        }
    }

    private init(
        _ directory: StoreDirectory, _ database: ReadOnlyDatabase, _ version: Int, isWhole: Bool,
        now: Timestamp?
    ) throws {
        let connection = database.connection
        schemaVersion = version
        newestSchemaVersion = Migrator.newestVersion
        size = fileSize(directory.database)
        logSize = fileSize(directory.database + "-wal")
        guard version > 0 else {
            (workflows, executions, unfinished, secrets, rules) = (0, 0, 0, 0, [])
            return
        }
        workflows = try connection.number(
            "SELECT count(*) FROM workflows WHERE deleted_at IS NULL")
        executions = try connection.number("SELECT count(*) FROM workflow_executions")
        unfinished = try connection.number(
            """
            SELECT count(*) FROM workflow_executions
            WHERE status IN ('pending', 'running', 'waiting')
            """)
        secrets = try connection.number("SELECT count(*) FROM secrets")
        var rules: [Rule] = []
        if isWhole {
            rules.append(try Self.integrity(of: database))
            rules.append(try Self.references(in: connection))
        }
        rules += try StoreInvariant.all.map { try $0.hold(in: connection) }
        if let now { rules.append(try StoreInvariant.punctuality(in: connection, now: now)) }
        rules.append(try StoreInvariant.readableSecrets(in: connection, directory))
        self.rules = rules
    }

    private static func integrity(of database: ReadOnlyDatabase) throws -> Rule {
        let faults = try database.faults(isThorough: false)
        return Rule(
            id: "integrity", name: "the database is whole",
            fault: faults.first.map { "SQLite says: \($0)" },
            advice: "Stop the engine, keep a copy of the directory, and restore a backup",
            isBearable: false)
    }

    private static func references(in connection: any StoreConnection) throws -> Rule {
        let tables = try connection.all("PRAGMA foreign_key_check") { $0.text(0) }
        return Rule(
            id: "references", name: "every row that is referred to is there",
            fault: tables.first.map { "\(tables.count) references lead nowhere, from \($0)" },
            advice: "Report it with this page; restore a backup when executions fail by it",
            isBearable: true)
    }
}
