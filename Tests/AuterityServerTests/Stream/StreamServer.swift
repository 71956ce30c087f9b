import AuterityAPI
import FoundationEssentials
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing
import WebSocketTransport

@testable import AuterityEngine
@testable import AuterityServer

/// An engine with accounts, and its event stream on a port that the system chose.
final class StreamServer: Sendable {
    let engine: Engine
    let stream: EventStream
    let port: Int
    static let password = "correct horse battery"
    static let admin = "admin@example.com"

    private init(engine: Engine, stream: EventStream, port: Int) {
        self.engine = engine
        self.stream = stream
        self.port = port
    }

    /// Runs a server for `body`; what it keeps is gone afterwards.
    static func run(
        _ configure: (inout StreamSettings) -> Void = { _ in }, clock: EngineClock = .system,
        sendBuffer: Int32? = nil,
        _ body: @escaping @Sendable (StreamServer) async throws -> Void
    ) async throws {
        let directory =
            FileManager.default.temporaryDirectory.path + "/auterity-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var configuration = EngineConfiguration(dataDirectory: directory, version: "test")
        // How busy the machine of the tests is must raise no alert among what they expect.
        configuration.alerts = .silent
        configuration.loadsStarters = false
        configuration.clock = clock
        configuration.accounts.bcryptCost = 4
        configuration.accounts.firstAdministrator = .init(email: admin, password: password)
        let engine = try await Engine.open(configuration)
        var settings = StreamSettings()
        configure(&settings)
        let stream = EventStream(
            engine: engine, settings: settings, logger: Logger(label: "stream.test"))
        let (ports, told) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .unbounded)
        let channel = StreamChannel(stream: stream, configuration: .init()) { request, writer, _ in
            try await writer.writeResponse(
                HTTPResponse(status: .notFound, headerFields: [.contentLength: "0"]))
        }
        let child = ChildChannel(base: channel, sendBuffer: sendBuffer)
        let service = child.server(
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { told.yield($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "server.test"))
        let outcome: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await service.run() }
                group.addTask { await stream.run() }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                try await body(StreamServer(engine: engine, stream: stream, port: port))
                group.cancelAll()
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await engine.close()
        try outcome.get()
    }

    /// The channel, whose socket takes no more than it is told to.
    private struct ChildChannel: ServerChildChannel {
        let base: StreamChannel
        let sendBuffer: Int32?

        func setup(
            channel: any Channel, logger: Logger
        ) -> EventLoopFuture<StreamChannel.Value> {
            guard let sendBuffer else { return base.setup(channel: channel, logger: logger) }
            return channel.setOption(.socketOption(.so_sndbuf), value: .init(sendBuffer)).flatMap {
                base.setup(channel: channel, logger: logger)
            }
        }

        func handle(value: StreamChannel.Value, logger: Logger) async {
            await base.handle(value: value, logger: logger)
        }
    }

    // MARK: - Accounts and work

    func token(_ email: String = admin) async throws -> String {
        try await engine.send(
            Login(email: email, password: Self.password), as: .anonymous()
        ).accessToken
    }

    func caller(_ email: String = admin) async throws -> Caller {
        try await engine.authenticate(token: try await token(email)).caller
    }

    func account(_ email: String, _ roles: [Role]) async throws {
        _ = try await engine.send(
            CreateUser(email: email, password: Self.password, roles: roles),
            as: try await caller())
    }

    /// A workflow of start, a pure step and end.
    func workflow(as caller: Caller) async throws -> WorkflowID {
        let definition: JSONValue = [
            "nodes": [
                ["id": "start", "type": "start", "data": [:]],
                ["id": "work", "type": "transform", "data": ["set": ["x": "1 + 1"]]],
                ["id": "end", "type": "end", "data": [:]],
            ],
            "edges": [
                ["id": "a", "source": "start", "target": "work"],
                ["id": "b", "source": "work", "target": "end"],
            ],
        ]
        return try await engine.send(
            CreateWorkflow(name: "test", definition: definition), as: caller
        ).id
    }

    @discardableResult
    func execute(_ workflow: WorkflowID, as caller: Caller) async throws -> Execution {
        let outcome = try await engine.send(
            ExecuteWorkflow(workflowID: workflow, executionMode: .sync), as: caller)
        guard case .finished(let execution) = outcome else {
            throw APIError(.internalError, "the execution did not finish")
        }
        return execution
    }

    // MARK: - Clients

    func endpoint(_ query: String = "", token: String? = nil) -> WebSocketEndpoint {
        var headers: HTTPFields = [:]
        if let token { headers[.authorization] = "Bearer \(token)" }
        var endpoint = WebSocketEndpoint(
            .tcp(host: "127.0.0.1", port: port), path: "/ws/test" + query, headers: headers)
        // A busy machine takes its time; what is tested is not how long.
        endpoint.connectTimeout = .minutes(10)
        return endpoint
    }

    /// What a connection is closed with, when it says nothing and the server ends it.
    func closeCode(_ endpoint: WebSocketEndpoint) async throws -> UInt16? {
        try await WebSocketClient.withConnection(to: endpoint) { connection in
            for try await message in connection.messages {
                if case .close(let close) = message { return close.code.rawValue }
            }
            return nil
        }
    }
}

/// A client of the stream that reads messages one after the other.
struct StreamReading {
    let connection: WebSocketConnection
    private var messages: WebSocketMessages.Iterator

    init(_ connection: WebSocketConnection) {
        self.connection = connection
        messages = connection.messages.makeAsyncIterator()
    }

    /// The next message of text; `nil` at the end.
    mutating func next() async throws -> JSONValue? {
        while let message = try await messages.next() {
            switch message {
            case .text(let text):
                let message = try JSONValue(parsing: text)
                #expect(try DocumentedMessages.faults(ofServer: message) == [], "\(text)")
                return message
            case .close: return nil
            default: continue
            }
        }
        return nil
    }

    /// The id of the next message that is kept; figures have none, and come when they come.
    mutating func nextID() async throws -> Int64? {
        while let message = try await next() {
            if let id = message["id"]?.intValue { return id }
        }
        return nil
    }

    mutating func closeCode() async throws -> UInt16? {
        while let message = try await messages.next() {
            if case .close(let close) = message { return close.code.rawValue }
        }
        return nil
    }

    /// The next message of a type; what comes before it is passed over.
    mutating func next(_ type: String) async throws -> JSONValue? {
        while let message = try await next() {
            if message["type"]?.stringValue == type { return message }
        }
        return nil
    }

    /// Events until an execution has ended, that one included.
    mutating func until(ended id: ExecutionID) async throws -> [JSONValue] {
        var events: [JSONValue] = []
        while let message = try await next() {
            // Figures come when they come; they are not kept and have no id.
            guard message["id"]?.intValue != nil else { continue }
            events.append(message)
            if message["data"]?["execution_id"]?.stringValue == id.description,
                message["data"]?["status"] == "completed"
            {
                return events
            }
        }
        return events
    }

    /// Sends a ping and waits for its pong, so that what was said before is done.
    mutating func settle() async throws {
        try await connection.send(text: #"{"type":"ping"}"#)
        _ = try await next("pong")
    }
}

extension AlertLimits {
    /// Limits that nothing reaches.
    static var silent: AlertLimits {
        var limits = AlertLimits()
        limits.errorRate = .infinity
        limits.responseTime = .infinity
        limits.cpuUsage = .infinity
        limits.memoryUsage = .infinity
        limits.diskUsage = .infinity
        return limits
    }
}
