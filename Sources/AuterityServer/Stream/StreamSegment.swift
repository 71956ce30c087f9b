import AuterityAPI
import AuterityEngine
import NIOCore
import WebSocketTransport

/// Events that stand ready as text frames, one behind the other in one buffer, which every client
/// that is sent them shares.
final class StreamSegment: Sendable {
    struct Entry: Sendable {
        let id: Int64
        let topic: StreamTopics
        let execution: ExecutionID?
        let audience: Audience
        /// Where its frame ends in the buffer; it begins where the one before ends.
        let end: Int
    }

    let buffer: ByteBuffer
    /// In the order of ids.
    let entries: [Entry]
    let topics: StreamTopics

    fileprivate init(buffer: ByteBuffer, entries: [Entry], topics: StreamTopics) {
        self.buffer = buffer
        self.entries = entries
        self.topics = topics
    }

    var byteCount: Int { buffer.readableBytes }

    /// Without events.
    static let empty = StreamSegment(buffer: ByteBuffer(), entries: [], topics: [])

    /// The number of the first entry behind an id.
    func index(after id: Int64) -> Int {
        if let first = entries.first, first.id > id { return 0 }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id > id { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// What of the entries from `start` on a client is to get, in as few pieces as may be.
    ///
    /// - Parameter bytes: no entry is added once there are so many.
    func selection(
        from start: Int, for reader: StreamReader, _ filter: StreamFilter, upTo bytes: Int
    ) -> Selection {
        var selection = Selection(next: start)
        let isWhole =
            filter.execution == nil && filter.topics.isSuperset(of: topics)
            && reader.admitsAll(of: topics)
        if isWhole, begin(of: entries.count) - begin(of: start) <= bytes {
            selection.take(self, start..<entries.count)
            selection.next = entries.count
            return selection
        }
        var runStart = start
        while selection.next < entries.count, selection.bytes < bytes {
            if isWhole || admits(entries[selection.next], reader, filter) {
                selection.bytes += length(of: selection.next)
            } else {
                selection.take(self, runStart..<selection.next, counted: true)
                runStart = selection.next + 1
            }
            selection.next += 1
        }
        selection.take(self, runStart..<selection.next, counted: true)
        return selection
    }

    struct Selection {
        /// The entry that comes after what was looked at.
        var next: Int
        var pieces: [ByteBuffer] = []
        var events = 0
        var bytes = 0

        fileprivate mutating func take(
            _ segment: StreamSegment, _ range: Range<Int>, counted: Bool = false
        ) {
            guard !range.isEmpty else { return }
            let begin = segment.begin(of: range.lowerBound)
            let length = segment.begin(of: range.upperBound) - begin
            let index = segment.buffer.readerIndex + begin
            guard let piece = segment.buffer.getSlice(at: index, length: length) else { return }
            pieces.append(piece)
            events += range.count
            if !counted { bytes += length }
        }
    }

    private func admits(
        _ entry: Entry, _ reader: StreamReader, _ filter: StreamFilter
    ) -> Bool {
        filter.topics.contains(entry.topic)
            && (filter.execution == nil || filter.execution == entry.execution)
            && reader.admits(entry.audience)
    }

    private func begin(of index: Int) -> Int { index == 0 ? 0 : entries[index - 1].end }
    private func length(of index: Int) -> Int { entries[index].end - begin(of: index) }

    /// One event that is made for its reader and not kept.
    static func frame(of event: Event) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        WebSocketFrames.append(text: try JSONValue.jsonBytes(encoding: event), to: &buffer)
        return buffer
    }

    /// Gathers events until they are a segment.
    struct Builder: Sendable {
        private var buffer = ByteBuffer()
        private(set) var entries: [Entry] = []
        private var topics: StreamTopics = []

        var isEmpty: Bool { entries.isEmpty }
        var byteCount: Int { buffer.readableBytes }

        /// Encodes an event, once for all who will read it. What has no id is left out: it is
        /// made for its reader.
        mutating func append(_ addressed: AddressedEvent) throws {
            let event = addressed.event
            guard let id = event.id else { return }
            let json = try JSONValue.jsonBytes(encoding: event)
            WebSocketFrames.append(text: json, to: &buffer)
            let topic = StreamTopics(event.payload)
            topics.formUnion(topic)
            entries.append(
                Entry(
                    id: id, topic: topic, execution: event.payload.executionID,
                    audience: addressed.audience, end: buffer.readableBytes))
        }

        /// The segment of what was gathered since the last one; `nil` when that is nothing.
        mutating func finish() -> StreamSegment? {
            guard !isEmpty else { return nil }
            defer { self = Builder() }
            return StreamSegment(buffer: buffer, entries: entries, topics: topics)
        }
    }
}

extension Event.Payload {
    fileprivate var executionID: ExecutionID? {
        switch self {
        case .executionUpdate(let update): update.executionID
        case .errorNotification(let error): error.executionID
        case .systemAlert(let alert): alert.executionID
        case .metricsUpdate: nil
        }
    }
}
