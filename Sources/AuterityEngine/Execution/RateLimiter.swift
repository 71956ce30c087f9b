import AuterityAPI
import Synchronization

/// So many calls in so many seconds for each key, spread evenly after a first burst: the generic
/// cell rate algorithm (ITU-T I.371).
final class RateLimiter: Sendable {
    let calls: Int
    private let interval: Double
    private let window: Double
    /// When the next call would come if all came evenly, in seconds.
    private let arrivals = Mutex<[Int64: Double]>([:])

    /// Keys that are kept.
    private static let limit = 10_000

    init(calls: Int, seconds: Double) {
        self.calls = max(1, calls)
        window = seconds
        interval = seconds / Double(max(1, calls))
    }

    /// Takes a call: `nil`, or when one may be taken.
    func take(_ key: Int64, at time: Timestamp) -> Timestamp? {
        let now = Double(time.milliseconds) / 1000
        return arrivals.withLock { arrivals in
            if arrivals.count >= Self.limit { arrivals = arrivals.filter { $0.value > now } }
            let arrival = max(arrivals[key] ?? 0, now)
            let earliest = arrival + interval - window
            guard now >= earliest - 0.0005 else {
                return Timestamp(milliseconds: Int64((earliest * 1000).rounded(.up)))
            }
            arrivals[key] = arrival + interval
            return nil
        }
    }
}
