public import NIOCore
public import NIOWebSocket

/// Frames below, messages above: answers pings, keeps the order of the close handshake, and ends
/// a connection that breaks the protocol with the code that says so.
///
/// It stands behind a `WebSocketFrameDecoder` whose limit is that of a message. It hands on the
/// other side's close as the last message, and a fault as an error.
public final class WebSocketHandler: ChannelDuplexHandler {
    public typealias InboundIn = WebSocketFrame
    public typealias InboundOut = WebSocketMessage
    public typealias OutboundIn = WebSocketOutput
    public typealias OutboundOut = ByteBuffer

    private enum Phase {
        case open
        /// Our close frame is out; the other side's is waited for.
        case closing
        /// Both are out, or one of them will never come.
        case ended
    }

    private let side: WebSocketSide
    private let limits: WebSocketLimits
    private var assembly: MessageAssembly
    private var phase = Phase.open
    private var deadline: Scheduled<Void>?
    /// A ping that came while nothing could be written. Only the newest needs an answer.
    private var unanswered: ByteBuffer?

    public convenience init(
        side: WebSocketSide, limits: WebSocketLimits = WebSocketLimits()
    ) {
        self.init(side: side, limits: limits, compression: nil)
    }

    init(side: WebSocketSide, limits: WebSocketLimits, compression: WebSocketCompression?) {
        self.side = side
        self.limits = limits
        assembly = MessageAssembly(side: side, limits: limits, compression: compression)
    }

    public func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    public func channelInactive(context: ChannelHandlerContext) {
        phase = .ended
        deadline?.cancel()
        context.fireChannelInactive()
    }

    // MARK: - What comes

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .ended else { return }
        do {
            guard let message = try assembly.take(unwrapInboundIn(data)) else { return }
            receive(message, context)
        } catch {
            fail(error, context, linger: limits.closeTimeout)
        }
    }

    private func receive(_ message: WebSocketMessage, _ context: ChannelHandlerContext) {
        switch (message, phase) {
        case (.ping(let payload), .open):
            answer(payload, context)
            context.fireChannelRead(wrapInboundOut(message))
        case (.close(let close), .open):
            phase = .ended
            context.fireChannelRead(wrapInboundOut(message))
            let payload = close.code == .none ? [] : WebSocketClose(close.code).payload
            let frame = frame(.connectionClose, payload, context)
            end(context, after: context.writeAndFlush(wrapOutboundOut(frame)))
        case (.close, .closing):
            phase = .ended
            context.fireChannelRead(wrapInboundOut(message))
            end(context, after: context.eventLoop.makeSucceededVoidFuture())
        case (_, .open):
            context.fireChannelRead(wrapInboundOut(message))
        default: break
        }
    }

    private func answer(_ payload: ByteBuffer, _ context: ChannelHandlerContext) {
        guard context.channel.isWritable else {
            unanswered = payload
            return
        }
        let pong = frame(.pong, payload.readableBytesView, context)
        context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        if phase == .open, context.channel.isWritable, let payload = unanswered {
            unanswered = nil
            answer(payload, context)
        }
        context.fireChannelWritabilityChanged()
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? NIOWebSocketError else {
            return context.fireErrorCaught(error)
        }
        let fault =
            switch error {
            case .invalidFrameLength:
                WebSocketFault(
                    .messageTooBig, "a message has at most \(limits.message) bytes")
            case .fragmentedControlFrame:
                WebSocketFault(.protocolError, "a control frame is not fragmented")
            case .multiByteControlFrameLength:
                WebSocketFault(.protocolError, "a control frame has at most 125 bytes")
            }
        // Nothing that follows can be read, the answer to the close frame neither.
        fail(fault, context, linger: limits.linger)
    }

    private func fail(
        _ fault: WebSocketFault, _ context: ChannelHandlerContext, linger: TimeAmount
    ) {
        guard phase == .open else {
            if phase == .closing { cut(context, in: limits.linger) }
            return
        }
        context.fireErrorCaught(fault)
        sendClose(fault.close, context, promise: nil)
        cut(context, in: linger)
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            phase = .ended
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: - What goes

    public func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard phase == .open else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let buffer: ByteBuffer
        switch unwrapOutboundIn(data) {
        case .frames(let frames): buffer = frames
        case .text(let text): buffer = frame(.text, text.utf8, context)
        case .binary(let payload): buffer = frame(.binary, payload.readableBytesView, context)
        case .ping(let payload):
            buffer = frame(.ping, payload.readableBytesView.prefix(125), context)
        case .close(let close): return sendClose(close, context, promise: promise)
        }
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    private func sendClose(
        _ close: WebSocketClose, _ context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>?
    ) {
        phase = .closing
        let frame = frame(.connectionClose, close.payload, context)
        context.writeAndFlush(wrapOutboundOut(frame), promise: promise)
        cut(context, in: limits.closeTimeout)
    }

    private func frame(
        _ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>,
        _ context: ChannelHandlerContext
    ) -> ByteBuffer {
        WebSocketFrames.frame(opcode, payload, side: side, allocator: context.channel.allocator)
    }

    // MARK: - The end

    /// The server closes the transport first (RFC 6455, section 7.1.1); the client waits for it.
    private func end(_ context: ChannelHandlerContext, after written: EventLoopFuture<Void>) {
        cut(context, in: limits.closeTimeout)
        guard side == .server else { return }
        let bound = context.loopBound
        written.whenComplete { _ in bound.value.close(promise: nil) }
    }

    private func cut(_ context: ChannelHandlerContext, in time: TimeAmount) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            context.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension WebSocketHandler: Sendable {}
