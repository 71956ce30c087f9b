/// `make bench`: prints figures; asserts nothing, because machines differ.
///
/// `benchmarks engine`, `benchmarks server` and `benchmarks console` measure one of them.
@main
enum Benchmarks {
    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst().first ?? "all"
        guard ["all", "engine", "server", "console"].contains(wanted) else {
            throw BenchmarkError("usage: benchmarks [engine | server | console]")
        }
        let own = CommandLine.arguments[0]
        let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let program = folder.joined(separator: "/") + "/auterity"
        func measures(_ name: String) -> Bool { wanted == "all" || wanted == name }
        if measures("engine") { try await EngineBenchmark.run() }
        if measures("server") { try await ServerBenchmark.run(program: program) }
        if measures("console") { try await ConsoleBenchmark.run(program: program) }
    }
}
