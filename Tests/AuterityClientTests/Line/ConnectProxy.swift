import NIOCore
import NIOPosix
import Synchronization

/// An HTTP proxy (`CONNECT`) that knows one server by every name.
final class ConnectProxy: Sendable {
    /// What it demands in `Proxy-Authorization`; nothing when `nil`.
    private let authorization: String?
    /// What it answers everybody; it connects when `nil`.
    private let refusal: String?
    private let target: Int
    private let asked = Mutex<[String]>([])

    /// The first lines of the requests that came.
    var requests: [String] { asked.withLock { $0 } }

    private init(to target: Int, authorization: String?, refusal: String?) {
        self.target = target
        self.authorization = authorization
        self.refusal = refusal
    }

    static func run<Value>(
        to target: Int, authorization: String? = nil, refusal: String? = nil,
        _ body: (_ port: Int, ConnectProxy) async throws -> Value
    ) async throws -> Value {
        let proxy = ConnectProxy(to: target, authorization: authorization, refusal: refusal)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(proxy))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(listener.localAddress?.port ?? 0, proxy))
        } catch {
            result = .failure(error)
        }
        try await listener.close()
        return try result.get()
    }

    /// What a request is answered when it is refused; `nil` when it may pass.
    private func answer(to head: String) -> String? {
        let lines = head.split(separator: "\r\n").map(String.init)
        asked.withLock { $0.append(lines.first ?? "") }
        if let refusal { return "HTTP/1.1 \(refusal)\r\nContent-Length: 0\r\n\r\n" }
        guard let authorization else { return nil }
        let isKnown = lines.contains { line in
            line.lowercased().hasPrefix("proxy-authorization:")
                && line.hasSuffix(" \(authorization)")
        }
        return isKnown
            ? nil
            : "HTTP/1.1 407 Proxy Authentication Required\r\n"
                + "Proxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n"
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let proxy: ConnectProxy
        private var head = ""
        private var isOpening = false
        private var server: (any Channel)?

        init(_ proxy: ConnectProxy) {
            self.proxy = proxy
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            if let server { return server.writeAndFlush(bytes, promise: nil) }
            head += String(buffer: bytes)
            guard head.hasSuffix("\r\n\r\n"), !isOpening else { return }
            if let answer = proxy.answer(to: head) {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
                head = ""
                return
            }
            isOpening = true
            open(context)
        }

        private func open(_ context: ChannelHandlerContext) {
            let (client, bound) = (context.channel, context.loopBound)
            let isTunnel = head.hasPrefix("CONNECT ")
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { server in
                    server.eventLoop.makeCompletedFuture {
                        try server.pipeline.syncOperations.addHandler(Back(client))
                    }
                }
                .connect(host: "127.0.0.1", port: proxy.target)
                .assumeIsolated().whenComplete { [self] result in
                    guard case .success(let server) = result else {
                        return bound.value.close(promise: nil)
                    }
                    self.server = server
                    if isTunnel {
                        let text = "HTTP/1.1 200 Connection established\r\n\r\n"
                        client.writeAndFlush(ByteBuffer(string: text), promise: nil)
                    } else {
                        server.writeAndFlush(ByteBuffer(string: head), promise: nil)
                    }
                }
        }

        func channelInactive(context: ChannelHandlerContext) {
            server?.close(promise: nil)
        }
    }

    private final class Back: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let client: any Channel

        init(_ client: any Channel) {
            self.client = client
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            client.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            client.close(promise: nil)
        }
    }
}
