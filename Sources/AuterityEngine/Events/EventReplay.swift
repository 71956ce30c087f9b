import AuterityAPI

/// Makes the events of rows that were written before, by folding each execution anew. Its folds
/// are kept from one read to the next.
struct EventReplay: Sendable {
    private let store: any Store
    private let layouts: DefinitionCache
    private let rows: Int
    private(set) var seq: Int64
    private var folds: [Int64: Fold] = [:]

    struct Fold: Sendable {
        var state: ExecutionState
        let subject: ExecutionSubject
        let audience: Audience
    }

    /// Rows a read.
    static let pageSize = 500
    /// Executions whose folds are kept from one read to the next.
    static let keptFolds = 1000

    /// - Parameter rows: at most so many a read.
    init(
        store: any Store, layouts: DefinitionCache, after seq: Int64, rows: Int = Self.pageSize
    ) {
        self.store = store
        self.layouts = layouts
        self.rows = rows
        self.seq = seq
    }

    /// The events of the next rows; `isLast` when the store had no more.
    mutating func next() async throws -> (events: [AddressedEvent], isLast: Bool) {
        let (start, known, layouts, limit) = (seq, folds, layouts, rows)
        let page = try await store.read { connection in
            try Self.read(after: start, limit: limit, known, layouts, connection)
        }
        seq = page.seq
        folds = page.folds.count > Self.keptFolds ? [:] : page.folds
        return (page.events, page.isLast)
    }

    private struct Page: Sendable {
        var events: [AddressedEvent] = []
        var folds: [Int64: Fold]
        var seq: Int64
        var isLast: Bool
    }

    private static func read(
        after start: Int64, limit: Int, _ known: [Int64: Fold], _ layouts: DefinitionCache,
        _ connection: any StoreConnection
    ) throws -> Page {
        let rows = try JournalRecords.rows(after: start, limit: limit, in: connection)
        var page = Page(folds: known, seq: start, isLast: rows.count < limit)
        for row in rows {
            page.seq = row.entry.seq
            if row.entry.kind == .alertRaised || row.entry.kind == .alertAcknowledged {
                if let event = try alert(row.entry, connection) { page.events.append(event) }
                continue
            }
            guard let execution = row.execution,
                var fold = try page.folds.removeValue(forKey: execution)
                    ?? fold(execution, before: row.entry.seq, layouts, connection)
            else { continue }
            fold.state.apply(row.entry)
            // Nothing more comes of one that has ended.
            if !fold.state.isFinished { page.folds[execution] = fold }
            guard let content = JournalContent(kind: row.entry.kind, data: row.entry.data) else {
                continue
            }
            page.events += EventMaking.events(
                content, step: row.entry.stepID, at: row.entry.at, seq: row.entry.seq,
                state: fold.state, subject: fold.subject
            ).map { AddressedEvent(event: $0, audience: fold.audience) }
        }
        return page
    }

    /// An alert as it was when the row was written.
    private static func alert(
        _ entry: JournalEntry, _ connection: any StoreConnection
    ) throws -> AddressedEvent? {
        guard
            let (alert, owner) = try AlertRecords.find(entry.data["alert_id"], in: connection)
        else { return nil }
        let then = entry.kind == .alertRaised ? alert.raised : alert.standing(at: entry.at)
        return AddressedEvent(
            event: EventMaking.alert(then, at: entry.at, seq: entry.seq),
            audience: .alert(workflowOwner: owner))
    }

    private static func fold(
        _ execution: Int64, before seq: Int64, _ layouts: DefinitionCache,
        _ connection: any StoreConnection
    ) throws -> Fold? {
        guard let record = try ExecutionRecord.find(row: execution, in: connection) else {
            return nil
        }
        let layout = try layouts.layout(
            workflow: record.workflowRow, version: record.workflowVersion, in: connection)
        var state = ExecutionState(layout)
        let entries = try JournalRecords.entries(of: execution, upTo: seq - 1, in: connection)
        for entry in entries { state.apply(entry) }
        return Fold(state: state, subject: record.subject, audience: record.audience)
    }
}

extension Alert {
    /// Before anything was done about it.
    fileprivate var raised: Alert { standing(at: nil) }

    /// As it was after what was done about it up to that moment.
    fileprivate func standing(at time: Timestamp?) -> Alert {
        func isPast(_ moment: Timestamp?) -> Bool {
            guard let moment, let time else { return false }
            return moment <= time
        }
        return Alert(
            id: id, severity: severity, source: source, message: message, value: value,
            limit: limit, raisedAt: raisedAt, clearedAt: isPast(clearedAt) ? clearedAt : nil,
            acknowledgedAt: isPast(acknowledgedAt) ? acknowledgedAt : nil,
            acknowledgedBy: isPast(acknowledgedAt) ? acknowledgedBy : nil,
            executionID: executionID, workflowID: workflowID)
    }
}
