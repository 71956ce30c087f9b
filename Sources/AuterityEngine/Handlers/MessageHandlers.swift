import AuterityAPI

extension HandlerTable {
    mutating func addMessages() {
        on(ListMessages.self) { call, request in
            let page = try NumberedPage(page: call.page, pageSize: call.pageSize)
            return try await request.read { connection in
                let total = try connection.number("SELECT count(*) FROM messages")
                let items = try connection.all(
                    """
                    SELECT name, subject, text, html FROM messages
                    ORDER BY name LIMIT $1 OFFSET $2
                    """, [.int(page.size), .int(page.offset)], MessageRecords.decode)
                return page.page(of: items, total: Int(total))
            }
        }
        on(GetMessage.self) { call, request in
            let message = try await request.read { try MessageRecords.find(call.name, in: $0) }
            guard let message else { throw APIError.notFound("message") }
            return message
        }
        on(PutMessage.self) { call, request in
            let message = try Self.checked(call)
            let now = request.now
            try await request.write { try MessageRecords.put(message, at: now, in: $0) }
            try await request.reload()
            return message
        }
        on(DeleteMessage.self) { call, request in
            let changed = try await request.write { context in
                try context.run("DELETE FROM messages WHERE name = $1", [.text(call.name)])
            }
            try await request.reload()
            guard changed > 0 else { throw APIError.notFound("message") }
            return NoContent()
        }
    }

    private static func checked(_ call: PutMessage) throws -> NamedMessage {
        var faults = Faults()
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
        return NamedMessage(
            name: call.name, subject: call.subject, text: call.text, html: call.html)
    }
}
