import AuterityAPI

/// One member of a batch: what to write, and whom to tell when it is durable.
struct WriteOperation: Sendable {
    enum Lane: Sendable {
        /// Cancel, approve and the like: they go before everything that waits.
        case control
        case data
    }

    var lane = Lane.data
    /// Roughly what it writes, in bytes.
    var size = 512
    /// Whether it may refuse after it has written something. What refuses before, or never, needs
    /// no savepoint.
    var mayFail = true
    /// Runs inside the transaction; an error takes back what it wrote and nothing else.
    let apply: @Sendable (WriteContext) throws -> Void
    /// Called once, on the writer's thread, after the commit or the failure. Must not block.
    let finish: @Sendable (Result<Void, any Error>) -> Void
}

/// What an operation writes with. Confined to the writer's thread.
final class WriteContext {
    let connection: any StoreConnection
    /// The newest number of the journal.
    private(set) var seq: Int64
    private(set) var publications: [Publication] = []
    /// Counts that are written before the commit.
    private var tally = ExecutionTally()

    init(connection: any StoreConnection, seq: Int64) {
        self.connection = connection
        self.seq = seq
    }

    func nextSeq() -> Int64 {
        seq += 1
        return seq
    }

    func publish(_ publication: Publication) {
        publications.append(publication)
    }

    func count(_ change: ExecutionTally.Change) { tally.add(change) }

    /// The last thing that a transaction does.
    func writeCounts() throws { try tally.write(in: self) }

    struct Mark {
        fileprivate let seq: Int64
        fileprivate let publications: Int
        fileprivate let changes: Int
    }

    var mark: Mark {
        Mark(seq: seq, publications: publications.count, changes: tally.changes.count)
    }

    /// Forgets what an operation did that was taken back.
    func restore(_ mark: Mark) {
        seq = mark.seq
        publications.removeLast(publications.count - mark.publications)
        tally.truncate(to: mark.changes)
    }

    @discardableResult
    func run(_ sql: SQLText, _ values: [SQLValue] = []) throws(StoreError) -> Int {
        try connection.run(sql, values)
    }

    /// See `StoreConnection.insert`.
    func insert(_ sql: SQLText, _ values: [SQLValue]) throws(StoreError) -> Int64 {
        try connection.insert(sql, values)
    }
}

/// What a committed row of the journal means to those who listen.
struct Publication: Sendable {
    let seq: Int64
    let events: [Event]
    /// Of all of them.
    let audience: Audience

    var addressedEvents: [AddressedEvent] {
        events.map { AddressedEvent(event: $0, audience: audience) }
    }
}

/// Why the writer did not take an operation.
enum WriterError: Error, Sendable, CustomStringConvertible {
    case queueFull
    case closed
    /// The store failed; the sentence is for health and for the caller.
    case stopped(String)

    var description: String {
        switch self {
        case .queueFull: "Too many changes wait to be written; try again in a moment"
        case .closed: "The engine is closing"
        case .stopped(let sentence): sentence
        }
    }
}
