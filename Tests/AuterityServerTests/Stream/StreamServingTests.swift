import AuterityAPI
import AuterityEngine
import Testing
import WebSocketTransport

@testable import AuterityServer

/// The event stream of a started server.
@Suite struct StreamServingTests {
    @Test func tokensDecideWhoListens() async throws {
        try await StreamServer.run { server in
            #expect(try await server.closeCode(server.endpoint()) == 4401)
            #expect(try await server.closeCode(server.endpoint("?token=")) == 4401)
            #expect(try await server.closeCode(server.endpoint("?token=a.b.c")) == 4401)
            #expect(try await server.closeCode(server.endpoint(token: "bad")) == 4401)
            try await server.account("nobody@example.com", [])
            let token = try await server.token("nobody@example.com")
            #expect(try await server.closeCode(server.endpoint(token: token)) == 4403)
            #expect(try await server.closeCode(server.endpoint("?token=\(token)")) == 4403)
        }
    }

    @Test func executionsAreToldFromTheirBeginningToTheirEnd() async throws {
        try await StreamServer.run { server in
            let token = try await server.token()
            let caller = try await server.caller()
            let workflow = try await server.workflow(as: caller)
            try await WebSocketClient.withConnection(
                to: server.endpoint("?token=\(token)")
            ) { connection in
                var client = StreamReading(connection)
                let execution = try await server.execute(workflow, as: caller)
                let events = try await client.until(ended: execution.id)
                #expect(events.count > 2)
                let ids = events.compactMap { $0["id"]?.intValue }
                #expect(ids.count == events.count)
                #expect(ids == ids.sorted() && Set(ids).count == ids.count)
                for event in events {
                    #expect(event.objectValue?.keys == ["type", "data", "timestamp", "id"])
                    #expect(event["type"] == "workflow_execution_update")
                    #expect(event["data"]?["workflow_id"] == .string(workflow.description))
                }
                #expect(events.last?["data"]?["progress"] == 100)
            }
        }
    }

