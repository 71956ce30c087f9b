import ArgumentParser
import AuterityAPI
import Foundation
import Logging

/// `auterity user`: the accounts of a server, for who may read its store.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Make and list accounts.",
        discussion: """
            While a server has the store open, this speaks to its Unix socket; else it opens the \
            store itself. Either way the user of the operating system is the administrator.
            """,
        subcommands: [CreateUserCommand.self, ListUsersCommand.self])
}

/// `auterity user create`.
struct CreateUserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an account.",
        discussion: """
            The password is asked for twice without being shown; when standard input is no \
            terminal, its first line is the password.
            """)

    @Argument(help: "The email address to log in with.")
    var email: String

    @Option(
        name: .long,
        help: "A role, may be repeated: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(Role.allCases.map(\.rawValue)),
        transform: { text in
            guard let role = Role(rawValue: text) else {
                throw ValidationError("there is no role \(text)")
            }
            return role
        })
    var role: [Role] = []

    @Flag(name: .long, help: "The same as --role super_admin.")
    var admin = false

    @Option(name: .long, help: "The first name.")
    var firstName: String?

    @Option(name: .long, help: "The last name.")
    var lastName: String?

    @Option(name: .long, help: "The company.")
    var company: String?

    @OptionGroup(title: "Settings")
    var flags: StoreSettingFlags

    func validate() throws {
        if admin, !role.isEmpty { throw ValidationError("--admin goes without --role") }
    }

    func run() async throws {
        let settings = try await Settings(
            flags: flags, environment: ProcessInfo.processInfo.environment)
        Log.start(settings, level: .error)
        let password = try PasswordPrompt.read(for: email)
        let roles: [Role]? = admin ? [.superAdmin] : role.isEmpty ? nil : role
        let call = CreateUser(
            email: email, password: password, firstName: firstName, lastName: lastName,
            company: company, roles: roles)
        let user = try await AccountAccess.use(settings) { try await $0.send(call) }
        let names = user.roles.map(\.rawValue).joined(separator: ", ")
        print("Created \(PlainText.escaped(user.email)) (\(names)).")
    }
}

/// `auterity user list`.
struct ListUsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the accounts, the newest first.")

    @OptionGroup(title: "Settings")
    var flags: StoreSettingFlags

    func run() async throws {
        let settings = try await Settings(
            flags: flags, environment: ProcessInfo.processInfo.environment)
        Log.start(settings, level: .error)
        let users = try await AccountAccess.use(settings) { access in
            var users: [User] = []
            var cursor: String? = ""
            while let next = cursor {
                let page = try await access.send(ListUsers(pageSize: 100, cursor: next))
                users += page.items
                cursor = page.nextCursor
            }
            return users
        }
        print(Self.table(users).joined(separator: "\n"))
    }

    static func table(_ users: [User]) -> [String] {
        guard !users.isEmpty else {
            return ["There are no accounts. Make one with auterity user create EMAIL."]
        }
        let rows = users.map { user in
            [
                PlainText.escaped(user.email),
                user.roles.map(\.rawValue).joined(separator: ", "),
                user.isActive ? "active" : "inactive", "\(user.createdAt)",
            ]
        }
        let all = [["EMAIL", "ROLES", "STATE", "CREATED"]] + rows
        let widths = (0..<3).map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            return (cells + [row[3]]).joined(separator: "  ")
        }
    }
}
