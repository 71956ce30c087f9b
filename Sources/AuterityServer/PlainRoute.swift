import AuterityAPI
import AuterityEngine

/// A route that is no call of the API: documentation pages, probes, figures for Prometheus.
struct PlainRoute: Sendable {
    /// Such as `/docs`; always answers GET.
    let path: String
    let access: Route.Access
    /// `nil`: not limited.
    let rateLimit: Route.RateLimitClass?
    let respond: @Sendable (PlainRequest) async throws(APIError) -> PlainResponse

    /// The list of all plain routes.
    static func all(_ configuration: ServerConfiguration) -> [PlainRoute] {
        [
            MetricsPage.route(configuration), HealthPages.live,
            HealthPages.ready(configuration.stopping),
        ] + DocumentationPages.routes(configuration)
    }
}

/// What a plain route is told of a request.
struct PlainRequest: Sendable {
    let caller: Caller
    let engine: Engine
    /// What the server that was asked knows of itself.
    let server: ServerFigures
    /// The values of the path's placeholders, percent-decoded.
    let pathValues: [String: String]
}

/// What a plain route answers.
struct PlainResponse: Sendable {
    var status = 200
    /// Such as `text/html; charset=utf-8`.
    var contentType: String
    var body: [UInt8]
    /// They go before the headers that every response gets, such as `Content-Security-Policy`.
    var headers: [String: String] = [:]
}
