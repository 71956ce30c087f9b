import AuterityAPI
import Synchronization

/// The figures over time: the last hour in steps of five seconds in memory, the last day in
/// minutes in the store too. Both are bounded.
final class MetricsLog: Sendable {
    /// Seconds.
    static let sampleSeconds = 5.0
    static let minuteSeconds = 60.0
    private static let keptSamples = 720
    private static let keptMinutes = 1440

    private struct State {
        var samples: [MetricsSample] = []
        var minutes: [MetricsSample] = []
        var openMinute: [MetricsSample] = []
    }

    private let state = Mutex(State())

    /// Takes in what the store has kept.
    func load(from connection: any StoreConnection, now: Timestamp) throws {
        let minutes = try connection.all(
            """
            SELECT at, figures FROM metrics_samples WHERE resolution = 60 AND at > $1
            ORDER BY at LIMIT $2
            """,
            [.int(now.adding(seconds: -86_400).milliseconds), .int(Self.keptMinutes)]
        ) { MetricsSample(at: $0.time(0), length: Self.minuteSeconds, json: try $0.json(1)) }
        state.withLock { $0.minutes = minutes }
    }

    /// Adds a sample; answers the minute that it completes.
    func add(_ sample: MetricsSample) -> MetricsSample? {
        state.withLock { state in
            state.samples.append(sample)
            if state.samples.count > Self.keptSamples * 5 / 4 {
                state.samples.removeFirst(state.samples.count - Self.keptSamples)
            }
            let isNewMinute =
                state.openMinute.first.map { $0.at.minute != sample.at.minute } ?? false
            var ended: MetricsSample?
            if isNewMinute, let last = state.openMinute.last {
                let minute = MetricsSample(
                    merging: state.openMinute, at: last.at, length: Self.minuteSeconds)
                state.openMinute = []
                state.minutes.append(minute)
                if state.minutes.count > Self.keptMinutes * 5 / 4 {
                    state.minutes.removeFirst(state.minutes.count - Self.keptMinutes)
                }
                ended = minute
            }
            state.openMinute.append(sample)
            return ended
        }
    }

    /// Samples of the last `seconds`.
    func recent(seconds: Double, now: Timestamp) -> [MetricsSample] {
        let start = now.adding(seconds: -seconds)
        return state.withLock { state in state.samples.filter { $0.at > start } }
    }

    /// The window in equal buckets.
    func history(window: Int, buckets: Int, now: Timestamp) -> MetricsHistory {
        let length = Double(window) / Double(buckets)
        let from = now.adding(seconds: -Double(window))
        let samples = state.withLock { state in
            // The fine samples where they reach, the minutes before them.
            let edge = state.samples.first?.at ?? now
            return state.minutes.filter { $0.at > from && $0.at < edge }
                + state.samples.filter { $0.at > from }
        }
        var grouped = [[MetricsSample]](repeating: [], count: buckets)
        for sample in samples {
            let index = Int(sample.at.seconds(since: from) / length)
            grouped[min(max(index, 0), buckets - 1)].append(sample)
        }
        let merged = grouped.enumerated().map { index, samples in
            MetricsSample(
                merging: samples, at: from.adding(seconds: Double(index + 1) * length),
                length: length)
        }
        let series = MetricName.allCases.map { name in
            MetricsHistory.Series(name: name, values: merged.map { $0.values[name] })
        }
        return MetricsHistory(from: from, interval: length, series: series)
    }
}
