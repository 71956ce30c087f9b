import AuterityAPI

extension HandlerTable {
    /// Every filter by time and account is a stretch of an index in this order.
    private static let newest = "timestamp"

    mutating func addAudit() {
        on(ListAudit.self) { call, request in
            var query = ListQuery(
                fields: AuditRecords.fields, source: "audit", row: "audit.id",
                orders: [.init(key: Self.newest, expression: "audit.at")],
                decode: AuditRecords.decode)
            query.require("audit.user_id = ", call.userID.map { .text($0.description) })
            query.require("audit.at >= ", call.since.map { .int($0.milliseconds) })
            query.require("audit.at < ", call.until.map { .int($0.milliseconds) })
            query.search(
                call.search,
                in: [
                    "coalesce(audit.user_name, '')", "audit.action",
                    "coalesce(audit.target, '')", "coalesce(audit.request_id, '')",
                ])
            let plan = try query.plan(
                .init(
                    page: call.page, pageSize: call.pageSize, cursor: call.cursor,
                    sort: "-" + Self.newest, cursorKey: request.cursorKey))
            return try await request.read(plan)
        }
    }
}
