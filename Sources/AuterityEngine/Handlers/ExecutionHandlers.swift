import AuterityAPI

extension HandlerTable {
    mutating func addExecutions() {
        on(ExecuteWorkflow.self) { call, request in try await request.execute(call) }
        on(ListExecutions.self) { call, request in try await request.listExecutions(call) }
        on(GetExecution.self) { call, request in
            try await request.execution(call.executionID)
        }
        on(ListJournal.self) { call, request in try await request.listJournal(call) }
        on(CancelExecution.self) { call, request in try await request.cancel(call) }
        on(RetryExecution.self) { call, request in try await request.retry(call) }
        on(ApproveExecution.self) { call, request in try await request.approve(call) }
    }
}

// MARK: - Reading

extension Request {
    /// An execution with all its steps, folded from its journal.
    func execution(_ id: ExecutionID) async throws -> Execution {
        let definitions = core.foundation.definitions
        return try await view { viewer, connection in
            let record = try viewer.execution(id, in: connection)
            return try record.execution(definitions, in: connection)
        }
    }

    fileprivate func listJournal(_ call: ListJournal) async throws -> Page<JournalEntry> {
        let limit = call.limit ?? ListJournal.maximumLimit
        guard (1...ListJournal.maximumLimit).contains(limit) else {
            throw APIError.validation([
                FieldFault(
                    field: "limit", message: "must be from 1 to \(ListJournal.maximumLimit)")
            ])
        }
        return try await view { viewer, connection in
            let record = try viewer.execution(call.executionID, in: connection)
            let entries = try JournalRecords.entries(
                of: record.row, after: call.after ?? 0, limit: limit + 1, in: connection)
            let hasMore = entries.count > limit
            let items = Array(entries.prefix(limit))
            return Page(
                items: items,
                position: .cursor(next: hasMore ? items.last.map { String($0.seq) } : nil))
        }
    }

    fileprivate func listExecutions(_ call: ListExecutions) async throws -> Page<ExecutionSummary> {
        let caller = caller
        let viewer = try await read { try Viewer(caller, in: $0) }
        var query = ListQuery(
            fields: ExecutionRecord.fields, source: ExecutionRecord.source, row: "executions.id",
            orders: Self.executionOrders
        ) { try ExecutionRecord($0).summary }
        if let statuses = call.status, !statuses.isEmpty {
            let places = Set(statuses).map { query.bind(.text($0.rawValue)) }
            query.require("executions.status IN (" + places.joined(", ") + ")")
        }
        query.require(
            "workflows.public_id = ", call.workflowID.map { .text($0.description) })
        query.require("executions.started_at >= ", call.since.map { .int($0.milliseconds) })
        query.require("executions.started_at < ", call.until.map { .int($0.milliseconds) })
        query.search(
            call.search,
            in: [
                "workflows.name", "executions.public_id",
                "coalesce(executions.error_message, '')", "coalesce(executions.error_code, '')",
            ])
        if !viewer.seesAll {
            let place = query.bind(.int(viewer.row ?? -1))
            query.require(
                "(executions.started_by = " + place + " OR workflows.created_by = " + place + ")")
        }
        let plan = try query.plan(
            .init(
                page: call.page, pageSize: call.pageSize, cursor: call.cursor, sort: call.sort,
                cursorKey: cursorKey))
        let isWhole = viewer.seesAll && call.hasNoFilter
        return try await read { connection in
            try plan.run(in: connection) {
                guard isWhole else { return nil }
                return Int(try connection.number("SELECT sum(kept_count) FROM workflows"))
            }
        }
    }

    private static var executionOrders: [ListQuery<ExecutionSummary>.Order] {
        [
            .init(key: "started_at", expression: "executions.started_at"),
            .init(key: "completed_at", expression: "coalesce(executions.completed_at, 0)"),
            .init(key: "duration", expression: "coalesce(executions.duration, 0)"),
            .init(key: "status", expression: "executions.status"),
            .init(key: "progress", expression: "executions.progress"),
            .init(key: "workflow_name", expression: "lower(workflows.name)"),
        ]
    }
}

extension ListExecutions {
    fileprivate var hasNoFilter: Bool {
        (status ?? []).isEmpty && workflowID == nil && (search ?? "").isEmpty && since == nil
            && until == nil
    }
}

extension ExecutionRecord {
    /// The whole execution, from its journal.
    func execution(
        _ definitions: DefinitionCache, in connection: any StoreConnection
    ) throws -> Execution {
        let state = try state(definitions, in: connection)
        return Execution(
            id: id, workflowID: workflowID, workflowName: workflowName,
            workflowVersion: workflowVersion, status: state.status, startedAt: startedAt,
            completedAt: state.completedAt, inputData: state.input, outputData: state.output,
            steps: state.stepList, progress: state.progress, currentStep: state.currentStep,
            error: state.error, retriedFrom: retriedFrom, blockedBy: state.blockedBy,
            startedBy: starterName, idempotencyKey: idempotencyKey, isDemo: isDemo,
            parentExecutionID: origin?.parent, parentStepID: origin?.step)
    }

    func state(
        _ definitions: DefinitionCache, in connection: any StoreConnection
    ) throws -> ExecutionState {
        var state = ExecutionState(
            try definitions.layout(
                workflow: workflowRow, version: workflowVersion, in: connection))
        for entry in try JournalRecords.entries(of: row, in: connection) { state.apply(entry) }
        return state
    }
}

// MARK: - Changing

extension Request {
    fileprivate func cancel(_ call: CancelExecution) async throws -> Execution {
        let record = try await view { viewer, connection in
            try viewer.execution(call.executionID, in: connection)
        }
        guard !record.status.isFinished else { throw Self.finished(record.status) }
        let name = caller.name
        let standing = try await runner.change(call.executionID) { live, context in
            live.cancel(by: name, context: context)
        }
        guard standing != nil else { throw Self.finished(nil) }
        return try await execution(call.executionID)
    }

    static func finished(_ status: ExecutionStatus?) -> APIError {
        APIError(
            .executionFinished,
            "The execution has ended already\(status.map { " (\($0.rawValue))" } ?? "")")
    }

    fileprivate func approve(_ call: ApproveExecution) async throws -> Execution {
        let record = try await view { viewer, connection in
            try viewer.execution(call.executionID, in: connection)
        }
        guard !record.status.isFinished else { throw Self.finished(record.status) }
        var faults = Faults()
        faults.length(call.comment ?? "", FieldLimits.description, at: "comment")
        try faults.check()
        let decision = Decision(call: call, caller: caller)
        let standing = try await runner.change(call.executionID) { live, context in
            decision.apply(to: &live, context)
        }
        guard standing != nil else { throw Self.finished(nil) }
        if let error = decision.refusal { throw error }
        return try await execution(call.executionID)
    }
}
