import AuterityAPI
import AuterityServer
import Testing

@testable import AuterityEngine

/// `/api/monitoring`, `/metrics` and the probes.
@Suite(.timeLimit(.minutes(30)))
struct MonitoringContractTests {
    @Test func healthNeedsNoToken() async throws {
        try await ContractServer.run {
            $0.environment = "production"
        } _: { server in
            let answer = try await server.send("GET", "/api/monitoring/health")
            #expect(answer.status == 200)
            let notConfigured: Shape = .object([
                "status": .exactly("not_configured"), "response_time": .any,
            ])
            #expect(
                answer.faults([
                    "status": .exactly("healthy"), "timestamp": .time,
                    "version": .exactly("9.8.7"), "environment": .exactly("production"),
                    "services": .object([
                        "database": .object([
                            "status": .exactly("healthy"), "response_time": .number,
                            "connections": .object([
                                "active": .int, "idle": .int, "max": .int,
                            ]),
                        ]),
                        "redis": notConfigured,
                        "ai_services": .object([
                            "openai": notConfigured, "anthropic": notConfigured,
                        ]),
                    ]),
                ]) == [])
        }
    }

    @Test func healthIs503WhenTheStoreIsDown() async throws {
        try await ContractServer.run { server in
            await server.engine.close()
            server.engine.core.foundation.databaseHealth.forget()
            let health = try await server.send("GET", "/api/monitoring/health")
            #expect(health.status == 503)
            #expect(health.json["status"] == "unhealthy")
            #expect(health.json["services"]?["database"]?["status"] == "unhealthy")
            let ready = try await server.send("GET", "/health/ready")
            #expect(ready.status == 503)
            #expect(ready.faults(["status": .exactly("not_ready"), "reason": .text]) == [])
            #expect(try await server.send("GET", "/health/live").status == 200)
        }
    }

    @Test func theFiguresHaveTheKeysOfTheContract() async throws {
        try await ContractServer.run { server in
            _ = try await server.executed(try await server.workflow())
            let answer = try await server.send("GET", "/api/monitoring/metrics", as: .user)
            #expect(answer.status == 200)
            #expect(
                answer.faults([
                    "system": .object([
                        "uptime": .number, "cpu_usage": .optional(.number),
                        "memory_usage": .number, "disk_usage": .number,
                    ]),
                    "application": .object([
                        "total_requests": .int, "successful_requests": .int,
                        "failed_requests": .int, "average_response_time": .number,
                        "requests_per_minute": .number,
                    ]),
                    "workflows": .object([
                        "total_executions": .exactly(1), "successful_executions": .exactly(1),
                        "failed_executions": .exactly(0), "average_execution_time": .number,
                        "executions_last_hour": .exactly(1),
                    ]),
                    "ai_usage": .object([
                        "total_requests": .exactly(0), "total_cost": .number,
                        "tokens_used": .exactly(0), "average_cost_per_request": .exactly(.null),
                    ]),
                ]) == [])
        }
    }

    @Test func workflowFiguresAreOnesOwnWithoutTheRightToSeeAll() async throws {
        try await ContractServer.run { server in
            _ = try await server.executed(try await server.workflow(as: .admin), as: .admin)
            func total(_ role: Role) async throws -> JSONValue? {
                let answer = try await server.send("GET", "/api/monitoring/metrics", as: role)
                return answer.json["workflows"]?["total_executions"]
            }
            #expect(try await total(.user) == 0)
            for role in [Role.viewer, .operator, .admin] {
                #expect(try await total(role) == 1, "\(role)")
            }
        }
    }

    @Test func requestsAreCountedWhateverCameOfThem() async throws {
        try await ContractServer.run { server in
            func counts() async throws -> [Int64] {
                let answer = try await server.send("GET", "/api/monitoring/metrics", as: .user)
                let application = answer.json["application"]
                return ["total_requests", "successful_requests", "failed_requests"].map {
                    application?[$0]?.intValue ?? -1
                }
            }
            let before = try await counts()
            _ = try await server.send("GET", "/nowhere")
            _ = try await server.send("GET", "/health/live")
            let after = try await counts()
            // One that succeeded, one that failed, and the first look at the figures.
            #expect(zip(after, before).map { $0 - $1 } == [3, 2, 1])
        }
    }

    @Test func prometheusReadsWhatHappened() async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow()
            _ = try await server.send("GET", "/api/workflows/\(id)", as: .user)
            _ = try await server.logIn("user@example.com", password: "not this one")
            let answer = try await server.send("GET", "/metrics", as: .viewer)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(answer.text.split(separator: "\n").map(String.init))
            for line in [
                #"auterity_build_info{version="9.8.7"} 1"#,
                "auterity_http_requests_total{"
                    + #"route="/api/workflows/{workflow_id}",method="GET",status="200"} 1"#,
                "auterity_login_failures_total 1", "auterity_http_requests_in_flight 1",
            ] {
                #expect(lines.contains(line), "\(line)")
            }
            #expect(!answer.text.contains(id))
            for name in [
                "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                "auterity_journal_sequence", "auterity_writer_flush_seconds_count",
                "auterity_writer_batch_operations_count", "auterity_queue_age_seconds",
                "auterity_database_size_bytes",
            ] {
                #expect(lines.contains { $0.hasPrefix(name + " ") }, "\(name)")
            }
            #expect(try await server.send("GET", "/metrics").status == 401)
        }
    }

    @Test func theFiguresCanBeMadePublic() async throws {
        try await ContractServer.run { _ in
        } server: {
            $0.metricsArePublic = true
        } _: { server in
            let figures = try await server.send("GET", "/metrics")
            #expect(figures.status == 200)
            #expect(try await server.send("GET", "/api/monitoring/metrics").status == 401)
        }
    }

    @Test func theProbesAreOpenAndUnlimited() async throws {
        try await ContractServer.run { _ in
        } server: { configuration in
            configuration.rateLimits = RateLimits()
            configuration.rateLimits?.other = .init(requests: 1, window: 3600)
        } _: { server in
            for _ in 0..<3 {
                let live = try await server.send("GET", "/health/live")
                #expect(live.status == 200)
                #expect(live["x-ratelimit-limit"] == nil)
                let ready = try await server.send("GET", "/health/ready")
                #expect(ready.status == 200)
                #expect(ready.json["status"] == "ready")
            }
        }
    }

    @Test func anAlertIsAcknowledgedOnce() async throws {
        try await ContractServer.run {
            $0.alerts.memoryUsage = 0
        } _: { server in
            for _ in 0..<20 { await server.engine.core.sample() }
            let list = try await server.send("GET", "/api/monitoring/alerts", as: .operator)
            #expect(list.status == 200)
            let alert: [String: Shape] = [
                "id": .id, "severity": .oneOf(["info", "warning", "critical"]),
                "source": .text, "message": .text, "value": .optional(.number),
                "limit": .optional(.number), "raised_at": .time,
                "cleared_at": .optional(.time), "acknowledged_at": .optional(.time),
                "acknowledged_by": .optional(.text),
            ]
            #expect(
                list.faults([
                    "alerts": .list(.object(alert)), "total": .int, "page": .exactly(1),
                    "page_size": .exactly(10), "total_pages": .int,
                ]) == [])
            let id = try #require(list.json["alerts"]?[0]?["id"]?.stringValue)
            let path = "/api/monitoring/alerts/\(id)/acknowledge"
            let first = try await server.send("POST", path, as: .operator)
            #expect(first.status == 200)
            #expect(first.json["acknowledged_by"] == "operator@example.com")
            let again = try await server.send("POST", path, as: .admin)
            #expect(again.status == 200)
            #expect(again.json == first.json)
        }
    }
}
