import AuterityAPI

extension HandlerTable {
    mutating func addExecutions() {
        on(ExecuteWorkflow.self, judging: { try await $1.check($0) }) { call, request in
            try await request.execute(call)
        }
        onReading(ListExecutions.self) { call, request in
            let wish = request.wish(
                call.page, call.pageSize, cursor: call.cursor, sort: call.sort)
            let page: @Sendable (Viewer, any StoreConnection) throws -> Page<ExecutionSummary> = {
                try ExecutionList(call, for: $0, in: $1).page(wish, in: $1)
            }
            return call.isBrief
                ? try await request.viewBriefly(page) : try await request.view(page)
        }
        on(GetExecution.self) { call, request in
            try await request.execution(call.executionID)
        }
        onReading(ListJournal.self) { call, request in try await request.listJournal(call) }
        on(CancelExecution.self) { call, request in try await request.cancel(call) }
        on(RetryExecution.self, checking: { try await $1.checked($0) }) {
            call, retry, request in
            try await request.begin(retry, call)
        }
        on(ApproveExecution.self, checking: { try $1.check($0) }) { call, _, request in
            try await request.approve(call)
        }
    }
}

extension ListExecutions {
    /// Whether an index finds the page, and not far from its beginning.
    fileprivate var isBrief: Bool {
        (search ?? "").isEmpty
            && (page ?? 1) * (pageSize ?? PageLimits.defaultSize)
                <= ListQuery<ExecutionSummary>.Plan.briefOffset
    }
}

// MARK: - Reading

extension Request {
    /// An execution with all its steps, folded from its journal.
    func execution(_ id: ExecutionID) async throws -> Execution {
        let definitions = core.foundation.definitions
        return try await viewBriefly { viewer, connection in
            let record = try viewer.execution(id, in: connection)
            return try record.execution(definitions, in: connection)
        }
    }

    fileprivate func listJournal(_ call: ListJournal) async throws -> Page<JournalEntry> {
        let limit = call.limit ?? ListJournal.maximumLimit
        var faults = Faults(besides: knownFaults)
        if !FieldLimits.journal.contains(limit) {
            faults.note("limit", "must be from 1 to \(FieldLimits.journal.upperBound)")
        }
        try faults.check()
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

    fileprivate func check(_ call: ApproveExecution) throws(APIError) {
        var faults = Faults(besides: knownFaults)
        faults.length(call.comment ?? "", FieldLimits.description, at: "comment")
        try faults.check()
    }

    fileprivate func approve(_ call: ApproveExecution) async throws -> Execution {
        let record = try await view { viewer, connection in
            try viewer.execution(call.executionID, in: connection)
        }
        guard !record.status.isFinished else { throw Self.finished(record.status) }
        let decision = Decision(call: call, caller: caller)
        let standing = try await runner.change(call.executionID) { live, context in
            decision.apply(to: &live, context)
        }
        guard standing != nil else { throw Self.finished(nil) }
        if let error = decision.refusal { throw error }
        return try await execution(call.executionID)
    }
}
