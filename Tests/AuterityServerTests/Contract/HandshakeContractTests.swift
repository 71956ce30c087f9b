import AuterityAPI
import Testing

@testable import AuterityEngine
@testable import AuterityServer

/// What is answered before there is a call: the upgrade, other protocols, slow clients.
@Suite(.timeLimit(.minutes(30)))
struct HandshakeContractTests {
    @Test func theUpgradeIsNamed() async throws {
        try await ContractServer.run { server in
            let token = try server.token(.user)
            for (sent, isKept) in [("upgrade-7", true), ("not sane", false)] {
                try await WebSocketWire.open(
                    port: server.port, "/ws/a/?token=\(token)",
                    headers: [("X-Request-ID", sent)]
                ) { wire in
                    #expect(wire.answer.status == 101)
                    let id = try #require(wire.answer["x-request-id"])
                    #expect((id == sent) == isKept)
                    #expect(!id.isEmpty)
                }
            }
        }
    }

    @Test func theStreamWithoutAnUpgradeSaysWhatItIs() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send("GET", "/ws/a", as: .user)
            #expect(answer.status == 400)
            #expect(answer.code == "BAD_REQUEST")
            #expect(answer.text.contains("WebSocket"))
            #expect(try await server.send("GET", "/ws/a/b", as: .user).status == 404)
            #expect(try await server.send("GET", "/ws/a/", as: .user).status == 400)
            for method in ["POST", "DELETE", "OPTIONS"] {
                let other = try await server.send(method, "/ws/a", as: .user)
                #expect(other.status == (method == "OPTIONS" ? 204 : 405))
                #expect(other["Allow"] == "GET, OPTIONS")
            }
        }
    }

    @Test func aHeadThatDoesNotComeIs408() async throws {
        try await ContractServer.run(server: { $0.connections.headTimeout = 2 }) { server in
            let bytes = try await server.wire.exchange("GET / HTTP/1.1\r\n")
            #expect(
                String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 408 Request Timeout"))
            let answer = try #require(Answer(bytes))
            #expect(answer.code == "BAD_REQUEST")
            #expect(
                answer["x-request-id"] == answer.json["error"]?["request_id"]?.stringValue)
        }
    }

    @Test(arguments: ["nonsense", "10.0.0.1/8", "10.0.0.0/33", ""])
    func aServerDoesNotStartWithAProxyThatIsNoAddress(text: String) {
        let error = #expect(throws: ServerError.self) {
            try TrustedProxies.check(["127.0.0.1", text])
        }
        #expect(error.map { "\($0)".contains("\"\(text)\" is no address") } == true)
    }

    /// Whoever begins with HTTP/2 is not kept waiting for the end of a head that never comes.
    @Test func thePrefaceOfHTTP2IsRefusedAtOnce() async throws {
        try await ContractServer.run { server in
            let bytes = try await server.wire.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            let answer = try #require(Answer(bytes))
            #expect(answer.status == 400)
            #expect(answer.code == "BAD_REQUEST")
            #expect(answer["connection"] == "close")
            #expect(
                answer["x-request-id"] == answer.json["error"]?["request_id"]?.stringValue)
        }
    }
}
