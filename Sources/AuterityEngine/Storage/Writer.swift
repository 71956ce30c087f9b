import AuterityAPI
import Dispatch
import Logging
import Synchronization

/// All writes of a store, in batches: whatever gathers while one transaction is flushed makes
/// the next. A lone write waits for one flush, a busy engine shares each.
final class Writer: Sendable {
    /// Operations and bytes that one transaction takes at most.
    static let batchOperations = 1024
    static let batchBytes = 4 << 20

    private struct State {
        var control: [WriteOperation] = []
        var data: ArraySlice<WriteOperation> = []
        var isDraining = false
        var isClosed = false
        var failure: String?
        var idleWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let store: any Store
    private let queueLimit: Int
    private let clock: EngineClock
    private let logger: Logger
    private let state = Mutex(State())
    private let lastSeq: Mutex<Int64>
    private let thread = DispatchQueue(label: "auterity.writer", qos: .userInitiated)
    private let publish: @Sendable ([Publication], _ upTo: Int64) -> Void
    private let failed: @Sendable (String) -> Void
    let figures = WriterFigures()

    /// - Parameters:
    ///   - seq: the newest number of the journal.
    ///   - publish: told after each commit, in the order of commits, on the writer's thread.
    ///   - failed: told once when the store fails; the writer takes nothing more then.
    init(
        store: any Store, seq: Int64, queueLimit: Int, clock: EngineClock, logger: Logger,
        publish: @escaping @Sendable ([Publication], Int64) -> Void,
        failed: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.queueLimit = queueLimit
        self.clock = clock
        self.logger = logger
        lastSeq = Mutex(seq)
        self.publish = publish
        self.failed = failed
    }

    /// The newest committed number of the journal.
    var committedSeq: Int64 { lastSeq.withLock { $0 } }

    /// Operations that wait for a batch.
    var queueLength: Int { state.withLock { $0.control.count + $0.data.count } }

