import AuterityAPI

extension Request {
    private static let idempotencySeconds = 86_400.0

    func execute(_ call: ExecuteWorkflow) async throws -> ExecutionOutcome {
        let now = now
        let idempotency = try call.idempotencyKey.map { key in
            Acceptance.Idempotency(
                key: key, bodyHash: try Self.bodyHash(call),
                validSince: now.adding(seconds: -Self.idempotencySeconds))
        }
        // Before everything that may have changed since the first call.
        if let idempotency, let known = try await known(idempotency, call.workflowID) {
            return try await repeated(known, call)
        }
        let (workflow, definition) = try await runnable(call.workflowID)
        let input = call.inputData ?? [:]
        try await check(call, input, definition)
        var acceptance = Acceptance(
            id: newID(), workflowRow: workflow.row, ownerRow: workflow.ownerRow,
            workflowVersion: workflow.version, stepsTotal: definition.layout.count, starter: caller,
            at: now,
            isDemo: workflow.isDemo)
        acceptance.webhookURL = call.webhookURL
        acceptance.idempotency = idempotency
        acceptance.audit = core.auditEntry(accepting: call, caller)
        do {
            let status = try await runner.accept(
                acceptance, workflow: workflow, definition: definition, input: input)
            auditMark.wrote()
            return try await answer(
                ExecutionAccepted(
                    executionID: acceptance.id, workflowID: workflow.id, status: status,
                    startedAt: now, inputData: input), to: call)
        } catch let known as KnownIdempotencyKey {
            return try await repeated(known, call)
        }
    }

    private func answer(
        _ accepted: ExecutionAccepted, to call: ExecuteWorkflow
    ) async throws -> ExecutionOutcome {
        guard call.executionMode == .sync else { return .accepted(accepted) }
        let id = accepted.executionID
        let seconds = call.syncTimeout ?? Double(FieldLimits.standardSyncTimeout)
        try await runner.waitForEnd(of: id, until: now.adding(seconds: seconds))
        let execution = try await execution(id)
        guard execution.status.isFinished else { return .accepted(accepted) }
        return accepted.isReplayed ? .finishedBefore(execution) : .finished(execution)
    }

    /// The workflow and its compiled definition, fit to be run.
    ///
    /// - Throws: 404, 409 when it is inactive.
    func runnable(
        _ id: WorkflowID
    ) async throws -> (WorkflowRecords.Record, CompiledDefinition) {
        let definitions = core.foundation.definitions
        return try await viewBriefly { viewer, connection in
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

    /// - Throws: 422 with every fault.
    func check(_ call: ExecuteWorkflow) async throws {
        var known: CompiledDefinition?
        do {
            known = try await runnable(call.workflowID).1
        } catch {
            // What the call itself says is wrong whether there is such a workflow or not.
        }
        try await check(call, call.inputData ?? [:], known)
    }

    private func check(
        _ call: ExecuteWorkflow, _ input: JSONObject, _ definition: CompiledDefinition?
    ) async throws {
        var faults = Faults(besides: knownFaults)
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
        if let definition { faults.add(definition.inputFaults(input)) }
        if let url = call.webhookURL {
            if let error = await core.foundation.integrations.http.refusal(ofURL: url) {
                faults.note("webhook_url", error.message)
            }
        }
        try faults.check()
    }

    func checkSize(_ input: JSONObject, _ faults: inout Faults) throws {
        let limit = core.configuration.limits.inputData
        if JSONValue.object(input).exceeds(bytes: limit) {
            throw APIError(
                .payloadTooLarge, "The input is larger than \(limit) bytes; give less of it")
        }
    }

    /// SHA-256 over all of a call but its key, in whatever order the members of objects come.
    private static func bodyHash(_ call: ExecuteWorkflow) throws -> String {
        var call = call
        call.idempotencyKey = nil
        return Digest.sha256(try JSONValue(encoding: call).inKeyOrder.jsonBytes).hexadecimal
    }

    /// The call of this caller that came before with the same key. Its workflow may have been
    /// deleted since.
    private func known(
        _ idempotency: Acceptance.Idempotency, _ workflow: WorkflowID
    ) async throws -> KnownIdempotencyKey? {
        try await viewBriefly { viewer, connection in
            guard let user = viewer.row,
                let record = try WorkflowRecords.find(workflow, in: connection)
            else { return nil }
            return try ExecutionWriting.known(
                idempotency, workflow: record.row, user: user, in: connection)
        }
    }

    /// Answers what the first call was answered; in `sync` mode the end, waiting for it.
    private func repeated(
        _ known: KnownIdempotencyKey, _ call: ExecuteWorkflow
    ) async throws -> ExecutionOutcome {
        guard known.isSameBody else {
            throw APIError(
                .conflict,
                "The idempotency key was used for another request in the last 24 hours. Use a new "
                    + "key")
        }
        var accepted = ExecutionAccepted(
            executionID: known.executionID, workflowID: call.workflowID, status: known.status,
            startedAt: known.startedAt, inputData: call.inputData ?? [:])
        accepted.isReplayed = true
        return try await answer(accepted, to: call)
    }
}

extension JSONValue {
    /// The same value with the members of every object in the order of their keys.
    fileprivate var inKeyOrder: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.inKeyOrder))
        case .object(let object):
            .object(
                object.members.sorted { $0.key < $1.key }
                    .reduce(into: [:]) { $0[$1.key] = $1.value.inKeyOrder })
        default: self
        }
    }
}
