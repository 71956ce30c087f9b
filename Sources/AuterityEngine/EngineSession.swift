import AuterityAPI
import Logging

extension EngineCore.Session {
    /// Opens the store, brings its schema up to date, claims what is unfinished, and loads what
    /// the first start brings.
    static func open(
        _ configuration: EngineConfiguration, _ directory: StoreDirectory,
        _ foundation: EngineCore.Foundation, events: EventHub,
        failed: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> EngineCore.Session {
        do {
            let store = try SQLiteStore(
                path: directory.database, readers: configuration.limits.readers)
            do {
                return try await open(
                    store, configuration, directory, foundation, events: events, failed: failed)
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

    private static func open(
        _ store: any Store, _ configuration: EngineConfiguration, _ directory: StoreDirectory,
        _ foundation: EngineCore.Foundation, events: EventHub,
        failed: @escaping @Sendable (String) -> Void
    ) async throws -> EngineCore.Session {
        let clock = configuration.clock
        let migrator = Migrator(
            database: directory.database, migrations: Migration.all, now: clock.now())
        try migrator.run(on: store)
        directory.restrictFiles()
        let seq = try store.write { try JournalRecords.newestSeq(in: $0) }
        let logger = foundation.logger
        let writer = Writer(
            store: store, seq: seq, queueLimit: configuration.limits.writeQueue, clock: clock,
            logger: logger, publish: { [weak events] in events?.publish($0, upTo: $1) },
            failed: failed)
        let now = clock.now()
        _ = try await writer.perform { try Runner.claimUnfinished($0) }
        if configuration.loadsStarters {
            let ids = foundation.ids
            try await writer.perform { try Starters.load(in: $0, at: now, ids: ids) }
        }
        try await foundation.accounts.prepare(writer, store, at: now, ids: foundation.ids)
        try await load(foundation, from: store)
        let (log, watch) = (foundation.metricsLog, foundation.watch)
        try await store.read { connection in
            try log.load(from: connection, now: now)
            try watch.load(from: connection)
        }
        let services = MeteredServices(
            services: foundation.integrations, writer: writer, figures: foundation.figures,
            now: clock.now, logger: logger)
        let runner = Runner(
            Runner.Surroundings(
                configuration: configuration, store: store, writer: writer, events: events,
                definitions: foundation.definitions, messages: foundation.messages,
                vault: foundation.vault, services: services, ids: foundation.ids,
                figures: foundation.figures, webhookKey: foundation.webhookKey, logger: logger))
        return EngineCore.Session(store: store, writer: writer, runner: runner)
    }

    /// Reads what steps see without a query each.
    static func load(_ foundation: EngineCore.Foundation, from store: any Store) async throws {
        let key = foundation.key
        let (messages, secrets) = try await store.read { connection in
            (
                try MessageRecords.all(in: connection),
                try SecretRecords.open(key, in: connection)
            )
        }
        foundation.messages.replace(messages)
        foundation.vault.replace(secrets.secrets)
        for name in secrets.unreadable {
            foundation.logger.error(
                "the secret \(name) was encrypted with another key and cannot be read; set it again"
            )
        }
    }
}
