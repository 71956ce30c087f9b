import AuterityAPI
import Testing

@testable import AuterityEngine

/// `ws://…/ws/{client_id}`, as the documents have it.
@Suite(.timeLimit(.minutes(30)))
struct WebSocketContractTests {
    private func open<Value: Sendable>(
        _ server: ContractServer, as role: Role?, query: String = "",
        _ body: (inout WebSocketWire) async throws -> Value
    ) async throws -> Value {
        let token = if let role { "?token=" + (try server.token(role)) } else { "?x=y" }
        return try await WebSocketWire.open(
            port: server.port, "/ws/contract" + token + query, body)
    }

    private static let update: [String: Shape] = [
        "id": .int, "type": .exactly("workflow_execution_update"), "timestamp": .time,
        "data": .object([
            "execution_id": .id, "workflow_id": .id,
            "status": .oneOf(ExecutionStatus.allCases.map(\.rawValue)),
            "current_step": .optional(.text), "progress": .int, "steps_completed": .int,
            "steps_total": .int, "started_at": .time, "error": .any,
        ]),
    ]

    @Test func changesOfAnExecutionAreToldInOrder() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow()
            try await open(server, as: .user) { socket in
                #expect(socket.answer.status == 101)
                #expect(socket.answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                // Once this is answered, nothing can be missed.
                try await socket.send(["type": "ping"])
                #expect(try await socket.next(type: "pong") != nil)
                let execution = try await server.executed(workflow)["id"]
                var last: Int64 = 0
                var status = ""
                while status != "completed" {
                    let message = try #require(
                        try await socket.next(type: "workflow_execution_update"))
                    #expect(Shape.object(Self.update).faults(of: message) == [])
                    #expect(message["data"]?["execution_id"] == execution)
                    let id = message["id"]?.intValue ?? 0
                    #expect(id > last)
                    last = id
                    status = message["data"]?["status"]?.stringValue ?? "completed"
                }
            }
        }
    }

    @Test func whatCameBehindAnIDIsSentAgainOnceAndInOrder() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow()
            _ = try await server.executed(workflow)
            func ids(after id: Int64, count: Int) async throws -> [Int64] {
                try await open(server, as: .user, query: "&last_event_id=\(id)") { socket in
                    var ids: [Int64] = []
                    while ids.count < count,
                        let message = try await socket.next(type: "workflow_execution_update")
                    {
                        ids.append(message["id"]?.intValue ?? -1)
                    }
                    return ids
                }
            }
            let all = try await ids(after: 0, count: 3)
            #expect(all == all.sorted() && Set(all).count == 3)
            #expect(try await ids(after: all[0], count: 2) == Array(all[1...]))
        }
    }

    @Test func nobodyIsToldOfWhatTheyMayNotSee() async throws {
        try await ContractServer.run { server in
            let foreign = try await server.workflow(as: .admin)
            let own = try await server.workflow(as: .user)
            try await open(server, as: .user) { socket in
                try await socket.send(["type": "ping"])
                _ = try await socket.next(type: "pong")
                _ = try await server.executed(foreign, as: .admin)
                _ = try await server.executed(own, as: .user)
                let message = try await socket.next(type: "workflow_execution_update")
                #expect(message?["data"]?["workflow_id"] == .string(own))
            }
        }
    }

    @Test func aSubscriptionNarrows() async throws {
        try await ContractServer.run { server in
            let workflow = try await server.workflow()
            try await open(server, as: .user) { socket in
                try await socket.send(["type": "subscribe", "topics": ["alerts"]])
                #expect(try await socket.next(type: "subscribed") != nil)
                _ = try await server.executed(workflow)
                try await socket.send(["type": "subscribe", "topics": ["executions", "metrics"]])
                #expect(try await socket.nextJSON()?["type"] == "subscribed")
                await server.engine.core.sample()
                let figures = try await socket.next(type: "metrics_update")
                #expect(figures?["id"] == nil || figures?["id"] == .null)
                #expect(
                    Shape.object([
                        "system": .anyObject, "application": .anyObject,
                        "workflows": .anyObject, "ai_usage": .anyObject,
                    ]).faults(of: figures?["data"]) == [])
            }
        }
    }

    @Test(arguments: ["", "?token=", "?token=nonsense", "?token=a.b.c"])
    func withoutAGoodTokenItClosesWith4401(query: String) async throws {
        try await ContractServer.run { server in
            let code = try await WebSocketWire.open(port: server.port, "/ws/contract" + query) {
                try await $0.closeCode()
            }
            #expect(code == 4401)
        }
    }

    @Test func theTokenMayStandInTheHeader() async throws {
        try await ContractServer.run { server in
            let headers = [(name: "Authorization", value: "Bearer \(try server.token(.user))")]
            try await WebSocketWire.open(
                port: server.port, "/ws/contract", headers: headers
            ) { socket in
                try await socket.send(["type": "ping"])
                #expect(try await socket.next(type: "pong") != nil)
            }
        }
    }

    @Test func anEndedSessionClosesItsSockets() async throws {
        try await ContractServer.run { server in
            let login = try await server.logIn("user@example.com").json
            let token = try #require(login["access_token"]?.stringValue)
            let code = try await WebSocketWire.open(
                port: server.port, "/ws/contract?token=\(token)"
            ) { socket in
                try await socket.send(["type": "ping"])
                #expect(try await socket.next(type: "pong") != nil)
                _ = try await server.wire.send(Ask("POST", "/api/auth/logout", token: token))
                return try await socket.closeCode()
            }
            #expect(code == 4401)
        }
    }

    @Test func nonsenseIsAnsweredAndThenEndsIt() async throws {
        try await ContractServer.run { server in
            let code = try await open(server, as: .user) { socket in
                try await socket.send(opcode: 1, Array("nonsense".utf8))
                #expect(try await socket.next(type: "error") != nil)
                for _ in 0..<100 {
                    // The far end may have closed meanwhile.
                    try? await socket.send(opcode: 1, Array("{\"type\": 7}".utf8))
                }
                return try await socket.closeCode()
            }
            #expect(code == 1008)
            let large = try await open(server, as: .user) { socket in
                let text = String(repeating: "x", count: 70_000)
                try await socket.send(["type": "ping", "padding": .string(text)])
                return try await socket.closeCode()
            }
            #expect(large == 1009)
        }
    }
}
