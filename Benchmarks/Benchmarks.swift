import Glibc

/// `make bench`: prints figures; asserts nothing, because machines differ.
///
/// With a name (`engine`, `server`, `stream`, `console`, `line`) it measures that one.
@main
enum Benchmarks {
    private static let names = ["engine", "server", "stream", "console", "line"]

    static func main() async {
        do {
            try await run()
        } catch {
            let text = "\(error)\n"
            _ = write(STDERR_FILENO, text, text.utf8.count)
            exit(1)
        }
    }

    private static func run() async throws {
        let wanted = CommandLine.arguments.dropFirst().first ?? "all"
        guard wanted == "all" || names.contains(wanted) else {
            throw BenchmarkError("usage: benchmarks [\(names.joined(separator: " | "))]")
        }
        let own = CommandLine.arguments[0]
        let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let program = folder.joined(separator: "/") + "/auterity"
        func measures(_ name: String) -> Bool { wanted == "all" || wanted == name }
        if measures("engine") { try await EngineBenchmark.run() }
        if measures("server") { try await ServerBenchmark.run(program: program) }
        if measures("stream") { try await StreamBenchmark.run() }
        if measures("line") { try await LineBenchmark.run(program: program) }
        if measures("console") { try await ConsoleBenchmark.run(program: program) }
    }
}
