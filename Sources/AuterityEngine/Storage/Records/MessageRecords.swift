import AuterityAPI
import Synchronization

/// Named messages as rows.
enum MessageRecords {
    static let fields: SQLText = "name, subject, text, html, version"

    static func decode(_ row: any StoreRow) -> NamedMessage {
        NamedMessage(
            name: row.text(0), subject: row.text(1), text: row.text(2), html: row.optionalText(3),
            version: Int(row.int(4)))
    }

    static func find(_ name: String, in connection: any StoreConnection) throws -> NamedMessage? {
        try connection.first(
            "SELECT " + fields + " FROM messages WHERE name = $1", [.text(name)], decode)
    }

    static func put(_ message: NamedMessage, at: Timestamp, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO messages (name, subject, text, html, updated_at, version)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (name) DO UPDATE SET subject = excluded.subject, text = excluded.text,
                html = excluded.html, updated_at = excluded.updated_at,
                version = excluded.version
            """,
            [
                .text(message.name), .text(message.subject), .text(message.text),
                .optional(message.html), .int(at.milliseconds), .int(message.version),
            ])
    }

    /// Messages that running steps can see; more are not loaded.
    private static let limit = 10_000

    static func all(in connection: any StoreConnection) throws -> [NamedMessage] {
        try connection.all(
            "SELECT " + fields + " FROM messages ORDER BY name LIMIT $1",
            [.int(limit)], decode)
    }
}

/// The named messages as running steps see them, without a query a step.
final class MessageCache: Sendable {
    private let messages = Mutex<[String: NamedMessage]>([:])

    func replace(_ all: [NamedMessage]) {
        let table = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        messages.withLock { $0 = table }
    }

    func message(_ name: String) -> NamedMessage? { messages.withLock { $0[name] } }

    var names: Set<String> { messages.withLock { Set($0.keys) } }
}
