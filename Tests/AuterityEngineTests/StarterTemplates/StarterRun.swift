import AuterityAPI
import Testing

@testable import AuterityEngine

/// An engine on a store of its own that runs starter templates for real: AI answers come from a
/// script, mail goes into an outbox, and the systems around are a server on this machine.
final class StarterRun: Sendable {
    let engine: Engine
    let server: HTTPTestServer
    private let store: IntegrationDirectory
    private let outbox: IntegrationDirectory
    private let script: IntegrationDirectory
    private let caller: Caller

    /// `rules` are those of the AI's script, `answers` what the server says by method and path
    /// without the query.
    init(rules: [JSONValue] = [], answers: [String: JSONValue] = [:]) async throws {
        store = try IntegrationDirectory()
        outbox = try IntegrationDirectory()
        script = try IntegrationDirectory()
        server = try HTTPTestServer { request in
            let path = request.target.prefix { $0 != "?" }
            guard let body = answers["\(request.method) \(path)"] else {
                return answer("404 Not Found")
            }
            return answer("200 OK", ["Content-Type: application/json"], body: body.jsonText)
        }
        var configuration = EngineConfiguration(dataDirectory: store.path, version: "test")
        let file: JSONValue = ["model": "script", "rules": .array(rules)]
        configuration.integrations.aiScriptPath = try script.write(file.jsonText, to: "ai.json")
        configuration.integrations.mailOutbox = outbox.path
        configuration.integrations.mailFrom = "dealer@example.com"
        configuration.integrations.allowedHosts = "127.0.0.0/8"
        engine = try await Engine.open(configuration)
        var generator = SeededGenerator(seed: 7)
        caller = Caller(
            id: UserID(at: epoch, using: &generator), name: "ann@example.com",
            roles: [.superAdmin])
    }

    func close() async {
        await engine.close()
    }

    /// The texts of all messages sent, headers and all.
    func mail() throws -> [String] {
        try outbox.names.map { name in
            let bytes = try readSettingFile("\(outbox.path)/\(name)", setting: "outbox")
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// How many messages went to each address.
    func recipients() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for message in try mail() {
            let line = message.split(whereSeparator: \.isNewline).first { $0.hasPrefix("To:") }
            counts[String(line?.dropFirst(4) ?? ""), default: 0] += 1
        }
        return counts
    }

    func workflow(from template: String, _ values: JSONObject) async throws -> WorkflowID {
        let page = try await engine.send(
            ListTemplates(page: 1, pageSize: 100), as: caller)
        let found = try #require(page.items.first { $0.name == template })
        return try await engine.send(
            InstantiateTemplate(templateID: found.id, name: template, parameterValues: values),
            as: caller
        ).id
    }

    /// Runs it to its end.
    func run(_ workflow: WorkflowID, _ input: JSONObject) async throws -> Execution {
        let outcome = try await engine.send(
            ExecuteWorkflow(
                workflowID: workflow, inputData: input, executionMode: .sync, syncTimeout: 30),
            as: caller)
        guard case .finished(let execution) = outcome else {
            throw NotFinished(execution: outcome.executionID)
        }
        return execution
    }

    /// Runs it to its end, deciding the approval on the way.
    func run(
        _ workflow: WorkflowID, _ input: JSONObject, approving isApproved: Bool
    ) async throws -> Execution {
        let events = engine.events(after: nil, as: caller)
        let id = try await engine.send(
            ExecuteWorkflow(workflowID: workflow, inputData: input), as: caller
        ).executionID
        var isDecided = false
        for await delivery in events {
            guard case .event(let event) = delivery,
                case .executionUpdate(let update) = event.payload, update.executionID == id
            else { continue }
            if update.status == .waiting, !isDecided {
                isDecided = true
                _ = try await engine.send(
                    ApproveExecution(executionID: id, approved: isApproved, comment: "decided"),
                    as: caller)
            }
            if update.status.isFinished { break }
        }
        return try await engine.send(GetExecution(executionID: id), as: caller)
    }

    struct NotFinished: Error {
        let execution: ExecutionID
    }
}
