import AuterityAPI
import Testing

@testable import AuterityEngine

/// `/api/logs`.
@Suite(.timeLimit(.minutes(30)))
struct LogContractTests {
    private static let line: [String: Shape] = [
        "id": .id, "timestamp": .time, "level": .oneOf(["debug", "info", "warning", "error"]),
        "message": .text, "execution_id": .optional(.id), "workflow_id": .optional(.id),
        "step_id": .optional(.text),
    ]

    private static let speaking: JSONValue = [
        "nodes": [
            ["id": "start", "type": "start"],
            ["id": "quiet", "type": "log", "data": ["level": "debug", "message": "a detail"]],
            ["id": "loud", "type": "log", "data": ["level": "error", "message": "a fault"]],
        ],
        "edges": [
            ["id": "e1", "source": "start", "target": "quiet"],
            ["id": "e2", "source": "quiet", "target": "loud"],
        ],
    ]

    @Test func linesAreFoundByExecutionLevelTextAndTime() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow(Self.speaking)
            let run = try await server.executed(workflow)
            let execution = try #require(run["id"]?.stringValue)
            let all = try await server.send("GET", "/api/logs", as: .user)
            #expect(all.status == 200)
            #expect(
                all.faults([
                    "logs": .list(.object(Self.line)), "total": .int, "page": .exactly(1),
                    "page_size": .exactly(10), "total_pages": .int,
                ]) == [])
            func messages(_ target: String) async throws -> [String] {
                let answer = try await server.send("GET", target, as: .user)
                return answer.json["logs"]?.arrayValue?
                    .compactMap { $0["message"]?.stringValue } ?? [answer.text]
            }
            #expect(
                try await messages("/api/logs?execution_id=\(execution)")
                    == ["a fault", "a detail"])
            #expect(try await messages("/api/logs?level=warning") == ["a fault"])
            #expect(try await messages("/api/logs?search=DETAIL") == ["a detail"])
            #expect(
                try await messages("/api/logs?workflow_id=\(workflow)&level=error")
                    == ["a fault"])
            #expect(try await messages("/api/logs?until=2000-01-01T00:00:00Z") == [])
            #expect(
                try await messages("/api/workflows/executions/\(execution)/logs?level=error")
                    == ["a fault"])
            let bad = try await server.send("GET", "/api/logs?level=shout&since=now", as: .user)
            #expect(bad.status == 422)
            #expect(bad.fields == ["level", "since"])
        }
    }

    @Test func clientsAddLinesAboutWhatTheyMaySee() async throws {
        try await ContractServer.run { server in
            let run = try await server.executed(try await server.workflow(as: .admin), as: .admin)
            let execution = run["id"] ?? .null
            func add(_ line: JSONValue, as role: Role?) async throws -> Answer {
                try await server.send("POST", "/api/logs", as: role, json: ["logs": [line]])
            }
            let plain: JSONValue = [
                "level": "info", "message": "hello", "timestamp": "2025-08-08T10:30:00Z",
            ]
            let added = try await add(plain, as: .user)
            #expect(added.status == 201)
            #expect(added.json["accepted"] == 1)
            let about: JSONValue = [
                "level": "info", "message": "of it", "execution_id": execution,
            ]
            #expect(try await add(about, as: .admin).status == 201)
            #expect(try await add(about, as: .viewer).status == 201)
            let foreign = try await add(about, as: .user)
            #expect(foreign.status == 404 || foreign.status == 422)
            #expect(try await add(plain, as: nil).status == 401)
            #expect(try await add(["level": "loud"], as: .user).status == 422)
        }
    }
}
