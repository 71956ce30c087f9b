public import AuterityAPI
import AuterityEngine
import Glibc
import Synchronization

/// A client of a server anywhere.
public final class RemoteClient: Client {
    private let http: RemoteHTTP
    private let outbound: OutboundHTTP
    /// `nil` on a Unix socket, where the operating-system user needs no token.
    private let tokens: TokenSource?
    private let connector: StreamConnector
    private let known: Mutex<ClientIdentity>

    public var identity: ClientIdentity { known.withLock { $0 } }

    private init(
        _ address: ServerAddress, _ outbound: OutboundHTTP, credentials: (any CredentialStore)?
    ) {
        self.outbound = outbound
        let http = RemoteHTTP(address: address, http: outbound) { seconds in
            try await Task.sleep(for: .seconds(seconds))
        }
        self.http = http
        tokens = credentials.map { store in
            TokenSource(
                store: store, now: EngineClock.system.now,
                renew: { refreshToken throws(APIError) in
                    try await http.send(RefreshToken(refreshToken: refreshToken), token: nil)
                })
        }
        var generator = SystemRandomNumberGenerator()
        connector = StreamConnector(
            address: address,
            clientID: UserID(at: EngineClock.system.now(), using: &generator).description,
            tokens: tokens)
        known = Mutex(
            ClientIdentity(
                name: address.title, user: "", permissions: [],
                place: address.unixSocket == nil ? .network : .socket))
    }

    /// A client that has not spoken to its server yet.
    ///
    /// - Parameter credentials: where the tokens are; `nil` on the socket of this machine.
    public convenience init(
        _ address: ServerAddress, credentials: (any CredentialStore)?,
        environment: [String: String], version: String
    ) throws(APIError) {
        self.init(
            address, try Self.makeOutbound(environment: environment, version: version),
            credentials: credentials)
    }

    /// A client that knows who the caller is.
    ///
    /// - Parameter credentials: where the tokens are; `nil` on the socket of this machine.
    /// - Throws: 401 when nobody is logged in, 503 with a sentence when the server cannot be
    ///   reached or is none.
    public static func connect(
        _ address: ServerAddress, credentials: (any CredentialStore)?,
        environment: [String: String], version: String
    ) async throws(APIError) -> RemoteClient {
        let client = try RemoteClient(
            address, credentials: credentials, environment: environment, version: version)
        do throws(APIError) {
            try await client.identify()
            return client
        } catch {
            client.close()
            throw error
        }
    }

    /// Asks the server who the caller is, for `identity`.
    ///
    /// - Throws: 401 when nobody is logged in, 503 with a sentence when the server cannot be
    ///   reached or is none.
    public func identify() async throws(APIError) {
        let user = try await send(GetCurrentUser())
        known.withLock { $0 = $0.updated(user) }
    }

    /// Begins a session in the place of one that has ended. Its tokens are kept, calls go on
    /// with them, and so do feeds that were refused, behind the last event that they told.
    public func login(email: String, password: String) async throws(APIError) {
        guard let tokens else {
            throw APIError(.badRequest, "This server asks its owner for no password")
        }
        let grant = try await http.send(Login(email: email, password: password), token: nil)
        try await tokens.replace(
            Credentials(grant, email: email, now: EngineClock.system.now()))
    }

    /// Begins a session and keeps its tokens.
    public static func login(
        _ address: ServerAddress, email: String, password: String,
        credentials: any CredentialStore, environment: [String: String], version: String
    ) async throws(APIError) {
        let outbound = try makeOutbound(environment: environment, version: version)
        defer { outbound.close() }
        let http = RemoteHTTP(address: address, http: outbound) { seconds in
            try await Task.sleep(for: .seconds(seconds))
        }
        let grant = try await http.send(Login(email: email, password: password), token: nil)
        try credentials.save(
            Credentials(grant, email: email, now: EngineClock.system.now()))
    }

    static func makeOutbound(
        environment: [String: String], version: String
    ) throws(APIError) -> OutboundHTTP {
        do {
            return OutboundHTTP(
                addressGuard: try AddressGuard(allowedHosts: ""),
                proxies: OutboundProxies(environment: environment),
                userAgent: "Auterity/\(version)")
        } catch {
            throw APIError(.internalError, "\(error)")
        }
    }

    public func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        guard let tokens, Call.route.access != .open else {
            return try await http.send(call, token: nil)
        }
        let token = try await tokens.token()
        do throws(APIError) {
            return try await http.send(call, token: token)
        } catch {
            // The server's clock or a restart may have ended the token earlier than we knew.
            guard error.code == .tokenExpired || error.code == .unauthorized else { throw error }
            let renewed = try await tokens.token(insteadOf: token)
            return try await http.send(call, token: renewed)
        }
    }

    public func feed(after id: Int64?) -> AsyncStream<FeedItem> {
        let queue = FeedQueue()
        let feed = RemoteFeed(connector: connector, queue: queue)
        // Owned by the stream: it ends with the last of its readers.
        let task = Task {
            await feed.run(after: id)
            queue.close()
        }
        let owner = FeedOwner(task: task, queue: queue)
        return AsyncStream(
            unfolding: { await owner.next() }, onCancel: { owner.end() })
    }

    /// Ends the connections. The session goes on.
    public func close() {
        outbound.close()
    }
}

/// Ends the task of a feed when nobody can read from it any more.
private final class FeedOwner: Sendable {
    private let task: Task<Void, Never>
    private let queue: FeedQueue

    init(task: Task<Void, Never>, queue: FeedQueue) {
        self.task = task
        self.queue = queue
    }

    deinit { end() }

    func next() async -> FeedItem? { await queue.next() }

    func end() {
        task.cancel()
        queue.close()
    }
}
