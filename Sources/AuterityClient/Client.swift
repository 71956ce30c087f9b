public import AuterityAPI

/// Whoever speaks to an engine: in process or over the network, which the user of a client
/// cannot tell but by what `identity` and the connection's state say.
public protocol Client: Sendable {
    /// Makes a call.
    func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response

    /// Every event behind `id` (from now on when `nil`), each once and in order, over any number
    /// of broken connections. Ending the iteration ends the subscription.
    func feed(after id: Int64?) -> AsyncStream<FeedItem>

    /// Whom and what one speaks to and as.
    var identity: ClientIdentity { get }
}

/// Where the engine of a client is.
public enum ServerPlace: Hashable, Sendable {
    /// In this process.
    case embedded
    /// In a server of this machine, reached by its Unix socket without a password.
    case socket
    /// In a server that one logs in to.
    case network
}

/// What a header says of a client.
public struct ClientIdentity: Hashable, Sendable {
    /// Such as `embedded · auterity.db` or the name of a server.
    public let name: String
    /// An email, or the operating-system user.
    public let user: String
    /// What the user may do; the console offers nothing else.
    public let permissions: Set<Permission>
    /// What the permissions come from.
    public let roles: Set<Role>
    public let place: ServerPlace

    public init(
        name: String, user: String, permissions: Set<Permission>, roles: Set<Role> = [],
        place: ServerPlace = .embedded
    ) {
        self.name = name
        self.user = user
        self.permissions = permissions
        self.roles = roles
        self.place = place
    }

    /// The same server, as the account is now.
    public func updated(_ user: CurrentUser) -> ClientIdentity {
        ClientIdentity(
            name: name, user: user.email, permissions: Set(user.permissions),
            roles: Set(user.roles), place: place)
    }
}

/// What a feed tells.
public enum FeedItem: Hashable, Sendable {
    case connection(ConnectionState)
    case event(Event)
    /// The connection was given up after so many seconds without a sign of the server: what is
    /// known is that old. The connection's new state comes next.
    case silence(seconds: Double)
    /// After a gap, this many events were sent again.
    case replayed(Int)
    /// The server holds the account for another than before: its roles have changed.
    case accountChanged
    /// Events were lost beyond recovery (or the reader was too slow): read everything afresh.
    case resynchronize
}

/// How a feed is connected.
public enum ConnectionState: Hashable, Sendable {
    case connecting
    case live
    /// Broken for `reason`; the next try comes in that many seconds.
    case retrying(inSeconds: Double, reason: String)
    case resynchronizing
    /// Trying again is no use: `reason` says what to do.
    case refused(reason: String)
}
