import ArgumentParser
import AuterityAPI
import AuterityClient
import TerminalUI

/// `auterity health`
struct HealthCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Show how the system and its services do.",
        discussion: """
            Ends with 7 when a needed service is down.

            Examples:
              auterity health
              auterity health -o json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let health = try await session.client.send(GetHealth())
        if session.isForPeople {
            session.printer.write(Self.headline(health))
            session.printer.write("")
            try session.printer.rows(Self.rows(health), columns: Self.columns)
        } else {
            try session.printer.item(health)
        }
        return health.status == .unhealthy ? ExitStatus.unavailable : ExitStatus.success
    }

    static func headline(_ health: Health) -> String {
        SafeText.line(
            "\(health.status.rawValue): auterity \(health.version) (\(health.environment)) at "
                + "\(health.timestamp)")
    }

    static let columns = [
        Column("SERVICE", "name"), Column("STATUS", "status", .status),
        Column("ANSWERS IN", "response_time", .milliseconds),
        Column("CONNECTIONS", "used"), Column("MEMORY", "memory_usage", wide: true),
        Column("MESSAGE", "message", flexible: true),
    ]

    /// A service a row, with its name.
    static func rows(_ health: Health) throws -> [JSONValue] {
        let services = health.services
        let providers = services.aiServices.sorted { $0.key < $1.key }
        let all =
            [("database", services.database), ("redis", services.redis), ("mail", services.mail)]
            + providers.map { ("ai \($0.key)", $0.value) }
        return try all.map { name, service in
            guard case .object(var members) = try JSONValue(encoding: service) else { return .null }
            members["name"] = .string(name)
            if let connections = service.connections {
                members["used"] = .string("\(connections.active) of \(connections.max)")
            }
            return .object(members)
        }
    }
}

/// `auterity metrics`
struct MetricsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Show the figures of the system.",
        discussion: """
            Examples:
              auterity metrics
              auterity metrics --fields workflows,ai_usage -o yaml
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Settings") var settings: StoreSettingFlags

    func run(_ session: CommandSession) async throws -> Int32 {
        let metrics = try await session.client.send(GetMetrics())
        guard session.isForPeople else {
            try session.printer.item(metrics)
            return ExitStatus.success
        }
        for (index, section) in Self.sections(metrics).enumerated() {
            if index > 0 { session.printer.write("") }
            session.printer.write(section.title)
            session.printer.details(section.details)
        }
        return ExitStatus.success
    }

    static func sections(_ metrics: Metrics) -> [(title: String, details: Details)] {
        [
            ("SYSTEM", details(metrics.system)), ("WORKFLOWS", details(metrics.workflows)),
            ("CALLS", details(metrics.application)), ("AI", details(metrics.aiUsage)),
        ]
    }

    private static func details(_ system: Metrics.System) -> Details {
        var details = Details()
        details.add("Up for", Column.span(system.uptime))
        details.add("Processors", system.cpuUsage.map(percent))
        details.add("Memory", system.memoryUsage.map(percent))
        details.add("Disk", system.diskUsage.map(percent))
        return details
    }

    private static func details(_ workflows: Metrics.Workflows) -> Details {
        var details = Details()
        details.add(
            "Executions",
            "\(workflows.totalExecutions) (\(workflows.successfulExecutions) completed, "
                + "\(workflows.failedExecutions) failed)")
        details.add(
            "Now",
            "\(workflows.running) running, \(workflows.waiting) waiting, "
                + "\(workflows.pending) pending")
        details.add("In the last hour", String(workflows.executionsLastHour))
        details.add("Failed today", String(workflows.failedToday))
        details.add("Average time", workflows.averageExecutionTime.map(Column.span))
        return details
    }

    private static func details(_ calls: Metrics.Application) -> Details {
        var details = Details()
        details.add(
            "All",
            "\(calls.totalRequests) (\(calls.successfulRequests) well, "
                + "\(calls.failedRequests) failed)")
        details.add("A minute", Column.fixed(calls.requestsPerMinute, 1))
        details.add("Average time", calls.averageResponseTime.map(Column.milliseconds))
        return details
    }

    private static func details(_ usage: Metrics.AIUsage) -> Details {
        var details = Details()
        details.add("Calls", String(usage.totalRequests))
        details.add("Tokens", String(usage.tokensUsed))
        details.add("Cost", "\(dollars(usage.totalCost)) (\(dollars(usage.costToday)) today)")
        details.add("Cost of a call", usage.averageCostPerRequest.map(dollars))
        return details
    }

    private static func percent(_ value: Double) -> String { Column.fixed(value, 1) + "%" }
    private static func dollars(_ value: Double) -> String { "$" + Column.fixed(value, 4) }
}
