import AuterityAPI
import Logging
import Synchronization

/// One reader of events: first what the store has behind its id, then what is committed. What it
/// has not taken yet is bounded.
final class EventSubscription: Sendable {
    struct Source: Sendable {
        /// `nil` while there is none that works.
        let store: @Sendable () -> (any Store)?
        let definitions: DefinitionCache
        let backlog: Int
        let logger: Logger
        let committedSeq: @Sendable () -> Int64
    }

    private enum Mode {
        /// Reading the store behind this row; what is committed meanwhile gathers.
        case replaying(after: Int64)
        case live
    }

    private struct State {
        var mode = Mode.live
        /// Kept while it goes on where the last read ended.
        var replay: EventReplay?
        var queue: [AddressedDelivery] = []
        var taken = 0
        /// Rows up to here are in the queue, or before it.
        var seq: Int64 = 0
        var gathered: [Publication] = []
        /// The newest row that the writer has told of.
        var announcedSeq: Int64 = 0
        var waiter: CheckedContinuation<Void, Never>?
        var isEnded = false
    }

    private let source: Source
    private let requested: Int64?
    private let state = Mutex(State())
    private let ended: @Sendable (ObjectIdentifier) -> Void

    init(
        source: Source, after id: Int64?,
        ended: @escaping @Sendable (ObjectIdentifier) -> Void
    ) {
        self.source = source
        requested = id
        self.ended = ended
    }

    deinit { ended(ObjectIdentifier(self)) }

    /// Called once the hub knows the subscription, so that nothing is missed in between.
    func begin() {
        let newest = source.committedSeq()
        state.withLock { state in
            let start = requested.map(EventMaking.seq(of:)) ?? newest
            if start > newest { state.queue = [.resynchronize] }
            state.seq = min(start, newest)
            // The second event of a row may be missing though the first was told.
            if let requested, start <= newest, requested == EventMaking.updateID(start) {
                state.seq = max(0, start - 1)
            }
            state.mode = .replaying(after: state.seq)
        }
    }

    func end() {
        let waiter = state.withLock { state in
            state.isEnded = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    // MARK: - The writer's side

    /// - Parameter last: the newest committed row. Rows without a publication were written while
    ///   nobody listened; they are read from the store.
    func take(_ publications: [Publication], upTo last: Int64) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.announcedSeq = last
            switch state.mode {
            case .replaying: gather(publications, &state)
            case .live:
                if isComplete(publications, from: state.seq, to: last) {
                    append(publications, &state)
                } else {
                    state.mode = .replaying(after: state.seq)
                }
            }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    private func isComplete(
        _ publications: [Publication], from seq: Int64, to last: Int64
    ) -> Bool {
        let new = publications.filter { $0.seq > seq }
        return Int64(new.count) == max(0, last - seq)
    }

    func take(_ event: AddressedEvent) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.queue.count - state.taken < source.backlog {
                state.queue.append(.event(event))
            }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// What does not fit is read from the store instead.
    private func gather(_ publications: [Publication], _ state: inout State) {
        if state.gathered.count + publications.count > source.backlog {
            state.gathered = []
        } else {
            state.gathered += publications
        }
    }

    private func append(_ publications: [Publication], _ state: inout State) {
        for publication in publications where publication.seq > state.seq {
            state.seq = publication.seq
            for event in publication.addressedEvents { state.queue.append(.event(event)) }
        }
        if state.queue.count - state.taken > source.backlog {
            state.queue = [.resynchronize]
            state.taken = 0
        }
    }

    // MARK: - The reader's side

    func next() async -> AddressedDelivery? {
        while !Task.isCancelled {
            let step = state.withLock { state -> Step in
                if state.isEnded { return .end }
                if let delivery = pop(&state) { return .deliver(delivery) }
                if case .replaying(let seq) = state.mode { return .replay(after: seq) }
                return .wait
            }
            switch step {
            case .end: return nil
            case .deliver(let delivery): return delivery
            case .replay(let seq): await replay(after: seq)
            case .wait: await wait()
            }
        }
        return nil
    }

    private enum Step {
        case end, wait
        case deliver(AddressedDelivery)
        case replay(after: Int64)
    }

    private func pop(_ state: inout State) -> AddressedDelivery? {
        guard state.taken < state.queue.count else {
            if !state.queue.isEmpty {
                state.queue = []
                state.taken = 0
            }
            return nil
        }
        defer { state.taken += 1 }
        return state.queue[state.taken]
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let mayWait = state.withLock { state in
                guard !state.isEnded, state.taken >= state.queue.count else { return false }
                guard case .live = state.mode else { return false }
                state.waiter = continuation
                return true
            }
            if !mayWait { continuation.resume() }
        }
    }

    /// Reads one page of the store, and goes live at its end.
    private func replay(after seq: Int64) async {
        do {
            guard let store = source.store() else { throw WriterError.closed }
            let known = state.withLock { state in
                defer { state.replay = nil }
                return state.replay
            }
            var replay =
                known.flatMap { $0.seq == seq ? $0 : nil }
                ?? EventReplay(store: store, layouts: source.definitions, after: seq)
            let oldest = try await store.read { try JournalRecords.oldestSeq(in: $0) }
            let told = max(seq, requested.map(EventMaking.seq(of:)) ?? 0)
            let isGap = oldest.map { $0 > told + 1 } ?? (told < source.committedSeq())
            let page = try await replay.next()
            let reached = replay
            let lag = Int64(source.backlog)
            state.withLock { state in
                if isGap, requested != nil { state.queue.append(.resynchronize) }
                for event in page.events where (event.event.id ?? .max) > requested ?? 0 {
                    state.queue.append(.event(event))
                }
                state.seq = max(state.seq, reached.seq)
                state.mode = .replaying(after: reached.seq)
                state.replay = reached
                if page.isLast {
                    goLive(&state, readUpTo: reached.seq)
                } else if requested == nil, source.committedSeq() - reached.seq > lag {
                    state.queue = [.resynchronize]
                    state.taken = 0
                    state.mode = .replaying(after: source.committedSeq())
                }
            }
        } catch {
            if !state.withLock({ $0.isEnded }) {
                source.logger.error("events could not be read: \(error)")
            }
            state.withLock { state in
                state.queue.append(.resynchronize)
                state.seq = max(state.seq, source.committedSeq())
                state.mode = .live
            }
        }
    }

    private func goLive(_ state: inout State, readUpTo seq: Int64) {
        let gathered = state.gathered
        state.gathered = []
        let last = max(state.announcedSeq, seq)
        guard isComplete(gathered, from: seq, to: last) else { return }
        state.mode = .live
        state.replay = nil
        append(gathered, &state)
    }
}
