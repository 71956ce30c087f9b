import ArgumentParser
import AuterityAPI
import AuterityClient
import AuterityEngine
import Foundation
import Glibc
import TerminalUI

/// `auterity login`
struct LoginCommand: StandaloneCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Log in to a server; its tokens are kept.",
        discussion: """
            The password is asked for, or read from standard input where that is no terminal.

            Examples:
              auterity login --server https://auterity.example.com --email ann@example.com
              auterity login --profile production
            """)

    @Option(name: .long, help: "The email of the account; asked for when absent.")
    var email: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ printer: Printer, _ environment: [String: String]) async throws -> Int32 {
        try await run(printer, environment, PasswordPrompt())
    }

    func run(
        _ printer: Printer, _ environment: [String: String], _ prompt: PasswordPrompt
    ) async throws -> Int32 {
        let settings = try await Settings(flags: self.settings, environment: environment)
        let opening = try ClientOpening(settings, environment)
        guard let address = opening.address else {
            throw SettingError(
                "Logging in needs a server: --server https://… or --profile NAME. The store of "
                    + "this machine asks for no password")
        }
        let email = try email ?? prompt.visible("Email: ")
        let password = try prompt.known(for: email)
        do throws(APIError) {
            try await opening.login(email: email, password: password)
        } catch {
            await opening.close()
            throw error
        }
        await opening.close()
        try printer.outcome(
            "Logged in to \(address.display) as \(PlainText.escaped(email)).",
            ["name": .string(address.display), "email": .string(email)])
        return ExitStatus.success
    }
}

/// `auterity logout`
struct LogoutCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "End the session with a server, and forget its tokens.",
        discussion: "Example:\n  auterity logout --profile production")

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let credentials = session.credentials
        let others = try credentials?.sharing(session.settings.profiles.all) ?? []
        _ = try await session.client.send(Logout())
        try credentials?.save(nil)
        try session.report(
            Self.sentence(of: session.client.identity.name, others),
            ["name": .string(session.client.identity.name), "status": "logged_out"])
        return ExitStatus.success
    }
}

extension LogoutCommand {
    /// - Parameter others: profiles that had the same login.
    static func sentence(of server: String, _ others: [String]) -> String {
        let end =
            others.isEmpty
            ? ""
            : ", and so are the profiles with the same login: "
                + others.joined(separator: ", ")
        return SafeText.line("Logged out of \(server)\(end).")
    }
}

/// `auterity whoami`
struct WhoAmICommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show who the server takes you for, and what you may do.",
        discussion: "Example:\n  auterity whoami --profile production")

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let user = try await session.client.send(GetCurrentUser())
        guard session.isForPeople else {
            try session.printer.item(user)
            return ExitStatus.success
        }
        session.printer.details(Self.details(user, place: session.client.identity.name))
        return ExitStatus.success
    }

    static func details(_ user: CurrentUser, place: String) -> Details {
        var details = Details()
        details.add("Email", user.email)
        details.add(
            "Name", [user.firstName, user.lastName].filter { !$0.isEmpty }.joined(separator: " "))
        details.add("Company", user.company)
        details.add("Roles", user.roles.map(\.rawValue).joined(separator: ", "))
        details.add("At", place)
        details.add("May", user.permissions.map(\.rawValue).joined(separator: ", "))
        return details
    }
}
