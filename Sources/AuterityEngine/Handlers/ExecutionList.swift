import AuterityAPI

/// A list of executions, read by whichever index leaves the fewest rows to look at. What the
/// indexes hold is known from the counts that are kept.
struct ExecutionList {
    /// Rows that are rather sorted than looked for in the order of the list.
    static let sortedRows = 20_000
    /// The newest executions, in whose ids a search looks anywhere; of the others it knows the
    /// beginning only.
    static let idsSearched = 10_000

    private let call: ListExecutions
    private let viewer: Viewer
    private let statuses: Set<ExecutionStatus>
    /// `nil` when any will do; -1 for one that is not there.
    private let workflow: Int64?
    /// What the page's total is, where the counts say it.
    private let known: Int?
    private var query: ListQuery<ExecutionSummary>

    private static let unfinished: SQLText =
        "executions.status IN ('pending', 'running', 'waiting')"
    /// Zero, as an expression: a bare number after ORDER BY is a column's.
    private static let nothing: SQLText = "executions.id * 0"
    private static let finished: SQLText = "executions.completed_at IS NOT NULL"

    init(
        _ call: ListExecutions, for viewer: Viewer, in connection: any StoreConnection
    ) throws {
        self.call = call
        self.viewer = viewer
        let wanted = Set(call.status ?? [])
        statuses = wanted
        let record = try call.workflowID.map { try WorkflowRecords.find($0, in: connection) }
        workflow = record.map { $0?.row ?? -1 }
        query = ListQuery(
            fields: ExecutionSummaryRecords.fields, source: ExecutionSummaryRecords.source,
            rows: "workflow_executions AS executions", row: "executions.id",
            orders: Self.orders, standard: "executions.started_at",
            decode: ExecutionSummaryRecords.decode)
        let isOwnWorkflow = viewer.seesAll || record??.ownerRow == viewer.row
        let isPlain = call.since == nil && call.until == nil && (call.search ?? "").isEmpty
        let scope: ExecutionCounts.Scope? =
            if let workflow {
                isOwnWorkflow ? .workflow(workflow) : nil
            } else {
                viewer.seesAll ? .all : .user(viewer.row ?? -1)
            }
        let count = try scope.map { try ExecutionCounts($0, in: connection).total(wanted) }
        known = isPlain ? count : nil
        try filter(in: connection)
        try search(call.search ?? "", in: connection)
    }

    func page(
        _ wish: PageWish, in connection: any StoreConnection
    ) throws -> Page<ExecutionSummary> {
        try plan(wish).run(in: connection) { known }
    }

    func plan(_ wish: PageWish) throws(APIError) -> ListQuery<ExecutionSummary>.Plan {
        try query.plan(wish)
    }

    // MARK: - Filters

    private enum Filter { case workflow, status, viewer, time }

    /// Requires what was asked for, in such a form that the index of one filter finds the rows.
    private mutating func filter(in connection: any StoreConnection) throws {
        let sizes = try sizes(in: connection)
        let isStandard = ["", "started_at", "-started_at"].contains(call.sort ?? "")
        var driver = sizes.min { $0.value < $1.value }
        // The indexes of the filters are in the standard order, that of the time is the order.
        if isStandard {
            if driver?.key == .time { driver = nil }
        } else if let few = driver, few.value <= Self.sortedRows {
            query.isSorted = true
        } else {
            driver = nil
        }
        func form(_ filter: Filter, _ column: SQLText) -> SQLText {
            driver?.key == filter ? column : column.unindexed
        }
        if let workflow {
            query.require(form(.workflow, "executions.workflow_id") + " = ", .int(workflow))
        }
        requireStatus(column: form(.status, "executions.status"), isDriver: driver?.key == .status)
        let time: SQLText =
            isStandard ? "executions.started_at" : form(.time, "executions.started_at")
        query.require(time + " >= ", call.since.map { .int($0.milliseconds) })
        query.require(time + " < ", call.until.map { .int($0.milliseconds) })
        try requireSight(column: form(.viewer, "executions.owner_id"), in: connection)
    }

    /// How many rows the index of each filter that was asked for holds.
    private func sizes(in connection: any StoreConnection) throws -> [Filter: Int] {
        var sizes: [Filter: Int] = [:]
        if let workflow {
            sizes[.workflow] = try ExecutionCounts(.workflow(workflow), in: connection).total()
        }
        if !statuses.isEmpty {
            sizes[.status] = try ExecutionCounts(.all, in: connection).total(statuses)
        }
        if !viewer.seesAll {
            sizes[.viewer] = try ExecutionCounts(.user(viewer.row ?? -1), in: connection).total()
        }
        if call.since != nil || call.until != nil {
            sizes[.time] = Int(
                try connection.number(
                    """
                    SELECT count(*) FROM (SELECT 1 FROM workflow_executions
                        WHERE started_at >= $1 AND started_at < $2 LIMIT $3) AS counted
                    """,
                    [
                        .int(call.since?.milliseconds ?? .min),
                        .int(call.until?.milliseconds ?? .max), .int(Self.sortedRows + 1),
                    ]))
        }
        return sizes
    }

    private mutating func requireStatus(column: SQLText, isDriver: Bool) {
        guard !statuses.isEmpty else { return }
        let names = statuses.map(\.rawValue).sorted()
        if isDriver, !query.isSorted {
            // One after the other they are in order, together they are not.
            query.require(
                anyOf: names.map { .init(condition: column + " = " + query.bind(.text($0))) })
        } else {
            let places = names.map { query.bind(.text($0)) }
            query.require(column + " IN (" + places.joined(", ") + ")")
        }
    }

