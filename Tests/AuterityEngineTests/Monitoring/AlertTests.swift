import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct AlertTests {
    private func open(
        _ test: TestEngine, _ source: AlertWatch.Source
    ) async throws -> Alert? {
        try await test.send(ListAlerts()).items.first {
            $0.source == source.rawValue && $0.clearedAt == nil
        }
    }

    /// Samples until an alert of this source is raised or cleared; fails after ten.
    private func sample(
        _ test: TestEngine, _ source: AlertWatch.Source, until isRaised: Bool
    ) async throws -> Int {
        for count in 1...10 {
            await test.engine.core.sample()
            if try await (open(test, source) != nil) == isRaised { return count }
        }
        Issue.record("\(source) did not become \(isRaised ? "raised" : "cleared")")
        return 0
    }

    @Test func anErrorRateOverItsLimitIsToldAndClearedWhenItIsPast() async throws {
        let test = try await TestEngine.open()
        Gate.named("rate").open([.failed(StepFailure("BROKEN", "It was broken"))])
        let failing = try await test.workflow(RunnerTests.chain(["rate"]))
        let fine = try await test.workflow(WorkflowHandlerTests.minimal)
        for _ in 0..<18 { _ = try await test.finished(try await test.start(fine)) }
        _ = try await test.finished(try await test.start(failing))
        // One of nineteen is over 5 %.
        #expect(try await sample(test, .errorRate, until: true) == 2)
        let alert = try #require(try await open(test, .errorRate))
        #expect(alert.limit == 5)
        #expect(try #require(alert.value) > 5)
        #expect(alert.severity == .warning)
        for _ in 0..<2 { _ = try await test.finished(try await test.start(fine)) }
        // One of twenty-one is below the limit, but not by a tenth.
        for _ in 0..<3 {
            await test.engine.core.sample()
            #expect(try await open(test, .errorRate) != nil)
        }
        test.clock.advance(seconds: 300)
        // The engine samples too when the clock moves, and may be about to write what this would.
        #expect(try await sample(test, .errorRate, until: false) > 0)
        let cleared = try await test.send(ListAlerts()).items
        #expect(cleared.first { $0.id == alert.id }?.clearedAt != nil)
        await test.engine.close()
    }

    @Test func aFewFailuresAreNoErrorRate() async throws {
        let test = try await TestEngine.open()
        let broken = NodeOutcome.failed(StepFailure("BROKEN", "It was broken"))
        Gate.named("few").open(Array(repeating: broken, count: AlertWatch.executionsToRate))
        let failing = try await test.workflow(RunnerTests.chain(["few"]))
        for _ in 1..<AlertWatch.executionsToRate {
            _ = try await test.finished(try await test.start(failing))
        }
        for _ in 0..<3 { await test.engine.core.sample() }
        #expect(try await open(test, .errorRate) == nil)
        _ = try await test.finished(try await test.start(failing))
        #expect(try await sample(test, .errorRate, until: true) == 2)
        #expect(try await open(test, .errorRate)?.value == 100)
        await test.engine.close()
    }

    @Test func slowAnswersAreToldAndAWaitForAnEndIsNone() async throws {
        let test = try await TestEngine.open { $0.alerts.responseTime = 0.0005 }
        Gate.named("slow-sync").open()
        let workflow = try await test.workflow(RunnerTests.chain(["slow-sync"]))
        test.clock.advance(seconds: 400)
        let before = test.engine.core.foundation.requests.snapshot(at: test.clock.now)
        _ = try await test.send(ExecuteWorkflow(workflowID: workflow, executionMode: .sync))
        let after = test.engine.core.foundation.requests.snapshot(at: test.clock.now)
        #expect(after.total == before.total + 1)
        #expect(after.timed == before.timed)
        // The test's clock counts a microsecond a look: that is over the limit.
        #expect(try await sample(test, .responseTime, until: true) <= 3)
        test.clock.advance(seconds: 400)
        // Asked of the store: a call would itself be too slow. The engine samples too, and may be
        // about to write what this sample would have: the suite's time limit ends the wait.
        var isOpen = true
        while isOpen {
            await test.engine.core.sample()
            isOpen = try await test.engine.core.session.store.read { connection in
                try connection.number(
                    """
                    SELECT count(*) FROM alerts
                    WHERE source = 'response_time' AND cleared_at IS NULL
                    """) > 0
            }
        }
        await test.engine.close()
    }

    @Test func aBudgetForAIIsWatched() async throws {
        let test = try await TestEngine.open { $0.dailyAIBudget = 10 }
        func spend(_ cost: Double) async throws {
            let day = test.clock.now.milliseconds / 86_400_000
            _ = try await test.engine.core.session.writer.perform { context in
                try context.run(
                    """
                    INSERT INTO ai_usage (day, model, requests, tokens, cost)
                    VALUES ($1, 'a/b', 1, 10, $2)
                    ON CONFLICT (day, model) DO UPDATE SET cost = ai_usage.cost + excluded.cost
                    """, [.int(day), .double(cost)])
            }
        }
        try await spend(8)
        for _ in 0..<3 { await test.engine.core.sample() }
        #expect(try await open(test, .aiBudget) == nil)
        try await spend(0.5)
        #expect(try await sample(test, .aiBudget, until: true) == 2)
        #expect(try await open(test, .aiBudget)?.value == 85)
        // The next day has its own budget.
        test.clock.advance(seconds: 86_400)
        #expect(try await sample(test, .aiBudget, until: false) <= 2)
        await test.engine.close()
    }

    @Test func anOpenAlertOutlivesARestart() async throws {
        let first = try await TestEngine.open { $0.alerts.diskUsage = 0 }
        _ = try await sample(first, .diskUsage, until: true)
        let alert = try #require(try await open(first, .diskUsage))
        #expect(alert.severity == .critical)
        await first.engine.close()
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2) {
            $0.alerts.diskUsage = 1000
        }
        #expect(try await open(second, .diskUsage) == alert)
        #expect(try await sample(second, .diskUsage, until: false) <= 2)
        await second.engine.close()
    }

    @Test func whatBecomesOfAnAlertIsStreamed() async throws {
        let test = try await TestEngine.open { $0.alerts.memoryUsage = 0 }
        let events = test.engine.events(after: nil, as: AudienceTests.operators)
        _ = try await sample(test, .memoryUsage, until: true)
        let alert = try #require(try await open(test, .memoryUsage))
        test.clock.advance(seconds: 1)
        _ = try await test.send(AcknowledgeAlert(alertID: alert.id))
        test.clock.advance(seconds: 1)
        let now = test.clock.now
        try await test.engine.core.session.writer.perform {
            try AlertRecords.clear(alert.id, at: now, in: $0)
        }
        var seen: [Alert] = []
        for await delivery in events {
            guard case .event(let event) = delivery,
                case .systemAlert(let alert) = event.payload,
                alert.source == AlertWatch.Source.memoryUsage.rawValue
            else { continue }
            seen.append(alert)
            if alert.clearedAt != nil { break }
        }
        #expect(seen.map { $0.acknowledgedAt != nil } == [false, true, true])
        #expect(seen.map { $0.clearedAt != nil } == [false, false, true])
        #expect(seen.first == alert)
        await test.engine.close()
    }

    @Test func anAlertThatIsNotThereCannotBeAcknowledged() async throws {
        let test = try await TestEngine.open()
        do {
            _ = try await test.send(AcknowledgeAlert(alertID: fixedID(77)))
            Issue.record("it was acknowledged")
        } catch {
            #expect(error.code == .notFound)
        }
        await test.engine.close()
    }
}
