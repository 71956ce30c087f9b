import AuterityAPI

extension HandlerTable {
    mutating func addMessages() {
        onReading(ListMessages.self) { call, request in
            let query = ListQuery(
                fields: MessageRecords.fields, source: "messages", row: "messages.id",
                orders: [
                    .init(key: "name", expression: "messages.name"),
                    .init(key: "subject", expression: "lower(messages.subject)"),
                ], decode: MessageRecords.decode)
            return try await request.read(
                query.plan(
                    request.wish(
                        call.page, call.pageSize, cursor: call.cursor, sort: call.sort ?? "name")))
        }
        on(GetMessage.self) { call, request in
            let message = try await request.read { try MessageRecords.find(call.name, in: $0) }
            guard let message else { throw APIError.notFound("message") }
            return message
        }
        on(PutMessage.self, checking: { try Self.check($0, besides: $1.knownFaults) }) {
            call, _, request in
            let now = request.now
            let message = try await request.write { context in
                let known = try MessageRecords.find(call.name, in: context.connection)
                try EntityTag.hold(call.ifMatch, version: known?.version, of: "message")
                let message = NamedMessage(
                    name: call.name, subject: call.subject, text: call.text, html: call.html,
                    version: (known?.version ?? 0) + 1)
                try MessageRecords.put(message, at: now, in: context)
                return message
            }
            try await request.reload()
            return message
        }
        on(DeleteMessage.self) { call, request in
            try await request.write { context in
                let known = try MessageRecords.find(call.name, in: context.connection)
                guard let known else { throw APIError.notFound("message") }
                try EntityTag.hold(call.ifMatch, version: known.version, of: "message")
                try context.run("DELETE FROM messages WHERE name = $1", [.text(call.name)])
            }
            try await request.reload()
            return NoContent()
        }
    }

    private static func check(
        _ call: PutMessage, besides known: [FieldFault]
    ) throws(APIError) {
        var faults = Faults(besides: known)
        faults.name(call.name, at: "name")
        faults.length(call.subject, FieldLimits.messageSubject, at: "subject")
        faults.length(call.text, FieldLimits.messageText, at: "text")
        if let html = call.html {
            faults.length(html, 0...FieldLimits.messageText.upperBound, at: "html")
        }
        faults.template(call.subject, at: "subject")
        faults.template(call.text, at: "text")
        if let html = call.html { faults.template(html, at: "html") }
        try faults.check()
    }
}
