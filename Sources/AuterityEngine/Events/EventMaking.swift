import AuterityAPI

/// The events that a row of the journal means: the same whether they are made as the row is
/// written or read back from the store.
enum EventMaking {
    /// A row makes at most two events; both ids follow from its number, so they only grow.
    static func updateID(_ seq: Int64) -> Int64 { seq * 2 }
    static func notificationID(_ seq: Int64) -> Int64 { seq * 2 + 1 }
    /// The newest row that an id belongs to.
    static func seq(of id: Int64) -> Int64 { id / 2 }

    /// - Parameter state: the execution after the row was applied.
    static func events(
        _ content: JournalContent, step: StepID?, at: Timestamp, seq: Int64,
        state: ExecutionState, subject: ExecutionSubject
    ) -> [Event] {
        guard changesWhatIsShown(content) else { return [] }
        let update = ExecutionUpdate(
            executionID: subject.id, workflowID: subject.workflowID,
            workflowName: subject.workflowName, status: state.status,
            currentStep: state.currentStep, progress: state.progress,
            stepsCompleted: state.completedCount, stepsTotal: state.layout.count,
            startedAt: subject.startedAt, completedAt: state.completedAt, error: state.error,
            isDemo: subject.isDemo)
        var events = [
            Event(id: updateID(seq), payload: .executionUpdate(update), timestamp: at)
        ]
        if let error = error(content), !isTold(error, content, state) {
            let notification = ErrorNotification(
                executionID: subject.id, workflowID: subject.workflowID,
                stepID: step ?? error.stepID, code: error.code, message: error.message)
            events.append(
                Event(
                    id: notificationID(seq), payload: .errorNotification(notification),
                    timestamp: at))
        }
        return events
    }

    static func alert(_ alert: Alert, at: Timestamp, seq: Int64) -> Event {
        Event(id: updateID(seq), payload: .systemAlert(alert), timestamp: at)
    }

    private static func changesWhatIsShown(_ content: JournalContent) -> Bool {
        switch content {
        case .alertRaised, .alertAcknowledged, .stepProgressed, .timerSet: false
        default: true
        }
    }

    /// Whether the failure of the step told it, which is in the journal before that of the
    /// execution.
    private static func isTold(
        _ error: ExecutionError, _ content: JournalContent, _ state: ExecutionState
    ) -> Bool {
        guard case .executionFailed = content, let id = error.stepID,
            let step = state.layout.index(of: id)
        else { return false }
        let known = state.steps[step]
        return known.status == .failed && known.error?.code == error.code
            && known.error?.message == error.message
    }

    private static func error(_ content: JournalContent) -> ExecutionError? {
        switch content {
        case .stepFailed(let fault): fault.error
        case .executionFailed(let error): error
        default: nil
        }
    }
}
