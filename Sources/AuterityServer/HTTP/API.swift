import AuterityEngine
import Hummingbird
import Logging

/// The API over HTTP: every endpoint of the contract, and every plain route.
struct API: Sendable {
    private let pipeline: Pipeline

    /// - Parameter figures: count every request that is answered.
    init(
        engine: Engine, configuration: ServerConfiguration, logger: Logger,
        figures: ServerFigures = ServerFigures()
    ) {
        pipeline = Pipeline(
            engine: engine, configuration: configuration, logger: logger, figures: figures)
    }

    /// What an application answers requests by.
    func responder() -> some HTTPResponder<ServerContext> { pipeline }
}
