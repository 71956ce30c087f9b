import AuterityAPI
import AuterityClient
import AuterityEngine
import AuterityServer
import Foundation
import Logging
import Synchronization
import Testing

@testable import AuterityTUI

/// A store with a history, its engine, and a server on it in this process, reached by the port and
/// by the Unix socket. The engine's clock stands still, so that whoever asks is told the same.
struct ServedStore: Sendable {
    let engine: Engine
    let now: Timestamp
    let socket: String
    let url: String
    let workflow: WorkflowID
    let executions: [ExecutionID]

    static let password = "Korrekt-Pferd-1"

    static func run<Value: Sendable>(
        _ body: (ServedStore) async throws -> Value
    ) async throws -> Value {
        // A Unix socket's path has 107 bytes at most.
        let directory = "\(NSTemporaryDirectory())/t-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let now = EngineClock.system.now()
        var configuration = EngineConfiguration(dataDirectory: directory, version: "1.2.3")
        configuration.accounts.bcryptCost = 4
        configuration.clock = EngineClock(
            now: { now }, monotonic: { 0 },
            sleep: { _ in
                let (never, _) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
                for await _ in never {}
                throw CancellationError()
            })
        let engine = try await Engine.open(configuration)
        do {
            let value = try await serve(engine, directory, now, body)
            await engine.close()
            return value
        } catch {
            await engine.close()
            throw error
        }
    }

    private static func serve<Value: Sendable>(
        _ engine: Engine, _ directory: String, _ now: Timestamp,
        _ body: (ServedStore) async throws -> Value
    ) async throws -> Value {
        var configuration = ServerConfiguration(version: "1.2.3")
        configuration.port = 0
        configuration.rateLimits = nil
        configuration.unixSocket = "\(directory)/auterity.sock"
        let (starts, told) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let server = try Server(
            engine: engine, configuration: configuration,
            logger: Logger(label: "served") { _ in SwiftLogNoOpLogHandler() },
            onRunning: { told.yield($0.port) })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { told.finish() }
                try await server.run()
            }
            var port: Int?
            for await start in starts {
                port = start
                break
            }
            let url = "http://127.0.0.1:\(try #require(port))"
            let (workflow, executions) = try await fill(EmbeddedClient(engine: engine))
            let value = try await body(
                ServedStore(
                    engine: engine, now: now, socket: "\(directory)/auterity.sock", url: url,
                    workflow: workflow, executions: executions))
            group.cancelAll()
            return value
        }
    }

    /// An account for every role, and a workflow with executions of each end.
    private static func fill(
        _ client: EmbeddedClient
    ) async throws -> (WorkflowID, [ExecutionID]) {
        for role in Role.allCases {
            _ = try await client.send(
                CreateUser(email: "\(role.rawValue)@example.com", password: password, roles: [role])
            )
        }
        let nodes: [(String, String, JSONValue)] = [
            ("start", "start", [:]),
            ("greet", "log", ["message": "Hello {{name}}, 日本語 🎉 and\ttabs"]),
            ("check", "condition", ["expression": "name != \"nobody\""]),
            ("other", "log", ["message": "nobody is no name", "level": "warning"]),
            ("end", "end", [:]),
        ]
        let edges = [
            ("start", "greet", nil), ("greet", "check", nil), ("check", "end", "true"),
            ("check", "other", "false"), ("other", "end", nil),
        ]
        let definition: JSONValue = [
            "nodes": .array(
                nodes.map { ["id": .string($0.0), "type": .string($0.1), "data": $0.2] }),
            "edges": .array(
                edges.map { source, target, handle in
                    var edge: JSONObject = [
                        "id": .string("\(source)-\(target)"), "source": .string(source),
                        "target": .string(target),
                    ]
                    if let handle { edge["sourceHandle"] = .string(handle) }
                    return .object(edge)
                }),
        ]
        let workflow = try await client.send(
            CreateWorkflow(
                name: "Lead “Qualification” – Größe", description: "Greets", definition: definition)
        )
        var executions: [ExecutionID] = []
        // The last one has no name to greet, and fails.
        for input in [["name": "Ada"], ["name": "nobody"], [:]] as [JSONObject] {
            let outcome = try await client.send(
                ExecuteWorkflow(
                    workflowID: workflow.id, inputData: input, executionMode: .sync))
            executions.append(outcome.executionID)
        }
        return (workflow.id, executions)
    }

    // MARK: Clients

    var embedded: EmbeddedClient { EmbeddedClient(engine: engine) }

    /// A client over the Unix socket, as the owner of the store.
    func attached() async throws -> RemoteClient {
        try await RemoteClient.connect(
            .local(socket: socket), as: .none, environment: [:], version: "1.2.3")
    }

    /// A client over the network, logged in with a role.
    func remote(_ role: Role) async throws -> RemoteClient {
        let client = try RemoteClient(
            ServerAddress(url: url), as: .session(MemoryCredentials()), environment: [:],
            version: "1.2.3")
        try await client.login(email: "\(role.rawValue)@example.com", password: Self.password)
        try await client.identify()
        return client
    }
}

/// Tokens that are forgotten with the test.
final class MemoryCredentials: CredentialStore {
    private let kept = Mutex<Credentials?>(nil)

    func load() -> Credentials? { kept.withLock { $0 } }

    func save(_ credentials: Credentials?) { kept.withLock { $0 = credentials } }
}

/// A client whose machine stands still too: what processor, memory and disk do between two looks
/// is no difference between two clients. Everything else comes from the client as it is.
struct StillMachine: Client {
    let client: any Client

    var identity: ClientIdentity { client.identity }

    func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        let response = try await client.send(call)
        guard let metrics = response as? Metrics else { return response }
        let still = Metrics(
            system: .init(uptime: 60, cpuUsage: 45, memoryUsage: 67, diskUsage: 23),
            application: .init(
                totalRequests: 1, successfulRequests: 1, failedRequests: 0,
                averageResponseTime: nil, requestsPerMinute: 0),
            workflows: metrics.workflows, aiUsage: metrics.aiUsage)
        return still as? Call.Response ?? response
    }

    func feed(after id: Int64?) -> AsyncStream<FeedItem> { client.feed(after: id) }
}
