/// Counts of values in buckets with fixed upper bounds, as Prometheus keeps them.
package struct BucketCounts: Sendable, Equatable {
    /// Growing; a value that equals a bound belongs to it.
    package let bounds: [Double]
    /// One a bound, and last those above all of them.
    package private(set) var counts: [UInt64]
    package private(set) var sum = 0.0

    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = [UInt64](repeating: 0, count: bounds.count + 1)
    }

    package mutating func record(_ value: Double) {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if value <= bounds[middle] { high = middle } else { low = middle + 1 }
        }
        counts[low] &+= 1
        sum += value
    }

    /// - Precondition: both have the same bounds.
    package mutating func merge(_ other: BucketCounts) {
        precondition(bounds == other.bounds, "counts of different buckets cannot be merged")
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sum += other.sum
    }
}

extension BucketCounts {
    /// For answers: seconds, from half a millisecond to ten seconds.
    package static let answers = BucketCounts(bounds: [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ])
    /// For executions and steps: seconds, from five milliseconds to a day.
    package static let work = BucketCounts(bounds: [
        0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 3600, 21600, 86400,
    ])
    /// For flushes: seconds, from fifty microseconds to a second.
    package static let flushes = BucketCounts(bounds: [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
        1,
    ])
    /// For batches of the writer: operations, up to the most that one takes.
    package static let batches = BucketCounts(bounds: [
        1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024,
    ])
}
