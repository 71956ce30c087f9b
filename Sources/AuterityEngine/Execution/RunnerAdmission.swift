import AuterityAPI
import Logging
import Synchronization

extension Runner {
    /// It waits: another may run in its place.
    func stopMoving(_ execution: ActiveExecution, isPending: Bool) {
        state.withLock { state in
            state.moving.remove(execution.id)
            if isPending { state.pending.append(execution.id) }
        }
        admitNext()
    }

    /// Lets pending executions run as far as there is room.
    func admitNext() {
        let admitted = state.withLock { state -> [ExecutionID] in
            var admitted: [ExecutionID] = []
            while !state.isClosing, state.moving.count < limits.concurrentExecutions,
                let next = state.pending.popFirst()
            {
                state.moving.insert(next)
                admitted.append(next)
            }
            return admitted
        }
        guard !admitted.isEmpty else { return }
        work.add { [weak self] in
            for id in admitted { await self?.leaveQueue(id) }
        }
    }

    private func leaveQueue(_ id: ExecutionID) async {
        do {
            let standing = try await change(id, lane: .data) { live, context in
                live.leaveQueue(context)
            }
            if standing == nil { forgetAdmission(of: id) }
        } catch {
            around.logger.error("execution \(id) could not leave the queue: \(error)")
            forgetAdmission(of: id)
        }
    }

    private func forgetAdmission(of id: ExecutionID) {
        state.withLock { state in
            if state.active[id] == nil { state.moving.remove(id) }
        }
        admitNext()
    }

    /// The execution in memory, read back where it is not; `nil` when it has ended or never was.
    func activate(_ id: ExecutionID) async throws -> ActiveExecution? {
        if let known = state.withLock({ $0.active[id] }) { return known }
        let definitions = around.definitions
        let read = try await around.store.readBriefly { connection in
            try Self.read(id, definitions, connection)
        }
        guard let read else { return nil }
        return state.withLock { state in
            // Another reader may have been faster.
            if let known = state.active[id] { return known }
            if state.isClosing { return nil }
            state.active[id] = read
            if read.content.withLock({ $0.status }) == .running { state.moving.insert(id) }
            return read
        }
    }

    static func read(
        _ id: ExecutionID, _ definitions: DefinitionCache, _ connection: any StoreConnection
    ) throws -> ActiveExecution? {
        guard let record = try ExecutionRecord.find(id, in: connection),
            !record.status.isFinished,
            let workflow = try WorkflowRecords.find(row: record.workflowRow, in: connection)
        else { return nil }
        let definition = try definitions.definition(
            workflow: record.workflowRow, version: record.workflowVersion, in: connection)
        let facts = ExecutionFacts(
            executionID: id, workflowID: workflow.id, workflowName: workflow.name,
            workflowVersion: record.workflowVersion, startedBy: record.starterName,
            parameters: workflow.parameters)
        let journal = try JournalRecords.entries(of: record.row, in: connection)
        return ActiveExecution(
            record, live: LiveExecution(definition, facts: facts, journal: journal))
    }
}
