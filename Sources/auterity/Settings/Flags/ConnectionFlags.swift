import ArgumentParser

/// Whom the console and the commands speak to. A token is no flag: other users of the machine
/// see the arguments of a program.
struct ConnectionFlags: ParsableArguments {
    @Option(name: .long, help: Setting.help("server"))
    var server: String?

    @Option(
        name: .long, help: Setting.help("profile"), completion: CompletionNames.profiles.kind)
    var profile: String?

    @Option(name: .long, help: Setting.help("unix_socket"), completion: .file())
    var unixSocket: String?

    @Option(name: .long, help: Setting.help("timeout"))
    var timeout: String?

    @Flag(name: .long, help: Setting.help("read_only"))
    var readOnly = false

    /// What was given, by key.
    var values: [(String, String?)] {
        [
            ("server", server), ("profile", profile), ("unix_socket", unixSocket),
            ("timeout", timeout), ("read_only", readOnly ? "true" : nil),
        ]
    }

    func validate() throws {
        if server != nil, profile != nil {
            throw ValidationError("--server and --profile exclude each other")
        }
        if let server, !server.hasPrefix("http://"), !server.hasPrefix("https://") {
            throw ValidationError(
                "--server takes an address such as https://auterity.example.com, not \"\(server)\"")
        }
    }
}
