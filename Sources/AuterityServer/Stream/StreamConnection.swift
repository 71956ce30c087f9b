import AuterityAPI
import AuterityEngine
import NIOCore
import WebSocketTransport

/// A client of the event stream on its event loop: what `StreamSession` decides, done. What it
/// has not been told yet lies in the ring, or in a page that is read back for it; it holds only
/// how far it has come.
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = WebSocketMessage
    typealias OutboundOut = WebSocketOutput

    /// What a connection asks of the task that owns it.
    enum Job: Sendable {
        case authenticate(token: String)
        case replay(after: Int64, number: Int, as: StreamReader)
    }

    private enum Delivery {
        /// Not yet: the client may be about to say where it wants to go on.
        case held(EventRing.Cursor)
        case replaying(Replay)
        case live(EventRing.Cursor)
    }

    private struct Replay {
        let number: Int
        var page: Page?
    }

    /// A piece of the past, and who waits until it is written.
    private struct Page {
        let segment: StreamSegment?
        var next = 0
        let reached: Int64
        let promise: EventLoopPromise<Bool>
    }

    let number: Int
    private let stream: EventStream
    private let loop: StreamLoop
    private let jobs: AsyncStream<Job>.Continuation
    private var session: StreamSession
    private var delivery: Delivery
    private var replays = 0
    private var context: ChannelHandlerContext?
    private var release: Scheduled<Void>?
    private var user: UserID?
    private var isPumping = false
    /// Whether the transport has taken no more, at any time since all there was was written.
    private var hasStalled = false
    /// Pings of the client that are answered when it has been told what is due.
    private var pongsDue = 0

    /// How long a client that has connected may take to say where it wants to go on, before it
    /// is told of what is new. A `resume` that comes later goes back behind what it was told.
    private static let hold = TimeAmount.seconds(1)
    /// Bytes that are written at once, and how often before others have their turn.
    private static let batchBytes = 64 << 10
    private static let batches = 8

    init(
        number: Int, session: StreamSession, stream: EventStream, loop: StreamLoop,
        jobs: AsyncStream<Job>.Continuation
    ) {
        self.number = number
        self.session = session
        self.stream = stream
        self.loop = loop
        self.jobs = jobs
        delivery = .held(stream.ring.endCursor)
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        perform(session.begin(at: stream.now()))
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish() }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // The HTTP handlers behind, whose turn is over, need not ask for more.
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = stream.now()
        switch unwrapInboundIn(data) {
        case .text(let text):
            perform(session.receive(text, at: now))
            if session.isTrusted { releaseHold() }
        case .binary: perform(session.receiveBinary())
        case .pong: session.receivePong(at: now)
        case .ping: break
        case .close: end()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end()
        // After a fault the close frame is on its way, and the end of the channel too.
        if !(error is WebSocketFault) { context.close(promise: nil) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        session.changeWritability(isWritable, at: stream.now())
        if !isWritable { hasStalled = true }
        pump()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            stop()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: - What the session decides

    private func perform(_ actions: [StreamSession.Action]) {
        guard let context, !actions.isEmpty else { return }
        for action in actions {
            switch action {
            case .say(let reply): context.write(wrapOutboundOut(.text(reply.json)), promise: nil)
            case .authenticate(let token): ask(.authenticate(token: token))
            case .open(let id): open(after: id)
            case .ping: ping(context)
            case .answerPing: pongsDue += 1
            case .close(let close):
                context.write(wrapOutboundOut(.close(close)), promise: nil)
                end()
            case .cut: context.close(promise: nil)
            }
        }
        context.flush()
        if pongsDue > 0 { pump() }
    }

    private func ask(_ job: Job) {
        if case .enqueued = jobs.yield(job) { return }
        perform(session.refuse("the server is busy"))
    }

    private func ping(_ context: ChannelHandlerContext) {
        let payload = context.channel.allocator.buffer(capacity: 0)
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.write(wrapOutboundOut(.ping(payload)), promise: sent)
        sent.futureResult.assumeIsolated().whenSuccess { [self] in
            session.pingSent(at: stream.now())
        }
    }

    func authenticated(_ result: Result<AuthenticatedSession, APIError>) {
        perform(session.authenticated(result, at: stream.now()))
        pump()
    }

    func accountsChanged() { perform(session.accountsChanged(at: stream.now())) }

    func tick() {
        perform(session.tick(at: stream.now()))
        pump()
    }

    func stop() { perform(session.stop()) }

    /// The caller, when they are to be told of figures.
    var metricsCaller: Caller? {
        guard session.isTrusted, let reader = session.reader, reader.readsMetrics,
            session.filter.topics.contains(.metrics), session.filter.execution == nil
        else { return nil }
        return reader.caller
    }

    func push(_ frames: ByteBuffer) {
        guard let context, metricsCaller != nil, context.channel.isWritable else { return }
        context.writeAndFlush(wrapOutboundOut(.frames(frames)), promise: nil)
    }

    // MARK: - Where to begin

    private func open(after id: Int64?) {
        if user == nil, let caller = session.reader?.caller {
            guard stream.admit(caller.id) else {
                return perform(session.refuse("the account has too many connections"))
            }
            user = caller.id
        }
        if let id { return resume(after: id) }
        guard case .held = delivery, release == nil else { return }
        release = context?.eventLoop.assumeIsolated().scheduleTask(in: Self.hold) { [self] in
            releaseHold()
        }
    }

    private func releaseHold() {
        guard case .held(let cursor) = delivery else { return }
        release?.cancel()
        delivery = .live(cursor)
        pump()
    }

    private func resume(after id: Int64) {
        endReplay()
        release?.cancel()
        if id > stream.newestID() {
            resynchronize()
        } else if let cursor = stream.ring.cursor(after: id) {
            goLive(cursor)
        } else if let reader = session.reader {
            readBack(after: id, as: reader)
        }
        pump()
    }

    private func goLive(_ cursor: EventRing.Cursor) {
        delivery = .live(cursor)
        hasStalled = context?.channel.isWritable == false
    }

    private func readBack(after id: Int64, as reader: StreamReader) {
        replays += 1
        delivery = .replaying(Replay(number: replays))
        ask(.replay(after: id, number: replays, as: reader))
    }

    /// The ring has given up what comes next. A client that took all it was given is not to
    /// blame, the server was late: it is read back.
    private func fallBehind(_ cursor: EventRing.Cursor, _ reader: StreamReader) {
        if hasStalled { resynchronize() } else { readBack(after: cursor.id, as: reader) }
    }

    private func resynchronize() {
        goLive(stream.ring.endCursor)
        stream.figures.resynchronized()
        perform([.say(.resyncRequired)])
    }

    /// A page of a replay. The promise says whether another one is wanted.
    func take(
        _ segment: StreamSegment?, reached: Int64, of number: Int,
        _ promise: EventLoopPromise<Bool>
    ) {
        guard case .replaying(let replay) = delivery, replay.number == number, replay.page == nil
        else { return promise.succeed(false) }
        let page = Page(segment: segment, reached: reached, promise: promise)
        delivery = .replaying(Replay(number: number, page: page))
        pump()
    }

    /// A replay found that its events are not kept, or could not be read.
    func replayFailed(_ number: Int) {
        guard case .replaying(let replay) = delivery, replay.number == number else { return }
        resynchronize()
        pump()
    }

    private func endReplay() {
        guard case .replaying(let replay) = delivery else { return }
        replay.page?.promise.succeed(false)
        delivery = .held(stream.ring.endCursor)
    }

    // MARK: - Telling

    /// Writes what is due, as far as the transport takes it.
    func pump() {
        guard !isPumping, session.isTrusted, let context, let reader = session.reader else {
            return
        }
        isPumping = true
        defer { isPumping = false }
        for _ in 0..<Self.batches {
            guard context.channel.isWritable, fill(context, reader) else { return }
            context.flush()
        }
        loop.eventLoop.execute { [number, loop] in loop[number]?.pump() }
    }

    /// Writes one batch; whether there was anything.
    private func fill(_ context: ChannelHandlerContext, _ reader: StreamReader) -> Bool {
        var room = Self.batchBytes
        var hasMoved = false
        while room > 0 {
            switch delivery {
            case .held: return hasMoved
            case .replaying(let replay):
                guard let page = replay.page else { return hasMoved }
                tell(page, of: replay.number, context, reader, &room)
            case .live(var cursor):
                switch stream.ring.read(cursor) {
                case .upToDate:
                    hasStalled = !context.channel.isWritable
                    return answerPings(context, cursor) || hasMoved
                case .lost: fallBehind(cursor, reader)
                case .segment(let segment, let start):
                    let next = write(segment, from: start, context, reader, &room)
                    cursor.advance(in: segment, to: next)
                    delivery = .live(cursor)
                }
            }
            hasMoved = true
        }
        return hasMoved
    }

    /// By its place the answer says what the client has got.
    private func answerPings(
        _ context: ChannelHandlerContext, _ cursor: EventRing.Cursor
    ) -> Bool {
        guard pongsDue > 0 else { return false }
        let pong = StreamReply.pong(lastEventID: cursor.id).json
        for _ in 0..<pongsDue { context.write(wrapOutboundOut(.text(pong)), promise: nil) }
        pongsDue = 0
        return true
    }

    private func tell(
        _ page: Page, of number: Int, _ context: ChannelHandlerContext, _ reader: StreamReader,
        _ room: inout Int
    ) {
        var page = page
        if let segment = page.segment, page.next < segment.entries.count {
            page.next = write(segment, from: page.next, context, reader, &room)
            if page.next < segment.entries.count {
                delivery = .replaying(Replay(number: number, page: page))
                return
            }
        }
        if let cursor = stream.ring.cursor(after: page.reached) {
            goLive(cursor)
            page.promise.succeed(false)
        } else {
            delivery = .replaying(Replay(number: number))
            page.promise.succeed(true)
        }
    }

    private func write(
        _ segment: StreamSegment, from start: Int, _ context: ChannelHandlerContext,
        _ reader: StreamReader, _ room: inout Int
    ) -> Int {
        let selection = segment.selection(
            from: start, for: reader, session.filter, upTo: room)
        for piece in selection.pieces {
            context.write(wrapOutboundOut(.frames(piece)), promise: nil)
        }
        stream.figures.sent(selection.events)
        room -= selection.bytes
        return selection.next
    }

    // MARK: - The end

    /// Nothing more is told.
    private func end() {
        session.ended()
        release?.cancel()
        endReplay()
    }

    private func finish() {
        guard context != nil else { return }
        end()
        context = nil
        loop.remove(self)
        if let user { stream.dismiss(user) }
        jobs.finish()
    }
}
