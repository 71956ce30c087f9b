import AuterityAPI
import Testing

@testable import auterity

/// What people are shown who ask for no format.
@Suite struct PeopleOutputTests {
    private static let now = Timestamp(milliseconds: 1_754_649_000_000)

    private final class Lines {
        var printed: [String] = []
        var told: [String] = []
    }

    private func lines(
        _ format: OutputFormat = .table, fields: String? = nil, width: Int? = nil,
        _ body: (Printer) throws -> Void
    ) throws -> Lines {
        var options = OutputOptions()
        options.output = format
        options.fields = fields
        options.quiet = false
        let lines = Lines()
        try body(
            Printer(
                options: options, terminalWidth: width, hasColor: false, now: Self.now,
                write: { lines.printed.append($0) }, tell: { lines.told.append($0) }))
        return lines
    }

    @Test(arguments: OutputFormat.allCases)
    func anEmptyListIsSaidToPeopleAndEmptyForPrograms(format: OutputFormat) throws {
        let lines = try lines(format) { try $0.list([Alert](), columns: AlertCommand.columns) }
        let isForPeople = [.table, .wide].contains(format)
        #expect(lines.told == (isForPeople ? ["No alerts found."] : []))
        let printed: [OutputFormat: [String]] = [.json: ["[]"], .yaml: ["[]"]]
        #expect(lines.printed == printed[format] ?? [])
    }

    @Test func anEmptyListSaysWhatToDo() throws {
        let lines = try lines {
            try $0.values([], columns: [Column("A", "a")], noun: "profiles", hint: "Add one.")
        }
        #expect(lines.told == ["No profiles found. Add one."])
    }

    /// Such as an execution that was watched for as long as it ran.
    @Test func anAgeIsThatOfWhenItIsPrinted() throws {
        var options = OutputOptions()
        options.output = .table
        options.fields = nil
        options.quiet = false
        var (now, printed) = (Self.now, [String]())
        let printer = Printer(
            options: options, terminalWidth: nil, hasColor: false, now: now,
            write: { printed.append($0) })
        now = Self.now.adding(seconds: 17.2)
        try printer.item(
            ["started_at": .string(Self.now.description)] as JSONValue,
            columns: [Column("AGE", "started_at", .age)])
        #expect(printed == ["  AGE", "17.2s"])
    }

    private static let thing: JSONValue = [
        "workflow_id": "a1", "is_active": true, "created_at": "2025-08-08T10:28:00Z",
        "tags": ["one", "two", "three"], "company": "", "note": nil, "count": 3, "is": false,
        "definition": ["nodes": [["id": "start"]]], "bad": "a\u{1B}[31m\nb",
    ]

    @Test func oneThingIsNamesAndValuesAndNothingControlsTheTerminal() throws {
        let lines = try lines { try $0.item(Self.thing) }
        #expect(
            lines.printed == [
                "Workflow ID:  a1", "Active:       yes", "Created:      2025-08-08T10:28:00Z",
                "Tags:         one, two, three", "Company:      –", "Note:         –",
                "Count:        3", "Is:           no", "Bad:          a␛[31m␤b",
                "Definition:", "  nodes:", "    - id: start",
            ])
    }

    @Test func whatIsLongGoesOnBelowItsBeginning() throws {
        let lines = try lines(fields: "tags", width: 28) {
            try $0.item(["tags": "one two three four five six seven"] as JSONValue)
        }
        #expect(lines.printed == ["Tags:  one two three four", "       five six seven"])
    }

    @Test func healthIsATableOfServices() throws {
        let health = Health(
            status: .degraded, timestamp: Self.now, version: "1", environment: "production",
            services: .init(
                database: ServiceHealth(
                    status: .healthy, responseTime: 0.42,
                    connections: .init(active: 1, idle: 2, max: 8)),
                redis: ServiceHealth(status: .notConfigured),
                mail: ServiceHealth(
                    status: .unhealthy, responseTime: 1500, message: "It\u{1B}refuses"),
                aiServices: ["openai": ServiceHealth(status: .notConfigured)]))
        #expect(
            HealthCommand.headline(health)
                == "degraded: auterity 1 (production) at 2025-08-08T10:30:00Z")
        let lines = try lines {
            try $0.rows(HealthCommand.rows(health), columns: HealthCommand.columns)
        }
        #expect(
            lines.printed == [
                "SERVICE    STATUS          ANSWERS IN  CONNECTIONS  MESSAGE",
                "database   healthy              0.4ms  1 of 8       –",
                "redis      not_configured           –  –            –",
                "mail       unhealthy             1.5s  –            It␛refuses",
                "ai openai  not_configured           –  –            –",
            ])
    }

    @Test func metricsAreSectionsOfFigures() {
        let metrics = Metrics(
            system: .init(uptime: 7300, cpuUsage: 12.34, memoryUsage: nil, diskUsage: 70),
            application: .init(
                totalRequests: 10, successfulRequests: 9, failedRequests: 1,
                averageResponseTime: 4.25, requestsPerMinute: 0.5),
            workflows: .init(
                totalExecutions: 5, successfulExecutions: 3, failedExecutions: 1,
                averageExecutionTime: 61, executionsLastHour: 2, running: 1, waiting: 0,
                pending: 0, failedToday: 1),
            aiUsage: .init(
                totalRequests: 2, totalCost: 0.5, tokensUsed: 100, averageCostPerRequest: 0.25,
                costToday: 0))
        let text = MetricsCommand.sections(metrics).flatMap {
            [$0.title] + $0.details.lines(width: nil)
        }
        #expect(
            text == [
                "SYSTEM", "Up for:      2h", "Processors:  12.3%", "Memory:      –",
                "Disk:        70.0%",
                "WORKFLOWS", "Executions:        5 (3 completed, 1 failed)",
                "Now:               1 running, 0 waiting, 0 pending", "In the last hour:  2",
                "Failed today:      1", "Average time:      1m",
                "CALLS", "All:           10 (9 well, 1 failed)", "A minute:      0.5",
                "Average time:  4.3ms",
                "AI", "Calls:           2", "Tokens:          100",
                "Cost:            $0.5000 ($0.0000 today)", "Cost of a call:  $0.2500",
            ])
    }
}
