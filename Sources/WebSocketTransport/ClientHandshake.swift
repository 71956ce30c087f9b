import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOWebSocket

/// What is done on a client's channel before it is a WebSocket: the way through a proxy, TLS, and
/// the upgrade of HTTP.
struct ClientHandshake: Sendable {
    enum Outcome: Sendable {
        case upgraded(WebSocketClient.Channel)
        case refused(NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>)
    }

    let endpoint: WebSocketEndpoint
    private let tls: NIOSSLContext?

    /// - Throws: what is wrong with the certificates of the endpoint.
    init(_ endpoint: WebSocketEndpoint) throws {
        self.endpoint = endpoint
        tls = try endpoint.tls.map { try NIOSSLContext(configuration: $0) }
    }

    /// Sets up a channel that is about to connect.
    ///
    /// - Returns: What becomes of the handshake, within the endpoint's time.
    func prepare(_ channel: any Channel) -> EventLoopFuture<EventLoopFuture<Outcome>> {
        channel.eventLoop.makeCompletedFuture {
            let failure = FailureNote()
            guard let proxy = endpoint.proxy, case .tcp(let host, let port) = endpoint.address
            else {
                return bounded(try upgrade(channel, failure), channel, failure)
            }
            let tunnel = try ProxyTunnel.open(channel, to: host, port: port, through: proxy)
            // The box of the note is touched on the channel's event loop only.
            let bound = NIOLoopBound(failure, eventLoop: channel.eventLoop)
            let outcome = tunnel.flatMapThrowing { try upgrade(channel, bound.value) }
                .flatMap { $0 }
            return bounded(outcome, channel, failure)
        }
    }

    private func upgrade(
        _ channel: any Channel, _ failure: FailureNote
    ) throws -> EventLoopFuture<Outcome> {
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            try pipeline.addHandler(
                NIOSSLClientHandler(context: tls, serverHostname: endpoint.serverName))
        }
        try pipeline.addHandler(failure)
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: endpoint.path)
        head.headers = HTTPHeaders(endpoint.headers)
        head.headers.replaceOrAdd(name: "Host", value: endpoint.host)
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration<Outcome>(
            upgradeRequestHead: head, upgraders: [ClientUpgrader(endpoint: endpoint)],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture {
                    .refused(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
                }
            })
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: upgrade)
        configuration.leftOverBytesStrategy = .forwardBytes
        return try pipeline.configureUpgradableHTTPClientPipeline(configuration: configuration)
    }

    private func bounded(
        _ result: EventLoopFuture<Outcome>, _ channel: any Channel, _ failure: FailureNote
    ) -> EventLoopFuture<Outcome> {
        let promise = channel.eventLoop.makePromise(of: Outcome.self)
        let isOver = NIOLoopBoundBox.makeBoxSendingValue(false, eventLoop: channel.eventLoop)
        let give: @Sendable (Result<Outcome, any Error>) -> Void = { result in
            if isOver.value {
                if case .success(let late) = result {
                    Self.discard(late, on: channel.eventLoop)
                }
                return
            }
            isOver.value = true
            promise.completeWith(result)
        }
        let note = NIOLoopBound(failure, eventLoop: channel.eventLoop)
        let timer = channel.eventLoop.scheduleTask(in: endpoint.connectTimeout) {
            give(.failure(WebSocketClientError.timedOut))
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in
            give(.failure(note.value.error ?? WebSocketClientError.ended))
        }
        result.whenComplete { result in
            timer.cancel()
            // What failed first says why; that the channel closed is what came of it.
            give(
                result.mapError { error in
                    note.value.error ?? (error is ChannelError ? WebSocketClientError.ended : error)
                })
            if case .failure = result { channel.close(promise: nil) }
        }
        return promise.futureResult
    }

    /// Closes what came about after nobody waited for it any more: NIO ends the process over a
    /// channel that was never closed.
    private static func discard(_ late: Outcome, on eventLoop: any EventLoop) {
        let closing = eventLoop.makeFutureWithTask {
            switch late {
            case .upgraded(let channel): try await channel.executeThenClose { _, _ in }
            case .refused(let channel): try await channel.executeThenClose { _, _ in }
            }
        }
        // However it ended, there is nobody to tell.
        closing.whenComplete { _ in }
    }
}

/// Keeps the first error of a channel, which otherwise only closes it.
private final class FailureNote: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private(set) var error: (any Error)?

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.error == nil { self.error = error }
        context.fireErrorCaught(error)
    }
}

private struct ClientUpgrader: NIOTypedHTTPClientProtocolUpgrader {
    typealias UpgradeResult = ClientHandshake.Outcome

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
        if endpoint.offersCompression {
            upgradeRequestHeaders.replaceOrAdd(
                name: Self.extensions, value: WebSocketCompression.offer)
        }
    }

    private static let extensions = "Sec-WebSocket-Extensions"

    func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
        // The server may use no extension that was not offered (RFC 6455, section 4.1).
        let answer = upgradeResponse.headers[Self.extensions]
        return handshake.shouldAllowUpgrade(upgradeResponse: upgradeResponse)
            && (answer.isEmpty
                || endpoint.offersCompression && WebSocketCompression(answer: answer) != nil)
    }

    func upgrade(
        channel: any Channel, upgradeResponse: HTTPResponseHead
    ) -> EventLoopFuture<ClientHandshake.Outcome> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let limits = endpoint.limits
            if let onReceive = endpoint.onReceive {
                try pipeline.addHandler(ReceiptHandler(onReceive))
            }
            try pipeline.addHandler(
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.message)))
            let answer = upgradeResponse.headers[Self.extensions]
            try pipeline.addHandler(
                WebSocketHandler(
                    side: .client, limits: limits,
                    compression: WebSocketCompression(answer: answer)))
            return .upgraded(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
        }
    }
}

/// Tells that bytes have come.
private final class ReceiptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let onReceive: @Sendable () -> Void

    init(_ onReceive: @escaping @Sendable () -> Void) {
        self.onReceive = onReceive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        onReceive()
        context.fireChannelRead(data)
    }
}
