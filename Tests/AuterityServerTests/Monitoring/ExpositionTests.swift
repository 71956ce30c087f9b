import AuterityAPI
import AuterityEngine
import Testing

@testable import AuterityServer

/// `/metrics` as Prometheus reads it.
@Suite(.timeLimit(.minutes(30))) struct ExpositionTests {
    @Test func theFiguresOfABusyServerAreWellFormed() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow()
            _ = try await server.executed(id)
            let waiting = try await server.workflow(ContractServer.waiting, name: "Wait\"\\\n")
            let accepted = try await server.send(
                "POST", "/api/workflows/\(waiting)/execute", as: .user, json: [:])
            #expect(accepted.status == 202)
            for path in ["/nowhere", "/api/workflows", "/api/users", "/api/monitoring/health"] {
                _ = try await server.send("GET", path, as: .user)
            }
            _ = try await server.wire.exchange("BREW /pot HTCPCP/1.0\r\n\r\n")

            let answer = try await server.send("GET", "/metrics", as: .admin)
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let text = try Exposition(answer.text)
            let requests = "auterity_http_requests_total"
            let execute = ["route": "/api/workflows/{workflow_id}/execute", "method": "POST"]
            func count(_ status: String) -> Double? {
                text.value(requests, execute.merging(["status": status]) { $1 })
            }
            #expect(count("200") == 1)
            #expect(count("202") == 1)
            // The time of an execution that was waited for is not the server's.
            #expect(text.value("auterity_http_request_duration_seconds_count", execute) == 1)
            #expect(text.value(requests, ["route": "/api/users", "status": "403"]) == 1)
            #expect(text.value(requests, ["route": "unmatched", "status": "404"]) == 1)
            #expect(
                text.value(
                    requests, ["route": "unmatched", "method": "other", "status": "400"]) == 1)
            #expect(text.families.count > 30)
        }
    }

    @Test(arguments: [
        "a 1", "a{} 1\n", "# TYPE a counter\na_total 1\n", "# HELP a_total A.\na_total 1\n",
        "# HELP a_total A.\n# TYPE a_total counter\na_total -1\n",
        "# HELP a A.\n# TYPE a gauge\na 1\na 2\n", "# HELP a A.\n# TYPE a gauge\nb 1\n",
        "# HELP a A.\n# HELP a A.\n# TYPE a gauge\na 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"\\x\"} 1\n", "# HELP a A.\n# TYPE a gauge\na{b=1} 1\n",
        "# HELP a A.\n# TYPE a gauge\na{1b=\"\"} 1\n", "# HELP a A.\n# TYPE a gauge\na inf\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"c\",b=\"c\"} 1\n",
        "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n",
        """
        # HELP a A.
        # TYPE a histogram
        a_bucket{le="1"} 2
        a_bucket{le="+Inf"} 1
        a_sum 1
        a_count 1

        """,
        """
        # HELP a A.
        # TYPE a histogram
        a_bucket{le="1"} 1
        a_bucket{le="+Inf"} 1
        a_sum 1
        a_count 2

        """,
    ])
    func whatPrometheusWouldRefuseIsSeen(text: String) {
        #expect(throws: Exposition.Fault.self) { try Exposition(text) }
    }

    @Test func whatPrometheusTakesIsRead() throws {
        let text = try Exposition(
            """
            # HELP a A \\\\ text.
            # TYPE a gauge
            a{b="c\\"d\\\\e\\nf",g="{,}"} +Inf
            # HELP h_seconds H.
            # TYPE h_seconds histogram
            h_seconds_bucket{x="1",le="0.5"} 1
            h_seconds_bucket{x="1",le="+Inf"} 2
            h_seconds_sum{x="1"} 1.5e3
            h_seconds_count{x="1"} 2

            """)
        #expect(text.value("a", ["b": "c\"d\\e\nf", "g": "{,}"]) == .infinity)
        #expect(text.value("h_seconds_sum") == 1500)
    }
}
