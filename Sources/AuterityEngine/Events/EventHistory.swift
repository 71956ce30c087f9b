import AuterityAPI

/// What is kept of the events behind an id, read page by page: for readers who missed some and
/// join the others afterwards.
package struct EventHistory: Sendable {
    package struct Page: Sendable {
        /// In the order of ids.
        package let events: [AddressedEvent]
        /// Every event up to this id has been told of, on this page or before.
        package let reached: Int64
        /// Whether the store had nothing more at the time.
        package let isLast: Bool
    }

    private let core: EngineCore
    private let id: Int64
    private var replay: EventReplay?

    /// Rows of the journal a page.
    private static let pageRows = 100

    init(core: EngineCore, after id: Int64) {
        self.core = core
        self.id = id
    }

    /// The next page; `nil` when events behind the id are not kept any more.
    ///
    /// - Throws: 503 while the store does not work, or what the store says.
    package mutating func next() async throws -> Page? {
        var replay: EventReplay
        if let begun = self.replay {
            replay = begun
        } else {
            guard let first = try await begin() else { return nil }
            replay = first
        }
        let page = try await replay.next()
        self.replay = replay
        return Page(
            events: page.events.filter { ($0.event.id ?? 0) > id },
            reached: max(id, EventMaking.notificationID(replay.seq)), isLast: page.isLast)
    }

    private func begin() async throws -> EventReplay? {
        let store = try core.session.store
        let row = EventMaking.seq(of: id)
        let oldest = try await store.read { try JournalRecords.oldestSeq(in: $0) }
        let isKept = oldest.map { $0 <= row + 1 } ?? (row >= core.newestSeq)
        guard isKept else { return nil }
        // The second event of a row may be missing though the first was told.
        let start = id == EventMaking.updateID(row) ? row - 1 : row
        return EventReplay(
            store: store, layouts: core.foundation.definitions, after: max(0, start),
            rows: Self.pageRows)
    }
}

extension Engine {
    /// Ids up to this one have been given out; it need not be an event's.
    package var newestEventID: Int64 { EventMaking.notificationID(core.newestSeq) }

    /// The events behind an id that is not beyond the newest.
    package func history(after id: Int64) -> EventHistory {
        EventHistory(core: core, after: id)
    }
}

extension EngineCore {
    /// The newest committed row of the journal; 0 while there is no store.
    fileprivate var newestSeq: Int64 { (try? session.writer.committedSeq) ?? 0 }
}
