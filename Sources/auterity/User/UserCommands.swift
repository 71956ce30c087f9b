import ArgumentParser
import AuterityAPI
import AuterityClient

/// `auterity user list`
struct ListUsersCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List accounts, the newest first.",
        discussion: "Example:\n  auterity user list --search example.com", aliases: ["ls"])

    @Option(name: .long, help: "Only those with this in email, name or company.")
    var search: String?

    @Flag(name: .long, help: "Only those that are active.")
    var active = false

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let items = try await page.items { cursor, size in
            try await session.client.send(
                ListUsers(
                    pageSize: size, cursor: cursor, isActive: active ? true : nil,
                    search: search))
        }
        try session.printer.list(items, columns: UserCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity user create`
struct CreateUserCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an account.",
        discussion: """
            The password is asked for twice without being shown; when standard input is no \
            terminal, its first line is the password.

            Example:
              auterity user create --admin ann@example.com
            """)

    @Argument(help: "The email address to log in with.")
    var email: String

    @Option(
        name: .long,
        help: "A role, may be repeated: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(Role.allCases.map(\.rawValue)), transform: UserCommand.role)
    var role: [Role] = []

    @Flag(name: .long, help: "The same as --role super_admin.")
    var admin = false

    @Option(name: .long, help: "The first name.")
    var firstName: String?

    @Option(name: .long, help: "The last name.")
    var lastName: String?

    @Option(name: .long, help: "The company.")
    var company: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func validate() throws {
        if admin, !role.isEmpty { throw ValidationError("--admin goes without --role") }
    }

    func run(_ session: CommandSession) async throws -> Int32 {
        let password = try session.prompt.new(for: email)
        let roles: [Role]? = admin ? [.superAdmin] : role.isEmpty ? nil : role
        let user = try await session.client.send(
            CreateUser(
                email: email, password: password, firstName: firstName, lastName: lastName,
                company: company, roles: roles))
        let names = user.roles.map(\.rawValue).joined(separator: ", ")
        try session.report(
            "Created \(PlainText.escaped(user.email)) (\(names)).", JSONValue(encoding: user))
        return ExitStatus.success
    }
}

/// `auterity user show`
struct ShowUserCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an account.",
        discussion: "Example:\n  auterity user show ann@example.com", aliases: ["get"])

    @Argument(help: "Its id or email.", completion: CompletionNames.users.kind)
    var user: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.user(user)
        try session.printer.item(try await session.client.send(GetUser(userID: id)))
        return ExitStatus.success
    }
}

/// `auterity user update`
struct UpdateUserCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change an account: its roles, its names, its state.",
        discussion: """
            Examples:
              auterity user update ann@example.com --role operator --role user
              auterity user update ann@example.com --activate
            """)

    @Argument(help: "Its id or email.", completion: CompletionNames.users.kind)
    var user: String

    @Option(
        name: .long, help: "The roles that it has from now on; may be repeated.",
        completion: .list(Role.allCases.map(\.rawValue)), transform: UserCommand.role)
    var role: [Role] = []

    @Flag(name: .long, help: "Let it log in again.")
    var activate = false

    @Flag(name: .long, help: "End its sessions, and let it log in no more.")
    var deactivate = false

    @Option(name: .long, help: "The first name.")
    var firstName: String?

    @Option(name: .long, help: "The last name.")
    var lastName: String?

    @Option(name: .long, help: "The company.")
    var company: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func validate() throws {
        if activate, deactivate {
            throw ValidationError("--activate and --deactivate exclude each other")
        }
    }

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.user(user, for: .changing)
        let changed = try await session.client.send(
            UpdateUser(
                userID: id, firstName: firstName, lastName: lastName, company: company,
                isActive: activate ? true : deactivate ? false : nil,
                roles: role.isEmpty ? nil : role))
        try session.printer.item(changed, columns: UserCommand.columns)
        return ExitStatus.success
    }
}

/// `auterity user delete`
struct DeleteUserCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deactivate an account; what it made stays.",
        discussion: "Example:\n  auterity user delete ann@example.com --yes", aliases: ["rm"])

    @Argument(help: "Its id or email.", completion: CompletionNames.users.kind)
    var user: String

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let id = try await session.client.user(user, for: .changing)
        try confirmation.ask("Deactivate the account \(PlainText.escaped(user))?")
        _ = try await session.client.send(DeleteUser(userID: id))
        try session.report(
            "Deactivated \(PlainText.escaped(user)).", ["id": .string(id.description)])
        return ExitStatus.success
    }
}

/// `auterity user roles`
struct ListRolesCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "List the roles with their permissions.",
        discussion: "Example:\n  auterity user roles -o wide")

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let roles = try await session.client.send(ListRoles())
        try session.printer.list(
            roles.items,
            columns: [
                Column("ROLE", "name"), Column("WHAT IT IS FOR", "description", flexible: true),
                Column("PERMISSIONS", "permissions", wide: true),
            ])
        return ExitStatus.success
    }
}
