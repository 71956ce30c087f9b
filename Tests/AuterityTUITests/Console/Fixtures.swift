import AuterityAPI
import AuterityClient
import TerminalUI

@testable import AuterityTUI

/// Sample data: the overview of `console.md`, at a fixed moment.
enum Fixtures {
    static let now = Timestamp(milliseconds: 1_754_661_807_000)  // 2025-08-08T14:03:27Z

    static let themes: [Theme] = [.midnight, Theme(name: "other", roles: [:])]

    static func ago(_ seconds: Double) -> Timestamp { now.adding(seconds: -seconds) }

    /// Ids that only differ in their number.
    static func id<Noun>(_ number: Int) -> Identifier<Noun> {
        var numbers = NumberGenerator(number: UInt64(number))
        return Identifier(at: Timestamp(milliseconds: 1_754_600_000_000), using: &numbers)
    }

    private struct NumberGenerator: RandomNumberGenerator {
        let number: UInt64
        mutating func next() -> UInt64 { number }
    }

    // MARK: Executions

    static func execution(
        _ number: Int, _ workflow: String = "Lead Qualification",
        _ status: ExecutionStatus = .completed, step: StepID? = nil, progress: Int = 100,
        age: Double = 60, time: Double? = nil, error: String? = nil
    ) -> ExecutionSummary {
        ExecutionSummary(
            id: id(number), workflowID: id(workflow.count), workflowName: workflow,
            status: status, progress: progress, currentStep: step, startedAt: ago(age),
            completedAt: time.map { ago(age).adding(seconds: $0) },
            error: error.map {
                ExecutionError(code: "STEP_FAILED", message: $0, stepID: "send_email")
            })
    }

    static let executions: [ExecutionSummary] = [
        execution(1, "Parts Inquiry", .running, step: "find_part", progress: 25, age: 1),
        execution(2, "Lead Qualification", .running, step: "ai_score", progress: 65, age: 2),
        execution(3, "Price Optimization", .waiting, step: "approve", progress: 60, age: 240),
        execution(4, "Service Reminder", age: 720, time: 1.2),
        execution(
            5, "Lead Qualification", .failed, progress: 75, age: 1080, time: 3,
            error: "SMTP 550"),
        execution(6, "Lead Qualification", .cancelled, progress: 40, age: 7200, time: 80),
    ]

    static func update(_ row: ExecutionSummary) -> ExecutionUpdate {
        ExecutionUpdate(
            executionID: row.id, workflowID: row.workflowID, workflowName: row.workflowName,
            status: row.status, currentStep: row.currentStep, progress: row.progress,
            stepsCompleted: 1, stepsTotal: 4, startedAt: row.startedAt,
            completedAt: row.completedAt, error: row.error)
    }

    // MARK: Workflows and templates

    static func workflow(
        _ number: Int, _ name: String, isActive: Bool = true, runs: Int = 0,
        last: Double? = nil, description: String = ""
    ) -> WorkflowSummary {
        WorkflowSummary(
            id: WorkflowID.numbered(100 + number), name: name, description: description,
            isActive: isActive,
            createdAt: ago(864_000), updatedAt: ago(86_400 * 3), version: 3, isDemo: false,
            executionCount: runs, lastExecution: last.map(ago))
    }

    static let workflows: [WorkflowSummary] = [
        workflow(
            1, "Lead Qualification", runs: 42, last: 2, description: "Scores a lead, then mails"),
        workflow(2, "Service Reminder", runs: 18, last: 720),
        workflow(3, "New Inventory Alert", isActive: false),
        workflow(4, "Parts Inquiry", runs: 7, last: 10_800),
    ]

    static func template(_ number: Int, _ category: String, _ name: String) -> TemplateSummary {
        TemplateSummary(
            id: TemplateID.numbered(200 + number), name: name,
            description: "What a dealership needs",
            category: category, isActive: true, createdAt: ago(864_000), usageCount: number,
            parameterCount: 3)
    }

    static let templates: [TemplateSummary] = [
        template(0, "sales", "Lead Qualification"), template(1, "sales", "Customer Inquiry"),
        template(2, "service", "Appointment Scheduling"), template(3, "parts", "Parts Inquiry"),
    ]

    // MARK: Health

    static let health = Health(
        status: .healthy, timestamp: now, version: "1.2.3", environment: "embedded",
        services: Health.Services(
            database: ServiceHealth(
                status: .healthy, responseTime: 0.2,
                connections: ServiceHealth.Connections(active: 1, idle: 3, max: 8)),
            redis: ServiceHealth(status: .notConfigured),
            mail: ServiceHealth(
                status: .degraded, message: "SMTP answers slowly; look at mail.example.com"),
            aiServices: [
                "openai": ServiceHealth(status: .healthy, responseTime: 850),
                "anthropic": ServiceHealth(status: .healthy, responseTime: 720),
            ]))

