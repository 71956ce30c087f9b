import Synchronization

/// Items between one writer and one reader. A full queue holds the writer back, and so, over the
/// network, the server: nothing is dropped here.
final class FeedQueue: Sendable {
    private struct Entry {
        let item: FeedItem
        let bytes: Int
    }

    private struct State {
        /// What was taken is `nil`.
        var entries: [Entry?] = []
        var taken = 0
        var bytes = 0
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        /// Nothing more comes.
        var isFinished = false
        /// Nobody reads any more.
        var isClosed = false

        var count: Int { entries.count - taken }

        func hasRoom(for more: Int) -> Bool {
            count == 0 || (count < FeedQueue.limit && bytes + more <= FeedQueue.byteLimit)
        }

        mutating func take() -> FeedItem? {
            guard count > 0, let entry = entries[taken] else { return nil }
            entries[taken] = nil
            taken += 1
            bytes -= entry.bytes
            // Now and then, so that each item is moved about once.
            if taken * 2 >= entries.count {
                entries.removeFirst(taken)
                taken = 0
            }
            return entry.item
        }
    }

    /// Items that wait for the reader.
    static let limit = 1024
    /// Bytes of the messages that they came in; a longer one waits alone.
    static let byteLimit = 8 << 20

    private let state = Mutex(State())

    /// Places that are held, those of items that were taken among them.
    var places: Int { state.withLock { $0.entries.count } }

    /// Waits while the queue is full. Answers whether anybody reads.
    ///
    /// - Parameter bytes: of the message that the item came in.
    func put(_ item: FeedItem, bytes: Int = 0) async -> Bool {
        while true {
            let outcome = state.withLock { state -> Outcome in
                if state.isClosed { return .closed }
                guard state.hasRoom(for: bytes) else { return .full }
                state.entries.append(Entry(item: item, bytes: bytes))
                state.bytes += bytes
                defer { state.reader = nil }
                return .done(state.reader)
            }
            switch outcome {
            case .closed: return false
            case .done(let reader):
                reader?.resume()
                return true
            case .full: await waitForRoom(for: bytes)
            }
        }
    }

    private enum Outcome {
        case closed, full
        case done(CheckedContinuation<Void, Never>?)
    }

    private func waitForRoom(for bytes: Int) async {
        await withCheckedContinuation { continuation in
            let mayWait = state.withLock { state in
                guard !state.isClosed, !state.hasRoom(for: bytes) else { return false }
                state.writer = continuation
                return true
            }
            if !mayWait { continuation.resume() }
        }
    }

    /// The next item; `nil` when the queue is closed, or finished and empty.
    func next() async -> FeedItem? {
        while true {
            let (item, writer, isClosed) = state.withLock { state in
                if state.isClosed { return (FeedItem?.none, nil as Waiting?, true) }
                guard let item = state.take() else { return (nil, nil, state.isFinished) }
                defer { state.writer = nil }
                return (item, state.writer, false)
            }
            writer?.resume()
            if let item { return item }
            if isClosed { return nil }
            await waitForItem()
        }
    }

    private typealias Waiting = CheckedContinuation<Void, Never>

    private func waitForItem() async {
        await withCheckedContinuation { continuation in
            let mayWait = state.withLock { state in
                guard !state.isClosed, !state.isFinished, state.count == 0 else { return false }
                state.reader = continuation
                return true
            }
            if !mayWait { continuation.resume() }
        }
    }

    /// Ends the reading behind the last item.
    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Ends both sides; what has not been read is gone.
    func close() {
        let (reader, writer) = state.withLock { state in
            state.isClosed = true
            state.entries = []
            state.taken = 0
            state.bytes = 0
            defer { (state.reader, state.writer) = (nil, nil) }
            return (state.reader, state.writer)
        }
        reader?.resume()
        writer?.resume()
    }
}
