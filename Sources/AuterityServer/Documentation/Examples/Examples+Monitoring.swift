import AuterityAPI

extension Health: Exemplified {
    static var example: Health {
        Health(
            status: .healthy, timestamp: Sample.start, version: "1.0.0",
            environment: "production",
            services: Services(
                database: ServiceHealth(
                    status: .healthy, responseTime: 12.5,
                    connections: ServiceHealth.Connections(active: 8, idle: 2, max: 20)),
                redis: ServiceHealth(status: .notConfigured),
                mail: ServiceHealth(status: .healthy, responseTime: 34),
                aiServices: [
                    "openai": ServiceHealth(status: .healthy, responseTime: 850.3),
                    "anthropic": ServiceHealth(status: .healthy, responseTime: 720.1),
                ]))
    }
}

extension Metrics: Exemplified {
    static var example: Metrics {
        Metrics(
            system: System(uptime: 86_400, cpuUsage: 45.2, memoryUsage: 67.8, diskUsage: 23.1),
            application: Application(
                totalRequests: 15_420, successfulRequests: 14_876, failedRequests: 544,
                averageResponseTime: 125.6, requestsPerMinute: 45.2),
            workflows: Workflows(
                totalExecutions: 1284, successfulExecutions: 1201, failedExecutions: 83,
                averageExecutionTime: 78.3, executionsLastHour: 12, running: 3, waiting: 1,
                pending: 0, failedToday: 1),
            aiUsage: AIUsage(
                totalRequests: 856, totalCost: 45.67, tokensUsed: 125_420,
                averageCostPerRequest: 0.053, costToday: 4.12))
    }
}

extension MetricsHistory: Exemplified {
    static var example: MetricsHistory {
        MetricsHistory(
            from: Sample.start, interval: 60,
            series: [Series(name: .executions, values: [12, nil, 9])])
    }
}

extension Alert: Exemplified {
    static var example: Alert {
        Alert(
            id: Sample.id(), severity: .warning, source: "cpu_usage",
            message: "The processors are busy: 85 % for the last minute", value: 85, limit: 80,
            raisedAt: Sample.start)
    }
}
