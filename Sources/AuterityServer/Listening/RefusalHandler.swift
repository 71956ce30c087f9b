import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Puts the answer of `RefusedRequests` in place of the empty 400 by which the channel answers
/// what is no valid HTTP. It stands behind the codec.
final class RefusalHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let refusals: RefusedRequests
    private var fault: HTTPParserError?
    /// Heads that came, and heads that answered them.
    private var requests = 0
    private var answers = 0
    /// Whether the body of the last request is not over.
    private var isInBody = false
    /// The answer that is being written goes nowhere: its request has one.
    private var isDropping = false

    init(_ refusals: RefusedRequests) {
        self.refusals = refusals
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requests += 1
            isInBody = true
        case .body: break
        case .end: isInBody = false
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if fault == nil { fault = error as? HTTPParserError }
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            guard head.status.kind != .informational else { break }
            if let fault, !head.headerFields.contains(HeaderFields.requestID) {
                return refuse(fault, context, promise)
            }
            answers += 1
        case .body, .end:
            if isDropping {
                promise?.succeed()
                return
            }
        }
        context.write(data, promise: promise)
    }

    private func refuse(
        _ fault: HTTPParserError, _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        // A second answer to one request would be taken for that to the next.
        guard !isInBody || answers < requests else {
            isDropping = true
            promise?.succeed()
            context.close(promise: nil)
            return
        }
        answers += 1
        let answer = refusals.answer(to: fault, from: context.channel)
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: promise)
    }
}
