import AuterityAPI

/// Users as rows.
enum UserRecords {
    static func row(of caller: Caller, in connection: any StoreConnection) throws -> Int64? {
        try connection.first(
            "SELECT id FROM users WHERE public_id = $1", [.text(caller.id.description)]
        ) { $0.int(0) }
    }

    /// When the store met them; `nil` when it has not.
    static func createdAt(
        of caller: Caller, in connection: any StoreConnection
    ) throws -> Timestamp? {
        try connection.first(
            "SELECT created_at FROM users WHERE public_id = $1", [.text(caller.id.description)]
        ) { $0.time(0) }
    }

    /// The row of a caller; the users of the operating system get theirs when they first make
    /// something.
    static func ensure(_ caller: Caller, at: Timestamp, in context: WriteContext) throws -> Int64 {
        if let known = try row(of: caller, in: context.connection) { return known }
        return try context.insert(
            """
            INSERT INTO users (public_id, email, created_at, updated_at)
            VALUES ($1, $2, $3, $3)
            """,
            [.text(caller.id.description), .text(caller.name), .int(at.milliseconds)])
    }
}
