import AuterityAPI

/// Accounts as rows: the users that have a password. The users of the operating system stand
/// beside them without one.
enum AccountRecords {
    struct Record: Sendable {
        let row: Int64
        let user: User
        let passwordHash: String

        /// What its roles permit together.
        var permissions: Set<Permission> { AccountRecords.permissions(of: user.roles) }
        var isActiveAdministrator: Bool { user.isActive && user.roles.contains(.superAdmin) }
    }

    static func permissions(of roles: some Sequence<Role>) -> Set<Permission> {
        roles.reduce(into: []) { $0.formUnion($1.permissions) }
    }

    /// What `decodeUser` reads.
    static let fields: SQLText =
        """
        users.public_id, users.email, users.first_name, users.last_name, users.company,
            users.is_active, users.created_at,
        """ + " " + RoleRecords.mask

    static func decodeUser(_ row: any StoreRow) throws -> User {
        User(
            id: try row.identifier(0), email: row.text(1), firstName: row.text(2),
            lastName: row.text(3), company: row.text(4), isActive: row.bool(5),
            createdAt: row.time(6), roles: RoleRecords.roles(ofMask: row.int(7)))
    }

    private static let columns: SQLText =
        "SELECT " + fields + ", users.id, users.password_hash FROM users "

    private static func decode(_ row: any StoreRow) throws -> Record {
        Record(row: row.int(8), user: try decodeUser(row), passwordHash: row.text(9))
    }

    static func find(_ id: UserID, in connection: any StoreConnection) throws -> Record? {
        try connection.first(
            columns + "WHERE users.public_id = $1 AND users.password_hash IS NOT NULL",
            [.text(id.description)], decode)
    }

    /// Whatever the case of its letters.
    static func find(email: String, in connection: any StoreConnection) throws -> Record? {
        try connection.first(
            columns + "WHERE lower(users.email) = lower($1) AND users.password_hash IS NOT NULL",
            [.text(email)], decode)
    }

    static func activeAdministrators(in connection: any StoreConnection) throws -> Int64 {
        try connection.number(
            """
            SELECT count(*) FROM roles JOIN user_roles ON user_roles.role_id = roles.id
                JOIN users ON users.id = user_roles.user_id
            WHERE roles.name = 'super_admin' AND users.is_active = 1
                AND users.password_hash IS NOT NULL
            """)
    }

    static func hasAdministrator(in connection: any StoreConnection) throws -> Bool {
        try connection.number(
            """
            SELECT count(*) FROM roles JOIN user_roles ON user_roles.role_id = roles.id
                JOIN users ON users.id = user_roles.user_id
            WHERE roles.name = 'super_admin' AND users.password_hash IS NOT NULL
            """) > 0
    }

    /// - Throws: 400 when the email has an account.
    static func insert(
        _ user: User, passwordHash: String, in context: WriteContext
    ) throws {
        try refuseKnown(user.email, in: context.connection)
        let row = try context.insert(
            """
            INSERT INTO users (public_id, email, first_name, last_name, company, password_hash,
                is_active, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
            """,
            [
                .text(user.id.description), .text(user.email), .text(user.firstName),
                .text(user.lastName), .text(user.company), .text(passwordHash),
                .bool(user.isActive), .int(user.createdAt.milliseconds),
            ])
        try RoleRecords.replace(user.roles, of: row, in: context)
    }

    static func refuseKnown(_ email: String, in connection: any StoreConnection) throws {
        guard try find(email: email, in: connection) != nil else { return }
        throw APIError(
            .emailAlreadyRegistered, "The email is already registered. Log in, or give another")
    }

    static func update(_ row: Int64, to user: User, at: Timestamp, in context: WriteContext) throws
    {
        try context.run(
            """
            UPDATE users SET first_name = $2, last_name = $3, company = $4, is_active = $5,
                updated_at = $6 WHERE id = $1
            """,
            [
                .int(row), .text(user.firstName), .text(user.lastName), .text(user.company),
                .bool(user.isActive), .int(at.milliseconds),
            ])
    }

    static func setPassword(
        _ row: Int64, hash: String, at: Timestamp, in context: WriteContext
    ) throws {
        try context.run(
            "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1",
            [.int(row), .text(hash), .int(at.milliseconds)])
    }
}
