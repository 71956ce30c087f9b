import AuterityAPI
import AuterityClient
import AuterityEngine

/// Durable steps a second at several numbers of concurrent executions.
enum EngineBenchmark {
    private static let steps = 50
    /// Seconds that each measurement takes.
    private static let duration = 5.0

    static func run() async throws {
        print("engine: durable steps with a side effect, \(steps) an execution")
        print("  executions  steps/s  steps/flush  flush before  flush after  step latency")
        for concurrency in [1, 16, 256] {
            try await withScratchDirectory { directory in
                try await measure(concurrency, in: directory)
            }
        }
    }

    private static func measure(_ concurrency: Int, in directory: String) async throws {
        let flushBefore = try flushMilliseconds(in: directory)
        var configuration = EngineConfiguration(
            dataDirectory: directory + "/store", version: "benchmark")
        configuration.nodeTypes = [BenchmarkNode.self]
        configuration.limits.concurrentExecutions = 1024
        configuration.limits.concurrentSteps = 1024
        configuration.loadsStarters = false
        let client = try await EmbeddedClient.open(configuration)
        let workflow = try await client.send(
            CreateWorkflow(name: "benchmark", definition: BenchmarkNode.chain(steps)))

        let before = client.figures
        let start = monotonicNanoseconds()
        let end = start + UInt64(duration * 1e9)
        let latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<concurrency {
                group.addTask { try await lane(client, workflow.id, until: end) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let seconds = Double(monotonicNanoseconds() - start) / 1e9
        let after = client.figures
        await client.close()
        let flushAfter = try flushMilliseconds(in: directory)

        let steps = Double(after.steps - before.steps)
        let flush = (flushBefore + flushAfter) / 2
        let each = percentile(latencies, 0.5) / Double(Self.steps)
        print(
            "  \(pad(concurrency, 10))  \(pad(Int(steps / seconds), 7))  "
                + "\(pad(fixed(steps / Double(max(after.flushes - before.flushes, 1))), 11))  "
                + "\(pad(fixed(flushBefore, 3) + " ms", 12))  "
                + "\(pad(fixed(flushAfter, 3) + " ms", 11))  "
                + "\(fixed(each, 3)) ms = \(fixed(each / max(flush, 0.001))) flushes")
        let applying = (after.applyingSeconds - before.applyingSeconds) / seconds * 100
        let flushing = (after.flushingSeconds - before.flushingSeconds) / seconds * 100
        print(
            "              the writer: \(fixed(applying, 0)) % of the time in statements, "
                + "\(fixed(flushing, 0)) % in flushes")
    }

    /// Runs one execution after the other; answers the milliseconds of each.
    private static func lane(
        _ client: EmbeddedClient, _ workflow: WorkflowID, until end: UInt64
    ) async throws -> [Double] {
        var times: [Double] = []
        while monotonicNanoseconds() < end {
            let start = monotonicNanoseconds()
            let outcome = try await client.send(
                ExecuteWorkflow(workflowID: workflow, executionMode: .sync, syncTimeout: 60))
            guard case .finished(let execution) = outcome, execution.status == .completed else {
                throw BenchmarkError("an execution did not complete")
            }
            times.append(Double(monotonicNanoseconds() - start) / 1e6)
        }
        return times
    }

    private static func pad(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = value.description
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
