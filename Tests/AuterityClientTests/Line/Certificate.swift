import FoundationEssentials
import Glibc
import Testing

/// A certificate that has signed itself, and its key, as files.
struct Certificate: Sendable {
    let file: String
    let key: String

    /// - Parameters:
    ///   - names: Such as `DNS:localhost` or `IP:127.0.0.1`.
    ///   - days: until its end; negative when it has expired.
    init(_ names: [String], in folder: TemporaryFolder, days: Int = 2) throws {
        let name = folder.path + "/" + UUID().uuidString
        (file, key) = (name + ".pem", name + ".key")
        let status = try Self.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", key, "-out", file, "-days", "\(days)", "-subj", "/CN=test",
            "-addext", "subjectAltName=" + names.joined(separator: ","),
        ])
        try #require(status == 0, "openssl made no certificate")
    }

    /// Runs a program without its words on standard error, and answers how it ended. Foundation's
    /// `Process` looks through the open files of this one, which other tests open and close
    /// meanwhile, and crashes on it.
    private static func run(_ words: [String]) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var arguments = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var child: pid_t = 0
        let code = posix_spawnp(&child, words[0], &actions, nil, arguments, environ)
        try #require(code == 0, "openssl cannot be run")
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
