import AuterityAPI

/// A retry that is in order.
struct CheckedRetry: Sendable {
    let original: ExecutionRecord
    let workflow: WorkflowRecords.Record
    let definition: CompiledDefinition
    let input: JSONObject
    let carried: [CarriedStep]
}

extension Request {
    /// - Throws: 404, 409 when there is nothing to retry, 422 with every fault.
    func checked(_ call: RetryExecution) async throws -> CheckedRetry {
        let definitions = core.foundation.definitions
        let (record, original, old) = try await view { viewer, connection in
            let record = try viewer.execution(call.executionID, in: connection)
            let old = try definitions.definition(
                workflow: record.workflowRow, version: record.workflowVersion, in: connection)
            return (record, try record.state(definitions, in: connection), old)
        }
        guard original.isFinished else {
            throw APIError(
                .conflict, "The execution has not ended yet. Cancel it first, or wait for its end")
        }
        let (workflow, definition) = try await runnable(record.workflowID)
        let input = call.inputData ?? original.input
        let isChanged = input != original.input
        var faults = Faults(besides: knownFaults)
        let fromStep = call.fromStep.flatMap { definition.layout.index(of: $0) }
        if let id = call.fromStep, fromStep == nil {
            faults.note("from_step", "the workflow has no step \"\(id)\"")
        }
        try checkSize(input, &faults)
        if isChanged { faults.add(definition.inputFaults(input)) }
        try faults.check()
        if original.status == .completed, call.fromStep == nil, !isChanged {
            throw APIError(
                .conflict,
                "The execution completed, so that there is nothing to retry. Name the step to "
                    + "begin from in from_step, or give other input_data")
        }
        // What completed is not done a second time for other input; where nothing else is left to
        // run, all of it is meant.
        let carried =
            original.status == .completed && fromStep == nil && isChanged
            ? []
            : carriedSteps(
                of: original, id: record.id, definition: old, into: definition, fromStep: fromStep)
        return CheckedRetry(
            original: record, workflow: workflow, definition: definition, input: input,
            carried: carried)
    }

    func begin(_ retry: CheckedRetry, _ call: RetryExecution) async throws -> ExecutionAccepted {
        let (record, workflow) = (retry.original, retry.workflow)
        var acceptance = Acceptance(
            id: newID(), workflowRow: workflow.row, ownerRow: workflow.ownerRow,
            workflowVersion: workflow.version, stepsTotal: retry.definition.layout.count,
            starter: caller, at: now, isDemo: workflow.isDemo || record.isDemo)
        acceptance.retriedFrom = record.id
        acceptance.webhookURL = record.webhookURL
        acceptance.audit = core.auditEntry(accepting: call, caller)
        let status = try await runner.accept(
            acceptance, workflow: workflow, definition: retry.definition, input: retry.input,
            carrying: retry.carried)
        auditMark.wrote()
        return ExecutionAccepted(
            executionID: acceptance.id, workflowID: workflow.id, status: status,
            startedAt: acceptance.at, inputData: retry.input, retriedFrom: record.id)
    }
}
