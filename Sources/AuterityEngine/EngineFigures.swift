package import AuterityAPI

/// What an engine has measured of itself in this run, for benchmarks.
package struct EngineFigures: Sendable {
    /// Steps that ended durably.
    package let steps: Int
    /// Transactions that were flushed.
    package let flushes: Int
    /// Operations in them.
    package let operations: Int
    /// Seconds spent on statements, over all transactions.
    package let applyingSeconds: Double
    /// Seconds spent on flushes, over all transactions.
    package let flushingSeconds: Double
    /// Results that came under an epoch that was over, and were dropped.
    package let staleResults: Int
}

extension Engine {
    package var figures: EngineFigures {
        let writer = core.writerFigures
        return EngineFigures(
            steps: core.foundation.figures.steps, flushes: Int(writer.batches),
            operations: Int(writer.operations),
            applyingSeconds: Double(writer.applying) / 1_000_000_000,
            flushingSeconds: Double(writer.flushing) / 1_000_000_000,
            staleResults: core.foundation.figures.staleResults)
    }

    /// How the store does, measured at most once a second.
    package func storeHealth() async -> ServiceHealth { await core.databaseHealth() }

    /// Counts a request that came by HTTP, whatever it asked for.
    package func countRequest(isSuccess: Bool, nanoseconds: UInt64?) {
        core.countRequest(isSuccess: isSuccess, nanoseconds: nanoseconds)
    }

    /// Ends as a crash does, for tests: nothing that waits is written, and the lock is given up.
    package func abandon() async {
        await core.abandon()
    }
}

extension EngineCore {
    /// Of the store that is open now.
    var writerFigures: WriterFigures.Snapshot {
        (try? session)?.writer.figures.snapshot ?? WriterFigures.Snapshot()
    }
}
