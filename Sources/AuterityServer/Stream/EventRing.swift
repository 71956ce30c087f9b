/// The newest events, for all clients: bounded, the oldest give way. A client is a cursor into
/// it. A value; who shares it guards it.
struct EventRing {
    struct Limits: Hashable, Sendable {
        var events = 16_384
        /// Bytes of frames.
        var bytes = 32 << 20

        init() {}
    }

    /// How far a client has read: everything before a segment, and of what follows everything up
    /// to an id.
    struct Cursor: Hashable, Sendable {
        fileprivate(set) var segment: Int
        fileprivate(set) var id: Int64
    }

    private let limits: Limits
    /// Segments that gave way are taken out of the array in bulk.
    private var segments: [StreamSegment] = []
    private var taken = 0
    /// The number of the first segment, counted over the life of the ring.
    private var first = 0
    private(set) var eventCount = 0
    private(set) var byteCount = 0
    /// Every event behind this id is here.
    private(set) var floor: Int64
    /// The newest id that is known of.
    private(set) var newest: Int64

    /// - Parameter id: events behind it will be appended, all of them.
    init(limits: Limits = Limits(), behind id: Int64) {
        self.limits = limits
        floor = id
        newest = id
    }

    private var end: Int { first + segments.count - taken }

    /// Behind the newest event.
    var endCursor: Cursor { Cursor(segment: end, id: newest) }

    /// The cursor of a client that has everything up to an id; `nil` when the ring does not hold
    /// everything behind it. The id may be beyond the newest event of the ring.
    func cursor(after id: Int64) -> Cursor? {
        guard id >= floor else { return nil }
        var (low, high) = (taken, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if (segments[middle].entries.last?.id ?? 0) > id {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return Cursor(segment: first + low - taken, id: id)
    }

    mutating func append(_ segment: StreamSegment) {
        guard let last = segment.entries.last else { return }
        segments.append(segment)
        eventCount += segment.entries.count
        byteCount += segment.byteCount
        newest = max(newest, last.id)
        // The newest segment stays, whatever its size: it was bounded when it was gathered.
        while eventCount > limits.events || byteCount > limits.bytes, segments.count - taken > 1 {
            evict()
        }
    }

    private mutating func evict() {
        let oldest = segments[taken]
        eventCount -= oldest.entries.count
        byteCount -= oldest.byteCount
        if let last = oldest.entries.last { floor = max(floor, last.id) }
        taken += 1
        first += 1
        if taken >= Self.compaction || segments.count == taken {
            segments.removeFirst(taken)
            taken = 0
        } else {
            segments[taken - 1] = StreamSegment.empty
        }
    }

    /// Segments that gave way before the array is moved up.
    private static let compaction = 1024

    /// Events were lost before they came here: every cursor is told so, and what follows is
    /// complete again behind `id`.
    mutating func lose(upTo id: Int64) {
        first = end + 1
        segments = []
        taken = 0
        eventCount = 0
        byteCount = 0
        floor = max(newest, id)
        newest = floor
    }

    enum Reading {
        /// Events that the client has not got gave way.
        case lost
        case upToDate
        /// The next segment, and the first entry in it.
        case segment(StreamSegment, from: Int)
    }

    func read(_ cursor: Cursor) -> Reading {
        guard cursor.segment >= first else { return .lost }
        guard cursor.segment < end else { return .upToDate }
        let segment = segments[taken + cursor.segment - first]
        return .segment(segment, from: segment.index(after: cursor.id))
    }
}

extension EventRing.Cursor {
    /// Behind the entry before `next` of the segment that was read.
    mutating func advance(in segment: StreamSegment, to next: Int) {
        if next > 0 { id = max(id, segment.entries[next - 1].id) }
        if next >= segment.entries.count { self.segment += 1 }
    }
}
