import ArgumentParser
import AuterityAPI
import AuterityClient
import AuterityEngine
import AuterityServer
import Foundation
import Logging

@testable import auterity

/// A store with commands that run on it in this process, and print into a list: on the engine
/// itself, or on a server over HTTP with somebody logged in.
struct CommandWorld {
    let client: any Client
    let folder: URL
    /// The address of the server; `nil` where the engine is in this process.
    let server: String?
    private let settings: Settings
    private let environment: [String: String]

    static let email = "admin@example.com"
    static let password = "correct horse battery"

    /// Runs `body` with a world that is gone afterwards.
    static func with(remote: Bool, _ body: (CommandWorld) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "auterity-commands-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let environment = [
            "HOME": folder.path, "XDG_CONFIG_HOME": folder.path + "/configuration",
            "AUTERITY_DATA_DIR": folder.path + "/store",
            // What `workflow edit` starts: it changes one word of the text.
            "VISUAL": "sed -i s/before/after/",
        ]
        guard remote else { return try await open(nil, folder, environment, body) }
        try await serving(folder.path + "/far") { url in
            let there = environment.merging(["AUTERITY_SERVER": url]) { $1 }
            try await open(url, folder, there, body)
        }
    }

    private static func open(
        _ server: String?, _ folder: URL, _ environment: [String: String],
        _ body: (CommandWorld) async throws -> Void
    ) async throws {
        let settings = try await Settings(
            flags: try StoreSettingFlags.parse([]), environment: environment)
        let opening = try ClientOpening(settings, environment)
        if server != nil { try await opening.login(email: email, password: password) }
        let world = CommandWorld(
            client: try await opening.open(), folder: folder, server: server,
            settings: settings, environment: environment)
        do {
            try await body(world)
        } catch {
            await opening.close()
            throw error
        }
        await opening.close()
    }

    /// Serves a store of its own for as long as `body` runs.
    private static func serving(
        _ directory: String, _ body: (String) async throws -> Void
    ) async throws {
        var configuration = EngineConfiguration(dataDirectory: directory, version: "test")
        // Tests of accounts are elsewhere; the rounds of a real hash are time.
        configuration.accounts.bcryptCost = 4
        configuration.accounts.firstAdministrator = .init(email: email, password: password)
        let engine = try await Engine.open(configuration)
        var settings = ServerConfiguration(version: "test")
        settings.port = 0
        settings.rateLimits = nil
        let (found, places) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingNewest(1))
        let server = try Server(
            engine: engine, configuration: settings,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            onRunning: { places.yield($0.urls.first ?? "") })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { places.finish() }
                try await server.run()
            }
            for await url in found {
                try await body(url)
                break
            }
            group.cancelAll()
            while let result = await group.nextResult() { _ = result }
        }
        await engine.close()
    }

    // MARK: - Running commands

    struct Result {
        let status: Int32
        let lines: [String]

        var text: String { lines.joined(separator: "\n") }
    }

    private final class Lines {
        var all: [String] = []
    }

    struct NoCommand: Error {}

    struct Unexpected: Error {
        let update: ExecutionUpdate
    }

    /// Runs a command line as `main` does, without its process.
    ///
    /// - Parameter input: what it is told where it asks for a password.
    func run(_ words: [String], input: String = "") async throws -> Result {
        let lines = Lines()
        func printer(_ options: OutputOptions) -> Printer {
            Printer(
                options: options, terminalWidth: nil, hasColor: false,
                now: EngineClock.system.now(), write: { lines.all.append($0) })
        }
        let typed = Pipe()
        try typed.fileHandleForWriting.write(contentsOf: Array((input + "\n").utf8))
        let prompt = PasswordPrompt(input: typed.fileHandleForReading.fileDescriptor)
        defer { withExtendedLifetime(typed) {} }
        var status: Int32 = 0
        switch try CommandWords.command(words) {
        case let command as any ConnectedCommand:
            status = try await run(command, printer(command.output), prompt)
        case let command as LoginCommand:
            status = try await command.run(printer(command.output), environment, prompt)
        case let command as DemoCommand:
            let settings = try await Settings(flags: command.flags, environment: environment)
            status = try await command.run(printer(command.output), settings)
        case let command as any StandaloneCommand:
            status = try await command.run(printer(command.output), environment)
        case let command as any ConfigurationCommand:
            // Read anew: the command before may have changed the file.
            let settings = try await Settings(flags: command.settings, environment: environment)
            try command.run(settings, printer(command.output))
        default: throw NoCommand()
        }
        return Result(status: status, lines: lines.all)
    }

    /// On a server with a connection of its own, as each process has; on the engine with the one
    /// that is open, since a store has one owner.
    private func run(
        _ command: any ConnectedCommand, _ printer: Printer, _ prompt: PasswordPrompt
    ) async throws -> Int32 {
        guard server == nil else {
            let settings = try await Settings(flags: command.settings, environment: environment)
            return try await CommandSession.run(
                command, settings, environment, printer, prompt)
        }
        return try await command.run(
            CommandSession(
                client: client, printer: printer, settings: settings, environment: environment,
                credentials: nil, prompt: prompt))
    }

    // MARK: - What commands are run on

    func file(_ name: String, _ value: JSONValue) throws -> String {
        let path = folder.appending(path: name).path
        try value.prettyJSONText.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// A workflow with one step between start and end.
    static func definition(_ step: JSONValue? = nil) -> JSONValue {
        let nodes: [JSONValue] =
            [["id": "start", "type": "start"]] + [step].compactMap(\.self)
            + [["id": "end", "type": "end", "data": ["output": ["said": "'Hello'"]]]]
        let ids = nodes.compactMap { $0["id"]?.stringValue }
        let edges = zip(ids, ids.dropFirst()).map { source, target -> JSONValue in
            [
                "id": .string("\(source)-\(target)"), "source": .string(source),
                "target": .string(target),
            ]
        }
        return ["nodes": .array(nodes), "edges": .array(edges)]
    }

    static let approval: JSONValue = [
        "id": "ask", "type": "approval", "data": ["message": "Well?"],
    ]
    static let refusal: JSONValue = [
        "id": "check", "type": "validate",
        "data": ["schema": ["type": "object", "required": ["missing"]]],
    ]
    static let notice: JSONValue = [
        "id": "tell", "type": "notify", "data": ["severity": "warning", "message": "Look"],
    ]
    static let line: JSONValue = [
        "id": "say", "type": "log", "data": ["level": "warning", "message": "before"],
    ]

    /// A workflow with a name of its own, which has no blanks.
    func workflow(_ step: JSONValue? = nil) async throws -> Workflow {
        try await client.send(
            CreateWorkflow(
                name: "w-\(UUID().uuidString)", definition: Self.definition(step)))
    }

    /// An execution that has come as far as that.
    func execution(_ step: JSONValue? = nil, until status: ExecutionStatus) async throws -> String {
        let workflow = try await workflow(step)
        var started: ExecutionID?
        for await item in client.feed(after: nil) {
            switch item {
            case .connection(.live) where started == nil:
                let call = ExecuteWorkflow(workflowID: workflow.id, executionMode: .async)
                guard case .accepted(let accepted) = try await client.send(call) else {
                    throw NoCommand()
                }
                started = accepted.executionID
            case .event(let event):
                guard case .executionUpdate(let update) = event.payload,
                    update.executionID == started
                else { continue }
                if update.status == status { return update.executionID.description }
                if update.status.isFinished { throw Unexpected(update: update) }
            default: continue
            }
        }
        throw NoCommand()
    }

    /// An account, made once: making a password's hash takes its time.
    func user() async throws -> User {
        let email = "someone@example.com"
        let known = try await client.send(ListUsers(pageSize: 1, cursor: "", search: email))
        if let user = known.items.first { return user }
        return try await client.send(
            CreateUser(email: email, password: "correct horse battery"))
    }
}
