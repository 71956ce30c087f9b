// What drawing costs, counted where it happens.

/// Counters since the start of the terminal, and the recent times from key to paint.
public struct TerminalStatistics: Hashable, Sendable {
    /// How many key-to-paint times are kept for the percentiles.
    public static let keptLatencies = 512
    /// A frame later than this after a key is taken for another cause than the key.
    public static let longestLatency: Duration = .seconds(1)

    /// Frames sent to the terminal.
    public internal(set) var frames = 0
    /// Frames that were replaced by a newer one before they could be sent.
    public internal(set) var skippedFrames = 0
    /// Frames that turned out equal to what the screen shows already.
    public internal(set) var unchangedFrames = 0
    /// Bytes sent for all frames.
    public internal(set) var bytes = 0
    /// Bytes of the last frame.
    public internal(set) var lastFrameBytes = 0
    /// `write` calls for all frames; one a frame unless the line was slow.
    public internal(set) var writes = 0
    /// How often the terminal's thread woke up.
    public internal(set) var wakeUps = 0
    /// Keys received.
    public internal(set) var keys = 0
    /// How long the last frame that was followed took to be drawn at the user's end; nil when the
    /// terminal does not answer. Much more than a key's time means a slow line: draw less.
    public internal(set) var lineDelay: Duration?
    /// Time the terminal's thread spent making and sending the last frame.
    public internal(set) var lastFrameTime: Duration = .zero

    private var latencies: [Duration] = []
    private var oldestLatency = 0

    public init() {}

    public var bytesPerFrame: Double { frames == 0 ? 0 : Double(bytes) / Double(frames) }
    public var writesPerFrame: Double { frames == 0 ? 0 : Double(writes) / Double(frames) }

    /// The time from reading a key to having sent the next frame, at a percentile from 0 to 100,
    /// of the last 512 keys; nil before the first.
    public func keyToPaint(percentile: Double) -> Duration? {
        guard !latencies.isEmpty else { return nil }
        let sorted = latencies.sorted()
        let rank = (percentile / 100 * Double(sorted.count)).rounded(.up)
        return sorted[min(sorted.count, max(1, Int(rank))) - 1]
    }

    mutating func recordKeyToPaint(_ latency: Duration) {
        guard latency <= Self.longestLatency else { return }
        if latencies.count < Self.keptLatencies {
            latencies.append(latency)
        } else {
            latencies[oldestLatency] = latency
            oldestLatency = (oldestLatency + 1) % Self.keptLatencies
        }
    }
}
