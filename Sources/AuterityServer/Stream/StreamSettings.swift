public import AuterityAPI
import AuterityEngine
import WebSocketTransport

/// What the event stream is told when it is made.
public struct StreamSettings: Sendable {
    /// Clients at once; one more gets 503 before the upgrade.
    public var clients = Self.clients(ofConnections: ConnectionLimits().connections)
    /// Clients at once for which messages are compressed, where they know how; those beyond get
    /// them as they are. Each costs 32 KiB, and time with every event.
    public var compressedClients = 256
    /// Connections of one account at once; one more is closed with 1013.
    public var connectionsPerUser = 100
    /// Origins that browsers may connect from, besides the server's own; `*` is any.
    public var origins: [String] = []
    /// Who is on the other end of the Unix socket; nobody when `nil`.
    public var localCaller: Caller?
    /// The newest events that are held for clients.
    var ring = EventRing.Limits()
    var transport = WebSocketLimits()
    /// What the process has of both clocks.
    var now: @Sendable () -> StreamSession.Moment = StreamSession.Moment.current

    public init() {}
}

extension StreamSettings {
    /// Nine tenths of the connections: they last, and the rest is for requests.
    static func clients(ofConnections connections: Int) -> Int {
        max(1, connections - connections / 10)
    }

    /// As the server is told; on its Unix socket the operating-system user is the administrator.
    init(_ configuration: ServerConfiguration) {
        self.init()
        clients = Self.clients(ofConnections: configuration.connections.connections)
        origins = configuration.corsOrigins
        localCaller = .operatingSystemUser
    }
}
