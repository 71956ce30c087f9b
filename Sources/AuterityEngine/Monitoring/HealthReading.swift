import AuterityAPI

extension EngineCore {
    /// How the store and the far ends do; asks nobody but the store.
    func health() async -> Health {
        let now = configuration.clock.now()
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
            timestamp: now, version: configuration.version,
            environment: configuration.environment,
            services: Health.Services(
                database: database, redis: notConfigured, mail: mail ?? notConfigured,
                aiServices: ai))
    }

    private func databaseHealth() async -> ServiceHealth {
        if let failure { return ServiceHealth(status: .unhealthy, message: failure) }
        do {
            let session = try session
            let start = configuration.clock.monotonic()
            _ = try await session.store.read { try $0.number("SELECT 1") }
            let taken = configuration.clock.monotonic() &- start
            let flush = session.writer.figures.snapshot.lastFlush ?? 0
            let readers = session.store.readers
            return ServiceHealth(
                status: .healthy, responseTime: Double(taken &+ flush) / 1_000_000,
                connections: ServiceHealth.Connections(
                    active: readers.active, idle: readers.idle, max: readers.maximum))
        } catch let error as APIError {
            return ServiceHealth(status: .unhealthy, message: error.message)
        } catch {
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
