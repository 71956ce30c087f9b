import AuterityAPI
import Logging

extension EngineCore {
    /// How the store and the far ends do. Asks nobody but the store, and that at most once a
    /// second, however many ask.
    func health() async -> Health {
        let database = await databaseHealth()
        let providers = foundation.integrations.health()
        let mail = providers.first { $0.kind == .mail }.map(Self.service)
        var ai: [String: ServiceHealth] = [:]
        for provider in providers where provider.kind == .ai {
            ai[provider.name] = Self.service(provider)
        }
        let notConfigured = ServiceHealth(status: .notConfigured)
        for name in ["openai", "anthropic"] where ai[name] == nil { ai[name] = notConfigured }
        let others = [mail].compactMap(\.self) + ai.values
        let isImpaired = others.contains { $0.status == .degraded || $0.status == .unhealthy }
        return Health(
            status: database.status == .healthy && isImpaired ? .degraded : database.status,
            timestamp: configuration.clock.now(), version: configuration.version,
            environment: configuration.environment,
            services: Health.Services(
                database: database, redis: notConfigured, mail: mail ?? notConfigured,
                aiServices: ai))
    }

    func databaseHealth() async -> ServiceHealth {
        if let failure {
            foundation.databaseHealth.forget()
            return ServiceHealth(status: .unhealthy, message: failure)
        }
        let answer = await foundation.databaseHealth.answer(
            at: configuration.clock.monotonic()
        ) { await self.probeDatabase() }
        switch answer {
        case .value(let health): return health
        case .overdue:
            return ServiceHealth(
                status: .unhealthy,
                message: "The store has not answered for "
                    + "\(DatabaseProbing.patience / 1_000_000_000) seconds")
        }
    }

    /// `nil` when whoever asked has gone away, which says nothing of the store.
    private func probeDatabase() async -> ServiceHealth? {
        do {
            let session = try session
            let start = configuration.clock.monotonic()
            _ = try await session.store.read { try $0.number("SELECT count(*) FROM facts") }
            let taken = configuration.clock.monotonic() &- start
            let readers = session.store.readers
            return ServiceHealth(
                status: .healthy, responseTime: Double(taken) / 1_000_000,
                connections: ServiceHealth.Connections(
                    active: readers.active, idle: readers.idle, max: readers.maximum))
        } catch is CancellationError {
            return nil
        } catch let error as APIError {
            return ServiceHealth(status: .unhealthy, message: error.message)
        } catch {
            logger.error("the store could not be read: \(error)")
            return ServiceHealth(
                status: .unhealthy,
                message: "The store cannot be read; the engine's log says why")
        }
    }

    private static func service(_ provider: ProviderHealth) -> ServiceHealth {
        guard provider.isConfigured else { return ServiceHealth(status: .notConfigured) }
        return ServiceHealth(
            status: provider.lastError == nil ? .healthy : .unhealthy,
            responseTime: provider.lastResponseSeconds.map { $0 * 1000 },
            message: provider.lastError)
    }
}

/// How often the store is asked how it does.
enum DatabaseProbing {
    /// Nanoseconds for which an answer is good, and after which none is an answer too.
    private static let freshness: UInt64 = 1_000_000_000
    static let patience: UInt64 = 3_000_000_000

    static func measured() -> Measured<ServiceHealth> {
        Measured(freshness: freshness, patience: patience)
    }
}
