import AuterityAPI
import AuterityEngine
import Testing

@testable import AuterityServer

@Suite struct RequestMetricsTests {
    private let metrics = RequestMetrics()

    private func record(
        _ method: String, _ route: String?, _ status: Int, milliseconds: Double = 1,
        limit: Route.RateLimitClass? = nil
    ) {
        metrics.record(
            route: route, method: method, status: status,
            nanoseconds: UInt64(milliseconds * 1_000_000), limit: limit)
    }

    private var lines: Set<String> {
        var text = PrometheusText()
        metrics.expose(to: &text)
        return Set(
            String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    @Test func answersAreCountedByRouteMethodAndStatus() {
        record("GET", "/api/workflows", 200, milliseconds: 3)
        record("GET", "/api/workflows", 200, milliseconds: 300)
        record("GET", "/api/workflows", 401)
        record("GET", nil, 404)
        let total = "auterity_http_requests_total"
        let duration = "auterity_http_request_duration_seconds"
        let labels = #"route="/api/workflows",method="GET""#
        for line in [
            #"\#(total){\#(labels),status="200"} 2"#,
            #"\#(total){\#(labels),status="401"} 1"#,
            #"\#(total){route="unmatched",method="GET",status="404"} 1"#,
            #"\#(duration)_bucket{\#(labels),le="0.005"} 2"#,
            #"\#(duration)_bucket{\#(labels),le="0.5"} 3"#,
            #"\#(duration)_count{\#(labels)} 3"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func anUpgradeHasNoDuration() {
        record("GET", "/ws/{client_id}", 101, milliseconds: 3_600_000)
        let labels = #"route="/ws/{client_id}",method="GET""#
        #expect(lines.contains(#"auterity_http_requests_total{\#(labels),status="101"} 1"#))
        #expect(lines.contains("auterity_http_request_duration_seconds_count{\(labels)} 0"))
    }

    @Test func refusalsOfALimitAreCountedByItsClass() {
        for _ in 0..<3 { record("GET", "/api/workflows", 429, limit: .workflows) }
        record("GET", "/api/auth/me", 429, limit: .other)
        #expect(lines.contains(#"auterity_rate_limited_requests_total{class="workflows"} 3"#))
        #expect(lines.contains(#"auterity_rate_limited_requests_total{class="other"} 1"#))
        #expect(lines.contains(#"auterity_rate_limited_requests_total{class="ai"} 0"#))
    }

    @Test func methodsThatNobodyKnowsStandTogether() {
        for method in ["BREW", "WHEN"] { record(method, nil, 405) }
        let labels = #"route="unmatched",method="other",status="405""#
        #expect(lines.contains("auterity_http_requests_total{\(labels)} 2"))
    }

    @Test func whatIsUnderWayIsAGauge() {
        metrics.begin()
        metrics.begin()
        metrics.end()
        #expect(lines.contains("auterity_http_requests_in_flight 1"))
    }

    @Test func nothingIsLostWhenManyCountAtOnce() async {
        let (tasks, calls) = (8, 5000)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for _ in 0..<calls {
                        record("GET", "/api/workflows", 200 + task % 2)
                    }
                }
            }
        }
        let answers = metrics.answers.values.map(\.counts)
        #expect(answers == [[200: UInt64(tasks * calls / 2), 201: UInt64(tasks * calls / 2)]])
    }
}
