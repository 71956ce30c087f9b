import AuterityAPI
import AuterityClient
import AuterityEngine
import Glibc

/// A process that owns a store, for tests that kill it.
///
/// `EngineHost load DIRECTORY COUNT` accepts that many executions and prints `accepted ID` for
/// each as soon as it is durable. `EngineHost finish DIRECTORY` opens the store again, decides
/// what waits for a person, and prints `finished` when nothing is unfinished any more.
@main
enum EngineHost {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            throw HostError("usage: EngineHost load DIRECTORY COUNT | finish DIRECTORY")
        }
        let configuration = EngineConfiguration(dataDirectory: arguments[2], version: "test")
        let client = try await EmbeddedClient.open(configuration)
        switch arguments[1] {
        case "load": try await load(client, count: Int(arguments.last ?? "") ?? 1)
        default: break
        }
        try await finish(client)
        say("finished")
        await client.close()
    }

    /// Writes a line at once: what is buffered would be lost with the process.
    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    /// Starts the executions eight at a time, a quarter of them on each workflow.
    private static func load(_ client: EmbeddedClient, count: Int) async throws {
        var ids: [WorkflowID] = []
        for (name, definition) in HostWorkflows.all {
            let call = CreateWorkflow(name: name, definition: try JSONValue(parsing: definition))
            ids.append(try await client.send(call).id)
        }
        let family = HostWorkflows.family(
            chain: ids[0].description, delays: ids[1].description)
        let call = CreateWorkflow(name: "Family", definition: try JSONValue(parsing: family))
        ids.append(try await client.send(call).id)
        let workflows = ids
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                group.addTask {
                    for index in stride(from: lane, to: count, by: 8) {
                        let outcome = try await client.send(
                            ExecuteWorkflow(
                                workflowID: workflows[index % workflows.count],
                                inputData: ["number": .int(Int64(index))]))
                        say("accepted \(outcome.executionID)")
                    }
                }
            }
            try await group.waitForAll()
        }
        say("loaded")
    }

    /// Approves whatever waits, as events tell of it, until every execution has ended.
    private static func finish(_ client: EmbeddedClient) async throws {
        let feed = client.feed(after: nil)
        try await approveAll(client)
        if try await unfinished(client) == 0 { return }
        for await item in feed {
            guard case .event(let event) = item,
                case .executionUpdate(let update) = event.payload
            else {
                if item == .resynchronize { try await approveAll(client) }
                continue
            }
            if update.status == .waiting, update.currentStep == "approve" {
                await approve(client, update.executionID)
            }
            if update.status.isFinished, try await unfinished(client) == 0 { return }
        }
    }

    private static func approveAll(_ client: EmbeddedClient) async throws {
        var cursor: String? = ""
        while let position = cursor {
            let page = try await client.send(
                ListExecutions(pageSize: 100, cursor: position, status: [.waiting]))
            for execution in page.items where execution.currentStep == "approve" {
                await approve(client, execution.id)
            }
            cursor = page.nextCursor
        }
    }

    private static func approve(_ client: EmbeddedClient, _ id: ExecutionID) async {
        do {
            _ = try await client.send(ApproveExecution(executionID: id, approved: true))
        } catch {
            // Decided already: told of twice, by the list and by an event.
            guard error.code == .conflict || error.code == .executionFinished else {
                say("approve \(id): \(error)")
                return
            }
        }
    }

    private static func unfinished(_ client: EmbeddedClient) async throws -> Int {
        let page = try await client.send(
            ListExecutions(pageSize: 1, cursor: "", status: [.pending, .running, .waiting]))
        return page.items.count
    }
}

struct HostError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
