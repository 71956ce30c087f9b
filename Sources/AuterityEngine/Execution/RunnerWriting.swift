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
        let newRows = rows.count + emissions.count { $0.isAlert }
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
            former = standing.statusBeforeEnd
            if !standing.status.isFinished { return row }
        }
        let isCurrent = try ExecutionWriting.update(
            row, epoch: execution.epoch, to: standing, from: former,
            bearing: execution.bearing, headSeq: head, in: context)
        guard isCurrent else { throw StaleTurn() }
        return row
    }

    private func writeEmissions(_ row: Int64, _ context: WriteContext) throws {
        var logs = logIDs.makeIterator()
        var alerts = alertIDs.makeIterator()
        for emission in emissions {
            switch emission.emission {
            case .log(let level, let message):
                guard let id = logs.next() else { continue }
                try LogRecords.insert(
                    LogRecords.Line(
                        id: id, at: emission.at, level: level, message: message, execution: row,
                        workflow: execution.workflowRow, owner: execution.ownerRow, user: nil,
                        step: emission.stepID),
                    in: context)
            case .alert(let severity, let message):
                guard let id = alerts.next() else { continue }
                try raise(severity, message, id: id, emission, row, context)
            }
        }
    }

    private func raise(
        _ severity: AlertSeverity, _ message: String, id: AlertID, _ emission: StepEmission,
        _ row: Int64, _ context: WriteContext
    ) throws {
        let alert = Alert(
            id: id, severity: severity, source: emission.stepID.rawValue, message: message,
            raisedAt: emission.at, executionID: execution.id, workflowID: execution.workflowID)
        let draft = JournalDraft(
            .alertRaised(severity: severity, message: message, alertID: id),
            step: emission.stepID, attempt: nil, at: emission.at)
        let seq = try JournalRecords.append(
            JournalRecords.Encoded(draft), execution: row, epoch: execution.epoch, to: context)
        try AlertRecords.insert(alert, seq: seq, in: context)
        context.publish(
            seq, [EventMaking.alert(alert, at: emission.at, seq: seq)],
            to: .alert(workflowOwner: execution.ownerID))
    }
}

extension StepEmission {
    var isAlert: Bool {
        if case .alert = emission { true } else { false }
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
