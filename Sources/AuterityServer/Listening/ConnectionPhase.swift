import NIOCore
import NIOHTTPTypes

/// How far a connection has come. It is triggered as an outbound event by who understands the
/// protocol, for `SlowClientHandler`, which stands nearest to the network and keeps the time.
enum ConnectionPhase: Sendable {
    /// The head of a request is complete.
    case head
    /// The request is complete.
    case requestEnd
    /// The answer to it has been written.
    case responseEnd
    /// The connection is a WebSocket from now on, which keeps its own time.
    case upgraded
}

/// Tells `SlowClientHandler` what the HTTP codec makes of the bytes.
final class ConnectionPhaseHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: context.triggerUserOutboundEvent(ConnectionPhase.head, promise: nil)
        case .body: break
        case .end: context.triggerUserOutboundEvent(ConnectionPhase.requestEnd, promise: nil)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        context.write(data, promise: promise)
        context.triggerUserOutboundEvent(ConnectionPhase.responseEnd, promise: nil)
    }
}
