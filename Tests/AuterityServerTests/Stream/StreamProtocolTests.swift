import AuterityAPI
import NIOCore
import Testing
import WebSocketTransport

@testable import AuterityServer

/// What a started server does with bytes that a well-behaved client would not send.
@Suite struct StreamProtocolTests {
    private static let ping = Array(#"{"type":"ping"}"#.utf8)
    /// The answer to a ping, wherever the stream stands.
    private static func isPong(_ payload: [UInt8]) -> Bool {
        let answer = try? JSONValue(parsing: payload)
        return answer?["type"] == "pong" && answer?["last_event_id"]?.intValue != nil
    }

    @Test func aMessageInPiecesWithAPingBetweenThem() async throws {
        try await StreamServer.run { server in
            let token = try await server.token()
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/ws/raw", ["Authorization: Bearer \(token)"])
                #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
                try await client.send(clientFrame(1, Array(Self.ping[..<4]), final: false))
                try await client.send(clientFrame(9, [1, 2, 3]))
                try await client.send(clientFrame(0, Array(Self.ping[4...])))
                let first = try #require(try await client.frame())
                #expect(first.opcode == 10 && first.payload == [1, 2, 3])
                let second = try #require(try await client.frame())
                #expect(Self.isPong(second.payload))
            }
        }
    }

    @Test func theHandshakeIsThatOfTheRFC() async throws {
        try await StreamServer.run { server in
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/ws/raw", [])
                let head = try await client.head().lowercased()
                #expect(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
                #expect(!head.contains("sec-websocket-extensions"))
                #expect(try await client.closeCode() == 4401)
            }
        }
    }

    @Test func framesCloseBehindTheRequestAreNotLost() async throws {
        try await StreamServer.run { server in
            let token = try await server.token()
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake(
                    "/ws/raw?token=\(token)", followedBy: clientFrame(1, Self.ping))
                #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
                let answer = try #require(try await client.frame())
                #expect(Self.isPong(answer.payload))
            }
        }
    }

    @Test func aConnectionThatServedOtherRequestsMayBecomeAWebSocket() async throws {
        try await StreamServer.run { server in
            let token = try await server.token()
            try await RawClient.connect(to: server.port) { client in
                for _ in 0..<2 { try await client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n") }
                #expect(try await client.head().hasPrefix("HTTP/1.1 404 "))
                #expect(try await client.head().hasPrefix("HTTP/1.1 404 "))
                try await client.handshake("/ws/raw?token=\(token)")
                #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
                try await client.send(clientFrame(1, Self.ping))
                let answer = try await client.frame()
                #expect(answer?.opcode == 1)
            }
        }
    }

    @Test(
        arguments: [
            (clientFrame(1, Array("{}".utf8), isMasked: false), 1002),
            (clientFrame(1, [], reserved: 0x40), 1002), (clientFrame(5, []), 1002),
            (clientFrame(1, [0xFF]), 1007), (clientFrame(2, [1]), 1003),
            (clientFrame(9, [UInt8](repeating: 0, count: 126)), 1002),
            (clientFrame(1, [UInt8](repeating: 65, count: 65_537)), 1009),
        ] as [([UInt8], Int)])
    func breachesCloseWithTheirCode(_ bytes: [UInt8], _ code: Int) async throws {
        try await StreamServer.run { server in
            let token = try await server.token()
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/ws/raw?token=\(token)")
                _ = try await client.head()
                try await client.send(bytes)
                #expect(try await client.closeCode() == code)
            }
        }
    }

    @Test func repeatedNonsenseCloses() async throws {
        try await StreamServer.run { server in
            let token = try await server.token()
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/ws/raw?token=\(token)")
                _ = try await client.head()
                for _ in 0..<5 { try await client.send(clientFrame(1, Array("?".utf8))) }
                for _ in 0..<5 {
                    let frame = try #require(try await client.frame())
                    #expect(try JSONValue(parsing: frame.payload)["type"] == "error")
                }
                #expect(try await client.closeCode() == 1008)
            }
        }
    }

    @Test func whoDoesNotAnswerTheCloseIsCut() async throws {
        try await StreamServer.run {
            $0.transport.closeTimeout = .milliseconds(50)
        } _: { server in
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/ws/raw")
                _ = try await client.head()
                #expect(try await client.closeCode() == 4401)
                #expect(try await client.isEnded())
            }
        }
    }

    @Test(
        arguments: [
            (["Origin: http://evil.example.com"], 403), (["Origin: null"], 403),
            (["Origin: https://console.example.com"], 101), ([], 101),
            (["Content-Length: 4"], 400),
        ] as [([String], Int)])
    func requestsAreHeldAgainstTheRulesBeforeTheUpgrade(
        _ lines: [String], _ status: Int
    ) async throws {
        try await StreamServer.run {
            $0.origins = ["https://console.example.com"]
        } _: { server in
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/ws/raw", lines)
                #expect(try await client.head().hasPrefix("HTTP/1.1 \(status) "))
            }
        }
    }

    @Test func theServersOwnPagesMayConnect() async throws {
        try await StreamServer.run { server in
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/ws/raw", ["Origin: http://127.0.0.1:\(server.port)"])
                #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
            }
        }
    }

    @Test func anUpgradeOfAnotherPathIsAnsweredAndTheConnectionEnds() async throws {
        try await StreamServer.run { server in
            try await RawClient.connect(to: server.port) { client in
                try await client.handshake("/elsewhere")
                #expect(try await client.head().hasPrefix("HTTP/1.1 404 "))
                #expect(try await client.isEnded())
            }
        }
    }
}
