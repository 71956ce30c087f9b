import NIOCore
import NIOHTTP1

/// A proxy that makes connections for others (`CONNECT`, RFC 9110, section 9.3.6).
public struct HTTPProxy: Hashable, Sendable {
    public var host: String
    public var port: Int
    /// The value of `Proxy-Authorization`; none when `nil`.
    public var authorization: String?

    public init(host: String, port: Int, authorization: String? = nil) {
        self.host = host
        self.port = port
        self.authorization = authorization
    }
}

/// Asks a proxy for a connection on a channel to it, and leaves the channel as it was: what goes
/// into it then comes out at the other end.
enum ProxyTunnel {
    /// - Returns: succeeds when the connection is made; fails with a `WebSocketClientError`.
    static func open(
        _ channel: any Channel, to host: String, port: Int, through proxy: HTTPProxy
    ) throws -> EventLoopFuture<Void> {
        // An IPv6 address stands in brackets (RFC 3986, section 3.2.2).
        let target = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        var head = HTTPRequestHead(version: .http1_1, method: .CONNECT, uri: target)
        head.headers.add(name: "Host", value: target)
        if let value = proxy.authorization {
            head.headers.add(name: "Proxy-Authorization", value: value)
        }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let handler = TunnelHandler(head, promise)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([encoder, decoder, handler])
        return promise.futureResult.assumeIsolated().flatMap {
            pipeline.removeHandler(handler).assumeIsolated().flatMap {
                pipeline.removeHandler(decoder).assumeIsolated().flatMap {
                    pipeline.removeHandler(encoder)
                }.nonisolated()
            }.nonisolated()
        }.nonisolated()
    }
}

/// Sends the request and waits for its answer.
private final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let promise: EventLoopPromise<Void>
    private var hasAsked = false

    init(_ head: HTTPRequestHead, _ promise: EventLoopPromise<Void>) {
        self.head = head
        self.promise = promise
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { ask(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        ask(context)
        context.fireChannelActive()
    }

    private func ask(_ context: ChannelHandlerContext) {
        guard !hasAsked else { return }
        hasAsked = true
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let status = Int(head.status.code)
            guard !(200..<300).contains(status) else { return }
            promise.fail(WebSocketClientError.refusedByProxy(status: status))
        case .body: break
        case .end: promise.succeed()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(WebSocketClientError.refusedByProxy(status: 0))
        context.fireErrorCaught(error)
    }

    /// A promise is kept by the first who has an answer to it.
    func handlerRemoved(context: ChannelHandlerContext) {
        promise.fail(WebSocketClientError.refusedByProxy(status: 0))
    }
}
