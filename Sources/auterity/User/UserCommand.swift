import ArgumentParser
import AuterityAPI
import AuterityClient
import Foundation

/// `auterity user`: the accounts.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Work with accounts.",
        discussion: """
            On the machine of a server the user of the operating system is the administrator, \
            whether the server runs or not.
            """,
        subcommands: [
            ListUsersCommand.self, CreateUserCommand.self, ShowUserCommand.self,
            UpdateUserCommand.self, DeleteUserCommand.self, ListRolesCommand.self,
        ],
        aliases: ["users"])

    static let columns = [
        Column("ID", "id", .id), Column("EMAIL", "email", flexible: true),
        Column("ROLES", "roles", flexible: true, spare: 3),
        Column("ACTIVE", "is_active", .yesNo, spare: 2),
        Column("AGE", "created_at", .age, spare: 1),
        Column("FIRST NAME", "first_name", wide: true),
        Column("LAST NAME", "last_name", wide: true), Column("COMPANY", "company", wide: true),
    ]

    /// A role of the command line.
    static func role(_ text: String) throws -> Role {
        guard let role = Role(rawValue: text) else {
            throw ValidationError(
                "there is no role \(text); there are "
                    + Role.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return role
    }
}
