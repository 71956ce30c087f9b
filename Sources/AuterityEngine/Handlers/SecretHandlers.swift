import AuterityAPI

extension HandlerTable {
    mutating func addSecrets() {
        onReading(ListSecrets.self) { call, request in
            let query = ListQuery(
                fields: SecretRecords.fields, source: "secrets", row: "secrets.id",
                orders: [
                    .init(key: "name", expression: "secrets.name"),
                    .init(key: "updated_at", expression: "secrets.updated_at"),
                ], decode: SecretRecords.summary)
            return try await request.read(
                query.plan(
                    request.wish(
                        call.page, call.pageSize, cursor: call.cursor, sort: call.sort ?? "name")))
        }
        on(PutSecret.self, checking: { try $1.check($0) }) { call, _, request in
            try await request.putSecret(call)
        }
        on(DeleteSecret.self) { call, request in
            let changed = try await request.write { context in
                try context.run("DELETE FROM secrets WHERE name = $1", [.text(call.name)])
            }
            try await request.reload()
            guard changed > 0 else { throw APIError.notFound("secret") }
            return NoContent()
        }
    }
}

extension Request {
    fileprivate func check(_ call: PutSecret) throws(APIError) {
        var faults = Faults(besides: knownFaults)
        if !isIdentifier(call.name) || call.name.utf8.count > Faults.nameLimit {
            faults.note(
                "name", "must be a name: letters, digits and _, not beginning with a digit")
        }
        if !FieldLimits.secretBytes.contains(call.value.utf8.count) {
            faults.note("value", "must have 1 to \(FieldLimits.secretBytes.upperBound) bytes")
        }
        try faults.check()
    }

    fileprivate func putSecret(_ call: PutSecret) async throws -> SecretSummary {
        let scope = call.workflows ?? .all
        let key = core.foundation.key
        let sealed = try key.seal(call.value, name: call.name)
        let now = now
        try await write { context in
            try SecretRecords.put(
                call.name, sealed, keyID: key.id, scope: scope, at: now, in: context)
        }
        try await reload()
        return SecretSummary(name: call.name, workflows: scope, updatedAt: now)
    }
}
