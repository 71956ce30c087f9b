import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct ExpositionTests {
    private func lines(_ test: TestEngine) async -> Set<String> {
        let text = String(decoding: await test.engine.exposition().bytes, as: UTF8.self)
        return Set(text.split(separator: "\n").map(String.init))
    }

    @Test func whatHappenedIsCounted() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow([
            "nodes": [
                ["id": "start", "type": "start"],
                ["id": "choose", "type": "decision", "data": ["expression": "true"]],
                ["id": "yes", "type": "gate", "data": ["gate": "exposition"]],
                ["id": "no", "type": "log", "data": ["message": "no"]],
            ],
            "edges": [
                ["id": "a", "source": "start", "target": "choose"],
                ["id": "b", "source": "choose", "target": "yes", "source_handle": "true"],
                ["id": "c", "source": "choose", "target": "no", "source_handle": "false"],
            ],
        ])
        let id = try await test.start(workflow)
        await Gate.named("exposition").arrivals(1)
        let running = await lines(test)
        #expect(running.contains(#"auterity_executions{status="running"} 1"#))
        #expect(running.contains("auterity_executions_started_total 1"))
        Gate.named("exposition").open()
        _ = try await test.finished(id)
        let ended = await lines(test)
        for line in [
            #"auterity_build_info{version="1.2.3"} 1"#,
            #"auterity_executions_finished_total{status="completed"} 1"#,
            #"auterity_executions_finished_total{status="failed"} 0"#,
            // An alias is counted as its type.
            #"auterity_steps_finished_total{type="condition",outcome="completed"} 1"#,
            #"auterity_steps_finished_total{type="gate",outcome="completed"} 1"#,
            #"auterity_steps_finished_total{type="log",outcome="skipped"} 1"#,
            #"auterity_step_duration_seconds_count{type="gate"} 1"#,
            "auterity_store_up 1", "auterity_stale_results_total 0",
        ] {
            #expect(ended.contains(line), "\(line)")
        }
        await test.engine.close()
    }

    @Test func whatWaitsIsCounted() async throws {
        let test = try await TestEngine.open { $0.limits.concurrentExecutions = 1 }
        let slow = try await test.workflow(RunnerTests.chain(["exposition wait"]))
        _ = try await test.start(slow)
        await Gate.named("exposition wait").arrivals(1)
        _ = try await test.start(slow)
        test.clock.advance(seconds: 90)
        let lines = await lines(test)
        #expect(lines.contains(#"auterity_executions{status="pending"} 1"#))
        #expect(lines.contains("auterity_queue_age_seconds 90"))
        Gate.named("exposition wait").open()
        await test.engine.close()
    }

    @Test func modelsBeyondTheLimitStandTogether() async throws {
        let test = try await TestEngine.open()
        let count = StoreCounts.modelLimit + 2
        try await test.engine.core.session.writer.perform { context in
            for number in 0..<count {
                try context.run(
                    """
                    INSERT INTO ai_usage (day, model, requests, tokens, cost)
                    VALUES (1, $1, $2, 10, 0.5)
                    """, [.text("openai/m\(number)"), .int(count - number)])
            }
        }
        let lines = await lines(test)
        let named = lines.filter { $0.hasPrefix("auterity_ai_requests_total{") }
        #expect(named.count == StoreCounts.modelLimit + 1)
        #expect(lines.contains(#"auterity_ai_requests_total{model="openai/m0"} 52"#))
        #expect(lines.contains(#"auterity_ai_requests_total{model="other"} 3"#))
        #expect(lines.contains(#"auterity_ai_tokens_total{model="other"} 20"#))
        #expect(lines.contains(#"auterity_ai_cost_dollars_total{model="other"} 1"#))
        await test.engine.close()
    }

    @Test func everyFamilyIsNamedOnceAndHasHelp() async throws {
        let test = try await TestEngine.open()
        let text = String(decoding: await test.engine.exposition().bytes, as: UTF8.self)
        let names = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .map { $0.split(separator: " ")[2] }
        #expect(names.count == Set(names).count)
        #expect(names.count > 20)
        for name in names { #expect(text.contains("# HELP \(name) "), "\(name)") }
        await test.engine.close()
    }

    @Test func callsByHTTPAreCountedWhenTheyAreAnswered() async throws {
        let test = try await TestEngine.open()
        var caller = TestEngine.admin
        caller.origin = RequestOrigin(requestID: "r", address: "192.0.2.1")
        _ = try await test.send(GetHealth(), as: caller)
        test.engine.countRequest(isSuccess: false, nanoseconds: 4_000_000)
        test.engine.countRequest(isSuccess: true, nanoseconds: 2_000_000)
        let application = try await test.send(GetMetrics(), as: caller).application
        #expect(application.totalRequests == 2)
        #expect(application.failedRequests == 1)
        #expect(application.averageResponseTime == 3)
        #expect(application.requestsPerMinute == 2)
        await test.engine.close()
    }
}
