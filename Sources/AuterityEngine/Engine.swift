public import AuterityAPI

/// The engine's front door: one store, and everything that happens in it.
public final class Engine: Sendable {
    let core: EngineCore

    private init(core: EngineCore) {
        self.core = core
    }

    /// Opens the store, makes every unfinished execution ready again, and begins to run them.
    ///
    /// - Throws: an `EngineError` whose sentence says what is in the way, where, and what to do.
    public static func open(
        _ configuration: EngineConfiguration
    ) async throws(EngineError) -> Engine {
        Engine(core: try await EngineCore.open(configuration))
    }

    /// Makes a call on behalf of `caller`: authorizes, validates and runs it.
    public func send<Call: Endpoint>(
        _ call: Call, as caller: Caller
    ) async throws(APIError) -> Call.Response {
        try await core.send(call, as: caller)
    }

    /// Every fault of a call whose reading found some: those and the ones of its values. Nothing is
    /// done.
    ///
    /// - Parameter call: with samples in the place of what did not fit.
    public func refusal<Call: Endpoint>(
        of call: Call, known faults: [FieldFault], as caller: Caller
    ) async -> APIError {
        await core.refusal(of: call, known: faults, as: caller)
    }

    /// What it was opened with: a server goes by the same clock and the same chance.
    package var configuration: EngineConfiguration { core.configuration }

    /// Ends the engine: running steps are told to stop and will run again at the next opening;
    /// what was accepted is durable. Returns when the store is closed.
    public func close() async {
        await core.close()
    }
}
