import AuterityAPI

/// Roles and their permissions as rows, made from `Role` at every opening.
enum RoleRecords {
    static func seed(in context: WriteContext) throws {
        for role in Role.allCases {
            let row = try context.connection.number(
                """
                INSERT INTO roles (name, description) VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE SET description = excluded.description RETURNING id
                """, [.text(role.rawValue), .text(role.summary)])
            let known = try context.connection.all(
                "SELECT name FROM permissions WHERE role_id = $1", [.int(row)]
            ) { $0.text(0) }
            let wanted = Set(role.permissions.map(\.rawValue))
            for name in known where !wanted.contains(name) {
                try context.run(
                    "DELETE FROM permissions WHERE role_id = $1 AND name = $2",
                    [.int(row), .text(name)])
            }
            for name in wanted.subtracting(known).sorted() {
                try context.run(
                    "INSERT INTO permissions (role_id, name) VALUES ($1, $2)",
                    [.int(row), .text(name)])
            }
        }
    }

    /// The roles of a row of `users` as one number, a bit each.
    static let mask: SQLText = """
        (SELECT coalesce(sum(CASE roles.name WHEN 'super_admin' THEN 1 WHEN 'admin' THEN 2
            WHEN 'operator' THEN 4 WHEN 'user' THEN 8 WHEN 'viewer' THEN 16 ELSE 0 END), 0)
            FROM user_roles JOIN roles ON roles.id = user_roles.role_id
            WHERE user_roles.user_id = users.id)
        """

    /// In the order of `Role.allCases`, without repetitions.
    static func roles(ofMask mask: Int64) -> [Role] {
        Role.allCases.filter { mask & bit(of: $0) != 0 }
    }

    private static func bit(of role: Role) -> Int64 {
        switch role {
        case .superAdmin: 1
        case .admin: 2
        case .operator: 4
        case .user: 8
        case .viewer: 16
        }
    }

    static func replace(_ roles: [Role], of user: Int64, in context: WriteContext) throws {
        try context.run("DELETE FROM user_roles WHERE user_id = $1", [.int(user)])
        for role in Set(roles) {
            try context.run(
                """
                INSERT INTO user_roles (user_id, role_id)
                SELECT $1, id FROM roles WHERE name = $2
                """, [.int(user), .text(role.rawValue)])
        }
    }
}
