import AuterityAPI
import AuterityEngine
import Glibc
import Synchronization

/// Counts of answered requests. They are kept in shards, so that threads that answer at once
/// hardly ever wait for each other; the number of series is bounded by the routes of the server.
final class RequestMetrics: Sendable {
    /// What was asked for.
    struct Target: Hashable, Sendable {
        /// The path's template; `nil` where no route matched.
        let route: String?
        let method: String
    }

    /// What was answered to requests of one kind.
    struct Answers: Sendable {
        /// By status.
        var counts: [Int: UInt64] = [:]
        /// Seconds.
        var durations = BucketCounts.answers
    }

    private final class Shard: Sendable {
        let answers = Mutex<[Target: Answers]>([:])
    }

    private let shards: [Shard]
    private let underWay = Atomic(0)
    private let limited = Mutex<[Route.RateLimitClass: UInt64]>([:])

    private static let shardCount = 16
    /// Methods that are told apart; a caller may invent others.
    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    init() {
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// A request's head has come.
    func begin() { underWay.wrappingAdd(1, ordering: .relaxed) }

    /// The request was answered, or its connection ended before.
    func end() { underWay.wrappingSubtract(1, ordering: .relaxed) }

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - route: the template of its path, such as `/api/workflows/{workflow_id}`; never the
    ///     path itself, which anybody may choose.
    ///   - nanoseconds: from the head of the request to that of the answer; `nil` for a call that
    ///     waited for the end of an execution. Not counted for an upgrade (101), which lasts as
    ///     long as its connection.
    ///   - limit: the class whose limit refused the request.
    func record(
        route: String?, method: String, status: Int, nanoseconds: UInt64?,
        limit: Route.RateLimitClass? = nil
    ) {
        let known = Self.methods.contains(method) ? method : "other"
        let target = Target(route: route, method: known)
        // Threads lie pages apart.
        let thread = Int(truncatingIfNeeded: UInt(pthread_self()) >> 12)
        let shard = shards[(thread ^ thread >> 8) & (Self.shardCount - 1)]
        shard.answers.withLock { answers in
            answers[target, default: Answers()].record(status, nanoseconds)
        }
        if let limit { limited.withLock { $0[limit, default: 0] += 1 } }
    }

    /// Requests that have begun and are not answered yet.
    var inFlight: Int { underWay.load(ordering: .relaxed) }

    /// All answers.
    var answers: [Target: Answers] {
        shards.reduce(into: [:]) { all, shard in
            for (target, answers) in shard.answers.withLock({ $0 }) {
                all[target, default: Answers()].merge(answers)
            }
        }
    }

    func expose(to text: inout PrometheusText) {
        let answers = self.answers.sorted {
            ($0.key.route ?? "", $0.key.method) < ($1.key.route ?? "", $1.key.method)
        }
        text.gauge(
            "auterity_http_requests_in_flight", "Requests that are not answered yet.",
            Double(inFlight))
        text.family(
            .counter, "auterity_http_requests_total",
            "Requests answered, by route, method and status.",
            answers.flatMap { target, answers in
                answers.counts.sorted { $0.key < $1.key }.map { status, count in
                    let labels = target.labels + [.init("status", String(status))]
                    return .init(Double(count), labels)
                }
            })
        text.histogram(
            "auterity_http_request_duration_seconds",
            "Time from a request's head to that of its answer, but for executions waited for.",
            answers.map { ($0.key.labels, $0.value.durations) })
        let limited = limited.withLock { $0 }
        text.family(
            .counter, "auterity_rate_limited_requests_total",
            "Requests that a rate limit refused, by its class.",
            Route.RateLimitClass.allCases.map { limit in
                .init(Double(limited[limit] ?? 0), .init("class", limit.rawValue))
            })
    }
}

extension RequestMetrics.Target {
    fileprivate var labels: [PrometheusText.Label] {
        [.init("route", route ?? "unmatched"), .init("method", method)]
    }
}

extension RequestMetrics.Answers {
    fileprivate mutating func record(_ status: Int, _ nanoseconds: UInt64?) {
        counts[status, default: 0] += 1
        guard let nanoseconds, status != 101 else { return }
        durations.record(Double(nanoseconds) / 1_000_000_000)
    }

    fileprivate mutating func merge(_ other: Self) {
        counts.merge(other.counts, uniquingKeysWith: +)
        durations.merge(other.durations)
    }
}
