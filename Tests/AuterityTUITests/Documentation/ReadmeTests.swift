import AuterityAPI
import Testing

@testable import AuterityTUI

/// The picture in the README is what the console draws.
@Suite struct ReadmeTests {
    @Test func thePictureIsWhatIsDrawn() async throws {
        let client = Fixtures.client(
            executions: Self.executions, workflows: Self.workflows, templates: Self.templates)
        client.answer(GetHealth.self, with: Self.health)
        client.answer(GetMetrics.self, with: Self.metrics)
        client.answer(GetMetricsHistory.self, with: Self.history)
        let console = await ConsoleTester.open(client: client, width: 110, height: 26)
        let picture = ["```"] + console.lines + ["```"]
        try expectPart(
            of: "README.md", named: "screen", toBe: picture.joined(separator: "\n"))
    }

    // MARK: A morning at a dealership

    private static let executions: [ExecutionSummary] = [
        Fixtures.execution(
            1, "Lead Qualification", .running, step: "ai_score", progress: 65, age: 2),
        Fixtures.execution(
            2, "Parts Inquiry", .running, step: "find_part", progress: 25, age: 5),
        Fixtures.execution(
            3, "Lead Qualification", .running, step: "send_offer", progress: 85, age: 9),
        Fixtures.execution(
            4, "Price Optimization", .waiting, step: "approve", progress: 60, age: 240),
        Fixtures.execution(5, "Parts Inquiry", age: 410, time: 1.3),
        Fixtures.execution(6, "Service Reminder", age: 720, time: 1.2),
        Fixtures.execution(7, "Lead Qualification", age: 840, time: 4.6),
        Fixtures.execution(
            8, "Lead Qualification", .failed, progress: 75, age: 1080, time: 3,
            error: "SMTP 550"),
        Fixtures.execution(9, "Parts Inquiry", age: 1500, time: 1.1),
        Fixtures.execution(10, "New Inventory Alert", age: 2400, time: 2.3),
        Fixtures.execution(11, "Service Reminder", age: 3900, time: 1.4),
        Fixtures.execution(
            12, "Price Optimization", .cancelled, progress: 40, age: 7200, time: 80),
        Fixtures.execution(13, "Lead Qualification", age: 9300, time: 5.2),
    ]

    private static let workflows = [
        Fixtures.workflow(1, "Lead Qualification", runs: 42, last: 2),
        Fixtures.workflow(2, "Parts Inquiry", runs: 31, last: 5),
        Fixtures.workflow(3, "Price Optimization", runs: 4, last: 240),
        Fixtures.workflow(4, "Service Reminder", runs: 18, last: 720),
        Fixtures.workflow(5, "New Inventory Alert", runs: 6, last: 2400),
        Fixtures.workflow(6, "Customer Survey", isActive: false),
    ]

    private static let templates = [
        Fixtures.template(0, "sales", "Sales Lead Qualification"),
        Fixtures.template(1, "sales", "Customer Inquiry Processing"),
        Fixtures.template(2, "service", "Service Appointment Scheduling"),
        Fixtures.template(3, "service", "Service Appointment Reminder"),
        Fixtures.template(4, "parts", "Parts Inquiry and Availability"),
        Fixtures.template(5, "inventory", "New Inventory Alert"),
        Fixtures.template(6, "marketing", "Dynamic Price Optimization"),
    ]

    private static let health = Health(
        status: .healthy, timestamp: Fixtures.now, version: "1.2.3", environment: "embedded",
        services: Health.Services(
            database: ServiceHealth(status: .healthy, responseTime: 0.2),
            redis: ServiceHealth(status: .notConfigured),
            mail: ServiceHealth(status: .healthy, responseTime: 34),
            aiServices: ["anthropic": ServiceHealth(status: .healthy, responseTime: 720)]))

    private static let metrics = Metrics(
        system: Metrics.System(uptime: 3600, cpuUsage: 12, memoryUsage: 41, diskUsage: 23),
        application: Metrics.Application(
            totalRequests: 1000, successfulRequests: 990, failedRequests: 10,
            averageResponseTime: 3, requestsPerMinute: 20),
        workflows: Metrics.Workflows(
            totalExecutions: 101, successfulExecutions: 96, failedExecutions: 1,
            averageExecutionTime: 4.2, executionsLastHour: 10, running: 3, waiting: 1,
            pending: 0, failedToday: 1),
        aiUsage: Metrics.AIUsage(
            totalRequests: 40, totalCost: 12.5, tokensUsed: 90_000,
            averageCostPerRequest: 0.3, costToday: 4.12))

    /// Ten minutes in half minutes.
    private static let history = MetricsHistory(
        from: Fixtures.ago(600), interval: 30,
        series: [
            series(.executions, [2, 3, 3, 4, 3, 5, 6, 8, 9, 7, 6, 6, 5, 4, 6, 7, 8, 9, 7, 6]),
            series(.failures, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
            series(
                .stepP95,
                [
                    0.09, 0.09, 0.1, 0.11, 0.1, 0.12, 0.14, 0.16, 0.17, 0.15, 0.14, 0.13, 0.12,
                    0.1, 0.12, 0.13, 0.15, 0.16, 0.13, 0.12,
                ]),
            series(.cpuUsage, [6, 7, 8, 8, 9, 11, 12, 15, 18, 14, 12, 12, 11, 9, 10, 12, 14, 12]),
            series(.memoryUsage, [40, 40, 40, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 41]),
        ])

    private static func series(_ name: MetricName, _ values: [Double]) -> MetricsHistory.Series {
        MetricsHistory.Series(name: name, values: values.map { $0 })
    }
}
