import AuterityAPI
import CFileStatus
import GRDB
import GRDBSQLite
import Glibc
import Synchronization

/// The store on SQLite: one connection that writes, a pool that reads snapshots beside it.
final class SQLiteStore: Store {
    private let pool: DatabasePool
    private let briefReaders: BriefReaders
    private let path: String
    private let maximumReaders: Int
    private let activeReaders = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private let connections = Mutex<[Int: Prepared]>([:])

    /// A connection with its statements; used only on the queue of its GRDB connection, and
    /// finalized after the last use: that is why it may cross.
    private struct Prepared: @unchecked Sendable {
        let connection: SQLiteConnection
    }

    /// Bytes of the write-ahead log above which it is restarted.
    static let logLimit: Int64 = 64 << 20

    /// Opens or makes the database. The directory was prepared and the lock is held.
    init(path: String, readers: Int) throws {
        self.path = path
        maximumReaders = readers
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.label = "auterity"
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            // Takes effect only before the first table; GRDB's own set-up comes after this. It
            // writes, which a connection that only reads must not.
            if !database.configuration.readonly {
                try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            if let handle = database.sqliteConnection { try WordSearch.add(to: handle) }
            try database.execute(sql: "PRAGMA cache_size = -\(Self.cacheKibibytes)")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        pool = try DatabasePool(path: path, configuration: configuration)
        briefReaders = BriefReaders(path: path, limit: readers)
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
            try database.execute(sql: "PRAGMA journal_size_limit = \(Self.logLimit)")
        }
    }

    private static let busySeconds = 5.0
    /// What each connection keeps of the database in memory; the rest is in the system's.
    private static let cacheKibibytes = 4 << 10
    /// Pages of 4 KiB after which SQLite moves the log into the database by itself.
    private static let checkpointPages = 4000

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read { database in
                self.activeReaders.wrappingAdd(1, ordering: .relaxed)
                defer { self.activeReaders.wrappingSubtract(1, ordering: .relaxed) }
                return try body(self.connection(of: database))
            }
        } catch let error as StoreError where error.kind == .interrupted {
            throw CancellationError()
        } catch  where isClosed.load(ordering: .acquiring) {
            // It was asked of while another took its place.
            throw CancellationError()
        }
    }

    func readBriefly<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Value
    ) async throws -> Value {
        guard let reader = briefReaders.take() else { return try await read(body) }
        do {
            defer { briefReaders.give(reader) }
            activeReaders.wrappingAdd(1, ordering: .relaxed)
            defer { activeReaders.wrappingSubtract(1, ordering: .relaxed) }
            return try reader.read(body)
        } catch let error as StoreError where error.kind == .busy {
            // The log is being restarted or recovered: the others know how to wait.
            return try await read(body)
        }
    }

    func write<Value>(_ body: (any StoreConnection) throws -> Value) throws -> Value {
        if isClosed.load(ordering: .acquiring) {
            throw StoreError(kind: .interrupted, message: "the store is closed")
        }
        return try pool.writeWithoutTransaction { database in
            try body(connection(of: database))
        }
    }

    private func connection(of database: Database) throws -> SQLiteConnection {
        guard let handle = database.sqliteConnection else {
            throw StoreError(kind: .other, message: "the connection is closed")
        }
        let key = Int(bitPattern: handle)
        if let known = connections.withLock({ $0[key] }) { return known.connection }
        let made = Prepared(connection: SQLiteConnection(handle: handle))
        connections.withLock { $0[key] = made }
        return made.connection
    }

    func begin(_ connection: any StoreConnection) throws(StoreError) {
        try connection.run("BEGIN IMMEDIATE", [])
    }

    func commit(_ connection: any StoreConnection) throws(StoreError) {
        try connection.run("COMMIT", [])
    }

    func rollBack(_ connection: any StoreConnection) {
        // Fails when SQLite has rolled back by itself, which is as good.
        _ = try? connection.run("ROLLBACK", [])
    }

    func restartLogIfLarge() throws(StoreError) {
        guard fileSize(path + "-wal") > Self.logLimit else { return }
        try checkpoint("PRAGMA wal_checkpoint(RESTART)")
    }

    private func checkpoint(_ sql: SQLText) throws(StoreError) {
        do {
            try write { connection in
                _ = try connection.number(sql)
            }
        } catch let error as StoreError {
            // A reader holds an old snapshot: the next batch tries again.
            if error.kind != .busy { throw error }
        } catch {
            throw StoreError(kind: .other, message: "\(error)")
        }
    }

    func giveBackSpace(pages: Int) throws(StoreError) {
        if isClosed.load(ordering: .acquiring) { return }
        do {
            try pool.writeWithoutTransaction { database in
                try connection(of: database).giveBackSpace(pages: pages)
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(kind: .other, message: "\(error)")
        }
    }

    var size: Int64 { fileSize(path) + logSize }
    var logSize: Int64 { fileSize(path + "-wal") }

    var readers: (active: Int, idle: Int, maximum: Int) {
        let active = activeReaders.load(ordering: .relaxed)
        let open = connections.withLock { max(0, $0.count - 1) }
        return (active, max(0, open - active), maximumReaders)
    }

    func close() {
        // A closed pool must not be asked again.
        if isClosed.load(ordering: .acquiring) { return }
        briefReaders.close()
        try? checkpoint("PRAGMA wal_checkpoint(TRUNCATE)")
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // Statements that a reader still steps through must not be finalized.
        try? pool.barrierWriteWithoutTransaction { _ in
            connections.withLock { connections in
                for prepared in connections.values { prepared.connection.finalize() }
                connections = [:]
            }
        }
        try? pool.close()
    }
}

/// Bytes; 0 when there is no such file.
func fileSize(_ path: String) -> Int64 {
    var status = cfile_status()
    return cfile_status_of(path, 1, &status) == 0 ? status.size : 0
}

extension SQLiteStore {
    /// What kept the database from being opened, as a sentence.
    static func openingError(_ error: any Error, at path: String) -> EngineError {
        let kind = (error as? DatabaseError).map {
            StoreError.sqlite($0.resultCode.rawValue, $0.message ?? "").kind
        }
        switch kind ?? (error as? StoreError)?.kind {
        case .diskFull: return .unusable(path, ENOSPC)
        case .inputOutput: return .unusable(path, EIO)
        case .busy:
            return EngineError(
                .storeInUse,
                "Another program holds the database \(path). Close it and try again.")
        case .damaged:
            return EngineError(
                .damaged,
                "The database \(path) is damaged. Restore a backup, or name another directory "
                    + "with --data-dir.")
        case .constraint, .interrupted, .other, nil:
            return EngineError(
                .damaged, "The database \(path) could not be opened: \(error)")
        }
    }
}
