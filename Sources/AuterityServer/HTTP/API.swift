import AuterityEngine
import Hummingbird
import Logging

/// The API over HTTP: every endpoint of the contract, and every plain route.
struct API: Sendable {
    private let pipeline: Pipeline

    /// - Parameters:
    ///   - figures: count every request that is answered.
    ///   - plainRoutes: those of the product when `nil`.
    init(
        engine: Engine, configuration: ServerConfiguration, logger: Logger,
        figures: ServerFigures = ServerFigures(), plainRoutes: [PlainRoute]? = nil
    ) {
        pipeline = Pipeline(
            engine: engine, configuration: configuration, logger: logger, figures: figures,
            plainRoutes: plainRoutes ?? PlainRoute.all(configuration))
    }

    /// What an application answers requests by.
    func responder() -> some HTTPResponder<ServerContext> { pipeline }
}
