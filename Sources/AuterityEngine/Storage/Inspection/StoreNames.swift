/// The names in a store, for whoever completes what a person types: quick, and without opening
/// the engine.
public enum StoreNames {
    case workflows, templates, categories, executions, users

    /// Names that are offered; a longer list helps nobody.
    public static let limit = 200

    /// The newest first; empty when the store cannot be read.
    public func read(dataDirectory: String) -> [String] {
        let path = StoreDirectory(path: dataDirectory).database
        guard let database = try? ReadOnlyDatabase(path: path) else { return [] }
        let found = try? database.connection.all(sql, [.int(Self.limit)]) { $0.text(0) }
        return found ?? []
    }

    private var sql: SQLText {
        switch self {
        case .workflows:
            "SELECT name FROM workflows WHERE deleted_at IS NULL ORDER BY id DESC LIMIT $1"
        case .templates:
            "SELECT name FROM templates WHERE deleted_at IS NULL ORDER BY id DESC LIMIT $1"
        case .categories:
            "SELECT DISTINCT category FROM templates WHERE deleted_at IS NULL ORDER BY 1 LIMIT $1"
        case .executions:
            "SELECT public_id FROM workflow_executions ORDER BY id DESC LIMIT $1"
        case .users:
            "SELECT email FROM users WHERE password_hash IS NOT NULL ORDER BY id DESC LIMIT $1"
        }
    }
}
