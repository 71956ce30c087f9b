import AuterityAPI

extension Request {
    private static let idempotencySeconds = 86_400.0

    func execute(_ call: ExecuteWorkflow) async throws -> ExecutionOutcome {
        let (workflow, definition) = try await runnable(call.workflowID)
        let input = call.inputData ?? [:]
        try await check(call, input, definition)
        let now = now
        var acceptance = Acceptance(
            id: newID(), workflowRow: workflow.row, workflowVersion: workflow.version,
            stepsTotal: definition.layout.count, starter: caller, at: now,
            isDemo: workflow.isDemo)
        acceptance.webhookURL = call.webhookURL
        acceptance.idempotency = try call.idempotencyKey.map { key in
            Acceptance.Idempotency(
                key: key, bodyHash: try Self.bodyHash(call),
                validSince: now.adding(seconds: -Self.idempotencySeconds))
        }
        let accepted: ExecutionAccepted
        do {
            let status = try await runner.accept(
                acceptance, workflow: workflow, definition: definition, input: input)
            accepted = ExecutionAccepted(
                executionID: acceptance.id, workflowID: workflow.id,
                status: status == .pending ? .pending : .running, startedAt: now,
                inputData: input)
        } catch let known as KnownIdempotencyKey {
            accepted = try await repeated(known, workflow.id, input)
        }
        guard call.executionMode == .sync else { return .accepted(accepted) }
        return try await finished(
            accepted, within: call.syncTimeout ?? Double(FieldLimits.standardSyncTimeout))
    }

    private func finished(
        _ accepted: ExecutionAccepted, within seconds: Double
    ) async throws -> ExecutionOutcome {
        let id = accepted.executionID
        try await runner.waitForEnd(of: id, until: now.adding(seconds: seconds))
        let execution = try await execution(id)
        return execution.status.isFinished ? .finished(execution) : .accepted(accepted)
    }

    /// The workflow and its compiled definition, fit to be run.
    ///
    /// - Throws: 404, 409 when it is inactive.
    private func runnable(
        _ id: WorkflowID
    ) async throws -> (WorkflowRecords.Record, CompiledDefinition) {
        let definitions = core.foundation.definitions
        return try await view { viewer, connection in
            let record = try viewer.workflow(id, in: connection)
            guard record.isActive else {
                throw APIError(
                    .workflowInactive,
                    "The workflow \"\(record.name)\" is not active. Activate it, then execute it")
            }
            let definition = try definitions.definition(
                workflow: record.row, version: record.version, in: connection)
            return (record, definition)
        }
    }

    private func check(
        _ call: ExecuteWorkflow, _ input: JSONObject, _ definition: CompiledDefinition
    ) async throws {
        var faults = Faults()
        let longest = FieldLimits.syncTimeout.upperBound
        if let timeout = call.syncTimeout, !(0...Double(longest)).contains(timeout) {
            faults.note("sync_timeout", "must be from 0 to \(longest) seconds")
        }
        if let key = call.idempotencyKey,
            !FieldLimits.idempotencyKey.contains(key.unicodeScalars.count)
        {
            faults.note(
                "idempotency_key",
                "must have 1 to \(FieldLimits.idempotencyKey.upperBound) characters")
        }
        try checkSize(input, &faults)
        faults.add(definition.inputFaults(input))
        if let url = call.webhookURL {
            if let error = await core.foundation.integrations.http.refusal(ofURL: url) {
                faults.note("webhook_url", error.message)
            }
        }
        try faults.check()
    }

    private func checkSize(_ input: JSONObject, _ faults: inout Faults) throws {
        let limit = core.configuration.limits.inputData
        if JSONValue.object(input).exceeds(bytes: limit) {
            throw APIError(
                .payloadTooLarge, "The input is larger than \(limit) bytes; give less of it")
        }
    }

    /// SHA-256 over all of a call but its key.
    private static func bodyHash(_ call: ExecuteWorkflow) throws -> String {
        var call = call
        call.idempotencyKey = nil
        return Digest.sha256(try JSONValue(encoding: call).jsonBytes).hexadecimal
    }

    private func repeated(
        _ known: KnownIdempotencyKey, _ workflow: WorkflowID, _ input: JSONObject
    ) async throws -> ExecutionAccepted {
        guard known.isSameBody else {
            throw APIError(
                .conflict,
                "The idempotency key was used for another request in the last 24 hours. Use a new "
                    + "key")
        }
        let record = try await view { viewer, connection in
            try viewer.execution(known.executionID, in: connection)
        }
        return ExecutionAccepted(
            executionID: record.id, workflowID: workflow,
            status: record.status == .pending ? .pending : .running, startedAt: record.startedAt,
            inputData: input)
    }
}

// MARK: - Retry

extension Request {
    func retry(_ call: RetryExecution) async throws -> ExecutionAccepted {
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
        let fromStep = try Self.fromStep(call, definition)
        var faults = Faults()
        try checkSize(input, &faults)
        if call.inputData != nil { faults.add(definition.inputFaults(input)) }
        try faults.check()
        let carried =
            call.inputData == nil
            ? carriedSteps(
                of: original, id: record.id, definition: old, into: definition, fromStep: fromStep)
            : []
        var acceptance = Acceptance(
            id: newID(), workflowRow: workflow.row, workflowVersion: workflow.version,
            stepsTotal: definition.layout.count, starter: caller, at: now,
            isDemo: workflow.isDemo || record.isDemo)
        acceptance.retriedFrom = record.id
        acceptance.webhookURL = record.webhookURL
        let status = try await runner.accept(
            acceptance, workflow: workflow, definition: definition, input: input,
            carrying: carried)
        return ExecutionAccepted(
            executionID: acceptance.id, workflowID: workflow.id,
            status: status == .pending ? .pending : .running, startedAt: acceptance.at,
            inputData: input, retriedFrom: record.id)
    }

    private static func fromStep(
        _ call: RetryExecution, _ definition: CompiledDefinition
    ) throws(APIError) -> Int? {
        guard let id = call.fromStep else { return nil }
        guard let step = definition.layout.index(of: id) else {
            throw .validation([
                FieldFault(field: "from_step", message: "the workflow has no step \"\(id)\"")
            ])
        }
        return step
    }
}
