public import NIOCore
import NIOHTTP1
public import NIOPosix

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
        let handshake = try ClientHandshake(endpoint)
        let bootstrap = ClientBootstrap(group: group)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connectTimeout(endpoint.connectTimeout)
        let outcome: EventLoopFuture<ClientHandshake.Outcome>
        switch endpoint.address {
        case .tcp(var host, var port):
            if let proxy = endpoint.proxy { (host, port) = (proxy.host, proxy.port) }
            outcome = try await bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port) { handshake.prepare($0) }
        case .unix(let path):
            outcome = try await bootstrap.connect(unixDomainSocketPath: path) {
                handshake.prepare($0)
            }
        }
        switch try await outcome.get() {
        case .upgraded(let channel): return channel
        case .refused(let channel):
            throw try await refusal(channel, within: endpoint.connectTimeout)
        }
    }

    /// What the server said instead, as far as it is kept and comes in time.
    private static func refusal(
        _ channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>,
        within time: TimeAmount
    ) async throws -> WebSocketClientError {
        let timer = channel.channel.eventLoop.scheduleTask(in: time) {
            channel.channel.close(promise: nil)
        }
        defer { timer.cancel() }
        return try await channel.executeThenClose { inbound, _ in
            var status = 0
            var retryAfter: Double?
            var body: [UInt8] = []
            reading: for try await part in inbound {
                switch part {
                case .head(let head):
                    status = Int(head.status.code)
                    // A date is not read: the clocks need not agree.
                    retryAfter = head.headers.first(name: "Retry-After").flatMap { Double($0) }
                case .body(let bytes):
                    body += bytes.readableBytesView.prefix(longestBody - body.count)
                    if body.count == longestBody { break reading }
                case .end: break reading
                }
            }
            return status == 0
                ? .ended : .refused(status: status, body: body, retryAfter: retryAfter)
        }
    }

    /// Bytes of a refusal that are kept.
    private static let longestBody = 64 << 10
}
