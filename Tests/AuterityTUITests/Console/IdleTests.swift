import AuterityAPI
import AuterityClient
import Testing

@testable import AuterityTUI

/// A console that lies idle draws nothing.
@Suite struct IdleTests {
    private var figures: FeedItem {
        let metrics = Metrics(
            system: .init(uptime: 1, cpuUsage: 12, memoryUsage: 34, diskUsage: 56),
            application: .init(
                totalRequests: 1, successfulRequests: 1, failedRequests: 0,
                averageResponseTime: nil, requestsPerMinute: 0),
            workflows: .init(
                totalExecutions: 0, successfulExecutions: 0, failedExecutions: 0,
                averageExecutionTime: nil, executionsLastHour: 0, running: 0, waiting: 0,
                pending: 0, failedToday: 0),
            aiUsage: .init(
                totalRequests: 0, totalCost: 0, tokensUsed: 0, averageCostPerRequest: nil,
                costToday: 0))
        return .event(
            Event(id: nil, payload: .metricsUpdate(metrics), timestamp: Fixtures.now))
    }

    @Test func figuresAloneAreNoReasonToDrawTheOverview() async {
        let console = await ConsoleTester.open()
        #expect(!console.model.isWorthAFrame(.feed([figures])))
        #expect(console.model.isWorthAFrame(.feed([figures, .resynchronize])))
        #expect(console.model.isWorthAFrame(.feed([.connection(.connecting)])))
        #expect(console.model.isWorthAFrame(.clock))
    }

    @Test func theHealthScreenLivesOnFigures() async {
        let console = await ConsoleTester.open(screen: "health")
        #expect(console.model.isWorthAFrame(.feed([figures])))
    }
}
