import Glibc

/// A program in a pseudo-terminal, seen from its far side.
final class PseudoTerminal {
    let process: pid_t
    private let controller: Int32
    private(set) var bytes = 0

    /// Starts `arguments` with a terminal of that size.
    init(_ arguments: [String], width: Int, height: Int, environment: [String: String]) throws {
        controller = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var number: Int32 = 0
        guard controller >= 0, ioctl(controller, Self.setLock, &isLocked) == 0,
            ioctl(controller, Self.getNumber, &number) == 0
        else { throw BenchmarkError("no pseudo-terminal is to be had (\(errno))") }
        var size = winsize(
            ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
        process = try Self.spawn(arguments, terminal: "/dev/pts/\(number)", environment)
    }

    // ioctl_tty(2) and spawn.h: Swift does not see these as macros.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430
    private static let newSession: Int16 = 0x80

    private static func spawn(
        _ arguments: [String], terminal: String, _ environment: [String: String]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that a session leader opens becomes its controlling terminal.
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, newSession)
        var strings = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            strings.forEach { free($0) }
            variables.forEach { free($0) }
        }
        var process = pid_t()
        let status = posix_spawn(
            &process, arguments[0], &actions, &attributes, &strings, &variables)
        guard status == 0 else {
            throw BenchmarkError("\(arguments[0]) cannot be started (\(status))")
        }
        return process
    }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(controller, bytes, bytes.count)
    }

    /// Reads until nothing has come for `quiet` milliseconds, at most for `longest`.
    ///
    /// - Returns: What came, and the monotonic times in nanoseconds of the first and last byte.
    func read(
        quiet: Int32, longest: Int32 = 5000
    ) -> (bytes: [UInt8], first: UInt64?, last: UInt64?) {
        var all: [UInt8] = []
        var first: UInt64?
        var last: UInt64?
        let end = monotonicNanoseconds() + UInt64(longest) * 1_000_000
        var buffer = [UInt8](repeating: 0, count: 65536)
        while monotonicNanoseconds() < end {
            var descriptor = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
            let wait = first == nil ? longest : quiet
            guard poll(&descriptor, 1, wait) > 0 else { break }
            let count = Glibc.read(controller, &buffer, buffer.count)
            guard count > 0 else { break }
            let now = monotonicNanoseconds()
            first = first ?? now
            last = now
            all += buffer[..<count]
        }
        bytes += all.count
        return (all, first, last)
    }

    /// Kilobytes of memory that the process holds, now and at the most.
    func memory() -> (resident: Int, peak: Int) {
        let text = fileText("/proc/\(process)/status")
        func value(_ key: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
            return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return (value("VmRSS:"), value("VmHWM:"))
    }

    func end() {
        kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        close(controller)
    }
}

/// Why something could not be measured.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
