public import AuterityAPI
public import AuterityEngine
import Synchronization

/// A client with the engine in its own process. The operating-system user is the administrator:
/// whoever may read the database file may do everything.
public final class EmbeddedClient: Client {
    public let identity: ClientIdentity
    private let engine: Engine
    private let caller: Caller
    private let isClosed = Atomic(false)

    private init(engine: Engine, caller: Caller, name: String) {
        self.engine = engine
        self.caller = caller
        identity = ClientIdentity(
            name: name, user: caller.name,
            permissions: caller.permissions, roles: caller.roles)
    }

    /// Speaks to an engine that is its owner's to close.
    package convenience init(engine: Engine) {
        self.init(engine: engine, caller: .operatingSystemUser, name: Self.name)
    }

    private static let name = "embedded · auterity.db"

    /// Opens the store and begins to run what is unfinished in it.
    public static func open(
        _ configuration: EngineConfiguration
    ) async throws(EngineError) -> EmbeddedClient {
        EmbeddedClient(
            engine: try await Engine.open(configuration), caller: .operatingSystemUser,
            name: name)
    }

    public func send<Call: Endpoint>(_ call: Call) async throws(APIError) -> Call.Response {
        if isClosed.load(ordering: .acquiring) {
            throw APIError(.serviceUnavailable, "The engine in this process has been closed")
        }
        return try await engine.send(call, as: caller)
    }

    public func feed(after id: Int64?) -> AsyncStream<FeedItem> {
        // An engine that was closed tells nothing, and never ends.
        if isClosed.load(ordering: .acquiring) { return AsyncStream(unfolding: { nil }) }
        let events = engine.events(after: id, as: caller)
        // One item a pull: the bound is that of the engine's subscription behind it.
        let source = FeedSource(events)
        return AsyncStream(unfolding: { await source.next() })
    }

    /// What the engine has measured of its own work, for benchmarks.
    package var figures: EngineFigures { engine.figures }

    /// Ends the engine. Executions that are unfinished go on at the next opening.
    public func close() async {
        isClosed.store(true, ordering: .releasing)
        await engine.close()
    }
}

/// The feed of one reader. An actor, because the stream's closure must be sendable; there is one
/// reader, so nothing ever waits for it.
private actor FeedSource {
    private var events: AsyncStream<EventDelivery>.Iterator
    private var hasBegun = false

    init(_ stream: AsyncStream<EventDelivery>) {
        events = stream.makeAsyncIterator()
    }

    func next() async -> FeedItem? {
        guard hasBegun else {
            hasBegun = true
            return .connection(.live)
        }
        // The iterator is a handle: a copy of it goes on where the other was.
        var iterator = events
        defer { events = iterator }
        switch await iterator.next(isolation: self) {
        case .event(let event): return .event(event)
        case .resynchronize: return .resynchronize
        case nil: return nil
        }
    }
}
