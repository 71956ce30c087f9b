import NIOCore
import NIOHTTP1

/// Says in the head of a request what only its version tells, since nobody behind the codec knows
/// that. It stands before the codec.
///
/// - A request of HTTP/1.1 without `Host` gets an empty one, which no request may have; one of
///   HTTP/1.0 needs none.
/// - After a request of HTTP/1.0, and after one that says so in whatever spelling, the connection
///   ends (RFC 9112, section 9.3): `Connection` is then `close`.
final class RequestHeadHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            return context.fireChannelRead(data)
        }
        let lacksHost = head.version != .http1_0 && !head.headers.contains(name: "Host")
        let isLast = !head.isKeepAlive
        guard lacksHost || isLast else { return context.fireChannelRead(data) }
        if lacksHost { head.headers.add(name: "Host", value: "") }
        if isLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
