import AuterityAPI
import Synchronization

/// A result came from an epoch that is over; it is dropped and counted.
struct StaleTurn: Error {}

extension Turn {
    /// Writes the turn: the projection, the journal, and what hangs on them. Runs on the writer's
    /// thread.
    ///
    /// - Throws: `StaleTurn` before anything was written; `KnownIdempotencyKey`.
    func write(_ context: WriteContext) throws {
        if changesNothing {
            try writeDelegated(execution.row.load(ordering: .relaxed), context)
            return
        }
        let newRows = rows.count + alerts.count
        let head = context.seq + Int64(newRows)
        let row = try writeStanding(head: head, context)
        for (index, encoded) in rows.enumerated() {
            let seq = try JournalRecords.append(
                encoded, execution: row, epoch: execution.epoch, to: context)
            if let events { context.publish(seq, events[index], to: execution.audience) }
        }
        if removesAllTimers { try TimerRecords.removeAll(row, in: context) }
        for step in timersRemoved { try TimerRecords.remove(row, step: step, in: context) }
        for timer in timersSet {
            try TimerRecords.set(row, step: timer.step, at: timer.until, in: context)
        }
        try writeEmissions(row, context)
        if isEnd {
            try ExecutionWriting.end(
                row, bearing: execution.bearing, standing, startedAt: execution.startedAt,
                webhook: execution.webhookURL, in: context)
        }
        try writeDelegated(row, context)
    }

    private func writeStanding(head: Int64, _ context: WriteContext) throws -> Int64 {
        var former = formerStatus
        var row = execution.row.load(ordering: .relaxed)
        if let acceptance {
            let starter: Int64
            (row, starter) = try ExecutionWriting.insert(
                acceptance, standing, headSeq: head, in: context)
            execution.row.store(row, ordering: .relaxed)
            execution.starterRow.store(starter, ordering: .relaxed)
            former = standing.statusAtInsert
            if standing.status == former { return row }
        }
        let isCurrent = try ExecutionWriting.update(
            row, epoch: execution.epoch, to: standing, from: former,
            bearing: execution.bearing, headSeq: head, in: context)
        guard isCurrent else { throw StaleTurn() }
        return row
    }

    private func writeEmissions(_ row: Int64, _ context: WriteContext) throws {
        for line in logLines {
            try LogRecords.insert(
                LogRecords.Line(
                    id: line.id, at: line.at, level: line.level, message: line.message,
                    execution: row, workflow: execution.workflowRow, owner: execution.ownerRow,
                    user: nil, step: line.stepID),
                in: context)
        }
        for alert in alerts { try raise(alert, row, context) }
    }

    private func raise(_ draft: AlertDraft, _ row: Int64, _ context: WriteContext) throws {
        let alert = Alert(
            id: draft.id, severity: draft.severity, source: draft.stepID.rawValue,
            message: draft.message, raisedAt: draft.at, executionID: execution.id,
            workflowID: execution.workflowID)
        let entry = JournalDraft(
            .alertRaised(severity: draft.severity, message: draft.message, alertID: draft.id),
            step: draft.stepID, attempt: nil, at: draft.at)
        let seq = try JournalRecords.append(
            JournalRecords.Encoded(entry), execution: row, epoch: execution.epoch, to: context)
        try AlertRecords.insert(alert, seq: seq, in: context)
        context.publish(
            seq, [EventMaking.alert(alert, at: draft.at, seq: seq)],
            to: .alert(workflowOwner: execution.ownerID))
    }
}

extension WriteContext {
    /// Events are made before their row has its number.
    func publish(_ seq: Int64, _ events: [Event], to audience: Audience) {
        let numbered = events.map { event in
            let id =
                switch event.payload {
                case .errorNotification: EventMaking.notificationID(seq)
                default: EventMaking.updateID(seq)
                }
            return Event(id: id, payload: event.payload, timestamp: event.timestamp)
        }
        publish(Publication(seq: seq, events: numbered, audience: audience))
    }
}
