import Foundation

/// A program that is run to its end.
enum Subprocess {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The program that these tests are about, as it was built beside them.
    static var auterity: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "auterity").path
    }

    /// Tests have fewer descriptors open than that.
    private static let highestDescriptor: Int32 = 256

    /// Runs a program to its end.
    ///
    /// Not by Foundation's `Process` and pipes: both wait until everybody who inherited a
    /// descriptor has closed it, and the server that a tmux command starts never does.
    ///
    /// - Throws: What keeps it from starting; a status other than 0 is the caller's to judge.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        input: String = ""
    ) throws -> Result {
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name.hasPrefix("AUTERITY_") { variables[name] = nil }
        variables.merge(environment) { $1 }
        let given = try Scratch(input)
        let (output, errors) = (try Scratch(), try Scratch())
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in [given, output, errors].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, file.descriptor, Int32(number))
        }
        // What other tests have open is not to be kept open by a server. Closing what is not
        // open is no error here.
        for number in 3..<highestDescriptor { posix_spawn_file_actions_addclose(&actions, number) }
        let child = try spawn(
            [program] + arguments, variables.map { "\($0.key)=\($0.value)" }, &actions)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return Result(
            status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: output.text(),
            errors: errors.text())
    }

    private static func spawn(
        _ words: [String], _ variables: [String], _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var arguments = words.map { strdup($0) }
        var environment = variables.map { strdup($0) }
        defer { for text in arguments + environment { free(text) } }
        arguments.append(nil)
        environment.append(nil)
        // The threads that tests run on block signals, and tmux ends by one.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        let failed = posix_spawnp(
            &child, words[0], &actions, &attributes, arguments, environment)
        guard failed == 0 else {
            throw TerminalTestError("\(words[0]): \(String(cString: strerror(failed)))")
        }
        return child
    }
}

/// A file without a name, for what a program reads or writes.
private final class Scratch {
    let descriptor: Int32

    init(_ text: String = "") throws {
        let path = NSTemporaryDirectory() + "auterity-" + UUID().uuidString
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TerminalTestError("open \(path): \(errno)") }
        unlink(path)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TerminalTestError("write: \(errno)") }
            rest = rest.dropFirst(count)
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    func text() -> String {
        var bytes = [UInt8](repeating: 0, count: max(0, Int(lseek(descriptor, 0, SEEK_END))))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

/// A directory that is gone with its owner.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "auterity-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
