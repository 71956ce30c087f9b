import AuterityAPI
import AuterityEngine
import Foundation
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Testing

@testable import AuterityServer

/// The responder of the product, live on a port of its own, with an engine of its own.
struct RunningAPI: Sendable {
    /// Without a token.
    let probe: HTTPProbe
    let engine: Engine
    let clock: SteppedClock
    let log: RecordedLog

    static let adminEmail = "admin@example.com"
    static let password = "correct horse battery"

    /// With the token of the first administrator.
    func admin() async throws -> HTTPProbe {
        probe.with(token: try await token(Self.adminEmail))
    }

    /// With the token of a new account.
    func account(_ email: String, roles: [Role] = [.user]) async throws -> HTTPProbe {
        _ = try await engine.send(
            CreateUser(email: email, password: Self.password, roles: roles),
            as: .operatingSystemUser)
        return probe.with(token: try await token(email))
    }

    private func token(_ email: String) async throws -> String {
        try await engine.send(Login(email: email, password: Self.password), as: .anonymous())
            .accessToken
    }

    /// A workflow of the administrator on this machine.
    func workflow(_ name: String = "Greeting") async throws -> Workflow {
        try await engine.send(
            CreateWorkflow(name: name, definition: Self.definition), as: .operatingSystemUser)
    }

    static let definition: JSONValue = [
        "nodes": [["id": "start", "type": "start"], ["id": "end", "type": "end"]],
        "edges": [["id": "e1", "source": "start", "target": "end"]],
    ]
}

/// Runs the API for as long as `body` runs.
func withAPI(
    socket: Bool = false, plainRoutes: [PlainRoute]? = nil,
    _ change: (inout ServerConfiguration, inout EngineConfiguration) -> Void = { _, _ in },
    body: @Sendable (RunningAPI) async throws -> Void
) async throws {
    let folder = try TemporaryFolder()
    let clock = SteppedClock()
    let log = RecordedLog()
    var server = ServerConfiguration(version: "1.2.3")
    server.rateLimits = nil
    var settings = EngineConfiguration(dataDirectory: folder.path + "/data", version: "1.2.3")
    // How busy the machine of the tests is must raise no alert among what they expect.
    settings.alerts = .silent
    settings.clock = clock.clock
    settings.loadsStarters = false
    settings.accounts.firstAdministrator = .init(
        email: RunningAPI.adminEmail, password: RunningAPI.password)
    change(&server, &settings)
    let engine = try await Engine.open(settings)
    let api = API(
        engine: engine, configuration: server, logger: log.logger, plainRoutes: plainRoutes)
    let (ports, found) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
    let path = folder.path + "/socket"
    let application = Application(
        responder: api.responder(),
        configuration: ApplicationConfiguration(
            address: socket ? .unixDomainSocket(path: path) : .hostname("127.0.0.1", port: 0)),
        onServerRunning: { found.yield($0.localAddress?.port ?? 0) },
        logger: log.quiet)
    do {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { found.finish() }
                try? await application.run()
            }
            let port = try #require(await ports.first { _ in true })
            let probe = socket ? HTTPProbe(socket: path) : HTTPProbe(port: port)
            try await body(RunningAPI(probe: probe, engine: engine, clock: clock, log: log))
            group.cancelAll()
        }
    } catch {
        await engine.close()
        throw error
    }
    await engine.close()
}

/// A clock that stands still until it is told to go on.
final class SteppedClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_754_649_000_000)

    var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    func advance(seconds: Double) {
        milliseconds.withLock { $0 += Int64(seconds * 1000) }
    }

    var clock: EngineClock {
        EngineClock(
            now: { self.now }, monotonic: EngineClock.system.monotonic,
            sleep: EngineClock.system.sleep)
    }
}

/// A directory that goes away with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/auterity-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// What was logged, line by line.
final class RecordedLog: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]

        var text: String {
            message + metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        }
    }

    private let kept = Mutex<[Line]>([])

    var lines: [Line] { kept.withLock { $0 } }

    /// Writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }
    /// Writes nowhere.
    var quiet: Logger { Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let line = Line(
                level: event.level, message: event.message.description,
                metadata: all.mapValues { $0.description })
            log.kept.withLock { $0.append(line) }
        }
    }
}
