/// The figures of the system. Every one is measured; what is not known is `nil`.
public struct Metrics: Codable, Hashable, Sendable {
    public struct System: Codable, Hashable, Sendable {
        /// Seconds since the engine was opened.
        public let uptime: Double
        /// Per cent of all processors, by the whole machine.
        public let cpuUsage: Double?
        /// Per cent of the machine's memory.
        public let memoryUsage: Double?
        /// Per cent of the file system that holds the data.
        public let diskUsage: Double?

        enum CodingKeys: String, CodingKey {
            case uptime
            case cpuUsage = "cpu_usage"
            case memoryUsage = "memory_usage"
            case diskUsage = "disk_usage"
        }

        public init(uptime: Double, cpuUsage: Double?, memoryUsage: Double?, diskUsage: Double?) {
            self.uptime = uptime
            self.cpuUsage = cpuUsage
            self.memoryUsage = memoryUsage
            self.diskUsage = diskUsage
        }
    }

    public struct Application: Codable, Hashable, Sendable {
        public let totalRequests: Int
        public let successfulRequests: Int
        public let failedRequests: Int
        /// Milliseconds.
        public let averageResponseTime: Double?
        public let requestsPerMinute: Double

        enum CodingKeys: String, CodingKey {
            case totalRequests = "total_requests"
            case successfulRequests = "successful_requests"
            case failedRequests = "failed_requests"
            case averageResponseTime = "average_response_time"
            case requestsPerMinute = "requests_per_minute"
        }

        public init(
            totalRequests: Int, successfulRequests: Int, failedRequests: Int,
            averageResponseTime: Double?, requestsPerMinute: Double
        ) {
            self.totalRequests = totalRequests
            self.successfulRequests = successfulRequests
            self.failedRequests = failedRequests
            self.averageResponseTime = averageResponseTime
            self.requestsPerMinute = requestsPerMinute
        }
    }

    public struct Workflows: Codable, Hashable, Sendable {
        public let totalExecutions: Int
        public let successfulExecutions: Int
        public let failedExecutions: Int
        /// Seconds.
        public let averageExecutionTime: Double?
        public let executionsLastHour: Int
        /// Executions by status now: `running`, `waiting`, `pending`.
        public let running: Int
        public let waiting: Int
        public let pending: Int
        /// Since midnight UTC.
        public let failedToday: Int

        enum CodingKeys: String, CodingKey {
            case running, waiting, pending
            case totalExecutions = "total_executions"
            case successfulExecutions = "successful_executions"
            case failedExecutions = "failed_executions"
            case averageExecutionTime = "average_execution_time"
            case executionsLastHour = "executions_last_hour"
            case failedToday = "failed_today"
        }

        public init(
            totalExecutions: Int, successfulExecutions: Int, failedExecutions: Int,
            averageExecutionTime: Double?, executionsLastHour: Int, running: Int, waiting: Int,
            pending: Int, failedToday: Int
        ) {
            self.totalExecutions = totalExecutions
            self.successfulExecutions = successfulExecutions
            self.failedExecutions = failedExecutions
            self.averageExecutionTime = averageExecutionTime
            self.executionsLastHour = executionsLastHour
            self.running = running
            self.waiting = waiting
            self.pending = pending
            self.failedToday = failedToday
        }
    }

    public struct AIUsage: Codable, Hashable, Sendable {
        public let totalRequests: Int
        /// US dollars.
        public let totalCost: Double
        public let tokensUsed: Int
        /// US dollars.
        public let averageCostPerRequest: Double?
        /// US dollars since midnight UTC.
        public let costToday: Double

        enum CodingKeys: String, CodingKey {
            case totalRequests = "total_requests"
            case totalCost = "total_cost"
            case tokensUsed = "tokens_used"
            case averageCostPerRequest = "average_cost_per_request"
            case costToday = "cost_today"
        }

        public init(
            totalRequests: Int, totalCost: Double, tokensUsed: Int,
            averageCostPerRequest: Double?, costToday: Double
        ) {
            self.totalRequests = totalRequests
            self.totalCost = totalCost
            self.tokensUsed = tokensUsed
            self.averageCostPerRequest = averageCostPerRequest
            self.costToday = costToday
        }
    }

    public let system: System
    public let application: Application
    public let workflows: Workflows
    public let aiUsage: AIUsage

    enum CodingKeys: String, CodingKey {
        case system, application, workflows
        case aiUsage = "ai_usage"
    }

    public init(
        system: System, application: Application, workflows: Workflows, aiUsage: AIUsage
    ) {
        self.system = system
        self.application = application
        self.workflows = workflows
        self.aiUsage = aiUsage
    }
}

/// Figures over time, in equal buckets, oldest first. A bucket without a measurement is `nil`.
public struct MetricsHistory: Codable, Hashable, Sendable {
    public struct Series: Codable, Hashable, Sendable {
        /// Such as `executions`, `failures`, `duration_p50`, `cpu_usage`; see `MetricName`.
        public let name: MetricName
        public let values: [Double?]

        public init(name: MetricName, values: [Double?]) {
            self.name = name
            self.values = values
        }
    }

    /// When the first bucket begins.
    public let from: Timestamp
    /// Seconds a bucket.
    public let interval: Double
    public let series: [Series]

    public init(from: Timestamp, interval: Double, series: [Series]) {
        self.from = from
        self.interval = interval
        self.series = series
    }

    public subscript(name: MetricName) -> [Double?] {
        series.first { $0.name == name }?.values ?? []
    }
}

/// What is charted.
public enum MetricName: String, Codable, Sendable, CaseIterable {
    /// Executions started, a bucket.
    case executions
    /// Executions failed, a bucket.
    case failures
    /// Steps ended, a bucket.
    case steps
    /// Seconds of the executions that ended in the bucket.
    case durationP50 = "duration_p50"
    case durationP95 = "duration_p95"
    case durationP99 = "duration_p99"
    /// Seconds of the steps that ended in the bucket.
    case stepP95 = "step_p95"
    /// Calls, a bucket.
    case requests
    /// Per cent.
    case cpuUsage = "cpu_usage"
    /// Per cent.
    case memoryUsage = "memory_usage"
    /// Per cent.
    case diskUsage = "disk_usage"
    /// Milliseconds of a write's flush.
    case databaseLatency = "database_latency"
    /// Open read connections in use.
    case databaseConnections = "database_connections"
    /// US dollars, a bucket.
    case aiCost = "ai_cost"
    /// Tokens, a bucket.
    case aiTokens = "ai_tokens"
}
