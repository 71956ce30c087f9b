import Glibc

/// One run of `wrk`, and what it said.
struct Wrk {
    let requestsPerSecond: Double
    /// Milliseconds.
    let p50: Double
    let p99: Double
    /// Answers that were neither 2xx nor 3xx, and broken connections.
    let failures: Int

    static func run(
        url: String, connections: Int, seconds: Int, token: String, script: String?,
        output: String
    ) throws -> Wrk {
        var arguments = [
            "wrk", "-t1", "-c\(connections)", "-d\(seconds)s", "--latency", "-H",
            "Authorization: Bearer \(token)",
        ]
        if let script { arguments += ["-s", script] }
        let id: pid_t
        do {
            id = try spawn(arguments + [url], environment: ["PATH=/usr/bin:/bin"], output: output)
        } catch {
            throw BenchmarkError("wrk is missing; install it with: apt-get install wrk")
        }
        var status: Int32 = 0
        waitpid(id, &status, 0)
        return try Wrk(report: fileText(output))
    }

    init(report: String) throws {
        guard let rate = report.firstMatch(of: /Requests\/sec:\s+([0-9.]+)/),
            let p50 = Self.milliseconds("50%", report), let p99 = Self.milliseconds("99%", report)
        else { throw BenchmarkError("wrk said:\n\(report)") }
        requestsPerSecond = Double(rate.output.1) ?? 0
        self.p50 = p50
        self.p99 = p99
        let refused = report.firstMatch(of: /Non-2xx or 3xx responses: ([0-9]+)/)
        var failures = refused.flatMap { Int($0.output.1) } ?? 0
        if let broken = report.firstMatch(
            of: /Socket errors: connect ([0-9]+), read ([0-9]+), write ([0-9]+), timeout ([0-9]+)/)
        {
            let parts = [broken.output.1, broken.output.2, broken.output.3, broken.output.4]
            failures += parts.compactMap { Int($0) }.reduce(0, +)
        }
        self.failures = failures
    }

    private static func milliseconds(_ percentile: String, _ report: String) -> Double? {
        for line in report.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0] == percentile else { continue }
            let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)]
            for (unit, factor) in units where words[1].hasSuffix(unit) {
                return Double(words[1].dropLast(unit.count)).map { $0 * factor }
            }
        }
        return nil
    }
}

/// Starts a program with its output in a file.
///
/// - Throws: when there is no such program.
func spawn(
    _ arguments: [String], environment: [String], output: String
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(
        &actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var argv = arguments.map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, arguments[0], &actions, nil, &argv, &envp)
    guard code == 0 else { throw BenchmarkError("\(arguments[0]) cannot be started (\(code))") }
    return id
}

func writeFile(_ text: String, to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else { throw BenchmarkError("\(path) cannot be written (\(errno))") }
    defer { close(file) }
    let bytes = Array(text.utf8)
    _ = write(file, bytes, bytes.count)
}
