import AuterityAPI
import AuterityServer
import Glibc
import Logging
import Synchronization
import Testing

@testable import AuterityEngine

/// A started server on a port of its own, with a store in a directory of its own and an account
/// for every role.
struct ContractServer: Sendable {
    struct Account: Sendable {
        let id: UserID
        let email: String
        let token: String
    }

    let engine: Engine
    let port: Int
    let accounts: [Role: Account]

    static let password = "Korrekt-Pferd-1"

    /// Starts one, hands it to `body`, and ends it.
    static func run<Value: Sendable>(
        engine adjustEngine: (inout EngineConfiguration) -> Void = { _ in },
        server adjustServer: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (ContractServer) async throws -> Value
    ) async throws -> Value {
        _ = CollectedLog.isInstalled
        let directory = try ServerDirectory()
        var configuration = EngineConfiguration(dataDirectory: directory.path, version: "9.8.7")
        configuration.accounts.bcryptCost = 4
        configuration.accounts.lockout.freeFailures = nil
        configuration.accounts.lockout.freeFailuresPerAddress = nil
        adjustEngine(&configuration)
        let engine = try await Engine.open(configuration)
        do {
            let value = try await serve(engine, adjustServer, body)
            await engine.close()
            return value
        } catch {
            await engine.close()
            throw error
        }
    }

    private static func serve<Value: Sendable>(
        _ engine: Engine, _ adjust: (inout ServerConfiguration) -> Void,
        _ body: (ContractServer) async throws -> Value
    ) async throws -> Value {
        var configuration = ServerConfiguration(version: "9.8.7")
        configuration.port = 0
        configuration.rateLimits = nil
        adjust(&configuration)
        let (starts, told) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let server = try Server(
            engine: engine, configuration: configuration, logger: Logger(label: "contract"),
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
            let contract = ContractServer(
                engine: engine, port: try #require(port),
                accounts: try await makeAccounts(engine, port: try #require(port)))
            let value = try await body(contract)
            group.cancelAll()
            return value
        }
    }

    private static func makeAccounts(_ engine: Engine, port: Int) async throws -> [Role: Account] {
        var accounts: [Role: Account] = [:]
        for role in Role.allCases {
            let email = "\(role.rawValue)@example.com"
            let user = try await engine.send(
                CreateUser(email: email, password: password, roles: [role]), as: owner)
            let token = try await logIn(email, password, port: port)
            accounts[role] = Account(id: user.id, email: email, token: token)
        }
        return accounts
    }

    /// Who sets the store up.
    static let owner: Caller = {
        var generator = SystemRandomNumberGenerator()
        let id = UserID(at: Timestamp(milliseconds: 1_700_000_000_000), using: &generator)
        return Caller(id: id, name: "owner", roles: [.superAdmin])
    }()

    private static func logIn(
        _ email: String, _ password: String, port: Int
    ) async throws -> String {
        let answer = try await Wire(port: port).send(
            Ask(
                "POST", "/api/auth/login",
                json: ["email": .string(email), "password": .string(password)]))
        return try #require(answer.json["access_token"]?.stringValue, "\(answer.text)")
    }
}

extension ContractServer {
    var wire: Wire { Wire(port: port) }

    func token(_ role: Role) throws -> String { try #require(accounts[role]).token }

    /// Sends as somebody with this role; as nobody where there is none.
    func send(
        _ method: String, _ target: String, as role: Role? = nil, json: JSONValue? = nil,
        headers: [(name: String, value: String)] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let token: String? = if let role { try token(role) } else { nil }
        return try await wire.send(
            Ask(method, target, token: token, json: json, headers: headers),
            sourceLocation: sourceLocation)
    }

    func logIn(
        _ email: String, password: String = ContractServer.password
    ) async throws -> Answer {
        try await send(
            "POST", "/api/auth/login",
            json: ["email": .string(email), "password": .string(password)])
    }

    /// Makes a workflow; answers its id.
    func workflow(
        as role: Role = .user, _ definition: JSONValue = ContractServer.minimal,
        name: String = "Contract"
    ) async throws -> String {
        let answer = try await send(
            "POST", "/api/workflows", as: role,
            json: ["name": .string(name), "definition": definition])
        return try #require(answer.json["id"]?.stringValue, "\(answer.text)")
    }

    /// Executes a workflow to its end; answers the execution.
    func executed(
        _ workflow: String, as role: Role = .user, input: JSONValue = [:]
    ) async throws -> JSONValue {
        let answer = try await send(
            "POST", "/api/workflows/\(workflow)/execute", as: role,
            json: ["input_data": input, "execution_mode": "sync"])
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json
    }

    static let minimal: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            ["id": "end", "type": "end", "data": ["output": ["done": true]]],
        ],
        "edges": [["id": "e1", "source": "start", "target": "end"]],
    ]

    /// Stops before a person's decision.
    static let waiting: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            ["id": "ask", "type": "approval", "data": ["message": "May I?"]],
            ["id": "end", "type": "end"],
        ],
        "edges": [
            ["id": "e1", "source": "start", "target": "ask"],
            ["id": "e2", "source": "ask", "target": "end"],
        ],
    ]
}

/// A directory that goes away with the test.
final class ServerDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/auterity-test-XXXXXX\0".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast(2).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                        String(cString: $0)
                    }
                }
                unlink(path + "/" + name)
            }
            closedir(directory)
        }
        rmdir(path)
    }
}

/// Everything that is logged in this process since the first server was started.
enum CollectedLog {
    private static let lines = Mutex<[String]>([])
    /// Lines that are kept; the suites together write fewer.
    private static let limit = 200_000

    /// Takes the place of the standard output for every logger that is made from then on.
    static let isInstalled: Bool = {
        LoggingSystem.bootstrap { _ in Handler() }
        return true
    }()

    static var text: String { lines.withLock { $0.joined(separator: "\n") } }

    private struct Handler: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            lines.withLock { lines in
                if lines.count < CollectedLog.limit { lines.append("\(event.message) \(all)") }
            }
        }
    }
}
