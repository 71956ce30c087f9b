/// How a service that the system leans on does.
public enum ServiceStatus: String, Codable, Sendable, CaseIterable {
    case healthy, degraded, unhealthy
    /// Nothing is set up, which degrades nothing.
    case notConfigured = "not_configured"
}

/// The state of one service. What is not known is `nil`, never made up.
public struct ServiceHealth: Codable, Hashable, Sendable {
    public struct Connections: Codable, Hashable, Sendable {
        public let active: Int
        public let idle: Int
        public let max: Int

        public init(active: Int, idle: Int, max: Int) {
            self.active = active
            self.idle = idle
            self.max = max
        }
    }

    public let status: ServiceStatus
    /// Milliseconds.
    public let responseTime: Double?
    public let connections: Connections?
    /// Such as `45MB`.
    public let memoryUsage: String?
    /// What is wrong and what to do, in one sentence.
    public let message: String?

    enum CodingKeys: String, CodingKey {
        case status, connections, message
        case responseTime = "response_time"
        case memoryUsage = "memory_usage"
    }

    public init(
        status: ServiceStatus, responseTime: Double? = nil, connections: Connections? = nil,
        memoryUsage: String? = nil, message: String? = nil
    ) {
        self.status = status
        self.responseTime = responseTime
        self.connections = connections
        self.memoryUsage = memoryUsage
        self.message = message
    }
}

/// The health of the whole.
public struct Health: Codable, Hashable, Sendable {
    public struct Services: Codable, Hashable, Sendable {
        public let database: ServiceHealth
        public let redis: ServiceHealth
        public let mail: ServiceHealth
        /// By provider: `openai`, `anthropic`.
        public let aiServices: [String: ServiceHealth]

        enum CodingKeys: String, CodingKey {
            case database, redis, mail
            case aiServices = "ai_services"
        }

        public init(
            database: ServiceHealth, redis: ServiceHealth, mail: ServiceHealth,
            aiServices: [String: ServiceHealth]
        ) {
            self.database = database
            self.redis = redis
            self.mail = mail
            self.aiServices = aiServices
        }
    }

    public let status: ServiceStatus
    public let timestamp: Timestamp
    public let version: String
    public let environment: String
    public let services: Services

    public init(
        status: ServiceStatus, timestamp: Timestamp, version: String, environment: String,
        services: Services
    ) {
        self.status = status
        self.timestamp = timestamp
        self.version = version
        self.environment = environment
        self.services = services
    }
}
