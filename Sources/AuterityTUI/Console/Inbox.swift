import AuterityClient
import Synchronization

/// Where everything that happens waits for the console: keys first, then answers, then the feed.
///
/// One reader, any number of writers. Nothing in it grows without bound: keys wait outside when
/// it is full, there are only so many calls and timers, and a feed that is too quick is cut and
/// told so.
final class Inbox: Sendable {
    /// Terminal events that wait before the terminal is asked to wait.
    static let eventLimit = 256
    /// Feed items that wait before everything is read afresh instead.
    static let feedLimit = 8192

    private struct State {
        var events: [TerminalEvent] = []
        var messages: [Message] = []
        var feed: [FeedItem] = []
        /// Of the feed that is read; what comes of those before is dropped.
        var feedNumber = 0
        var hasOverflown = false
        var isRung = false
        var reader: CheckedContinuation<Void, Never>?
        var blocked: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Puts a terminal event in, and waits for room.
    func put(_ event: TerminalEvent) async {
        let isFull = ring { state in
            state.events.append(event)
            return state.events.count >= Inbox.eventLimit
        }
        guard isFull else { return }
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                guard state.events.count >= Inbox.eventLimit else { return true }
                state.blocked = continuation
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    func put(_ message: Message) {
        ring { $0.messages.append(message) }
    }

    /// Begins to read another feed: nothing of the one before is told any more.
    func beginFeed(_ number: Int) {
        ring { state in
            state.feedNumber = number
            state.feed = []
            state.hasOverflown = false
        }
    }

    func put(_ item: FeedItem, of number: Int = 0) {
        ring { state in
            guard number == state.feedNumber else { return }
            if case .event = item, state.feed.count >= Inbox.feedLimit {
                state.feed.removeAll {
                    if case .event = $0 { true } else { false }
                }
                state.hasOverflown = true
            }
            state.feed.append(item)
        }
    }

    /// Wakes the reader with nothing new.
    func ring() {
        ring { _ in }
    }

    @discardableResult
    private func ring<Result>(_ change: (inout State) -> Result) -> Result {
        let (result, reader) = state.withLock { state in
            let result = change(&state)
            state.isRung = true
            defer { state.reader = nil }
            return (result, state.reader)
        }
        reader?.resume()
        return result
    }

    /// Waits until something was put in, or the bell was rung, since the last `take`.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state in
                if state.isRung { return true }
                state.reader = continuation
                return false
            }
            if isRung { continuation.resume() }
        }
    }

    /// Everything that waits, terminal events first. The feed stays behind where it is not
    /// wanted yet.
    func take(feed wantsFeed: Bool) -> (messages: [Message], fromUser: Bool, hasFeed: Bool) {
        let (taken, feed, hasOverflown, hasFeed, blocked) = state.withLock { state in
            state.isRung = false
            let messages = state.events.map(Message.terminal) + state.messages
            let fromUser = !state.events.isEmpty
            state.events = []
            state.messages = []
            let feed = wantsFeed ? state.feed : []
            let hasOverflown = wantsFeed && state.hasOverflown
            if wantsFeed {
                state.feed = []
                state.hasOverflown = false
            }
            defer { state.blocked = nil }
            return ((messages, fromUser), feed, hasOverflown, !state.feed.isEmpty, state.blocked)
        }
        blocked?.resume()
        var messages = taken.0
        if !feed.isEmpty || hasOverflown {
            messages.append(.feed(hasOverflown ? [.resynchronize] + feed : feed))
        }
        return (messages, taken.1, hasFeed)
    }
}