    @Test func foreignExecutionsAreNotTold() async throws {
        try await StreamServer.run { server in
            try await server.account("one@example.com", [.user])
            try await server.account("two@example.com", [.user])
            let (one, two) = (
                try await server.caller("one@example.com"),
                try await server.caller("two@example.com")
            )
            let (hers, his) = (
                try await server.workflow(as: one), try await server.workflow(as: two)
            )
            let endpoint = server.endpoint(token: try await server.token("two@example.com"))
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var client = StreamReading(connection)
                try await client.settle()
                try await server.execute(hers, as: one)
                let execution = try await server.execute(his, as: two)
                for event in try await client.until(ended: execution.id) {
                    #expect(event["data"]?["workflow_id"] == .string(his.description))
                }
            }
        }
    }

    @Test func topicsAndExecutionsNarrow() async throws {
        try await StreamServer.run { server in
            let caller = try await server.caller()
            let workflow = try await server.workflow(as: caller)
            let endpoint = server.endpoint(token: try await server.token())
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var client = StreamReading(connection)
                try await connection.send(text: #"{"type":"subscribe","topics":["alerts"]}"#)
                let answer = try await client.next("subscribed")
                #expect(answer != nil)
                // Events are gathered for a moment before any client is told of them; when
                // another one is, they have passed this one.
                try await WebSocketClient.withConnection(to: endpoint) { other in
                    var reading = StreamReading(other)
                    try await reading.settle()
                    let passed = try await server.execute(workflow, as: caller)
                    _ = try await reading.until(ended: passed.id)
                }
                try await client.settle()
                try await connection.send(
                    text: #"{"type":"subscribe","topics":["executions"]}"#)
                #expect(try await client.next("subscribed") != nil)
                let seen = try await server.execute(workflow, as: caller)
                let events = try await client.until(ended: seen.id)
                #expect(
                    events.allSatisfy {
                        $0["data"]?["execution_id"] == .string(seen.id.description)
                    })
                try await connection.send(
                    text: #"{"type":"subscribe","execution_id":"\#(seen.id)"}"#)
                #expect(try await client.next("subscribed") != nil)
                try await server.execute(workflow, as: caller)
                try await connection.send(text: #"{"type":"resume","last_event_id":0}"#)
                let again = try await client.until(ended: seen.id)
                #expect(again.count == events.count)
            }
        }
    }

    @Test func loggingOutEndsTheConnection() async throws {
        try await StreamServer.run { server in
            try await server.account("one@example.com", [.user])
            let token = try await server.token("one@example.com")
            let session = try await server.engine.authenticate(token: token).caller
            try await WebSocketClient.withConnection(
                to: server.endpoint(token: token)
            ) { connection in
                var client = StreamReading(connection)
                try await client.settle()
                _ = try await server.engine.send(Logout(), as: session)
                #expect(try await client.closeCode() == 4401)
            }
        }
    }

    @Test func anotherTokenOfTheAccountIsTaken() async throws {
        try await StreamServer.run { server in
            let token = try await server.token()
            let next = try await server.token()
            let first = try await server.engine.authenticate(token: token).caller
            try await WebSocketClient.withConnection(
                to: server.endpoint(token: token)
            ) { connection in
                var client = StreamReading(connection)
                try await connection.send(text: #"{"type":"auth","token":"\#(next)"}"#)
                let answer = try #require(try await client.next("authenticated"))
                #expect(answer.objectValue?.keys == ["type", "expires_at"])
                // The first token's session may end now.
                _ = try await server.engine.send(Logout(), as: first)
                try await client.settle()
                try await client.settle()
            }
        }
    }

    @Test func anIdBeyondTheNewestAsksForAFreshReading() async throws {
        try await StreamServer.run { server in
            let endpoint = server.endpoint(
                "?last_event_id=99999999", token: try await server.token())
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var client = StreamReading(connection)
                let message = try #require(try await client.next("resync_required"))
                #expect(message.objectValue?.keys == ["type", "message"])
                // It goes on at the newest.
                let caller = try await server.caller()
                let execution = try await server.execute(
                    try await server.workflow(as: caller), as: caller)
                #expect(try await client.until(ended: execution.id).count > 2)
            }
            #expect(server.stream.figures.resynchronizations == 1)
        }
    }

    @Test func theSameClientMayBeConnectedTwice() async throws {
        try await StreamServer.run { server in
            let caller = try await server.caller()
            let workflow = try await server.workflow(as: caller)
            let endpoint = server.endpoint(token: try await server.token())
            try await WebSocketClient.withConnection(to: endpoint) { one in
                try await WebSocketClient.withConnection(to: endpoint) { two in
                    var (first, second) = (StreamReading(one), StreamReading(two))
                    let execution = try await server.execute(workflow, as: caller)
                    let events = try await first.until(ended: execution.id)
                    #expect(try await second.until(ended: execution.id) == events)
                    #expect(server.stream.figures.clients == 2)
                }
            }
        }
    }

    @Test func anAccountHasNoMoreConnectionsThanItMay() async throws {
        try await StreamServer.run {
            $0.connectionsPerUser = 1
        } _: { server in
            let endpoint = server.endpoint(token: try await server.token())
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var client = StreamReading(connection)
                try await client.settle()
                #expect(try await server.closeCode(endpoint) == 1013)
                try await client.settle()
            }
        }
    }

    @Test func aFullServerRefusesBeforeTheUpgrade() async throws {
        try await StreamServer.run {
            $0.clients = 1
        } _: { server in
            let endpoint = server.endpoint(token: try await server.token())
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var client = StreamReading(connection)
                try await client.settle()
                do {
                    try await WebSocketClient.withConnection(to: endpoint) { _ in }
                    Issue.record("a second client was let in")
                } catch WebSocketClientError.refused(let status, let body, _) {
                    #expect(status == 503)
                    let code = try JSONValue(parsing: body)["error"]?["code"]
                    #expect(code == "SERVICE_UNAVAILABLE")
                }
            }
        }
    }

    @Test func aStopIsTold() async throws {
        try await StreamServer.run { server in
            let endpoint = server.endpoint(token: try await server.token())
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var client = StreamReading(connection)
                try await client.settle()
                server.stream.stop()
                #expect(try await client.closeCode() == 1001)
            }
            await #expect(throws: WebSocketClientError.self) {
                try await WebSocketClient.withConnection(to: endpoint) { _ in }
            }
        }
    }

    @Test func figuresAreMadeForTheirReader() async throws {
        // The engine's samples come as fast as its clock lets it sleep.
        let clock = EngineClock(
            now: EngineClock.system.now, monotonic: EngineClock.system.monotonic,
            sleep: { _ in
                let soon = EngineClock.system.now().adding(seconds: 0.05)
                try await EngineClock.system.sleep(soon)
            })
        try await StreamServer.run(clock: clock) { server in
            try await server.account("one@example.com", [.user])
            let admin = try await server.caller()
            try await server.execute(try await server.workflow(as: admin), as: admin)
            for (email, count) in [(StreamServer.admin, 1), ("one@example.com", 0)] {
                let endpoint = server.endpoint(token: try await server.token(email))
                try await WebSocketClient.withConnection(to: endpoint) { connection in
                    var client = StreamReading(connection)
                    let message = try #require(try await client.next("metrics_update"))
                    #expect(message.objectValue?.keys == ["type", "data", "timestamp"])
                    let total = message["data"]?["workflows"]?["total_executions"]
                    #expect(total == .int(Int64(count)))
                    try await connection.send(
                        text: #"{"type":"unsubscribe","topics":["metrics"]}"#)
                    _ = try await client.next("subscribed")
                }
            }
        }
    }
}
