import GRDBSQLite
import Glibc

/// A copy of one snapshot of a database, page by page, through SQLite's backup interface
/// (https://sqlite.org/backup.html). The owner's writer goes on meanwhile; its log grows until
/// the copy is done.
struct DatabaseCopy {
    /// Pages between two reports.
    private static let step: Int32 = 1024

    /// - Parameter goesOn: is told what part is done, 0 to 1; `false` stops the copy.
    /// - Throws: an `EngineError` when it cannot be made, or was stopped.
    static func make(
        of source: ReadOnlyDatabase, at path: String, goesOn: (Double) -> Bool
    ) throws(EngineError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path, errno) }
        close(descriptor)
        var handle: OpaquePointer?
        defer { sqlite3_close_v2(handle) }
        guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
            let target = handle
        else { throw EngineError(.directoryUnusable, "\(path) cannot be written.") }
        // A transaction on the source holds the snapshot: without it a copy in steps would begin
        // anew whenever the owner writes.
        guard
            sqlite3_exec(
                source.handle, "BEGIN; SELECT count(*) FROM sqlite_master", nil, nil, nil)
                == SQLITE_OK
        else { throw failure(source.handle, path) }
        defer { sqlite3_exec(source.handle, "ROLLBACK", nil, nil, nil) }
        guard let backup = sqlite3_backup_init(target, "main", source.handle, "main") else {
            throw failure(target, path)
        }
        var code = SQLITE_OK
        var isStopped = false
        while code == SQLITE_OK {
            code = sqlite3_backup_step(backup, step)
            let count = Double(max(1, sqlite3_backup_pagecount(backup)))
            guard goesOn(1 - Double(sqlite3_backup_remaining(backup)) / count) else {
                isStopped = true
                break
            }
        }
        let end = sqlite3_backup_finish(backup)
        if isStopped { throw EngineError(.interrupted, "Stopped; nothing is left behind.") }
        guard code == SQLITE_DONE, end == SQLITE_OK else { throw failure(target, path) }
        // A log beside it would be a part of it: a copy is one file.
        guard sqlite3_exec(target, "PRAGMA journal_mode = DELETE", nil, nil, nil) == SQLITE_OK
        else { throw failure(target, path) }
    }

    private static func failure(_ handle: OpaquePointer, _ path: String) -> EngineError {
        let error = StoreError.sqlite(
            sqlite3_extended_errcode(handle), String(cString: sqlite3_errmsg(handle)))
        return SQLiteStore.openingError(error, at: path)
    }
}
