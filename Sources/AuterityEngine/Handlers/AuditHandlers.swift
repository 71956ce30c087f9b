import AuterityAPI

extension HandlerTable {
    /// Every filter by time and account is a stretch of an index in this order.
    private static let newest = "timestamp"

    private static let texts: [SQLText] = [
        "coalesce(audit.user_name, '')", "audit.action", "coalesce(audit.target, '')",
        "coalesce(audit.request_id, '')",
    ]

    mutating func addAudit() {
        onReading(ListAudit.self) { call, request in
            var query = ListQuery(
                fields: AuditRecords.fields, source: "audit", row: "audit.id",
                orders: [.init(key: Self.newest, expression: "audit.at")],
                decode: AuditRecords.decode)
            query.require("audit.user_id = ", call.userID.map { .text($0.description) })
            query.require("audit.at >= ", call.since.map { .int($0.milliseconds) })
            query.require("audit.at < ", call.until.map { .int($0.milliseconds) })
            // Behind a cursor the order must be named, so that it is known which it was.
            let wish = request.wish(
                call.page, call.pageSize, cursor: call.cursor,
                sort: call.sort ?? "-" + Self.newest)
            return try await request.read { [query] connection in
                var query = query
                if call.search?.isEmpty == false {
                    query.countLimit = PageLimits.maximumSearchCount
                    let beginning = try SearchWords.beginning(
                        of: "audit", times: "audit.at", before: call.until, in: connection)
                    query.require("audit.at > ", beginning.map { .int($0.milliseconds) })
                    query.search(call.search, in: Self.texts)
                }
                return try query.plan(wish).run(in: connection)
            }
        }
    }
}
