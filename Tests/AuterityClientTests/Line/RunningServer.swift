import AuterityAPI
import AuterityEngine
import AuterityServer
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import AuterityClient

/// A directory that goes away with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/auterity-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The server of the product with an engine of its own, on a port and a Unix socket.
struct RunningServer: Sendable {
    struct Settings: Sendable {
        var server: ServerConfiguration
        var engine: EngineConfiguration
    }

    let engine: Engine
    let addresses: Server.Addresses

    static let email = "admin@example.com"
    static let password = "correct horse battery"

    var port: Int { addresses.port }
    var url: String { "http://127.0.0.1:\(port)" }

    /// Runs a server for as long as `body` runs. Another one in the same folder goes on with the
    /// same store.
    static func run<Value: Sendable>(
        in folder: TemporaryFolder, version: String = "1.0.0",
        _ change: (inout Settings) -> Void = { _ in },
        _ body: @escaping @Sendable (RunningServer) async throws -> Value
    ) async throws -> Value {
        var settings = settings(in: folder, version: version)
        change(&settings)
        let engine = try await Engine.open(settings.engine)
        do {
            let value = try await serve(engine, settings.server, body)
            await engine.close()
            return value
        } catch {
            await engine.close()
            throw error
        }
    }

    private static func settings(in folder: TemporaryFolder, version: String) -> Settings {
        var server = ServerConfiguration(version: version)
        server.port = 0
        server.unixSocket = folder.path + "/socket"
        server.rateLimits = nil
        server.connections.stopTimeout = 2
        var engine = EngineConfiguration(
            dataDirectory: folder.path + "/data", version: version)
        // How busy the machine of the tests is must raise no alert among what they expect.
        engine.alerts.errorRate = .infinity
        engine.alerts.responseTime = .infinity
        engine.alerts.cpuUsage = .infinity
        engine.alerts.memoryUsage = .infinity
        engine.alerts.diskUsage = .infinity
        engine.loadsStarters = false
        engine.accounts.bcryptCost = 4
        engine.accounts.firstAdministrator = .init(email: email, password: password)
        return Settings(server: server, engine: engine)
    }

    private static func serve<Value: Sendable>(
        _ engine: Engine, _ configuration: ServerConfiguration,
        _ body: @escaping @Sendable (RunningServer) async throws -> Value
    ) async throws -> Value {
        let (running, told) = AsyncStream.makeStream(
            of: Server.Addresses.self, bufferingPolicy: .bufferingNewest(1))
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try Server(engine: engine, configuration: configuration, logger: quiet) {
            told.yield($0)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { told.finish() }
                try await group.run()
            }
            let addresses = try #require(await running.first { _ in true })
            let result: Result<Value, any Error>
            do {
                result = .success(
                    try await body(RunningServer(engine: engine, addresses: addresses)))
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }

    // MARK: - Clients

    /// A client that has logged in with the administrator's password.
    func client(
        through port: Int? = nil, as email: String = RunningServer.email,
        store: MemoryCredentials = MemoryCredentials(), times: ClientTimes = .quick
    ) async throws -> RemoteClient {
        let address = ServerAddress(url: "http://127.0.0.1:\(port ?? self.port)")
        try await logIn(store, email)
        return try await RemoteClient.connect(
            address, as: .session(store), version: "test", times: times)
    }

    func logIn(
        _ store: MemoryCredentials, _ email: String = RunningServer.email
    ) async throws {
        try await RemoteClient.login(
            ServerAddress(url: url), email: email, password: Self.password, credentials: store,
            environment: [:], version: "test")
    }

    /// Makes an account with the password of all.
    func account(_ email: String, _ roles: [Role]) async throws -> UserID {
        try await engine.send(
            CreateUser(email: email, password: Self.password, roles: roles),
            as: .operatingSystemUser
        ).id
    }

    // MARK: - Work

    func workflow() async throws -> WorkflowID {
        try await engine.send(
            CreateWorkflow(
                name: "work",
                definition: ClientFixture.definition(
                    ["id": "work", "type": "transform", "data": ["set": ["x": "1 + 1"]]])),
            as: .operatingSystemUser
        ).id
    }

    func execute(_ workflow: WorkflowID) async throws {
        _ = try await engine.send(
            ExecuteWorkflow(workflowID: workflow, executionMode: .sync),
            as: .operatingSystemUser)
    }

    /// Every event that is kept, up to one.
    func events(upTo last: Int64) async -> [Event] {
        var all: [Event] = []
        for await delivery in engine.events(after: 0, as: .operatingSystemUser) {
            guard case .event(let event) = delivery, let id = event.id else { continue }
            guard id <= last else { break }
            all.append(event)
            if id == last { break }
        }
        return all
    }
}

/// Credentials in the memory of the test, shared like a file.
final class MemoryCredentials: CredentialStore {
    private final class Lock: CredentialLock {
        let onEnd: @Sendable () -> Void
        init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }
        deinit { onEnd() }
    }

    private struct State {
        var credentials: Credentials?
        var isLocked = false
        var saves = 0
    }

    private let state: Mutex<State>

    init(_ credentials: Credentials? = nil) {
        state = Mutex(State(credentials: credentials))
    }

    var credentials: Credentials? { state.withLock { $0.credentials } }
    var saves: Int { state.withLock { $0.saves } }

    func load() -> Credentials? { credentials }

    func save(_ credentials: Credentials?) {
        state.withLock { state in
            state.credentials = credentials
            state.saves += 1
        }
    }

    func change(_ change: (inout Credentials) -> Void) {
        state.withLock { state in
            guard var credentials = state.credentials else { return }
            change(&credentials)
            state.credentials = credentials
        }
    }

    func lock() -> (any CredentialLock)? {
        let isFree = state.withLock { state in
            defer { state.isLocked = true }
            return !state.isLocked
        }
        return isFree ? Lock { [self] in state.withLock { $0.isLocked = false } } : nil
    }
}
