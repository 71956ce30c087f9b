public import AuterityAPI
import AuterityEngine
import Glibc
import Synchronization

/// A client of a server anywhere.
public final class RemoteClient: Client {
    private let address: ServerAddress
    private let http: RemoteHTTP
    private let outbound: OutboundHTTP
    /// `nil` on a Unix socket, where the operating-system user needs no token.
    private let tokens: (any AccessTokens)?
    private let connector: StreamConnector
    private let times: ClientTimes
    private let known: Mutex<ClientIdentity>
    private let feeds = OpenFeeds()

    /// As the server said last: asked when a permission turned out to be missing, and with each
    /// login.
    public var identity: ClientIdentity { known.withLock { $0 } }

    private init(
        _ address: ServerAddress, as login: RemoteLogin, environment: [String: String],
        version: String, times: ClientTimes
    ) throws(APIError) {
        try address.check()
        self.address = address
        self.times = times
        let proxies = OutboundProxies(environment: environment)
        let outbound = try Self.makeOutbound(proxies, version: version)
        self.outbound = outbound
        let http = RemoteHTTP(
            address: address, http: outbound, times: times, keys: IdempotencyKeys(make: Self.makeID)
        )
        self.http = http
        tokens =
            switch login {
            case .none: nil
            case .token(let text, let origin): GivenToken(text: text, origin: origin)
            case .session(let store):
                TokenSource(store: store, server: address.display, times: times) {
                    means throws(APIError) in
                    switch means {
                    case .bearer(let token): try await http.send(RefreshToken(), token: token)
                    case .refreshToken(let token):
                        try await http.send(RefreshToken(refreshToken: token), token: nil)
                    }
                }
            }
        connector = StreamConnector(
            address: address, clientID: Self.makeID(), tokens: tokens, proxies: proxies)
        known = Mutex(
            ClientIdentity(
                name: address.title, user: "", permissions: [],
                place: address.unixSocket == nil ? .network : .socket))
    }

    /// A client that has not spoken to its server yet.
    ///
    /// - Throws: 400 when the address is none.
    public convenience init(
        _ address: ServerAddress, as login: RemoteLogin, environment: [String: String],
        version: String
    ) throws(APIError) {
        try self.init(
            address, as: login, environment: environment, version: version, times: .system)
    }

    /// A client that knows who the caller is.
    ///
    /// - Throws: 400 when the address is none, 401 when nobody is logged in, 503 with a sentence
    ///   when the server cannot be reached or is none.
    public static func connect(
        _ address: ServerAddress, as login: RemoteLogin, environment: [String: String],
        version: String
    ) async throws(APIError) -> RemoteClient {
        try await connect(
            address, as: login, environment: environment, version: version, times: .system)
    }

    static func connect(
        _ address: ServerAddress, as login: RemoteLogin, environment: [String: String] = [:],
        version: String, times: ClientTimes
    ) async throws(APIError) -> RemoteClient {
        let client = try RemoteClient(
            address, as: login, environment: environment, version: version, times: times)
        do throws(APIError) {
            try await client.identify()
            return client
        } catch {
            client.close()
            throw error
        }
    }

    /// Begins a session and keeps its tokens.
    public static func login(
        _ address: ServerAddress, email: String, password: String,
        credentials: any CredentialStore, environment: [String: String], version: String
    ) async throws(APIError) {
        let client = try RemoteClient(
            address, as: .session(credentials), environment: environment, version: version,
            times: .system)
        defer { client.close() }
        try await client.login(email: email, password: password)
    }

    /// Begins a session in the place of one that has ended. Its tokens are kept, calls go on
    /// with them, and so do feeds that were refused, behind the last event that they told.
    ///
    /// - Throws: 401 when the password is wrong, 400 where there is no session to begin.
    public func login(email: String, password: String) async throws(APIError) {
        guard let source = tokens as? TokenSource else {
            throw APIError(
                .badRequest,
                tokens == nil
                    ? "This server asks its owner for no password"
                    : "A token was given: nobody logs in. Take it away to log in")
        }
        let grant = try await http.send(Login(email: email, password: password), token: nil)
        try await source.replace(Credentials(grant, email: email, now: times.now()))
    }

    /// Asks the server who the caller is, for `identity`.
    ///
    /// - Throws: 401 when nobody is logged in, 503 with a sentence when the server cannot be
    ///   reached or is none.
    public func identify() async throws(APIError) {
        let user = try await call(GetCurrentUser())
        known.withLock { $0 = $0.updated(user) }
    }

    private static func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        return UserID(at: EngineClock.system.now(), using: &generator).description
    }

    private static func makeOutbound(
        _ proxies: OutboundProxies, version: String
    ) throws(APIError) -> OutboundHTTP {
        do {
            return OutboundHTTP(
                addressGuard: try AddressGuard(allowedHosts: ""), proxies: proxies,
                userAgent: "Auterity/\(version)")
        } catch {
            throw APIError(.internalError, "\(error)")
        }
    }

    // MARK: - Calls

    public func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        do throws(APIError) {
            return try await self.call(call)
        } catch {
            // The role may be another by now; whoever looks at the identity sees it then.
            if error.status == 403 { try? await identify() }
            throw error
        }
    }

    private func call<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        guard let tokens, Call.route.access != .open else {
            return try await http.send(call, token: nil)
        }
        let token = try await tokens.token()
        do throws(APIError) {
            return try await http.send(call, token: token)
        } catch {
            // The server's clock or a restart may have ended the token earlier than we knew.
            guard [.tokenExpired, .tokenRevoked, .unauthorized].contains(error.code) else {
                throw error
            }
            let renewed = try await tokens.token(insteadOf: token)
            return try await http.send(call, token: renewed)
        }
    }

    // MARK: - Events

    public func feed(after id: Int64?) -> AsyncStream<FeedItem> {
        let queue = FeedQueue()
        let feed = RemoteFeed(connector: connector, queue: queue, times: times)
        // Owned by the stream: it ends with the last of its readers.
        let task = Task {
            await feed.run(after: id)
            queue.finish()
        }
        let owner = FeedOwner(task: task, queue: queue)
        feeds.add(owner)
        return AsyncStream(
            unfolding: { await owner.next() }, onCancel: { owner.end() })
    }

    /// Ends the connections, and the feeds with them. The session goes on.
    public func close() {
        outbound.close()
        feeds.close()
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

/// The feeds of a client, which end with it.
private final class OpenFeeds: Sendable {
    private struct Entry: Sendable {
        weak let owner: FeedOwner?
    }

    private struct State {
        var entries: [Entry] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    func add(_ owner: FeedOwner) {
        let isClosed = state.withLock { state in
            state.entries.removeAll { $0.owner == nil }
            if !state.isClosed { state.entries.append(Entry(owner: owner)) }
            return state.isClosed
        }
        if isClosed { owner.end() }
    }

    func close() {
        let owners = state.withLock { state in
            state.isClosed = true
            defer { state.entries = [] }
            return state.entries.compactMap(\.owner)
        }
        for owner in owners { owner.end() }
    }
}
