import Synchronization

/// What the writer has measured of itself since it was made.
final class WriterFigures: Sendable {
    struct Snapshot: Sendable {
        var batches: Int64 = 0
        var operations: Int64 = 0
        /// Nanoseconds spent on statements, over all batches.
        var applying: UInt64 = 0
        /// Nanoseconds spent on commits, over all batches.
        var flushing: UInt64 = 0
        /// Nanoseconds of the newest commit; `nil` before the first.
        var lastFlush: UInt64?
        /// Operations a batch.
        var batchSizes = BucketCounts.batches
        /// Seconds a commit.
        var flushes = BucketCounts.flushes
    }

    private let state = Mutex(Snapshot())
    private let interval = Mutex<(flushes: Int, nanoseconds: UInt64)>((0, 0))

    func record(operations: Int, applying: UInt64, flushing: UInt64) {
        state.withLock { state in
            state.batches += 1
            state.operations += Int64(operations)
            state.applying += applying
            state.flushing += flushing
            state.lastFlush = flushing
            state.batchSizes.record(Double(operations))
            state.flushes.record(Double(flushing) / 1_000_000_000)
        }
        interval.withLock { interval in
            interval.flushes += 1
            interval.nanoseconds += flushing
        }
    }

    /// Nanoseconds of a commit on average since the last call; `nil` without any.
    func takeInterval() -> Double? {
        interval.withLock { interval in
            defer { interval = (0, 0) }
            return interval.flushes == 0
                ? nil : Double(interval.nanoseconds) / Double(interval.flushes)
        }
    }

    var snapshot: Snapshot { state.withLock { $0 } }
}
