import AuterityAPI
import AuterityEngine
import HTTPTypes

/// The limits of all classes, as a server keeps them.
struct CallLimits: Sendable {
    private let buckets: [Route.RateLimitClass: CallLimit.Bucket]

    /// - Parameter limits: `nil` limits nobody.
    init(_ limits: RateLimits?) {
        var buckets: [Route.RateLimitClass: CallLimit.Bucket] = [:]
        for name in Route.RateLimitClass.allCases {
            if let limit = limits?[name] { buckets[name] = CallLimit.Bucket(name, limit) }
        }
        self.buckets = buckets
    }

    /// What holds for the calls of a class; `nil` where nothing does.
    subscript(name: Route.RateLimitClass) -> CallLimit? {
        buckets[name].map { CallLimit(bucket: $0, isByAddress: name == .authentication) }
    }
}

/// The limit of a route.
struct CallLimit: Sendable {
    /// Who shares calls.
    enum Key: Hashable, Sendable {
        case user(UserID)
        case address(ClientAddress)
    }

    /// What all routes of a class have in common.
    struct Bucket: Sendable {
        let name: Route.RateLimitClass
        let limiter: RateLimiter<Key>
        /// `X-RateLimit-Limit` and `-Window`.
        let fixedHeaders: [HTTPField]

        /// Keys that each class keeps, some 5 MB when full.
        private static let capacity = 65_536

        init(_ name: Route.RateLimitClass, _ limit: RateLimits.Limit) {
            self.name = name
            limiter = RateLimiter(
                calls: limit.requests, seconds: Double(max(1, limit.window)),
                capacity: Self.capacity)
            fixedHeaders = [
                HTTPField(name: HeaderFields.limit, value: "\(limiter.calls)"),
                HTTPField(name: HeaderFields.window, value: "\(max(1, limit.window))"),
            ]
        }
    }

    let bucket: Bucket
    /// By address even for who is logged in: the limit is against guessing passwords.
    let isByAddress: Bool

    /// Takes a call for the exchange, and says in its headers what is left.
    ///
    /// - Throws: 429 when none is.
    func take(_ exchange: inout Exchange) throws(APIError) {
        let isAnonymous = exchange.caller.isAnonymous
        let key: Key =
            isByAddress || isAnonymous
            ? .address(exchange.client.limited) : .user(exchange.caller.id)
        let outcome = bucket.limiter.take(key, at: exchange.time)
        let reset = (outcome.fullAt.milliseconds + 999) / 1000
        exchange.answerHeaders.append(bucket.fixedHeaders[0])
        exchange.answerHeaders.append(
            HTTPField(name: HeaderFields.remaining, value: "\(outcome.remaining)"))
        exchange.answerHeaders.append(HTTPField(name: HeaderFields.reset, value: "\(reset)"))
        exchange.answerHeaders.append(bucket.fixedHeaders[1])
        guard let freeAt = outcome.freeAt else { return }
        throw APIError(
            .rateLimitExceeded,
            "This is more than \(bucket.limiter.calls) calls in "
                + "\(bucket.fixedHeaders[1].value) seconds. Wait, and try again",
            retryAfter: max(0, freeAt.seconds(since: exchange.time)))
    }
}
