package import AuterityAPI

/// How often and when a failed attempt is tried again.
package struct RetryPolicy: Hashable, Sendable {
    /// The first one is counted.
    package let maxAttempts: Int
    /// Seconds between the first attempt and the second.
    package let initialInterval: Double
    /// What each interval is multiplied by for the next one.
    package let backoff: Double
    /// Seconds; no interval grows beyond it.
    package let maxInterval: Double

    /// ±20 %.
    static let jitter = 0.2
    /// Seconds; what the far end may ask for with `Retry-After` at most.
    static let maximumRetryAfter = 86_400.0

    /// No second attempt.
    package static let once = RetryPolicy()

    package init(
        maxAttempts: Int = 1, initialInterval: Double = 1, backoff: Double = 2,
        maxInterval: Double = 60
    ) {
        self.maxAttempts = maxAttempts
        self.initialInterval = initialInterval
        self.backoff = backoff
        self.maxInterval = maxInterval
    }

    init(_ data: inout NodeData) {
        guard let value = data.value("retry") else {
            self = .once
            return
        }
        guard case .object(let object) = value else {
            data.fault("retry", "must be an object such as {\"max_attempts\": 3}")
            self = .once
            return
        }
        var retry = NodeData(object, path: "\(data.path).retry")
        let attempts = retry.integer("max_attempts", in: 1...100)
        let initial = retry.constant("initial_interval", in: 0...86_400)
        let backoff = retry.constant("backoff", in: 1...100)
        let maximum = retry.constant("max_interval", in: 0...86_400)
        for key in object.keys where !Self.keys.contains(key) {
            retry.warn(key, "is not read; retry takes \(Self.keys.joined(separator: ", "))")
        }
        data.take(retry)
        self.init(
            maxAttempts: attempts ?? 1, initialInterval: initial ?? 1, backoff: backoff ?? 2,
            maxInterval: maximum ?? max(60, initial ?? 1))
    }

    private static let keys = ["max_attempts", "initial_interval", "backoff", "max_interval"]

    /// Seconds from the failure of attempt number `attempt` to the next one; `nil` when there is
    /// none. `random` is in `0..<1`. What the far end asked for is never undercut.
    package func delay(
        after failure: StepFailure, attempt: Int, random: Double
    ) -> Double? {
        guard failure.isRetryable, attempt < maxAttempts else { return nil }
        var interval = initialInterval
        // Grown step by step, so that no power overflows.
        for _ in 1..<max(attempt, 1) where interval < maxInterval {
            interval *= backoff
        }
        interval = min(interval, maxInterval) * (1 + Self.jitter * (2 * random - 1))
        let asked = min(failure.retryAfter ?? 0, Self.maximumRetryAfter)
        return max(interval, asked, 0)
    }
}

/// What the far end tells repetitions of a step by: the same for every attempt of it. An execution
/// that retries another has its own keys, since its steps are meant to happen anew.
package func idempotencyKey(
    execution: ExecutionID, step: StepID, series: Int = 1, item: Int? = nil
) -> String {
    "\(execution):\(step):\(series)\(item.map { "[\($0)]" } ?? "")"
}