    /// Queues an operation. Operations of one lane are applied in the order of these calls.
    ///
    /// - Parameter isBounded: `false` for the outcome of a step that has run: the number of those
    ///   is bounded by the steps that may run, and dropping one would run it again.
    func submit(_ operation: WriteOperation, isBounded: Bool = true) throws(WriterError) {
        let mustStart = try state.withLock { state throws(WriterError) in
            if let failure = state.failure { throw .stopped(failure) }
            if state.isClosed { throw .closed }
            if isBounded, state.control.count + state.data.count >= queueLimit { throw .queueFull }
            switch operation.lane {
            case .control: state.control.append(operation)
            case .data: state.data.append(operation)
            }
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustStart { thread.async { self.drain() } }
    }

    /// Queues an operation and waits until it is durable.
    func perform<Value: Sendable>(
        lane: WriteOperation.Lane = .data, size: Int = 512, mayFail: Bool = true,
        _ body: @escaping @Sendable (WriteContext) throws -> Value
    ) async throws -> Value {
        let box = Box<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            let operation = WriteOperation(
                lane: lane, size: size, mayFail: mayFail,
                apply: { context in
                    let value = try body(context)
                    box.value.withLock { $0 = value }
                },
                finish: { outcome in
                    continuation.resume(
                        with: outcome.flatMap {
                            box.value.withLock { $0.map { .success($0) } }
                                ?? .failure(WriterError.closed)
                        })
                })
            do {
                try submit(operation)
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Takes nothing more, and returns when what was taken is durable.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if !state.isDraining { return true }
                state.idleWaiters.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Drops what waits and takes nothing more: what a crash does.
    func abandon() {
        let rest = state.withLock { state in
            state.failure = "The engine was abandoned"
            defer {
                state.control = []
                state.data = []
            }
            return state.control + state.data
        }
        let sentence = WriterError.stopped("The engine was abandoned")
        for operation in rest { operation.finish(.failure(sentence)) }
    }

    // MARK: - On the writer's thread

    private func drain() {
        while let batch = nextBatch() {
            write(batch)
        }
    }

    private func nextBatch() -> [WriteOperation]? {
        typealias Waiters = [CheckedContinuation<Void, Never>]
        let (batch, waiters) = state.withLock { state -> ([WriteOperation], Waiters) in
            var batch = state.control
            state.control = []
            var bytes = batch.reduce(0) { $0 + $1.size }
            var taken = state.data.startIndex
            while taken < state.data.endIndex, batch.count < Self.batchOperations,
                bytes < Self.batchBytes
            {
                bytes += state.data[taken].size
                batch.append(state.data[taken])
                taken += 1
            }
            state.data = taken == state.data.endIndex ? [] : state.data[taken...]
            guard batch.isEmpty else { return (batch, []) }
            state.isDraining = false
            defer { state.idleWaiters = [] }
            return (batch, state.idleWaiters)
        }
        for waiter in waiters { waiter.resume() }
        return batch.isEmpty ? nil : batch
    }

    private func write(_ batch: [WriteOperation]) {
        var outcomes: [Result<Void, any Error>] = []
        do {
            let publications = try store.write { connection in
                try transact(batch, on: connection, outcomes: &outcomes)
            }
            for (operation, outcome) in zip(batch, outcomes) { operation.finish(outcome) }
            publish(publications, committedSeq)
            try store.restartLogIfLarge()
        } catch {
            stop(error, batch: outcomes.count == batch.count ? [] : batch)
        }
    }

    /// Most operations run without a savepoint of their own. When one of those fails after all,
    /// the batch is taken back and applied again with a savepoint each.
    private func transact(
        _ batch: [WriteOperation], on connection: any StoreConnection,
        outcomes: inout [Result<Void, any Error>]
    ) throws -> [Publication] {
        do {
            return try transact(batch, on: connection, guarded: false, &outcomes)
        } catch is UnguardedFailure {
            return try transact(batch, on: connection, guarded: true, &outcomes)
        }
    }

    private struct UnguardedFailure: Error {}

    private func transact(
        _ batch: [WriteOperation], on connection: any StoreConnection, guarded: Bool,
        _ outcomes: inout [Result<Void, any Error>]
    ) throws -> [Publication] {
        let context = WriteContext(connection: connection, seq: committedSeq)
        var results: [Result<Void, any Error>] = []
        results.reserveCapacity(batch.count)
        try store.begin(connection)
        let start = clock.monotonic()
        do {
            for operation in batch {
                results.append(try apply(operation, context, guarded: guarded))
            }
            try context.writeCounts()
            let flush = clock.monotonic()
            try store.commit(connection)
            figures.record(
                operations: batch.count, applying: flush &- start,
                flushing: clock.monotonic() &- flush)
        } catch {
            store.rollBack(connection)
            throw error
        }
        lastSeq.withLock { $0 = context.seq }
        outcomes = results
        return context.publications
    }

    /// - Throws: only what spoils the whole batch.
    private func apply(
        _ operation: WriteOperation, _ context: WriteContext, guarded: Bool
    ) throws -> Result<Void, any Error> {
        let hasSavepoint = operation.mayFail || guarded
        let mark = context.mark
        if hasSavepoint { try context.run("SAVEPOINT operation") }
        do {
            try operation.apply(context)
            if hasSavepoint { try context.run("RELEASE operation") }
            return .success(())
        } catch {
            if let error = error as? StoreError {
                if error.breaksStore { throw error }
                if !hasSavepoint { throw UnguardedFailure() }
            }
            if hasSavepoint {
                try context.run("ROLLBACK TO operation")
                try context.run("RELEASE operation")
            }
            context.restore(mark)
            return .failure(error)
        }
    }

    /// A flush that failed is not tried again on the same connection: what the file system did
    /// with its pages is unknown. The engine opens the store anew and reads what is on disk.
    private func stop(_ error: any Error, batch: [WriteOperation]) {
        logger.critical("the store failed: \(error)")
        let sentence = Self.sentence(for: error)
        let rest = state.withLock { state in
            state.failure = sentence
            defer {
                state.control = []
                state.data = []
            }
            return state.control + state.data
        }
        for operation in batch + rest { operation.finish(.failure(WriterError.stopped(sentence))) }
        failed(sentence)
    }

    private static func sentence(for error: any Error) -> String {
        switch (error as? StoreError)?.kind {
        case .diskFull:
            "The disk that holds the store is full: nothing can be written. Free some space; the "
                + "engine then goes on by itself"
        case .inputOutput:
            "The disk that holds the store failed to write. Look at the system's log; the engine "
                + "tries to open the store again"
        case .damaged:
            "The store is damaged. Restore a backup, or name another directory with --data-dir"
        case .busy:
            "Another program holds the store. Close it; the engine then goes on by itself"
        case .constraint, .interrupted, .other, nil:
            "The store could not be written; the log says why. The engine tries to open it again"
        }
    }
}

private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
