/// What the engine needs of a database. SQLite lies below it; everything above is written once,
/// in SQL that other databases take too.
protocol Store: Sendable {
    /// Reads in one snapshot, beside the writer.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Value
    ) async throws -> Value

    /// Like `read`, for what is over at once: by key or by an index, and of bounded size. It may
    /// run on the thread of the caller, which waits for nothing meanwhile.
    func readBriefly<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Value
    ) async throws -> Value

    /// Runs on the one connection that writes, outside a transaction; only `Writer` calls it.
    func write<Value>(_ body: (any StoreConnection) throws -> Value) throws -> Value

    /// Begins, commits and takes back, on the connection that writes.
    func begin(_ connection: any StoreConnection) throws(StoreError)
    func commit(_ connection: any StoreConnection) throws(StoreError)
    func rollBack(_ connection: any StoreConnection)

    /// Keeps the log that lies before the database within its bound.
    func restartLogIfLarge() throws(StoreError)

    /// Gives space back that pruning freed, at most `pages`.
    func giveBackSpace(pages: Int) throws(StoreError)

    /// Bytes that the store takes on disk.
    var size: Int64 { get }
    /// Bytes of these that are the log which lies before the database.
    var logSize: Int64 { get }
    /// Connections that read now, and how many there may be.
    var readers: (active: Int, idle: Int, maximum: Int) { get }

    func close()
}

/// One connection, confined to the call that it was handed to.
protocol StoreConnection: AnyObject {
    /// Runs a statement that answers no rows, and says how many rows it changed.
    @discardableResult
    func run(_ sql: SQLText, _ values: [SQLValue]) throws(StoreError) -> Int

    /// Runs an `INSERT` of one row that was not there, and answers its `id`.
    func insert(_ sql: SQLText, _ values: [SQLValue]) throws(StoreError) -> Int64

    /// Writes the version of the schema where other programs look for it.
    func markSchema(version: Int) throws(StoreError)

    /// Runs a query; `row` answers whether it wants another.
    func query(
        _ sql: SQLText, _ values: [SQLValue], _ row: (any StoreRow) throws -> Bool
    ) throws
}

/// One row of a query, valid until the next.
protocol StoreRow {
    func int(_ column: Int) -> Int64
    func double(_ column: Int) -> Double
    /// The UTF-8 of a text, where it lies.
    func utf8<Value>(
        _ column: Int, _ read: (UnsafeBufferPointer<UInt8>) throws -> Value
    ) rethrows -> Value
    func isNull(_ column: Int) -> Bool
    /// The value as it is, for comparing with it later.
    func key(_ column: Int) -> SQLValue
    /// The row as it is from a later column on.
    func from(_ column: Int) -> any StoreRow
}

extension StoreRow {
    func text(_ column: Int) -> String { utf8(column) { String(decoding: $0, as: UTF8.self) } }
    func bytes(_ column: Int) -> [UInt8] { utf8(column) { Array($0) } }
    func optionalInt(_ column: Int) -> Int64? { isNull(column) ? nil : int(column) }
    func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    func bool(_ column: Int) -> Bool { int(column) != 0 }
}

extension StoreConnection {
    func all<Value>(
        _ sql: SQLText, _ values: [SQLValue] = [], _ decode: (any StoreRow) throws -> Value
    ) throws -> [Value] {
        var result: [Value] = []
        try query(sql, values) { row in
            result.append(try decode(row))
            return true
        }
        return result
    }

    func first<Value>(
        _ sql: SQLText, _ values: [SQLValue] = [], _ decode: (any StoreRow) throws -> Value
    ) throws -> Value? {
        var result: Value?
        try query(sql, values) { row in
            result = try decode(row)
            return false
        }
        return result
    }

    /// The one number that a query answers; 0 without a row.
    func number(_ sql: SQLText, _ values: [SQLValue] = []) throws -> Int64 {
        try first(sql, values) { $0.int(0) } ?? 0
    }
}

/// Why a statement failed.
struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        case diskFull, inputOutput, constraint, busy, damaged, other
        /// The task that read was cancelled.
        case interrupted
    }

    let kind: Kind
    /// For the log only; never for a caller's eyes.
    let message: String

    var description: String { message }

    /// Whether the connection cannot be trusted any more.
    var breaksStore: Bool {
        switch kind {
        case .diskFull, .inputOutput, .damaged: true
        case .constraint, .busy, .interrupted, .other: false
        }
    }
}
