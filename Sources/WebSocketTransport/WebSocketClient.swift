import HTTPTypes
public import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
public import NIOPosix
import NIOSSL
import NIOWebSocket

/// Opens WebSockets.
public enum WebSocketClient {
    /// Connects, and hands the connection to `body`. When `body` ends, the connection is closed
    /// with 1000 if it was not closed yet.
    ///
    /// - Throws: `WebSocketClientError`, what the network or TLS says, or what `body` throws.
    public static func withConnection<Value: Sendable>(
        to endpoint: WebSocketEndpoint,
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        _ body: (WebSocketConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await connect(to: endpoint, on: group)
        return try await withTaskCancellationHandler {
            try await channel.executeThenClose { inbound, outbound in
                let connection = WebSocketConnection(
                    messages: WebSocketMessages(inbound), channel: channel.channel,
                    outbound: outbound)
                let value = try await body(connection)
                await connection.finish()
                return value
            }
        } onCancel: {
            channel.channel.close(promise: nil)
        }
    }

    typealias Channel = NIOAsyncChannel<WebSocketMessage, WebSocketOutput>

    private static func connect(
        to endpoint: WebSocketEndpoint, on group: any EventLoopGroup
    ) async throws -> Channel {
        let tls = try endpoint.tls.map { try NIOSSLContext(configuration: $0) }
        let bootstrap = ClientBootstrap(group: group)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connectTimeout(endpoint.connectTimeout)
        let handshake: EventLoopFuture<Handshake>
        switch endpoint.address {
        case .tcp(let host, let port):
            handshake = try await bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port) { channel in
                    prepare(channel, endpoint, tls: tls, serverName: host)
                }
        case .unix(let path):
            handshake = try await bootstrap.connect(unixDomainSocketPath: path) { channel in
                prepare(channel, endpoint, tls: tls, serverName: nil)
            }
        }
        switch try await handshake.get() {
        case .upgraded(let channel): return channel
        case .refused(let channel): throw try await refusal(channel)
        }
    }

    private enum Handshake: Sendable {
        case upgraded(Channel)
        case refused(NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>)
    }

    private static func prepare(
        _ channel: any NIOCore.Channel, _ endpoint: WebSocketEndpoint, tls: NIOSSLContext?,
        serverName: String?
    ) -> EventLoopFuture<EventLoopFuture<Handshake>> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let tls {
                // An address is no name for SNI (RFC 6066, section 3).
                let isName = serverName.map { (try? SocketAddress(ipAddress: $0, port: 0)) == nil }
                try pipeline.addHandler(
                    NIOSSLClientHandler(
                        context: tls, serverHostname: isName == true ? serverName : nil))
            }
            let upgrader = ClientUpgrader(endpoint: endpoint)
            var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: endpoint.path)
            head.headers = HTTPHeaders(endpoint.headers)
            head.headers.replaceOrAdd(name: "Host", value: endpoint.host)
            let upgrade = NIOTypedHTTPClientUpgradeConfiguration<Handshake>(
                upgradeRequestHead: head, upgraders: [upgrader],
                notUpgradingCompletionHandler: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        .refused(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
                    }
                })
            var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
                upgradeConfiguration: upgrade)
            configuration.leftOverBytesStrategy = .forwardBytes
            let result = try pipeline.configureUpgradableHTTPClientPipeline(
                configuration: configuration)
            return bounded(result, channel, endpoint.connectTimeout)
        }
    }

    private static func bounded(
        _ result: EventLoopFuture<Handshake>, _ channel: any NIOCore.Channel, _ time: TimeAmount
    ) -> EventLoopFuture<Handshake> {
        let promise = channel.eventLoop.makePromise(of: Handshake.self)
        let isOver = NIOLoopBoundBox.makeBoxSendingValue(false, eventLoop: channel.eventLoop)
        let give: @Sendable (Result<Handshake, any Error>) -> Void = { result in
            if isOver.value {
                if case .success(let late) = result { discard(late, on: channel.eventLoop) }
                return
            }
            isOver.value = true
            promise.completeWith(result)
        }
        let timer = channel.eventLoop.scheduleTask(in: time) {
            give(.failure(WebSocketClientError.timedOut))
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in give(.failure(WebSocketClientError.ended)) }
        result.whenComplete { result in
            timer.cancel()
            give(result)
        }
        return promise.futureResult
    }

    /// Closes what came about after nobody waited for it any more: NIO ends the process over a
    /// channel that was never closed.
    private static func discard(_ late: Handshake, on eventLoop: any EventLoop) {
        let closing = eventLoop.makeFutureWithTask {
            switch late {
            case .upgraded(let channel): try await channel.executeThenClose { _, _ in }
            case .refused(let channel): try await channel.executeThenClose { _, _ in }
            }
        }
        // However it ended, there is nobody to tell.
        closing.whenComplete { _ in }
    }

    private static func refusal(
        _ channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
    ) async throws -> WebSocketClientError {
        try await channel.executeThenClose { inbound, _ in
            var status = 0
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let head): status = Int(head.status.code)
                case .body(let bytes):
                    body += bytes.readableBytesView.prefix(longestBody - body.count)
                case .end: return .refused(status: status, body: body)
                }
            }
            return status == 0 ? .ended : .refused(status: status, body: body)
        }
    }

    /// Bytes of a refusal that are kept.
    private static let longestBody = 64 << 10

    private struct ClientUpgrader: NIOTypedHTTPClientProtocolUpgrader {
        typealias UpgradeResult = Handshake

        let endpoint: WebSocketEndpoint
        let supportedProtocol = "websocket"
        let requiredUpgradeHeaders: [String] = []
        /// Knows the key and what the server must make of it.
        private let handshake = NIOTypedWebSocketClientUpgrader<Void>(
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })

        init(endpoint: WebSocketEndpoint) {
            self.endpoint = endpoint
        }

        func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
            handshake.addCustom(upgradeRequestHeaders: &upgradeRequestHeaders)
        }

        func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
            // No extension was offered, so the server may use none (RFC 6455, section 4.1).
            handshake.shouldAllowUpgrade(upgradeResponse: upgradeResponse)
                && !upgradeResponse.headers.contains(name: "Sec-WebSocket-Extensions")
        }

        func upgrade(
            channel: any NIOCore.Channel, upgradeResponse: HTTPResponseHead
        ) -> EventLoopFuture<Handshake> {
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let limits = endpoint.limits
                if let silence = endpoint.silenceTimeout {
                    try pipeline.addHandler(IdleStateHandler(readTimeout: silence))
                    try pipeline.addHandler(SilenceHandler())
                }
                try pipeline.addHandler(
                    ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.message)))
                try pipeline.addHandler(WebSocketHandler(side: .client, limits: limits))
                return .upgraded(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
            }
        }
    }
}

/// Ends a connection whose other side has fallen silent.
private final class SilenceHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        context.fireErrorCaught(WebSocketClientError.silent)
        context.close(promise: nil)
    }
}
