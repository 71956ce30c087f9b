import AuterityAPI

extension Request {
    func listLogs(_ call: ListLogs) async throws -> Page<LogLine> {
        let wish = wish(call.page, call.pageSize, cursor: call.cursor, sort: call.sort)
        return try await view { viewer, connection in
            let query = try LogList(call, for: viewer, in: connection).query
            return try query.plan(wish).run(in: connection)
        }
    }
}

/// A list of log lines, newest first, read by the index that leaves the fewest to look at.
struct LogList {
    /// Lines that are rather sorted than looked for in the order of the list.
    private static let sortedRows = 20_000

    private(set) var query = ListQuery(
        fields: LogRecords.fields, source: LogRecords.source, rows: "execution_logs AS logs",
        row: "logs.id",
        orders: [
            .init(key: "timestamp", expression: "logs.at"),
            .init(key: "level", expression: "logs.level"),
        ], standard: "logs.at", decode: LogRecords.decode)

    init(
        _ call: ListLogs, for viewer: Viewer, in connection: any StoreConnection
    ) throws {
        let execution = try call.executionID.map {
            try ExecutionRecord.find($0, in: connection)?.row ?? -1
        }
        let workflow = try call.workflowID.map {
            try WorkflowRecords.find($0, in: connection)?.row ?? -1
        }
        query.require("logs.execution_id = ", execution.map(SQLValue.int))
        let workflowColumn: SQLText = "logs.workflow_id"
        query.require(
            (execution == nil ? workflowColumn : workflowColumn.unindexed) + " = ",
            workflow.map(SQLValue.int))
        let isByLevel = call.sort == "level" || call.sort == "-level"
        requireLevel(call.level, isByLevel: isByLevel)
        query.require("logs.at >= ", call.since.map { .int($0.milliseconds) })
        query.require("logs.at < ", call.until.map { .int($0.milliseconds) })
        if call.search?.isEmpty == false {
            query.countLimit = PageLimits.maximumSearchCount
            if execution == nil {
                let beginning = try SearchWords.beginning(
                    of: "execution_logs AS logs", times: "logs.at", before: call.until,
                    in: connection)
                query.require("logs.at > ", beginning.map { .int($0.milliseconds) })
            }
        }
        query.search(call.search, in: ["logs.message"])
        if !viewer.seesAll {
            let isNarrow = execution != nil || workflow != nil
            try requireSight(
                viewer.row ?? -1, isNarrow: isNarrow, isByLevel: isByLevel, in: connection)
        }
    }

    /// Lines of that level and above. Warnings and errors have indexes of their own, which hold
    /// the lines of one level in the order of the list.
    private mutating func requireLevel(_ minimum: LogLevel?, isByLevel: Bool) {
        guard let minimum, minimum > .debug else { return }
        let level: SQLText = "logs.level"
        guard minimum >= .warning, !isByLevel else {
            query.require(
                (isByLevel ? level : level.unindexed) + " >= ", .int(minimum.rank))
            return
        }
        // As the indexes say it, so that the database sees that they hold every such line.
        query.require("logs.level >= 2")
        query.require(
            anyOf: LogLevel.allCases.filter { $0 >= minimum }.map {
                .init(condition: "logs.level = " + query.bind(.int($0.rank)))
            })
    }

    /// The owner of the workflow, the starter of the execution and the writer of a line see it.
    private mutating func requireSight(
        _ row: Int64, isNarrow: Bool, isByLevel: Bool, in connection: any StoreConnection
    ) throws {
        var isDriver = !isNarrow
        if isDriver, isByLevel {
            let own = try connection.number(
                """
                SELECT count(*) FROM (SELECT 1 FROM execution_logs
                    WHERE owner_id = $1 LIMIT $2) AS own
                """, [.int(row), .int(Self.sortedRows + 1)])
            isDriver = own <= Self.sortedRows
            query.isSorted = isDriver
        }
        func form(_ column: SQLText) -> SQLText { isDriver ? column : column.unindexed }
        let place = query.bind(.int(row))
        var ways: [ListQuery<LogLine>.Alternative] = [
            .init(condition: form("logs.owner_id") + " = " + place),
            .init(condition: form("logs.user_id") + " = " + place),
        ]
        let isForeign = try connection.number(
            """
            SELECT count(*) FROM (SELECT 1 FROM workflow_executions
                WHERE started_by = $1 AND started_by <> owner_id LIMIT 1) AS found
            """, [.int(row)])
        if isForeign > 0 {
            ways.append(
                .init(
                    condition: form("logs.execution_id")
                        + " IN (SELECT id FROM workflow_executions WHERE started_by = " + place
                        + " AND started_by <> owner_id)", isSorted: isDriver))
        }
        query.require(anyOf: ways)
    }
}