    static let metrics = Metrics(
        system: Metrics.System(uptime: 3600, cpuUsage: 45, memoryUsage: 67, diskUsage: 23),
        application: Metrics.Application(
            totalRequests: 1000, successfulRequests: 990, failedRequests: 10,
            averageResponseTime: 3, requestsPerMinute: 20),
        workflows: Metrics.Workflows(
            totalExecutions: 67, successfulExecutions: 60, failedExecutions: 5,
            averageExecutionTime: 4.2, executionsLastHour: 12, running: 3, waiting: 1,
            pending: 0, failedToday: 2),
        aiUsage: Metrics.AIUsage(
            totalRequests: 40, totalCost: 12.5, tokensUsed: 90_000,
            averageCostPerRequest: 0.3, costToday: 4.12))

    static func history(buckets: Int = 20) -> MetricsHistory {
        var series: [MetricsHistory.Series] = []
        for (index, name) in MetricName.allCases.enumerated() {
            let values = (0..<buckets).map { value(of: index, in: $0) }
            series.append(MetricsHistory.Series(name: name, values: values))
        }
        return MetricsHistory(
            from: ago(600), interval: 600 / Double(buckets), series: series)
    }

    /// A curve with a gap in every seventh bucket.
    private static func value(of series: Int, in bucket: Int) -> Double? {
        guard bucket % 7 != 6 else { return nil }
        let step = bucket * (series + 3) % 11
        return Double(step) + 0.12
    }

    static let alerts: [Alert] = [
        Alert(
            id: id(300), severity: .critical, source: "disk_usage",
            message: "The disk is 96% full; free some space", value: 96, limit: 95,
            raisedAt: ago(300)),
        Alert(
            id: id(301), severity: .warning, source: "notify_sales",
            message: "A hot lead waits", raisedAt: ago(4000), acknowledgedAt: ago(3000),
            acknowledgedBy: "ada"),
    ]

    static let logs: [LogLine] = (0..<40).map { index in
        LogLine(
            id: LogLineID.numbered(400 + index), timestamp: ago(Double(index) * 7),
            level: LogLevel.allCases[index % 4],
            message: "line \(index) of the log: something happened to the lead",
            executionID: id(1), workflowID: id(101), stepID: index % 2 == 0 ? "ai_score" : nil)
    }

    // MARK: Pages

    /// A page as the engine cuts it: behind a cursor, or numbered with totals.
    static func page<Item: Listed>(
        _ items: [Item], page: Int?, size: Int?, cursor: String?
    ) -> Page<Item> {
        let size = size ?? PageLimits.defaultSize
        if let cursor {
            let start = Int(cursor) ?? 0
            let rest = items.dropFirst(start)
            let next = rest.count > size ? String(start + size) : nil
            return Page(items: Array(rest.prefix(size)), position: .cursor(next: next))
        }
        let number = page ?? 1
        return Page(
            items: Array(items.dropFirst((number - 1) * size).prefix(size)),
            position: .numbered(number: number, size: size, total: items.count))
    }

    /// A client whose store holds all of this.
    static func client(
        executions: [ExecutionSummary] = executions, workflows: [WorkflowSummary] = workflows,
        templates: [TemplateSummary] = templates,
        permissions: Set<Permission> = Set(Permission.allCases), roles: Set<AuterityAPI.Role> = [],
        place: ServerPlace = .embedded, name: String = "embedded · auterity.db"
    ) -> FakeClient {
        let client = FakeClient(
            name: name, permissions: permissions, roles: roles, place: place)
        client.answer(ListExecutions.self) { call throws(APIError) in
            let matching = executions.filter { row in
                (call.status?.contains(row.status) ?? true)
                    && (call.since.map { row.startedAt >= $0 } ?? true)
                    && (call.until.map { row.startedAt < $0 } ?? true)
                    && (call.search.map {
                        row.workflowName.lowercased().contains($0.lowercased())
                    } ?? true)
            }
            return page(matching, page: call.page, size: call.pageSize, cursor: call.cursor)
        }
        client.answer(ListWorkflows.self) { call throws(APIError) in
            let matching = workflows.filter { row in
                call.search.map { row.name.lowercased().contains($0.lowercased()) } ?? true
            }
            return page(matching, page: call.page, size: call.pageSize, cursor: call.cursor)
        }
        client.answer(ListTemplates.self) { call throws(APIError) in
            let matching = templates.filter { row in
                call.search.map { row.name.lowercased().contains($0.lowercased()) } ?? true
            }
            return page(matching, page: call.page, size: call.pageSize, cursor: call.cursor)
        }
        client.answer(GetHealth.self, with: health)
        client.answer(GetMetrics.self, with: metrics)
        client.answer(GetMetricsHistory.self) { call throws(APIError) in
            history(buckets: call.buckets ?? 20)
        }
        client.answer(ListAlerts.self) { call throws(APIError) in
            page(alerts, page: call.page, size: call.pageSize, cursor: call.cursor)
        }
        client.answer(ListLogs.self) { call throws(APIError) in
            page(logs, page: call.page, size: call.pageSize, cursor: call.cursor)
        }
        return client
    }
}

extension Identifier {
    /// As `Fixtures.id`.
    static func numbered(_ number: Int) -> Identifier { Fixtures.id(number) }
}
