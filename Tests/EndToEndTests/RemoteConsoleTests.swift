import Foundation
import Testing

/// The console on a real server, in a real terminal: logging in, a server that is killed and
/// comes back, a session that ends, a role that changes, and the way to another profile.
@Suite(.timeLimit(.minutes(30))) struct RemoteConsoleTests {
    private static let password = "Korrekt-Pferd-1"

    /// An account that the administrator of the machine makes.
    private static func makeAccount(
        _ email: String, role: String, on server: ServerProcess
    ) throws {
        try command(
            ["user", "create", email, "--role", role], on: server, input: password + "\n")
    }

    private static func command(
        _ arguments: [String], on server: ServerProcess, input: String = ""
    ) throws {
        let result = try Subprocess.run(
            Subprocess.auterity, arguments,
            environment: ConsoleSession.environment(data: server.directory.path), input: input)
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(arguments: ["xterm", "screen-256color"])
    func aServerElsewhereIsLivedWith(term: String) throws {
        let server = try ServerProcess()
        try Self.makeAccount("ann@example.com", role: "operator", on: server)
        let home = try TemporaryDirectory()
        var environment = ConsoleSession.environment(data: home.path)
        environment["XDG_CONFIG_HOME"] = home.path
        let terminal = try TmuxSession(
            "'\(Subprocess.auterity)' --server \(server.url)", width: 80, height: 24, term: term,
            environment: environment)

        // Nobody has logged in: the console asks, and goes on.
        try terminal.waitFor("Log in to", seconds: ConsoleSession.patience)
        try terminal.type("ann@example.com")
        try terminal.press("Enter")
        try terminal.type(Self.password)
        let asked = try terminal.screen().joined()
        #expect(!asked.contains(Self.password))
        try terminal.press("Enter")
        try terminal.waitFor("● live", seconds: ConsoleSession.patience)
        #expect(try terminal.screen()[0].contains(server.url.dropFirst("http://".count)))
        #expect(try terminal.screen()[0].contains(" ms"))

        // A session that the administrator ends asks again, without losing the screen.
        try terminal.type(":messages")
        try terminal.press("Enter")
        try terminal.waitFor("▸ messages", seconds: ConsoleSession.patience)
        try Self.command(
            ["user", "update", "ann@example.com", "--deactivate"], on: server)
        try Self.command(
            ["user", "update", "ann@example.com", "--activate", "--role", "viewer"], on: server)
        try terminal.waitFor("Log in to", seconds: ConsoleSession.patience)
        try terminal.waitFor("▸ messages")
        try terminal.type(Self.password)
        try terminal.press("Enter")
        try terminal.waitFor("● live", seconds: ConsoleSession.patience)
        try terminal.waitFor("Your role is now: viewer", seconds: ConsoleSession.patience)

        // Killed: never called live, and the keyboard answers.
        server.signal(SIGKILL)
        _ = server.waitForExit()
        try terminal.waitFor("retrying in", seconds: ConsoleSession.patience)
        #expect(try !terminal.screen()[0].contains("live"))
        try terminal.press("Escape")
        try terminal.waitFor("1 Workflows", seconds: ConsoleSession.patience)

        // Started again where it was: live by itself.
        let again = try ServerProcess(["--port", "\(server.port)"], store: server.directory)
        #expect(again.port == server.port)
        try terminal.waitFor("● live", seconds: ConsoleSession.patience)
        try terminal.press("q")
        try terminal.waitFor("[exit 0]", seconds: ConsoleSession.patience)
    }
}
