import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import WebSocketTransport

/// The client against the server's upgrade over real sockets.
@Suite struct ClientServerTests {
    @Test func messagesGoBothWays() async throws {
        try await withEchoServer { endpoint in
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                var messages = connection.messages.makeAsyncIterator()
                try await connection.send(text: "Grüße")
                #expect(try await messages.next() == .text("Grüße"))
                try await connection.send(binary: [1, 2, 3])
                #expect(try await messages.next() == .binary(ByteBuffer(bytes: [1, 2, 3])))
                try await connection.ping([7])
                #expect(try await messages.next() == .pong(ByteBuffer(bytes: [7])))
                let large = String(repeating: "0123456789", count: 6500)
                try await connection.send(text: large)
                #expect(try await messages.next() == .text(large))
            }
        }
    }

    @Test func theServersCodeReachesTheClient() async throws {
        try await withEchoServer { endpoint in
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                try await connection.send(text: "close 4401")
                var messages = connection.messages.makeAsyncIterator()
                #expect(try await messages.next() == .close(WebSocketClose(.init(4401), "asked")))
                #expect(try await messages.next() == nil)
            }
        }
    }

    @Test func theClientsCloseIsAnswered() async throws {
        try await withEchoServer { endpoint in
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                try await connection.close(WebSocketClose(.goingAway))
                var messages = connection.messages.makeAsyncIterator()
                #expect(try await messages.next() == .close(WebSocketClose(.goingAway)))
                #expect(try await messages.next() == nil)
            }
        }
    }

    @Test func aRefusalSaysItsStatusAndBody() async throws {
        try await withEchoServer { endpoint in
            var endpoint = endpoint
            endpoint.path = "/elsewhere"
            await #expect(
                throws: WebSocketClientError.refused(status: 404, body: Array("no".utf8))
            ) {
                try await WebSocketClient.withConnection(to: endpoint) { _ in }
            }
        }
    }

    @Test func oneMessageOverTheLimitEndsTheConnection() async throws {
        try await withEchoServer { endpoint in
            try await WebSocketClient.withConnection(to: endpoint) { connection in
                try await connection.send(text: String(repeating: "x", count: 70_000))
                var messages = connection.messages.makeAsyncIterator()
                guard case .close(let close)? = try await messages.next() else {
                    Issue.record("no close")
                    return
                }
                #expect(close.code == .messageTooBig)
            }
        }
    }

    @Test func handshakesWithoutTheirHeadersAreToldWhy() {
        var request = HTTPRequest(
            method: .get, scheme: "http", authority: "h", path: "/",
            headerFields: [
                .upgrade: "WebSocket", .connection: "keep-alive, Upgrade",
                .secWebSocketVersion: "13", .secWebSocketKey: "dGhlIHNhbXBsZSBub25jZQ==",
            ])
        #expect(WebSocketServerUpgrade.isWanted(request))
        #expect(WebSocketServerUpgrade.fault(of: request) == nil)
        request.headerFields[.contentLength] = "4"
        #expect(WebSocketServerUpgrade.fault(of: request) != nil)
        request.headerFields[.contentLength] = nil
        request.headerFields[.secWebSocketVersion] = "8"
        #expect(WebSocketServerUpgrade.fault(of: request) != nil)
        request.headerFields[.secWebSocketVersion] = "13"
        request.headerFields[.secWebSocketKey] = "short"
        #expect(WebSocketServerUpgrade.fault(of: request) != nil)
        request.headerFields[.connection] = "keep-alive"
        #expect(!WebSocketServerUpgrade.isWanted(request))
    }
}

private typealias HTTPChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

/// Upgrades `/echo` and answers everything else with 404.
private func withEchoServer(_ body: (WebSocketEndpoint) async throws -> Void) async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(HTTPResponseEncoder())
                try pipeline.addHandler(
                    ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
                return try HTTPChannel(wrappingChannelSynchronously: channel)
            }
        }
    let port = try #require(server.channel.localAddress?.port)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            try await server.executeThenClose { inbound in
                try await withThrowingDiscardingTaskGroup { connections in
                    for try await channel in inbound {
                        connections.addTask { try? await serve(channel) }
                    }
                }
            }
        }
        var endpoint = WebSocketEndpoint(.tcp(host: "127.0.0.1", port: port), path: "/echo")
        // A busy machine takes its time; what is tested here is not how long.
        endpoint.connectTimeout = .minutes(10)
        try await body(endpoint)
        group.cancelAll()
    }
}

private func serve(_ channel: HTTPChannel) async throws {
    try await channel.executeThenClose { inbound, outbound in
        for try await part in inbound {
            guard case .head(let head) = part else { continue }
            var fields: HTTPFields = [:]
            for (name, value) in head.headers {
                guard let name = HTTPField.Name(name) else { continue }
                fields.append(HTTPField(name: name, value: value))
            }
            let request = HTTPRequest(
                method: .get, scheme: "http", authority: "h", path: head.uri, headerFields: fields)
            guard head.uri == "/echo", WebSocketServerUpgrade.isWanted(request) else {
                let answer = HTTPResponseHead(
                    version: .http1_1, status: .notFound, headers: ["Content-Length": "2"])
                try await outbound.write(.head(answer))
                try await outbound.write(.body(.byteBuffer(ByteBuffer(string: "no"))))
                try await outbound.write(.end(nil))
                return
            }
            try await WebSocketServerUpgrade.upgrade(
                channel.channel, request, limits: WebSocketLimits()
            ) { Echo() }
            try await channel.channel.closeFuture.get()
        }
    }
}

/// Says what it is told; `close N` closes with N.
private final class Echo: ChannelInboundHandler {
    typealias InboundIn = WebSocketMessage
    typealias OutboundOut = WebSocketOutput

    func channelReadComplete(context: ChannelHandlerContext) { context.read() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .text(let text) where text.hasPrefix("close "):
            let code = WebSocketCloseCode(UInt16(text.dropFirst(6)) ?? 1000)
            context.writeAndFlush(
                wrapOutboundOut(.close(WebSocketClose(code, "asked"))), promise: nil)
        case .text(let text):
            context.writeAndFlush(wrapOutboundOut(.text(text)), promise: nil)
        case .binary(let bytes):
            context.writeAndFlush(wrapOutboundOut(.binary(bytes)), promise: nil)
        case .ping, .pong, .close: break
        }
    }
}