    /// The owner of the workflow and the starter of the execution see it.
    private mutating func requireSight(
        column: SQLText, in connection: any StoreConnection
    ) throws {
        guard !viewer.seesAll else { return }
        let row = viewer.row ?? -1
        let place = query.bind(.int(row))
        let own = column + " = " + place
        let isForeign = try connection.number(
            """
            SELECT count(*) FROM (SELECT 1 FROM workflow_executions
                WHERE started_by = $1 AND started_by <> owner_id LIMIT 1) AS found
            """, [.int(row)])
        guard isForeign > 0 else {
            query.require(own)
            return
        }
        query.require(anyOf: [
            .init(condition: own),
            .init(
                condition: "executions.started_by = " + place
                    + " AND executions.started_by <> executions.owner_id"),
        ])
    }

    // MARK: - Search

    /// Looks in the name of the workflow, in the error and in the id.
    private mutating func search(_ words: String, in connection: any StoreConnection) throws {
        guard !words.isEmpty else { return }
        query.countLimit = PageLimits.maximumSearchCount
        var ways: [ListQuery<ExecutionSummary>.Alternative] = []
        if let phrase = SearchWords.phrase(words) {
            try addIndexed(phrase, to: &ways, in: connection)
        } else {
            addScanned(words, to: &ways)
        }
        if let prefix = SearchWords.idPrefix(words) {
            let place = query.bind(.text(prefix))
            let end = query.bind(.text(prefix + "g"))
            ways.append(
                .init(
                    condition: "executions.public_id >= " + place + " AND executions.public_id < "
                        + end, isSorted: true))
        }
        let newest = try connection.number("SELECT max(id) FROM workflow_executions")
        let oldest = query.bind(.int(newest - Int64(Self.idsSearched)))
        let place = query.bind(.text(FoldedText.folded(words)))
        ways.append(
            .init(
                condition: "executions.id > " + oldest + " AND "
                    + ("executions.public_id" as SQLText).holds(place), isSorted: true))
        query.require(anyOf: ways)
    }

    private mutating func addIndexed(
        _ phrase: String, to ways: inout [ListQuery<ExecutionSummary>.Alternative],
        in connection: any StoreConnection
    ) throws {
        let place = query.bind(.text(phrase))
        let named = query.bind(.text("name : " + phrase))
        let ofWorkflows = try connection.number(
            """
            SELECT sum(kept_count) FROM workflows WHERE id IN
                (SELECT rowid FROM workflow_search WHERE workflow_search MATCH $1)
            """, [.text("name : " + phrase)])
        let ofErrors = try connection.number(
            """
            SELECT count(*) FROM (SELECT 1 FROM execution_search
                WHERE execution_search MATCH $1 LIMIT $2) AS found
            """, [.text(phrase), .int(Self.sortedRows + 1)])
        let workflows: SQLText =
            " IN (SELECT rowid FROM workflow_search WHERE workflow_search MATCH " + named + ")"
        let errors: SQLText =
            " IN (SELECT rowid FROM execution_search WHERE execution_search MATCH " + place + ")"
        let fewNamed = ofWorkflows <= Self.sortedRows
        let fewErrors = ofErrors <= Self.sortedRows
        ways.append(
            .init(
                condition: (fewNamed
                    ? "executions.workflow_id" : ("executions.workflow_id" as SQLText).unindexed)
                    + workflows, isSorted: fewNamed))
        ways.append(
            .init(
                condition: (fewErrors ? "executions.id" : ("executions.id" as SQLText).unindexed)
                    + errors, isSorted: fewErrors))
    }

    /// Words too short for the index are looked for row by row.
    private mutating func addScanned(
        _ words: String, to ways: inout [ListQuery<ExecutionSummary>.Alternative]
    ) {
        let place = query.bind(.text(FoldedText.folded(words)))
        ways.append(
            .init(
                condition: ("executions.workflow_id" as SQLText).unindexed
                    + " IN (SELECT id FROM workflows WHERE " + ("name" as SQLText).holds(place)
                    + ")"))
        ways.append(
            .init(
                condition: "executions.error_code IS NOT NULL AND ("
                    + ("executions.error_code" as SQLText).holds(place) + " OR "
                    + ("executions.error_message" as SQLText).holds(place) + ")"))
    }

    // MARK: - Orders

    private static var orders: [ListQuery<ExecutionSummary>.Order] {
        [
            .init(key: "started_at", expression: "executions.started_at"),
            .init(
                key: "completed_at",
                parts: [
                    .init(expression: "executions.completed_at", condition: finished),
                    .init(expression: nothing, condition: unfinished),
                ]),
            .init(
                key: "duration",
                parts: [
                    .init(expression: "executions.duration", condition: finished),
                    .init(expression: nothing, condition: unfinished),
                ]),
            .init(
                key: "status",
                parts: [
                    .init(expression: "executions.status", condition: finished),
                    .init(expression: "executions.status", condition: unfinished),
                ]),
            .init(
                key: "progress",
                parts: [
                    .init(expression: "executions.progress", condition: finished),
                    .init(expression: "executions.progress", condition: unfinished),
                ]),
            .init(
                key: "workflow_name", expression: "lower(workflows.name)",
                joined: .init(
                    inOrder: """
                        workflows CROSS JOIN workflow_executions AS executions
                            ON executions.workflow_id = workflows.id
                        """,
                    sorted: """
                        workflow_executions AS executions
                            CROSS JOIN workflows ON workflows.id = executions.workflow_id
                        """)),
        ]
    }
}
