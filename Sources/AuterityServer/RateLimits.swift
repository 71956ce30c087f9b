public import AuterityAPI

/// How often clients may call, by the class of the call.
public struct RateLimits: Hashable, Sendable {
    /// So many requests in so many seconds.
    public struct Limit: Hashable, Sendable {
        /// At least 1.
        public var requests: Int
        /// Seconds, at least 1.
        public var window: Int

        public init(requests: Int, window: Int) {
            self.requests = requests
            self.window = window
        }
    }

    public var authentication = Limit(requests: 10, window: 60)
    public var workflows = Limit(requests: 100, window: 60)
    public var templates = Limit(requests: 50, window: 60)
    public var monitoring = Limit(requests: 200, window: 60)
    public var other = Limit(requests: 1000, window: 3600)

    public init() {}

    /// The limit of a class; `nil` for calls of AI services, which the engine itself slows down.
    public subscript(class: Route.RateLimitClass) -> Limit? {
        switch `class` {
        case .authentication: authentication
        case .workflows: workflows
        case .templates: templates
        case .monitoring: monitoring
        case .other: other
        case .ai: nil
        }
    }
}
