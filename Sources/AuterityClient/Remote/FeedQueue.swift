import Synchronization

/// Items between one writer and one reader. A full queue holds the writer back, and so, over the
/// network, the server: nothing is dropped here.
final class FeedQueue: Sendable {
    private struct State {
        var items: [FeedItem] = []
        var taken = 0
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        var isClosed = false

        var count: Int { items.count - taken }
    }

    /// Items that wait for the reader.
    static let limit = 1024

    private let state = Mutex(State())

    /// Waits while the queue is full. Answers whether anybody reads.
    func put(_ item: FeedItem) async -> Bool {
        while true {
            let outcome = state.withLock { state -> Outcome in
                if state.isClosed { return .closed }
                guard state.count < Self.limit else { return .full }
                state.items.append(item)
                defer { state.reader = nil }
                return .done(state.reader)
            }
            switch outcome {
            case .closed: return false
            case .done(let reader):
                reader?.resume()
                return true
            case .full: await waitForRoom()
            }
        }
    }

    private enum Outcome {
        case closed, full
        case done(CheckedContinuation<Void, Never>?)
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let mayWait = state.withLock { state in
                guard !state.isClosed, state.count >= Self.limit else { return false }
                state.writer = continuation
                return true
            }
            if !mayWait { continuation.resume() }
        }
    }

    /// The next item; `nil` when the queue is closed.
    func next() async -> FeedItem? {
        while true {
            let (item, writer, isClosed) = state.withLock { state in
                if state.isClosed { return (FeedItem?.none, nil as Waiting?, true) }
                guard state.count > 0 else { return (nil, nil, false) }
                let item = state.items[state.taken]
                state.taken += 1
                if state.taken == state.items.count {
                    state.items.removeAll(keepingCapacity: true)
                    state.taken = 0
                }
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
                guard !state.isClosed, state.count == 0 else { return false }
                state.reader = continuation
                return true
            }
            if !mayWait { continuation.resume() }
        }
    }

    func close() {
        let (reader, writer) = state.withLock { state in
            state.isClosed = true
            defer { (state.reader, state.writer) = (nil, nil) }
            return (state.reader, state.writer)
        }
        reader?.resume()
        writer?.resume()
    }
}
