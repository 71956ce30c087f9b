/// What a client may take of a server before anything is known of it.
public struct ConnectionLimits: Hashable, Sendable {
    /// Connections that may be open at once on the port; the one that is idle longest makes room.
    public var connections = 4096
    /// The same for the Unix socket.
    public var localConnections = 256
    /// Bytes of a request's head.
    public var headBytes = 32 << 10
    /// Header fields of a request.
    public var headerFields = 100
    /// Bytes of one request's body, as they are sent, that are read beyond what it may have; the
    /// connection of whoever sends on is closed.
    public var discardedBytes = 16 << 20
    /// Seconds from a head's first byte, or from the beginning of the connection, to its end.
    public var headTimeout = 10.0
    /// Seconds that a body may stand still while it is waited for, and an answer unread.
    public var stallTimeout = 30.0
    /// Seconds that a body may take altogether.
    public var bodyTimeout = 300.0
    /// Seconds between two requests on a connection.
    public var idleTimeout = 75.0
    /// Seconds that requests under way are given at a stop.
    public var stopTimeout = 10.0

    public init() {}
}
