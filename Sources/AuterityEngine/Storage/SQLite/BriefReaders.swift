import GRDBSQLite
import Synchronization

/// Connections for reads that are over within microseconds. They run on the thread of whoever
/// reads, since the ways to another thread and back cost more than such a read itself.
final class BriefReaders: Sendable {
    /// One connection that only reads. Whoever has taken it is alone with it: that is why it may
    /// cross.
    struct Reader: @unchecked Sendable {
        fileprivate let handle: OpaquePointer
        private let connection: SQLiteConnection

        fileprivate init?(path: String) {
            var handle: OpaquePointer?
            let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
            let code = sqlite3_open_v2(path, &handle, flags, nil)
            guard let handle else { return nil }
            let settings = """
                PRAGMA query_only = 1; PRAGMA cache_size = -\(BriefReaders.cacheKibibytes);
                PRAGMA temp_store = MEMORY
                """
            guard code == SQLITE_OK,
                sqlite3_exec(handle, settings, nil, nil, nil) == SQLITE_OK,
                (try? WordSearch.add(to: handle)) != nil
            else {
                sqlite3_close_v2(handle)
                return nil
            }
            self.handle = handle
            connection = SQLiteConnection(handle: handle)
        }

        /// Reads in one snapshot.
        func read<Value>(_ body: (any StoreConnection) throws -> Value) throws -> Value {
            try connection.run("BEGIN", [])
            do {
                let value = try body(connection)
                try connection.run("COMMIT", [])
                return value
            } catch {
                // Fails when SQLite has rolled back by itself, which is as good.
                _ = try? connection.run("ROLLBACK", [])
                throw error
            }
        }

        fileprivate func close() {
            connection.finalize()
            sqlite3_close_v2(handle)
        }
    }

    private struct Shelf {
        var idle: [Reader] = []
        var count = 0
        var isClosed = false
    }

    private let path: String
    private let limit: Int
    private let shelf = Mutex(Shelf())

    /// What each connection keeps of the database in memory; the rest is in the system's.
    private static let cacheKibibytes = 2 << 10

    /// - Parameters:
    ///   - path: a database whose log is a write-ahead log, so that readers wait for nobody.
    ///   - limit: connections at most.
    init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    /// A connection for one read, to be given back; `nil` when all are taken, or none can be
    /// opened.
    func take() -> Reader? {
        shelf.withLock { shelf in
            if shelf.isClosed { return nil }
            if let reader = shelf.idle.popLast() { return reader }
            guard shelf.count < limit, let made = Reader(path: path) else { return nil }
            shelf.count += 1
            return made
        }
    }

    func give(_ reader: Reader) {
        let isClosed = shelf.withLock { shelf in
            if !shelf.isClosed { shelf.idle.append(reader) }
            return shelf.isClosed
        }
        if isClosed { reader.close() }
    }

    /// Closes those that nobody has, and the others when they come back.
    func close() {
        let idle = shelf.withLock { shelf in
            shelf.isClosed = true
            defer { shelf.idle = [] }
            return shelf.idle
        }
        for reader in idle { reader.close() }
    }
}
