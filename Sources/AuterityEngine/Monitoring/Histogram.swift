/// Counts of durations in buckets that grow by about an eighth each, so that percentiles cost
/// the same however many there are.
struct Histogram: Sendable {
    private var counts = [Int32](repeating: 0, count: Histogram.buckets)
    private(set) var total = 0

    private static let stepsAnOctave = 8
    private static let buckets = 48 * stepsAnOctave

    /// - Parameter microseconds: 0 to about nine years; more counts as that.
    mutating func record(microseconds: Int64) {
        counts[Self.bucket(microseconds)] &+= 1
        total += 1
    }

    /// The duration that `fraction` of the recorded ones do not exceed, in seconds; `nil` without
    /// any.
    func percentile(_ fraction: Double) -> Double? {
        guard total > 0 else { return nil }
        let rank = Int((fraction * Double(total)).rounded(.up))
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            seen += Int(count)
            if seen >= max(rank, 1) { return Double(Self.middle(bucket)) / 1_000_000 }
        }
        return nil
    }

    mutating func merge(_ other: Histogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        total += other.total
    }

    private static func bucket(_ value: Int64) -> Int {
        let value = UInt64(max(value, 0))
        guard value >= 8 else { return Int(value) }
        let octave = 63 - value.leadingZeroBitCount
        let step = Int(value >> UInt64(octave - 3) & 7)
        return min((octave - 2) * stepsAnOctave + step, buckets - 1)
    }

    private static func middle(_ bucket: Int) -> Int64 {
        guard bucket >= 8 else { return Int64(bucket) }
        let octave = bucket / stepsAnOctave + 2
        let low = Int64(8 + bucket % stepsAnOctave) << Int64(octave - 3)
        return low + (Int64(1) << Int64(octave - 3)) / 2
    }
}
