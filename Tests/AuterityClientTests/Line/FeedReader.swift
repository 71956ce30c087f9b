import AuterityAPI

@testable import AuterityClient

/// A feed as a test reads it.
actor FeedReader {
    private var items: AsyncStream<FeedItem>.Iterator
    /// Every event that has an id, in the order in which they came.
    private(set) var events: [Event] = []
    /// The last that was said of the connection.
    private(set) var state: ConnectionState?
    /// Executions whose end was told.
    private(set) var ended = 0
    private(set) var resynchronizations = 0
    private(set) var replayed = 0
    /// Seconds without a sign of the server when a connection was given up last.
    private(set) var silence: Double?

    init(_ feed: AsyncStream<FeedItem>) {
        items = feed.makeAsyncIterator()
    }

    var ids: [Int64] { events.compactMap(\.id) }

    @discardableResult
    func next() async -> FeedItem? {
        // The iterator is a handle: a copy of it goes on where the other was.
        var iterator = items
        let item = await iterator.next(isolation: self)
        items = iterator
        switch item {
        case .connection(let new): state = new
        case .event(let event) where event.id != nil:
            events.append(event)
            if case .executionUpdate(let update) = event.payload, update.status.isFinished {
                ended += 1
            }
        case .resynchronize: resynchronizations += 1
        case .replayed(let count): replayed += count
        case .silence(let seconds): silence = seconds
        case .accountChanged: break
        case .event, nil: break
        }
        return item
    }

    /// Reads until the connection is so; `false` when the feed ends before.
    @discardableResult
    func until(_ isMet: @Sendable (ConnectionState) -> Bool) async -> Bool {
        while let item = await next() {
            if case .connection(let state) = item, isMet(state) { return true }
        }
        return false
    }

    @discardableResult
    func untilLive() async -> Bool { await until { $0 == .live } }

    /// Reads until the ends of so many executions have come.
    func until(ended count: Int) async {
        while ended < count, await next() != nil {}
    }

    /// Reads until this event has come.
    func until(event id: Int64) async {
        while (ids.last ?? -1) < id, await next() != nil {}
    }

    /// The reason of the next failure, whether it is tried again or not.
    func failure() async -> String? {
        while let item = await next() {
            switch item {
            case .connection(.retrying(_, let reason)), .connection(.refused(let reason)):
                return reason
            default: continue
            }
        }
        return nil
    }
}
