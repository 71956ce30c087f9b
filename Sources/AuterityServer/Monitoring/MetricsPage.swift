import AuterityAPI
import AuterityEngine

/// The figures for Prometheus.
enum MetricsPage {
    static func route(_ configuration: ServerConfiguration) -> PlainRoute {
        PlainRoute(
            path: "/metrics",
            access: configuration.metricsArePublic ? .open : .permission(.metricsRead),
            rateLimit: .other
        ) { request async throws(APIError) in
            var text = await request.engine.exposition()
            text.append(request.server.exposition())
            return PlainResponse(contentType: PrometheusText.contentType, body: text.bytes)
        }
    }
}
