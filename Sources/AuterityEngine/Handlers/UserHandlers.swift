import AuterityAPI

extension HandlerTable {
    mutating func addUsers() {
        onReading(ListUsers.self) { call, request in try await request.listUsers(call) }
        on(CreateUser.self, checking: { try $1.checked($0) }) { call, account, request in
            try await request.createAccount(account, password: call.password)
        }
        on(GetUser.self) { call, request in
            let account = try await request.read { try AccountRecords.find(call.userID, in: $0) }
            guard let account else { throw APIError.notFound("user") }
            return account.user
        }
        on(UpdateUser.self, checking: { try $1.check($0) }) { call, _, request in
            try await request.update(call)
        }
        on(DeleteUser.self) { call, request in
            // What a deactivation does, whatever else an update could do.
            _ = try await request.update(UpdateUser(userID: call.userID, isActive: false))
            return NoContent()
        }
        onReading(ListRoles.self) { call, request in
            // The one with the most rights comes first, as they were put in.
            let query = ListQuery(
                fields: "roles.name", source: "roles", row: "roles.id",
                orders: [.init(key: "name", expression: "roles.name")], standard: "-roles.id"
            ) { row in
                guard let role = Role(rawValue: row.text(0)) else {
                    throw StoreError(kind: .damaged, message: "a role is not known")
                }
                return RoleDescription(role)
            }
            return try await request.read(
                query.plan(
                    request.wish(
                        call.page, call.pageSize, cursor: call.cursor, sort: call.sort)))
        }
    }
}

/// What `Register` and `CreateUser` say of an account.
struct NewAccount: Sendable {
    let email: String
    let password: String
    let firstName: String?
    let lastName: String?
    let company: String?
    let roles: [Role]
}

extension Request {
    /// - Throws: 422 with every fault.
    func checked(_ new: NewAccount) throws(APIError) -> User {
        var faults = Faults(besides: knownFaults)
        faults.email(new.email, at: "email")
        faults.password(new.password, at: "password")
        let user = User(
            id: newID(), email: new.email,
            firstName: faults.personalName(new.firstName, at: "first_name"),
            lastName: faults.personalName(new.lastName, at: "last_name"),
            company: faults.personalName(new.company, at: "company"), isActive: true,
            createdAt: now, roles: Role.allCases.filter(new.roles.contains))
        try faults.check()
        return user
    }

    /// - Throws: 400 when the email has an account.
    func createAccount(_ user: User, password: String) async throws -> User {
        // Before the work of hashing; the transaction looks once more.
        try await read { try AccountRecords.refuseKnown(user.email, in: $0) }
        let hash = try await accounts.passwords.hash(password)
        try await write { try AccountRecords.insert(user, passwordHash: hash, in: $0) }
        return user
    }

    fileprivate func checked(_ call: CreateUser) throws(APIError) -> User {
        let roles = call.roles ?? [.user]
        try caller.mayGrant(roles)
        return try checked(
            NewAccount(
                email: call.email, password: call.password, firstName: call.firstName,
                lastName: call.lastName, company: call.company, roles: roles))
    }

    fileprivate func listUsers(_ call: ListUsers) async throws -> Page<User> {
        var query = ListQuery(
            fields: AccountRecords.fields, source: "users", row: "users.id",
            orders: [
                .init(key: "email", expression: "lower(users.email)"),
                .init(key: "first_name", expression: "lower(users.first_name)"),
                .init(key: "last_name", expression: "lower(users.last_name)"),
                .init(key: "company", expression: "lower(users.company)"),
                .init(key: "created_at", expression: "users.created_at"),
            ], decode: AccountRecords.decodeUser)
        query.require("users.password_hash IS NOT NULL")
        query.require("users.is_active = ", call.isActive.map(SQLValue.bool))
        query.search(
            call.search,
            in: ["users.email", "users.first_name", "users.last_name", "users.company"])
        let plan = try query.plan(
            wish(call.page, call.pageSize, cursor: call.cursor, sort: call.sort))
        return try await read(plan)
    }

    fileprivate func check(_ call: UpdateUser) throws(APIError) {
        var faults = Faults(besides: knownFaults)
        _ = faults.personalName(call.firstName, at: "first_name")
        _ = faults.personalName(call.lastName, at: "last_name")
        _ = faults.personalName(call.company, at: "company")
        try faults.check()
    }

    fileprivate func update(_ call: UpdateUser) async throws -> User {
        let (caller, now) = (caller, now)
        let (user, ended, changesRights) = try await write { context in
            guard let account = try AccountRecords.find(call.userID, in: context.connection)
            else { throw APIError.notFound("user") }
            let user = call.applied(to: account.user)
            try caller.mayChange(account)
            if let roles = call.roles { try caller.mayGrant(roles) }
            try Self.keepAnAdministrator(account, changedTo: user, in: context.connection)
            try AccountRecords.update(account.row, to: user, at: now, in: context)
            if user.roles != account.user.roles {
                try RoleRecords.replace(user.roles, of: account.row, in: context)
            }
            let ended =
                user.isActive
                ? [] : try SessionRecords.endAll(of: account.row, at: now, in: context)
            return (
                user, ended,
                user.roles != account.user.roles || user.isActive != account.user.isActive
            )
        }
        accounts.cache.end(ended)
        if changesRights { accounts.cache.accountChanged(user.id) }
        return user
    }

    /// - Throws: 409 when nobody could administer the system any more.
    private static func keepAnAdministrator(
        _ account: AccountRecords.Record, changedTo user: User, in connection: any StoreConnection
    ) throws {
        guard account.isActiveAdministrator,
            !user.isActive || !user.roles.contains(.superAdmin),
            try AccountRecords.activeAdministrators(in: connection) <= 1
        else { return }
        throw APIError(
            .conflict,
            "\(account.user.email) is the last active super_admin. Give another account the role "
                + "first")
    }
}

extension UpdateUser {
    fileprivate func applied(to user: User) -> User {
        let roles = roles.map { wanted in Role.allCases.filter(wanted.contains) }
        return User(
            id: user.id, email: user.email, firstName: firstName ?? user.firstName,
            lastName: lastName ?? user.lastName, company: company ?? user.company,
            isActive: isActive ?? user.isActive, createdAt: user.createdAt,
            roles: roles ?? user.roles)
    }
}

extension Caller {
    /// - Throws: 403 naming what the roles permit and the caller may not.
    fileprivate func mayGrant(_ roles: [Role]) throws(APIError) {
        let missing = AccountRecords.permissions(of: roles).subtracting(permissions)
        guard missing.isEmpty else {
            throw APIError(
                .forbidden,
                "You cannot grant what you lack yourself: \(Self.list(missing))")
        }
    }

    /// - Throws: 403 when the account may do what the caller may not.
    fileprivate func mayChange(_ account: AccountRecords.Record) throws(APIError) {
        let missing = account.permissions.subtracting(permissions)
        guard missing.isEmpty else {
            throw APIError(
                .forbidden,
                "You cannot change \(account.user.email), which may do what you may not: "
                    + Self.list(missing))
        }
    }

    private static func list(_ permissions: Set<Permission>) -> String {
        Permission.allCases.filter(permissions.contains).map(\.rawValue).joined(separator: ", ")
    }
}
