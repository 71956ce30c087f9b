import AuterityAPI
import Testing

@testable import AuterityEngine

/// Executing, and what came of it.
@Suite(.timeLimit(.minutes(30)))
struct ExecutionContractTests {
    private static let execution: [String: Shape] = [
        "id": .id, "workflow_id": .id, "status": .text, "started_at": .time,
        "completed_at": .time, "duration": .number, "input_data": .anyObject,
        "output_data": .anyObject,
        "steps": .list(
            .object([
                "step_id": .text, "status": .text, "started_at": .time, "completed_at": .time,
                "output": .anyObject,
            ])),
        "workflow_version": .int, "progress": .int, "current_step": .any, "error": .any,
        "retried_from": .any, "blocked_by": .any,
    ]

    private func execute(
        _ server: ContractServer, _ workflow: String, _ body: JSONValue,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        try await server.send(
            "POST", "/api/workflows/\(workflow)/execute", as: .user, json: body,
            headers: headers)
    }

    @Test func executingAnswersAtOnceWhatWasAccepted() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow(ContractServer.waiting)
            let input: JSONValue = ["customer_email": "john@example.com", "deal": 2.5]
            let answer = try await execute(
                server, workflow, ["input_data": input, "execution_mode": "async"])
            #expect(answer.status == 202)
            #expect(
                answer.faults([
                    "execution_id": .id, "workflow_id": .exactly(.string(workflow)),
                    "status": .exactly("running"), "started_at": .time,
                    "input_data": .exactly(input),
                ]) == [])
        }
    }

    @Test func theExampleOfTheDocumentSendsItsMail() async throws {
        let outbox = try ServerDirectory()
        try await ContractServer.run {
            $0.integrations.mailOutbox = outbox.path
            $0.integrations.mailFrom = "auterity@example.com"
        } _: { server in
            let created = try await server.send(
                "POST", "/api/workflows", as: .user, json: WorkflowContractTests.example)
            let id = try #require(created.json["id"]?.stringValue)
            let run = try await server.executed(id, input: ["customer_email": "john@example.com"])
            let execution = try #require(run["id"]?.stringValue)
            let answer = try await server.send(
                "GET", "/api/workflows/executions/\(execution)", as: .user)
            #expect(answer.status == 200)
            #expect(answer.faults(Self.execution) == [])
            #expect(answer.json["status"] == "completed")
            #expect(answer.json["progress"] == 100)
            #expect(answer.json["current_step"] == .null)
            #expect(answer.json["error"] == .null)
            let mail: [String: Shape] = ["email_sent": .exactly(true), "email_id": .text]
            #expect(Shape.object(mail).faults(of: answer.json["output_data"]) == [])
            let step = answer.json["steps"]?.arrayValue?.first { $0["step_id"] == "send_email" }
            #expect(step?["status"] == "completed")
            #expect(Shape.object(mail).faults(of: step?["output"]) == [])
        }
    }

    @Test func anEmptyBodyExecutesToo() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow()
            let answer = try await execute(server, workflow, [:])
            #expect(answer.status == 202)
            #expect(answer.json["input_data"] == [:])
        }
    }

    @Test(
        arguments: [
            (["input_data": []], "input_data"), (["input_data": "text"], "input_data"),
            (["execution_mode": "later"], "execution_mode"),
            (["sync_timeout": 301], "sync_timeout"), (["sync_timeout": -1], "sync_timeout"),
            (["webhook_url": "no address"], "webhook_url"),
            (["webhook_url": "ftp://example.com/"], "webhook_url"),
            (["webhook_url": 1], "webhook_url"),
        ] as [(JSONValue, String)])
    func aWrongFieldIs422AndNamed(body: JSONValue, field: String) async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow()
            let answer = try await execute(server, workflow, body)
            #expect(answer.status == 422)
            #expect(answer.fields == [field])
        }
    }

    @Test func whatIsSwitchedOffIsNotExecuted() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow()
            let off = try await server.send(
                "PATCH", "/api/workflows/\(workflow)", as: .user, json: ["is_active": false])
            #expect(off.status == 200)
            let answer = try await execute(server, workflow, [:])
            #expect(answer.status == 409)
            #expect(answer.code == "WORKFLOW_INACTIVE")
        }
    }

    @Test func whoWaitsGetsTheFinishedExecution() async throws {
        try await ContractServer.run { server in
            let run = try await server.executed(try await server.workflow())
            #expect(Shape.object(Self.execution).faults(of: run) == [])
            #expect(run["output_data"] == ["done": true])
            let waiting = try await server.workflow(ContractServer.waiting)
            let late = try await execute(
                server, waiting, ["execution_mode": "sync", "sync_timeout": 0.01])
            #expect(late.status == 202)
            #expect(Shape.id.faults(of: late.json["execution_id"]) == [])
        }
    }

    @Test func anIdempotencyKeyMeansTheSameExecution() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow(ContractServer.waiting)
            let key = [(name: "Idempotency-Key", value: "order-1")]
            let first = try await execute(server, workflow, ["input_data": ["a": 1]], headers: key)
            let again = try await execute(server, workflow, ["input_data": ["a": 1]], headers: key)
            #expect(first.status == 202)
            #expect(first["idempotency-replayed"] == nil)
            #expect(again.status == 202)
            #expect(again.json == first.json)
            #expect(again["idempotency-replayed"] == "true")
            let other = try await execute(server, workflow, ["input_data": ["a": 2]], headers: key)
            #expect(other.status == 409)
            let long = [(name: "Idempotency-Key", value: String(repeating: "k", count: 256))]
            #expect(try await execute(server, workflow, [:], headers: long).status == 422)
            let list = try await server.send("GET", "/api/workflows/executions", as: .user)
            #expect(list.json["total"] == 1)
        }
    }

    @Test func theListOfExecutionsHasItsKeys() async throws {
        try await ContractServer.run { server in
            let done = try await server.workflow(name: "Done")
            _ = try await server.executed(done)
            let open = try await server.workflow(ContractServer.waiting, name: "Open")
            _ = try await execute(server, open, [:])
            let answer = try await server.send(
                "GET", "/api/workflows/executions", as: .user)
            #expect(answer.status == 200)
            #expect(
                answer.faults([
                    "executions": .list(
                        .object([
                            "id": .id, "workflow_id": .id, "workflow_name": .text,
                            "status": .text, "progress": .int, "current_step": .optional(.text),
                            "started_at": .time, "completed_at": .optional(.time),
                            "duration": .optional(.number), "error": .any,
                        ])),
                    "total": .exactly(2), "page": .exactly(1), "page_size": .exactly(10),
                    "total_pages": .exactly(1),
                ]) == [])
            func names(_ query: String) async throws -> [String] {
                let list = try await server.send(
                    "GET", "/api/workflows/executions?\(query)", as: .user)
                return list.json["executions"]?.arrayValue?
                    .compactMap { $0["workflow_name"]?.stringValue } ?? ["\(list.text)"]
            }
            #expect(try await names("status=completed") == ["Done"])
            #expect(try await names("status=completed&status=failed&search=done") == ["Done"])
            #expect(try await names("workflow_id=\(open)") == ["Open"])
            #expect(try await names("until=2000-01-01T00:00:00Z") == [])
            #expect(try await names("since=2000-01-01T00:00:00Z") == ["Open", "Done"])
            let first = try await server.send(
                "GET", "/api/workflows/executions?cursor=&page_size=1", as: .user
            ).json
            #expect(first["total"] == nil)
            let cursor = try #require(first["next_cursor"]?.stringValue)
            let second = try await server.send(
                "GET", "/api/workflows/executions?page_size=1&cursor=\(cursor)", as: .user
            ).json
            #expect(second["executions"]?[0]?["workflow_name"] == "Done")
            #expect(second["next_cursor"] == .null)
        }
    }

    @Test func approvingCancellingAndRetrying() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow(ContractServer.waiting)
            func begin() async throws -> String {
                let answer = try await execute(server, workflow, [:])
                let id = try #require(answer.json["execution_id"]?.stringValue)
                return "/api/workflows/executions/\(id)"
            }
            func post(_ path: String, _ body: JSONValue = [:]) async throws -> Answer {
                try await server.send("POST", path, as: .user, json: body)
            }
            let approved = try await begin()
            let decision: JSONValue = ["approved": true, "comment": "fine"]
            #expect(try await post(approved + "/approve", decision).status == 200)
            #expect(try await post(approved + "/approve", decision).status == 409)
            let cancelled = try await begin()
            let cancel = try await post(cancelled + "/cancel")
            #expect(cancel.status == 202)
            #expect(cancel.json["status"] == "cancelled")
            let again = try await post(cancelled + "/cancel")
            #expect(again.status == 409)
            #expect(again.code == "EXECUTION_FINISHED")
            let retry = try await post(cancelled + "/retry")
            #expect(retry.status == 202)
            #expect(retry.faults(["execution_id": .id, "retried_from": .id]) == [])
            let old = try await server.send("GET", cancelled, as: .user)
            #expect(old.json["status"] == "cancelled")
            #expect(old.json["id"] == retry.json["retried_from"])
        }
    }
}
