import AuterityAPI
import Logging

/// Secrets as rows: their names in clear, their values sealed.
enum SecretRecords {
    static func put(
        _ name: String, _ sealed: SealingKey.Sealed, keyID: String, scope: SecretScope,
        at: Timestamp, in context: WriteContext
    ) throws {
        try context.run(
            """
            INSERT INTO secrets (name, key_id, nonce, sealed, workflows, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (name) DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce,
                sealed = excluded.sealed, workflows = excluded.workflows,
                updated_at = excluded.updated_at
            """,
            [
                .text(name), .text(keyID), .blob(sealed.nonce), .blob(sealed.content),
                .utf8(try JSONValue(encoding: scope).jsonBytes), .int(at.milliseconds),
            ])
    }

    static let fields: SQLText = "secrets.name, secrets.workflows, secrets.updated_at"

    static func summary(_ row: any StoreRow) throws -> SecretSummary {
        SecretSummary(
            name: row.text(0), workflows: try row.json(1).decoded(), updatedAt: row.time(2))
    }

    /// All of them opened; those of another key are left out, and their names told.
    static func open(
        _ key: SealingKey, in connection: any StoreConnection
    ) throws -> (secrets: [Vault.Secret], unreadable: [String]) {
        var unreadable: [String] = []
        let rows = try connection.all("SELECT name, key_id, nonce, sealed, workflows FROM secrets")
        {
            row -> Vault.Secret? in
            let sealed = SealingKey.Sealed(nonce: row.bytes(2), content: row.bytes(3))
            guard let value = key.open(sealed, name: row.text(0)) else {
                unreadable.append(row.text(0))
                return nil
            }
            return Vault.Secret(
                name: row.text(0), value: value, scope: try row.json(4).decoded())
        }
        return (rows.compactMap(\.self), unreadable)
    }
}
