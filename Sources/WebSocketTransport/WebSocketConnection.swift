import NIOCore
import Synchronization

/// An open WebSocket of a client.
public struct WebSocketConnection: Sendable {
    /// What comes, once; a reader that pauses holds the sender back.
    public let messages: WebSocketMessages
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketOutput>

    init(
        messages: WebSocketMessages, channel: any Channel,
        outbound: NIOAsyncChannelOutboundWriter<WebSocketOutput>
    ) {
        self.messages = messages
        self.channel = channel
        self.outbound = outbound
    }

    /// Sends one message; waits while the other side does not read.
    ///
    /// - Throws: when the connection is closed.
    public func send(text: String) async throws {
        try await outbound.write(.text(text))
    }

    /// Sends one message; waits while the other side does not read.
    ///
    /// - Throws: when the connection is closed.
    public func send(binary: [UInt8]) async throws {
        try await outbound.write(.binary(ByteBuffer(bytes: binary)))
    }

    /// The answer comes as a `pong` with the same payload, of which at most 125 bytes are sent.
    public func ping(_ payload: [UInt8] = []) async throws {
        try await outbound.write(.ping(ByteBuffer(bytes: payload)))
    }

    /// Begins to close; `messages` ends when the other side has answered, or has not in time.
    public func close(_ close: WebSocketClose = WebSocketClose(.normal)) async throws {
        try await outbound.write(.close(close))
    }

    /// Cuts the connection without a close frame.
    public func cut() {
        channel.close(promise: nil)
    }

    /// Closes if that is not done, and waits for the end of the channel, which is bounded.
    func finish() async {
        // A connection that is closed already needs no second close frame.
        try? await outbound.write(.close(WebSocketClose(.normal)))
        // Reading on, so that the answer to the close frame is met. Messages are read once: who
        // has begun to read them has left the rest in the channel, which then ends by itself.
        if !messages.isRead {
            do { for try await _ in messages {} } catch {}
        }
        try? await channel.closeFuture.get()
    }
}

/// The messages of a connection in their order. The last is a `close`, unless the connection was
/// cut.
public struct WebSocketMessages: AsyncSequence, Sendable {
    public typealias Element = WebSocketMessage

    private let inbound: NIOAsyncChannelInboundStream<WebSocketMessage>
    private let reading = Reading()

    /// Shared by all copies of the sequence.
    private final class Reading: Sendable {
        let hasBegun = Atomic(false)
    }

    init(_ inbound: NIOAsyncChannelInboundStream<WebSocketMessage>) {
        self.inbound = inbound
    }

    var isRead: Bool { reading.hasBegun.load(ordering: .acquiring) }

    public func makeAsyncIterator() -> Iterator {
        reading.hasBegun.store(true, ordering: .releasing)
        return Iterator(base: inbound.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        var base: NIOAsyncChannelInboundStream<WebSocketMessage>.AsyncIterator

        /// - Throws: a `WebSocketFault` when the other side broke the protocol, or what the
        ///   network says.
        public mutating func next() async throws -> WebSocketMessage? {
            try await next(isolation: #isolation)
        }

        /// As `next()`.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> WebSocketMessage? {
            try await base.next(isolation: actor)
        }
    }
}
