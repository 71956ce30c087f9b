import GRDBSQLite

/// Prepared statements over one SQLite connection. Confined to the connection's queue: whoever
/// holds it got it from `SQLiteStore.read` or `.write`.
final class SQLiteConnection: StoreConnection {
    private let handle: OpaquePointer
    private var literals: [UnsafeRawPointer: OpaquePointer] = [:]
    private var composed: [SQLText.Key: OpaquePointer] = [:]

    /// Statements of composed texts that are kept; the texts are few, but not fixed.
    private static let keptStatements = 64

    init(handle: OpaquePointer) {
        self.handle = handle
    }

    func finalize() {
        for statement in literals.values { sqlite3_finalize(statement) }
        for statement in composed.values { sqlite3_finalize(statement) }
        literals = [:]
        composed = [:]
    }

    @discardableResult
    func run(_ sql: SQLText, _ values: [SQLValue]) throws(StoreError) -> Int {
        let statement = try statement(sql)
        defer { release(statement) }
        try bind(values, to: statement.pointer)
        while true {
            switch sqlite3_step(statement.pointer) {
            case SQLITE_ROW: continue
            case SQLITE_DONE: return Int(sqlite3_changes(handle))
            default: throw lastError()
            }
        }
    }

    // For `RETURNING` SQLite makes a table that it throws away, which costs as much as the row.
    func insert(_ sql: SQLText, _ values: [SQLValue]) throws(StoreError) -> Int64 {
        try run(sql, values)
        return sqlite3_last_insert_rowid(handle)
    }

    func query(
        _ sql: SQLText, _ values: [SQLValue], _ row: (any StoreRow) throws -> Bool
    ) throws {
        let statement = try statement(sql)
        defer { release(statement) }
        try bind(values, to: statement.pointer)
        while true {
            switch sqlite3_step(statement.pointer) {
            case SQLITE_ROW:
                guard try row(SQLiteRow(statement: statement.pointer)) else { return }
            case SQLITE_DONE: return
            default: throw lastError()
            }
        }
    }

    func markSchema(version: Int) throws(StoreError) {
        // A pragma takes no bound values; an integer cannot carry anything else.
        guard sqlite3_exec(handle, "PRAGMA user_version = \(version)", nil, nil, nil) == SQLITE_OK
        else { throw lastError() }
    }

    func giveBackSpace(pages: Int) throws(StoreError) {
        let code = sqlite3_exec(handle, "PRAGMA incremental_vacuum(\(pages))", nil, nil, nil)
        guard code == SQLITE_OK else { throw lastError() }
    }

    /// Lets the database grow no further than that: what a full disk does.
    func limitPages(to pages: Int64) throws(StoreError) {
        let code = sqlite3_exec(handle, "PRAGMA max_page_count = \(pages)", nil, nil, nil)
        guard code == SQLITE_OK else { throw lastError() }
    }

    private struct Prepared {
        let pointer: OpaquePointer
        let isKept: Bool
    }

    private func release(_ statement: Prepared) {
        guard statement.isKept else {
            sqlite3_finalize(statement.pointer)
            return
        }
        sqlite3_reset(statement.pointer)
        sqlite3_clear_bindings(statement.pointer)
    }

    /// A statement that runs already, further up in the same call, is prepared a second time.
    private func statement(_ sql: SQLText) throws(StoreError) -> Prepared {
        if let address = sql.address {
            if let known = literals[address] { return try idle(known, sql) }
            let made = try prepare(sql.text)
            literals[address] = made
            return Prepared(pointer: made, isKept: true)
        }
        let key = sql.key
        if let known = composed[key] { return try idle(known, sql) }
        let made = try prepare(sql.text)
        if composed.count >= Self.keptStatements { return Prepared(pointer: made, isKept: false) }
        composed[key] = made
        return Prepared(pointer: made, isKept: true)
    }

    private func idle(_ known: OpaquePointer, _ sql: SQLText) throws(StoreError) -> Prepared {
        guard sqlite3_stmt_busy(known) != 0 else { return Prepared(pointer: known, isKept: true) }
        return Prepared(pointer: try prepare(sql.text), isKept: false)
    }

    private func prepare(_ text: String) throws(StoreError) -> OpaquePointer {
        var statement: OpaquePointer?
        // To SQLite `$7` is a name; numbered places are written `?7`. No text has another `$`.
        let numbered = text.replacing("$", with: "?")
        let code = sqlite3_prepare_v3(
            handle, numbered, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw lastError() }
        return statement
    }

    private func bind(_ values: [SQLValue], to statement: OpaquePointer) throws(StoreError) {
        for (index, value) in values.enumerated() {
            let code = Self.bind(value, to: statement, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw lastError() }
        }
    }

    private static func bind(
        _ value: SQLValue, to statement: OpaquePointer, at position: Int32
    ) -> Int32 {
        // SQLite copies what it is given with this destructor (SQLITE_TRANSIENT).
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: return sqlite3_bind_null(statement, position)
        case .int(let int): return sqlite3_bind_int64(statement, position, int)
        case .double(let double): return sqlite3_bind_double(statement, position, double)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(
                        statement, position, $0.baseAddress ?? emptyText, Int32($0.count), copied)
                }
            }
        case .utf8(let bytes):
            return bytes.withUnsafeBytes { buffer in
                sqlite3_bind_text(
                    statement, position,
                    buffer.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText,
                    Int32(buffer.count), copied)
            }
        case .blob(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, position, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob(statement, position, $0.baseAddress, Int32($0.count), copied)
            }
        }
    }

    private func lastError() -> StoreError {
        .sqlite(sqlite3_extended_errcode(handle), String(cString: sqlite3_errmsg(handle)))
    }
}

// Points at one byte that is never written and lives as long as the process.
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
}()

private struct SQLiteRow: StoreRow {
    let statement: OpaquePointer
    /// Of SQLite's columns the one that is the first here.
    var first = 0

    private func place(_ column: Int) -> Int32 { Int32(first + column) }

    func int(_ column: Int) -> Int64 { sqlite3_column_int64(statement, place(column)) }
    func double(_ column: Int) -> Double { sqlite3_column_double(statement, place(column)) }

    func utf8<Value>(
        _ column: Int, _ read: (UnsafeBufferPointer<UInt8>) throws -> Value
    ) rethrows -> Value {
        let start = sqlite3_column_blob(statement, place(column))
        let count = Int(sqlite3_column_bytes(statement, place(column)))
        return try read(
            UnsafeBufferPointer(
                start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count))
    }

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, place(column)) == SQLITE_NULL
    }

    func key(_ column: Int) -> SQLValue {
        switch sqlite3_column_type(statement, place(column)) {
        case SQLITE_INTEGER: .int(int(column))
        case SQLITE_FLOAT: .double(double(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(bytes(column))
        default: .null
        }
    }

    func from(_ column: Int) -> any StoreRow {
        SQLiteRow(statement: statement, first: first + column)
    }
}

extension StoreError {
    /// From an extended result code of SQLite.
    static func sqlite(_ code: Int32, _ message: String) -> StoreError {
        let kind: Kind =
            switch code & 0xFF {
            case SQLITE_FULL: .diskFull
            case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY: .inputOutput
            case SQLITE_CONSTRAINT: .constraint
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
            case SQLITE_INTERRUPT: .interrupted
            default: .other
            }
        return StoreError(kind: kind, message: "SQLite \(code): \(message)")
    }
}
