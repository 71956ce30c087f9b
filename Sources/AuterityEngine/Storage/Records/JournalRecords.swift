import AuterityAPI

/// The journal as rows.
enum JournalRecords {
    /// Bytes of `data` above which it goes to the blobs, once for the same content.
    static let inlineLimit = 64 << 10

    /// `data` as it is written: encoded by whoever made the row, off the writer's thread.
    struct Encoded: Sendable {
        let draft: JournalDraft
        let bytes: [UInt8]
        /// Set where `bytes` go to the blobs.
        let digest: Digest?

        init(_ draft: JournalDraft) {
            self.draft = draft
            let data = draft.content.data
            bytes = data.isNull ? [] : data.jsonBytes
            digest = bytes.count > JournalRecords.inlineLimit ? Digest.sha256(bytes) : nil
        }
    }

    static func append(
        _ row: Encoded, execution: Int64?, epoch: Int64, to context: WriteContext
    ) throws -> Int64 {
        let blob = try row.digest.map { try keep(row.bytes, digest: $0, in: context) }
        let seq = context.nextSeq()
        let data: SQLValue = blob != nil || row.bytes.isEmpty ? .null : .utf8(row.bytes)
        try context.run(
            """
            INSERT INTO execution_journal
                (seq, execution_id, epoch, kind, step_id, attempt, at, data, blob_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .int(seq), .optional(execution), .int(epoch),
                .text(row.draft.content.kind.rawValue), .optional(row.draft.stepID?.rawValue),
                .optional(row.draft.attempt.map(Int64.init)), .int(row.draft.at.milliseconds),
                data, .optional(blob),
            ])
        return seq
    }

    private static func keep(
        _ bytes: [UInt8], digest: Digest, in context: WriteContext
    ) throws -> Int64 {
        let hash = digest.hexadecimal
        let known = try context.connection.first(
            "SELECT id FROM blobs WHERE hash = $1", [.text(hash)]
        ) { $0.int(0) }
        if let known { return known }
        return try context.insert(
            "INSERT INTO blobs (hash, size, content) VALUES ($1, $2, $3)",
            [.text(hash), .int(bytes.count), .utf8(bytes)])
    }

    private static let columns: SQLText = """
        SELECT journal.seq, journal.kind, journal.step_id, journal.attempt, journal.at,
            coalesce(journal.data, blobs.content), journal.execution_id, journal.epoch
        FROM execution_journal AS journal LEFT JOIN blobs ON blobs.id = journal.blob_id
        """

    /// One row with what the contract does not show.
    struct Row: Sendable {
        let entry: JournalEntry
        let execution: Int64?
        let epoch: Int64
    }

    private static func decode(_ row: any StoreRow) throws -> Row {
        let kind = JournalKind(rawValue: row.text(1))
        guard let kind else {
            throw StoreError(kind: .damaged, message: "unknown journal kind \(row.text(1))")
        }
        let data = row.isNull(5) ? .null : try JSONValue(parsing: row.bytes(5), maximumDepth: depth)
        let entry = JournalEntry(
            seq: row.int(0), kind: kind, stepID: row.optionalText(2).map { StepID($0) },
            attempt: row.optionalInt(3).map { Int($0) },
            at: Timestamp(milliseconds: row.int(4)), data: data)
        return Row(entry: entry, execution: row.optionalInt(6), epoch: row.int(7))
    }

    /// A payload at the limit stands a few levels deeper in its row.
    static let depth = JSONValue.maximumDepth + 8

    /// Rows of one execution behind `seq`, at most `limit`.
    static func entries(
        of execution: Int64, after seq: Int64 = 0, upTo last: Int64 = .max, limit: Int = .max,
        in connection: any StoreConnection
    ) throws -> [JournalEntry] {
        try connection.all(
            columns + """
                 WHERE journal.execution_id = $1 AND journal.seq > $2 AND journal.seq <= $3
                ORDER BY journal.seq LIMIT $4
                """,
            [.int(execution), .int(seq), .int(last), .int(limit)]
        ) { try decode($0).entry }
    }

    /// Rows of all executions behind `seq`.
    static func rows(
        after seq: Int64, limit: Int, in connection: any StoreConnection
    ) throws -> [Row] {
        try connection.all(
            columns + " WHERE journal.seq > $1 ORDER BY journal.seq LIMIT $2",
            [.int(seq), .int(limit)], decode)
    }

    /// The newest number ever given out, pruned rows included.
    static func newestSeq(in connection: any StoreConnection) throws -> Int64 {
        let kept = try connection.number("SELECT max(seq) FROM execution_journal")
        let floor = try Facts.integer("last_seq", in: connection) ?? 0
        return max(kept, floor)
    }

    /// The oldest row that is kept; `nil` when there is none.
    static func oldestSeq(in connection: any StoreConnection) throws -> Int64? {
        try connection.first("SELECT min(seq) FROM execution_journal") { $0.optionalInt(0) } ?? nil
    }
}

/// What a store knows about itself.
enum Facts {
    static func text(_ name: String, in connection: any StoreConnection) throws -> String? {
        try connection.first("SELECT value FROM facts WHERE name = $1", [.text(name)]) {
            $0.text(0)
        }
    }

    static func integer(_ name: String, in connection: any StoreConnection) throws -> Int64? {
        try text(name, in: connection).flatMap { Int64($0) }
    }

    static func set(_ name: String, to value: String, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO facts (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """, [.text(name), .text(value)])
    }
}
