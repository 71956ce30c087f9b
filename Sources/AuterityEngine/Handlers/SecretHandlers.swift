import AuterityAPI

extension HandlerTable {
    mutating func addSecrets() {
        on(ListSecrets.self) { call, request in
            let page = try NumberedPage(page: call.page, pageSize: call.pageSize)
            return try await request.read { connection in
                let total = try connection.number("SELECT count(*) FROM secrets")
                return page.page(
                    of: try SecretRecords.list(page, in: connection), total: Int(total))
            }
        }
        on(PutSecret.self) { call, request in try await request.putSecret(call) }
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
    fileprivate func putSecret(_ call: PutSecret) async throws -> SecretSummary {
        var faults = Faults()
        if !isIdentifier(call.name) || call.name.utf8.count > Faults.nameLimit {
            faults.note(
                "name", "must be a name: letters, digits and _, not beginning with a digit")
        }
        if !FieldLimits.secretBytes.contains(call.value.utf8.count) {
            faults.note("value", "must have 1 to \(FieldLimits.secretBytes.upperBound) bytes")
        }
        try faults.check()
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
