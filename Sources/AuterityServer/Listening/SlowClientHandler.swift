import NIOCore

/// Closes connections whose client is too slow, and idle ones when the server stops.
///
/// It stands between TLS and the HTTP codec: it sees bytes come and go, and is told by
/// `ConnectionPhase` what they mean. A server that is itself slow to read or to answer is never
/// taken for a slow client.
final class SlowClientHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Reading: Equatable {
        /// The next head; `begun` when its first bytes are here.
        case head(begun: Bool)
        case body
        case upgraded
    }

    private let limits: ConnectionLimits
    private let connection: Connection
    private let refusals: RefusedRequests
    private var reading = Reading.head(begun: false)
    /// Requests whose answer is not written yet.
    private var unanswered = 0
    /// Bytes that came since the head of the request, with what frames them.
    private var bodyBytes = 0
    private var isStopping = false
    private var readIsPending = false
    private var bodyEnd = NIODeadline.distantFuture
    private var reader: Deadline
    private var writer: Deadline

    init(limits: ConnectionLimits, connection: Connection, refusals: RefusedRequests) {
        self.refusals = refusals
        self.limits = limits
        self.connection = connection
        reader = Deadline()
        writer = Deadline()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // The time of the first head counts from here, with the handshake of TLS in it.
        reader.set(.now() + .fraction(ofSeconds: limits.headTimeout), context, expired(context))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        reader.cancel()
        writer.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        reader.cancel()
        writer.cancel()
        context.fireChannelInactive()
    }

    // MARK: What comes

    func read(context: ChannelHandlerContext) {
        readIsPending = true
        if reading == .body { waitForBody(context) }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        readIsPending = false
        let began = reading == .head(begun: false)
        if began {
            if unwrapInboundIn(data).readableBytesView.starts(with: Self.preface) {
                return refuse(.otherProtocol, context)
            }
            reading = .head(begun: true)
        }
        if reading == .body {
            bodyBytes += unwrapInboundIn(data).readableBytes
            if bodyBytes > limits.discardedBytes { return context.close(promise: nil) }
        }
        context.fireChannelRead(data)
        switch reading {
        case .head(begun: true):
            // Nearly always the whole head came at once, and no time has to be kept.
            if began {
                reader.set(
                    .now() + .fraction(ofSeconds: limits.headTimeout), context, expired(context))
            }
        case .body: waitForBody(context)
        case .head(begun: false), .upgraded: break
        }
    }

    private func waitForBody(_ context: ChannelHandlerContext) {
        guard readIsPending else { return reader.clear() }
        let stall = NIODeadline.now() + .fraction(ofSeconds: limits.stallTimeout)
        reader.set(min(stall, bodyEnd), context, expired(context))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isStopping = true
            if reading == .head(begun: false), unanswered == 0 { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What goes

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable || reading == .upgraded {
            writer.clear()
        } else {
            writer.set(
                .now() + .fraction(ofSeconds: limits.stallTimeout), context, expired(context))
        }
        context.fireChannelWritabilityChanged()
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard let phase = event as? ConnectionPhase else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        promise?.succeed()
        switch phase {
        case .head:
            unanswered += 1
            connection.isBusy()
            reading = .body
            bodyBytes = 0
            bodyEnd = .now() + .fraction(ofSeconds: limits.bodyTimeout)
            reader.clear()
        case .requestEnd:
            reading = .head(begun: false)
            reader.clear()
            if unanswered == 0 { waitForNext(context) }
        case .responseEnd:
            unanswered -= 1
            if unanswered == 0, reading == .head(begun: false) { waitForNext(context) }
            if unanswered == 0, isStopping {
                context.flush()
                context.close(promise: nil)
            }
        case .upgraded:
            reading = .upgraded
            connection.isBusy()
            reader.clear()
            writer.clear()
        }
    }

    private func waitForNext(_ context: ChannelHandlerContext) {
        connection.isIdle()
        reader.set(.now() + .fraction(ofSeconds: limits.idleTimeout), context, expired(context))
    }

    private func expired(_ context: ChannelHandlerContext) -> () -> Void {
        { [self] in
            if reading == .head(begun: true), unanswered == 0 {
                return refuse(.slowHead, context)
            }
            context.close(promise: nil)
        }
    }

    private func refuse(_ fault: EarlyFault, _ context: ChannelHandlerContext) {
        // An answer between those that are being written would be taken for one of theirs.
        if unanswered == 0 {
            let answer = refusals.bytes(of: fault, from: context.channel)
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
        context.close(promise: nil)
    }

    /// How HTTP/2 begins, and no request of HTTP/1.1.
    private static let preface = Array("PRI * HTTP/2".utf8)
}

/// A moment that may be put off without a new timer each time: the timer that there is looks
/// again when it fires.
private struct Deadline {
    private final class State {
        var deadline: NIODeadline?
        var timer: (fires: NIODeadline, task: Scheduled<Void>)?
    }

    private let state = State()

    func set(
        _ deadline: NIODeadline, _ context: ChannelHandlerContext,
        _ expired: @escaping () -> Void
    ) {
        state.deadline = deadline
        if let timer = state.timer {
            if timer.fires <= deadline { return }
            timer.task.cancel()
        }
        schedule(at: deadline, context.eventLoop, expired)
    }

    private func schedule(
        at moment: NIODeadline, _ loop: any EventLoop, _ expired: @escaping () -> Void
    ) {
        let task = loop.assumeIsolated().scheduleTask(deadline: moment) { [state] in
            state.timer = nil
            guard let deadline = state.deadline else { return }
            if deadline <= .now() { return expired() }
            schedule(at: deadline, loop, expired)
        }
        state.timer = (moment, task)
    }

    func clear() {
        state.deadline = nil
    }

    func cancel() {
        state.deadline = nil
        state.timer?.task.cancel()
        state.timer = nil
    }
}

extension TimeAmount {
    /// Seconds with a fraction.
    static func fraction(ofSeconds seconds: Double) -> TimeAmount {
        .nanoseconds(Int64(seconds * 1e9))
    }
}
