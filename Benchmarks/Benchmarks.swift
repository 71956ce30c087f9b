/// `make bench`: prints figures; asserts nothing, because machines differ.
///
/// `benchmarks engine` and `benchmarks console` measure one of the two.
@main
enum Benchmarks {
    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst().first ?? "all"
        guard ["all", "engine", "console"].contains(wanted) else {
            throw BenchmarkError("usage: benchmarks [engine | console]")
        }
        if wanted != "console" { try await EngineBenchmark.run() }
        if wanted != "engine" {
            let own = CommandLine.arguments[0]
            let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            try await ConsoleBenchmark.run(program: folder.joined(separator: "/") + "/auterity")
        }
    }
}
