import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct MonitoringTests {
    @Test func percentilesAreWithinAnEighth() throws {
        var histogram = Histogram()
        #expect(histogram.percentile(0.5) == nil)
        for milliseconds in 1...1000 { histogram.record(microseconds: Int64(milliseconds) * 1000) }
        for (fraction, seconds) in [(0.5, 0.5), (0.95, 0.95), (0.99, 0.99)] {
            let found = try #require(histogram.percentile(fraction))
            #expect(abs(found - seconds) / seconds < 0.125, "\(fraction)")
        }
        histogram.record(microseconds: .max)
        histogram.record(microseconds: -1)
        #expect(histogram.total == 1002)
    }

    @Test func aFigureThatWaversRaisesOneAlert() {
        let watch = AlertWatch()
        func take(_ value: Double) -> [AlertWatch.Change] {
            watch.take([.init(source: .cpuUsage, value: value, limit: 80)])
        }
        #expect(take(90).isEmpty)
        #expect(take(80).isEmpty)
        #expect(take(81).isEmpty)
        let raised = take(90)
        guard case .raise(_, let value)? = raised.first else {
            Issue.record("nothing was raised")
            return
        }
        #expect(value == 90)
        watch.opened(.cpuUsage, as: fixedID(1))
        for value in [79.0, 85, 71, 90, 73] { #expect(take(value).isEmpty) }
        for _ in 1..<AlertWatch.samplesToClear { #expect(take(10).isEmpty) }
        guard case .clear(let id)? = take(10).first else {
            Issue.record("nothing was cleared")
            return
        }
        #expect(id == fixedID(1))
    }

    @Test func healthAndFiguresAreMeasured() async throws {
        let test = try await TestEngine.open()
        let health = try await test.send(GetHealth())
        #expect(health.status == .healthy)
        #expect(health.version == "1.2.3")
        #expect(health.services.database.status == .healthy)
        #expect(health.services.redis.status == .notConfigured)
        #expect(health.services.aiServices["openai"]?.status == .notConfigured)
        let metrics = try await test.send(GetMetrics())
        #expect(metrics.application.totalRequests == 1)
        #expect((0...100).contains(try #require(metrics.system.memoryUsage)))
        #expect((0...100).contains(try #require(metrics.system.diskUsage)))
        #expect(metrics.aiUsage.totalRequests == 0)
        #expect(metrics.aiUsage.averageCostPerRequest == nil)
        await test.engine.close()
    }

    @Test func historyHoldsWhatHappened() async throws {
        let test = try await TestEngine.open()
        let workflow = try await test.workflow(WorkflowHandlerTests.minimal)
        for _ in 0..<4 { _ = try await test.start(workflow) }
        await test.engine.core.sample()
        let history = try await test.send(GetMetricsHistory(window: 300, buckets: 30))
        #expect(history[.executions].count == 30)
        #expect(history[.executions].last == .some(4))
        #expect(history[.executions].first == .some(nil))
        await test.engine.close()
    }

    @Test func figuresAreAnnouncedToListenersOnly() async throws {
        let test = try await TestEngine.open()
        await test.engine.core.sample()
        var iterator = test.engine.events(after: nil, as: TestEngine.admin).makeAsyncIterator()
        await test.engine.core.sample()
        guard case .event(let event)? = await iterator.next(),
            case .metricsUpdate = event.payload
        else {
            Issue.record("no figures came")
            return
        }
        #expect(event.id == nil)
        await test.engine.close()
    }

    @Test func anAlertIsRaisedClearedAndAcknowledged() async throws {
        let test = try await TestEngine.open { $0.alerts.memoryUsage = 0 }
        for _ in 0..<AlertWatch.samplesToRaise { await test.engine.core.sample() }
        let open = try await test.send(ListAlerts(isOpen: true)).items
        let alert = try #require(open.first { $0.source == "memory_usage" })
        #expect(alert.limit == 0)
        let seen = try await test.send(AcknowledgeAlert(alertID: alert.id))
        #expect(seen.acknowledgedBy == "admin@example.com")
        #expect(try await test.send(AcknowledgeAlert(alertID: alert.id)) == seen)
        #expect(
            try await test.send(ListAlerts(isOpen: true)).items
                .allSatisfy { $0.source != "memory_usage" })
        await test.engine.close()
    }
}
