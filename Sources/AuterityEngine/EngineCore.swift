import AuterityAPI
import Logging
import Synchronization

/// What an engine is made of. It outlives a failed store: the store is opened anew beneath it.
final class EngineCore: Sendable {
    let configuration: EngineConfiguration
    let directory: StoreDirectory
    let events: EventHub
    let foundation: Foundation
    let handlers = HandlerTable.all
    private let lock: Mutex<StoreLock?>
    private let current: Current
    let work = OwnedTasks()

    /// What stays the same whatever happens to the store.
    struct Foundation: Sendable {
        let definitions: DefinitionCache
        let messages = MessageCache()
        let vault: Vault
        let key: SealingKey
        let accounts: Accounts
        let webhookKey: WebhookKey
        let cursorKey: [UInt8]
        let integrations: Integrations
        let ids: IDSource
        let figures: ThroughputFigures
        let requests = RequestFigures()
        let metricsLog = MetricsLog()
        let watch = AlertWatch()
        let ownFigures = OwnFigures()
        let storeCounts = StoreCounts.measured()
        let databaseHealth = DatabaseProbing.measured()
        let probe: SystemProbe
        let startedAt: Timestamp
        let logger: Logger
    }

    /// The store and what works on it, which are replaced together.
    struct Session: Sendable {
        let store: any Store
        let writer: Writer
        let runner: Runner
    }

    /// Shared with the events, which are made before the core.
    final class Current: Sendable {
        private struct State {
            var session: Session?
            /// Why the store does not work, as a sentence.
            var failure: String?
        }

        private let state = Mutex(State())

        var session: Session? { state.withLock { $0.session } }
        var failure: String? { state.withLock { $0.failure } }

        func set(_ session: Session) {
            state.withLock { $0 = State(session: session) }
        }

        func fail(_ sentence: String) {
            state.withLock { $0.failure = sentence }
        }
    }

    /// - Throws: 503 while the store does not work.
    var session: Session {
        get throws(APIError) {
            guard let session = current.session else {
                throw APIError(.serviceUnavailable, "The engine is opening its store")
            }
            return session
        }
    }

    /// Why the store does not work; `nil` while it does.
    var failure: String? { current.failure }

    private init(
        _ configuration: EngineConfiguration, directory: StoreDirectory, lock: StoreLock,
        current: Current, events: EventHub, foundation: Foundation
    ) {
        self.configuration = configuration
        self.directory = directory
        self.lock = Mutex(lock)
        self.current = current
        self.events = events
        self.foundation = foundation
    }

    var logger: Logger { foundation.logger }

    static func open(
        _ configuration: EngineConfiguration
    ) async throws(EngineError) -> EngineCore {
        let directory = StoreDirectory(path: configuration.dataDirectory)
        try directory.prepare()
        let lock = try StoreLock.acquire(directory.lock, now: configuration.clock.now())
        try directory.inspectDatabase()
        let foundation = try await Foundation(configuration, directory)
        let current = Current()
        let events = EventHub(
            source: EventSubscription.Source(
                store: { current.session?.store }, definitions: foundation.definitions,
                backlog: configuration.limits.eventBacklog, logger: foundation.logger,
                committedSeq: { current.session?.writer.committedSeq ?? 0 }))
        let core = EngineCore(
            configuration, directory: directory, lock: lock, current: current, events: events,
            foundation: foundation)
        try await core.openSession()
        core.beginWatching()
        return core
    }

    /// Opens the store and begins to work on it.
    func openSession() async throws(EngineError) {
        let session = try await Session.open(
            configuration, directory, foundation, events: events,
            failed: { [weak self] sentence in self?.storeFailed(sentence) })
        // What was read from the store as it was before may differ from what is in it.
        foundation.accounts.cache.forget()
        current.set(session)
        session.runner.begin()
    }

    private func storeFailed(_ sentence: String) {
        current.fail(sentence)
        work.add { [weak self] in await self?.reopen() }
    }

    /// Opens the store again and again until it works. What was in memory only is forgotten:
    /// nobody was told that it was durable. What failed was a write, so the old store answers
    /// reads until the new one does.
    private func reopen() async {
        let failed = current.session
        if let failed { await failed.runner.close() }
        var pause = Self.firstPause
        while !Task.isCancelled {
            do {
                try await openSession()
                failed?.store.close()
                logger.notice("the store works again")
                return
            } catch {
                current.fail(error.callersSentence)
                logger.error("the store could not be opened again: \(error)")
            }
            let next = configuration.clock.now().adding(seconds: pause)
            try? await configuration.clock.sleep(next)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Seconds.
    private static let firstPause = 1.0
    private static let longestPause = 5.0

    func close() async {
        events.close()
        await work.close()
        if let session = current.session {
            await session.runner.close()
            await session.writer.close()
            session.store.close()
        }
        foundation.integrations.close()
        lock.withLock { $0 = nil }
    }

    /// Ends as a crash does, for tests: nothing more is written, and the lock is given up.
    func abandon() async {
        events.close()
        await work.close()
        if let session = current.session {
            session.writer.abandon()
            await session.runner.close()
            session.store.close()
        }
        foundation.integrations.close()
        lock.withLock { $0 = nil }
    }
}

extension EngineCore.Foundation {
    init(
        _ configuration: EngineConfiguration, _ directory: StoreDirectory
    ) async throws(EngineError) {
        let clock = configuration.clock
        let integrations: Integrations
        do {
            integrations = try Integrations(configuration.integrations, now: clock.now)
        } catch {
            throw EngineError(.configuration, "\(error)")
        }
        key = try SealingKey.load(directory.key)
        webhookKey = try WebhookKey.load(
            set: configuration.webhookSecret, KeyFile(path: directory.webhookKey))
        self.integrations = integrations
        definitions = DefinitionCache(nodeTypes: configuration.nodeTypes)
        accounts = try await Accounts(configuration.accounts, key: key, directory)
        let settings = [configuration.webhookSecret].compactMap(\.self)
        vault = Vault(
            settings: integrations.secretValues + settings + configuration.accounts.secretValues)
        cursorKey = key.derived(for: "cursor")
        ids = IDSource(random: configuration.random)
        probe = SystemProbe(directory: directory.path)
        figures = ThroughputFigures(now: clock.now)
        startedAt = clock.now()
        logger = Logger(label: "auterity.engine")
    }
}
