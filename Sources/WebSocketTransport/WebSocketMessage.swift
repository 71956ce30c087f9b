public import NIOCore

/// What comes from the other side.
public enum WebSocketMessage: Hashable, Sendable {
    /// Whole, and valid UTF-8.
    case text(String)
    case binary(ByteBuffer)
    /// Answered already.
    case ping(ByteBuffer)
    case pong(ByteBuffer)
    /// The last one; answered already. A code of 1005 says that none was given.
    case close(WebSocketClose)
}

/// What goes to the other side.
public enum WebSocketOutput: Sendable {
    case text(String)
    case binary(ByteBuffer)
    /// Frames that stand ready, one behind the other, from `WebSocketFrames.append`. Only a
    /// server may send them: a client's frames are masked one by one.
    case frames(ByteBuffer)
    /// At most 125 bytes.
    case ping(ByteBuffer)
    /// Nothing goes behind it.
    case close(WebSocketClose)
}

/// Which end of a connection this is: clients mask their frames, servers must not.
public enum WebSocketSide: Sendable {
    case server, client
}

/// The bounds of a connection.
public struct WebSocketLimits: Hashable, Sendable {
    /// Bytes of a message that comes, all its fragments together; more closes with 1009.
    public var message = 64 << 10
    /// Fragments of a message that comes; more closes with 1008.
    public var fragments = 4096
    /// What the other side is given to answer a close frame before the connection is cut.
    public var closeTimeout = TimeAmount.seconds(5)
    /// How long what comes is thrown away after a frame that cannot be read, so that the other
    /// side reads the close frame before its own bytes are refused.
    public var linger = TimeAmount.seconds(1)

    public init() {}
}
