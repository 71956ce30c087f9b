import Foundation
import Testing

/// Ctrl-C ends what follows something, as the signal does: shells say 130.
@Suite(.timeLimit(.minutes(30))) struct InterruptTests {
    /// Each with what it shows before it waits for more.
    @Test(
        arguments: [
            (["event", "tail", "--after", "0"], "Asking"),
            (["execution", "logs", "last", "--follow"], "hello"),
            (["execution", "watch", "last"], "waiting"),
        ], [false, true])
    func ctrlCEndsWhatFollows(line: (words: [String], shows: String), served: Bool) throws {
        let directory = try TemporaryDirectory()
        let environment = ConsoleSession.environment(data: directory.path)
        let server = served ? try ServerProcess(store: directory) : nil
        defer { withExtendedLifetime(server) {} }
        for (words, input) in [
            (["workflow", "create", "-f", "-", "--name", "Asking"], Self.definition),
            (["workflow", "run", "Asking"], ""),
        ] {
            let made = try Subprocess.run(
                Subprocess.auterity, words, environment: environment, input: input)
            #expect(made.status == 0, "\(made.errors)")
        }
        let process = try TerminalProcess(line.words, environment: environment)
        let shown = try process.read(until: line.shows)
        process.interrupt()
        let status = process.wait()
        #expect(status & 0x7F == SIGINT, "\(line.words): \(status) after \(shown)")
    }

    private static let definition = """
        {"nodes": [{"id": "s", "type": "start"},
          {"id": "say", "type": "log", "data": {"message": "hello"}},
          {"id": "ask", "type": "approval", "data": {"message": "Well?"}},
          {"id": "e", "type": "end"}],
         "edges": [{"id": "1", "source": "s", "target": "say"},
          {"id": "2", "source": "say", "target": "ask"},
          {"id": "3", "source": "ask", "target": "e"}]}
        """
}

/// The program with a pseudo-terminal as its output.
private final class TerminalProcess {
    private let terminal: Int32
    private var id: pid_t = 0
    private var hasEnded = false

    /// TIOCSPTLCK and TIOCGPTN of ioctl_tty(2).
    private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    init(_ words: [String], environment: [String: String]) throws {
        // As posix_openpt(3) and unlockpt(3) do, which the module has not.
        terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (locked, number): (Int32, UInt32) = (0, 0)
        guard terminal >= 0, ioctl(terminal, Self.setLock, &locked) == 0,
            ioctl(terminal, Self.getNumber, &number) == 0
        else { throw TerminalTestError("no pseudo-terminal: \(errno)") }
        let name = "/dev/pts/\(number)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, name, O_RDWR | O_NOCTTY, 0)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Whoever started the tests may have had the signal ignored.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGINT)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments = ([Subprocess.auterity] + words).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        let code = posix_spawn(
            &id, Subprocess.auterity, &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw TerminalTestError("posix_spawn: \(code)") }
    }

    deinit {
        if id > 0, !hasEnded {
            kill(id, SIGKILL)
            _ = wait()
        }
        close(terminal)
    }

    /// What it has shown when that comes.
    func read(until text: String) throws -> String {
        var shown = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !shown.contains(text) {
            let count = Foundation.read(terminal, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw TerminalTestError("it ended after \(shown)") }
            shown += String(decoding: bytes[..<count], as: UTF8.self)
        }
        return shown
    }

    func interrupt() { kill(id, SIGINT) }

    /// As waitpid(2) has it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return status
    }
}
