import AuterityAPI

/// The audit log as rows.
enum AuditRecords {
    static func insert(_ entry: AuditEntry, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO audit (public_id, at, user_id, user_name, action, target, status, code,
                request_id, address)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                .text(entry.id.description), .int(entry.timestamp.milliseconds),
                .optional(entry.userID?.description), .optional(entry.user),
                .text(entry.action), .optional(entry.target), .int(entry.status),
                .optional(entry.code), .optional(entry.requestID), .optional(entry.address),
            ])
    }

    static let fields: SQLText = """
        audit.public_id, audit.at, audit.user_id, audit.user_name, audit.action, audit.target,
            audit.status, audit.code, audit.request_id, audit.address
        """

    static func decode(_ row: any StoreRow) throws -> AuditEntry {
        AuditEntry(
            id: try row.identifier(0), timestamp: row.time(1),
            userID: row.optionalText(2).flatMap { UserID($0) }, user: row.optionalText(3),
            action: row.text(4), target: row.optionalText(5), status: Int(row.int(6)),
            code: row.optionalText(7), requestID: row.optionalText(8),
            address: row.optionalText(9))
    }
}
