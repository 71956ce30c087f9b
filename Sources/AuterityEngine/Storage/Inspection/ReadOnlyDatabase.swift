import GRDBSQLite
import Glibc

/// A database that another process may own, opened for reading: beside the owner's writer it
/// sees one snapshot, and changes nothing.
final class ReadOnlyDatabase {
    let connection: SQLiteConnection
    let handle: OpaquePointer

    /// Milliseconds to wait for a lock; the owner holds those that matter for moments only.
    private static let patience: Int32 = 5000

    /// - Parameter isFrozen: nobody writes it, as in a backup: then no file is made beside it.
    /// - Throws: an `EngineError` that says what is in the way.
    init(path: String, isFrozen: Bool = false) throws(EngineError) {
        guard access(path, R_OK) == 0 else { throw .unreadable(path, errno) }
        if let handle = Self.open(path, isFrozen: isFrozen) {
            self.handle = handle
        } else if !isFrozen, Self.mayBeFrozen(path),
            let handle = Self.open(path, isFrozen: true)
        {
            // On a file system that is read-only no log can be made; where there is none, the
            // database is whole without it.
            self.handle = handle
        } else {
            throw EngineError(
                .damaged,
                "The database \(path) cannot be read as one. Restore a backup, or name another "
                    + "directory with --data-dir.")
        }
        connection = SQLiteConnection(handle: handle)
    }

    deinit {
        connection.finalize()
        sqlite3_close_v2(handle)
    }

    private static func open(_ path: String, isFrozen: Bool) -> OpaquePointer? {
        let encoded = path.utf8.map { byte -> String in
            let isPlain =
                byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || Character(UnicodeScalar(byte)).isLetter && byte < 0x80
                || Character(UnicodeScalar(byte)).isNumber && byte < 0x80
            let digits = String(byte, radix: 16)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
        let name = "file:\(encoded)?mode=ro" + (isFrozen ? "&immutable=1" : "")
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_FULLMUTEX
        guard sqlite3_open_v2(name, &handle, flags, nil) == SQLITE_OK,
            sqlite3_busy_timeout(handle, patience) == SQLITE_OK,
            // Opening reads nothing yet.
            sqlite3_exec(handle, "SELECT count(*) FROM sqlite_master", nil, nil, nil) == SQLITE_OK
        else {
            sqlite3_close_v2(handle)
            return nil
        }
        return handle
    }

    private static func mayBeFrozen(_ path: String) -> Bool {
        access(path + "-wal", F_OK) != 0
    }

    /// What SQLite finds wrong in the file; empty when it is whole.
    ///
    /// - Parameter isThorough: also holds every index against its table.
    func faults(isThorough: Bool) throws -> [String] {
        let sql: SQLText = isThorough ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)"
        return try connection.all(sql) { $0.text(0) }.filter { $0 != "ok" }
    }

    /// Migrations that have been applied; 0 in an empty file.
    func schemaVersion() throws -> Int {
        Int(try connection.number("PRAGMA user_version"))
    }
}

extension EngineError {
    /// A file that cannot be read.
    static func unreadable(_ path: String, _ code: Int32) -> EngineError {
        if code == ENOENT {
            return EngineError(.directoryMissing, "There is no \(path).")
        }
        let reason = String(cString: strerror(code))
        return EngineError(
            .directoryUnusable,
            "\(path) cannot be read (\(reason)). Run this as the user who owns it.")
    }
}
