import AuterityAPI
import Logging
import Synchronization

/// What an engine is made of. It outlives a failed store: the store is opened anew beneath it.
final class EngineCore: Sendable {
    let configuration: EngineConfiguration
    let directory: StoreDirectory
    let events: EventHub
    let layouts: LayoutSource
    let logger: Logger
    let requests = RequestFigures()
    let messages = MessageCache()
    private let lock: StoreLock
    let handlers = HandlerTable.all
    private let current: Current

    /// The store and its writer, which are replaced together.
    struct Session: Sendable {
        let store: any Store
        let writer: Writer
    }

    /// Shared with the events, which outlive no core but are made before it.
    final class Current: Sendable {
        private let session: Mutex<Session>

        init(_ session: Session) { self.session = Mutex(session) }

        var value: Session { session.withLock { $0 } }

        func replace(_ new: Session) -> Session {
            session.withLock { session in
                defer { session = new }
                return session
            }
        }
    }

    var store: any Store { current.value.store }
    var writer: Writer { current.value.writer }

    private init(
        _ configuration: EngineConfiguration, directory: StoreDirectory, lock: StoreLock,
        current: Current, events: EventHub, layouts: LayoutSource, logger: Logger
    ) {
        self.configuration = configuration
        self.directory = directory
        self.lock = lock
        self.current = current
        self.events = events
        self.layouts = layouts
        self.logger = logger
    }

    static func open(
        _ configuration: EngineConfiguration
    ) async throws(EngineError) -> EngineCore {
        let directory = StoreDirectory(path: configuration.dataDirectory)
        try directory.prepare()
        let lock = try StoreLock.acquire(directory.lock, now: configuration.clock.now())
        try directory.inspectDatabase()
        let layouts = LayoutSource()
        let logger = Logger(label: "auterity.engine")
        let relay = EventRelay()
        let session = try Session.open(configuration, directory, relay: relay, logger: logger)
        let current = Current(session)
        let events = EventHub(
            source: EventSubscription.Source(
                store: { current.value.store }, layouts: layouts,
                backlog: configuration.limits.eventBacklog, logger: logger,
                committedSeq: { current.value.writer.committedSeq }))
        relay.hub.withLock { $0 = events }
        return EngineCore(
            configuration, directory: directory, lock: lock, current: current, events: events,
            layouts: layouts, logger: logger)
    }

    func close() async {
        events.close()
        await writer.close()
        store.close()
    }
}

/// Carries what the writer publishes to the hub, which is made after it.
final class EventRelay: Sendable {
    let hub = Mutex<EventHub?>(nil)

    func publish(_ publications: [Publication], upTo seq: Int64) {
        hub.withLock { $0 }?.publish(publications, upTo: seq)
    }
}

extension EngineCore.Session {
    /// Opens the store, brings its schema up to date, and begins to write.
    static func open(
        _ configuration: EngineConfiguration, _ directory: StoreDirectory, relay: EventRelay,
        logger: Logger
    ) throws(EngineError) -> EngineCore.Session {
        do {
            let store = try SQLiteStore(
                path: directory.database, readers: configuration.limits.readers)
            let migrator = Migrator(
                database: directory.database, migrations: Migration.all,
                now: configuration.clock.now())
            do {
                try migrator.run(on: store)
                directory.restrictFiles()
                let seq = try store.write { try JournalRecords.newestSeq(in: $0) }
                let writer = Writer(
                    store: store, seq: seq, queueLimit: configuration.limits.writeQueue,
                    clock: configuration.clock, logger: logger,
                    publish: { relay.publish($0, upTo: $1) }, failed: { _ in })
                return EngineCore.Session(store: store, writer: writer)
            } catch {
                store.close()
                throw error
            }
        } catch let error as EngineError {
            throw error
        } catch {
            throw SQLiteStore.openingError(error, at: directory.database)
        }
    }
}
