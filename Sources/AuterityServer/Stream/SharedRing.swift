import Synchronization

/// The ring that the publisher fills and every event loop reads.
final class SharedRing: Sendable {
    private let ring: Mutex<EventRing>

    init(_ limits: EventRing.Limits, behind id: Int64) {
        ring = Mutex(EventRing(limits: limits, behind: id))
    }

    var endCursor: EventRing.Cursor { ring.withLock { $0.endCursor } }

    func cursor(after id: Int64) -> EventRing.Cursor? { ring.withLock { $0.cursor(after: id) } }

    func read(_ cursor: EventRing.Cursor) -> EventRing.Reading {
        ring.withLock { $0.read(cursor) }
    }

    func append(_ segment: StreamSegment) { ring.withLock { $0.append(segment) } }

    func lose(upTo id: Int64) { ring.withLock { $0.lose(upTo: id) } }
}
