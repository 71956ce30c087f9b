import AuterityAPI
import AuterityClient
import AuterityEngine
import Glibc

/// What the console costs, seen from the far side of a pseudo-terminal, with 10,000 executions
/// in the store.
enum ConsoleBenchmark {
    private static let executions = 10_000
    private static let width = 200
    private static let height = 60

    static func run(program: String) async throws {
        try await withScratchDirectory { directory in
            print("console: \(executions) executions in the store, \(width)x\(height)")
            try await fill(directory + "/auterity")
            var first: [Double] = []
            var useful: [Double] = []
            for _ in 0..<10 {
                let times = try start(program, directory)
                first.append(times.first)
                useful.append(times.useful)
            }
            print(
                "  first frame   p50 \(fixed(percentile(first, 0.5))) ms, "
                    + "p90 \(fixed(percentile(first, 0.9))) ms")
            print(
                "  all panes     p50 \(fixed(percentile(useful, 0.5))) ms, "
                    + "p90 \(fixed(percentile(useful, 0.9))) ms")
            try keys(program, directory)
            try await liveRow(program, directory)
        }
    }

    /// Bytes of a frame in which one execution has got on by a step.
    private static func liveRow(_ program: String, _ directory: String) async throws {
        let client = try await EmbeddedClient.open(
            EngineConfiguration(dataDirectory: directory + "/auterity", version: "benchmark"))
        let workflow = try await client.send(
            CreateWorkflow(name: "Delays", definition: delays(200)))
        _ = try await client.send(ExecuteWorkflow(workflowID: workflow.id))
        await client.close()

        let terminal = try open(program, directory)
        defer { terminal.end() }
        _ = terminal.read(quiet: 300)
        var sizes: [Double] = []
        for _ in 0..<20 {
            sizes.append(Double(terminal.read(quiet: 50, longest: 2000).bytes.count))
        }
        print("  changed row   \(Int(percentile(sizes, 0.5))) bytes a frame")
    }

    /// A chain of delays of 0.4 seconds.
    private static func delays(_ count: Int) -> JSONValue {
        let ids = ["start"] + (0..<count).map { "d\($0)" } + ["end"]
        let nodes = ids.map { id -> JSONValue in
            switch id {
            case "start", "end": ["id": .string(id), "type": .string(id), "data": [:]]
            default: ["id": .string(id), "type": "delay", "data": ["seconds": 0.4]]
            }
        }
        let edges = zip(ids, ids.dropFirst()).map { source, target -> JSONValue in
            ["id": .string(target), "source": .string(source), "target": .string(target)]
        }
        return ["nodes": .array(nodes), "edges": .array(edges)]
    }

    private static func fill(_ directory: String) async throws {
        var configuration = EngineConfiguration(dataDirectory: directory, version: "benchmark")
        configuration.nodeTypes = [BenchmarkNode.self]
        let client = try await EmbeddedClient.open(configuration)
        let workflow = try await client.send(
            CreateWorkflow(name: "Benchmark", definition: BenchmarkNode.chain(2)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<64 {
                group.addTask {
                    for _ in stride(from: lane, to: executions, by: 64) {
                        _ = try await client.send(
                            ExecuteWorkflow(workflowID: workflow.id, executionMode: .sync))
                    }
                }
            }
            try await group.waitForAll()
        }
        await client.close()
    }

    private static func open(_ program: String, _ directory: String) throws -> PseudoTerminal {
        try PseudoTerminal(
            [program], width: width, height: height,
            environment: [
                "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": directory,
                "XDG_DATA_HOME": directory, "PATH": "/usr/bin:/bin",
            ])
    }

    /// Milliseconds from the start of the process to the first byte, and to the last byte of the
    /// burst that filled the panes.
    private static func start(
        _ program: String, _ directory: String
    ) throws -> (first: Double, useful: Double) {
        let begin = monotonicNanoseconds()
        let terminal = try open(program, directory)
        defer { terminal.end() }
        let (_, first, last) = terminal.read(quiet: 250)
        guard let first, let last else { throw BenchmarkError("the console drew nothing") }
        return (Double(first - begin) / 1e6, Double(last - begin) / 1e6)
    }

    private static func keys(_ program: String, _ directory: String) throws {
        let terminal = try open(program, directory)
        defer { terminal.end() }
        _ = terminal.read(quiet: 400)
        terminal.write("2")
        _ = terminal.read(quiet: 100)
        var times: [Double] = []
        var sizes: [Double] = []
        for index in 0..<200 {
            let begin = monotonicNanoseconds()
            terminal.write(index % 40 < 20 ? "j" : "k")
            let (bytes, _, last) = terminal.read(quiet: 12, longest: 1000)
            guard let last else { continue }
            times.append(Double(last - begin) / 1e6)
            sizes.append(Double(bytes.count))
        }
        let memory = terminal.memory()
        print(
            "  key to frame  p50 \(fixed(percentile(times, 0.5), 2)) ms, "
                + "p99 \(fixed(percentile(times, 0.99), 2)) ms")
        print("  cursor move   \(Int(percentile(sizes, 0.5))) bytes")
        print(
            "  memory        \(memory.resident / 1024) MiB, at the most \(memory.peak / 1024) MiB")
    }
}
