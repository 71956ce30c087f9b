import AuterityAPI

/// A log line before it is a row.
struct LogDraft: Hashable, Sendable {
    let id: LogLineID
    let level: LogLevel
    let message: String
    let stepID: StepID?
    let at: Timestamp
}

/// An alert that a step raises, before it is a row.
struct AlertDraft: Hashable, Sendable {
    let id: AlertID
    let severity: AlertSeverity
    let message: String
    let stepID: StepID
    let at: Timestamp

    /// `nil` for what is no alert.
    init?(_ emission: StepEmission, ids: IDSource) {
        guard case .alert(let severity, let message) = emission.emission else { return nil }
        id = ids.next(at: emission.at)
        self.severity = severity
        self.message = message
        stepID = emission.stepID
        at = emission.at
    }
}

/// The log of an execution: the lines that its `log` steps write, and those that it writes of
/// itself for what stands in its journal, from a level on.
struct ExecutionLog {
    /// From which level on an execution writes lines of itself; none when `nil`.
    private let level: LogLevel?

    init(_ level: LogLevel?) {
        self.level = level
    }

    /// The lines of a turn, in the order in which things happened.
    func lines(
        of drafts: [JournalDraft], and emissions: [StepEmission], ids: IDSource
    ) -> [LogDraft] {
        var lines: [LogDraft] = []
        var written = emissions[...]
        func takeWritten(upTo place: Int) {
            while let emission = written.first, emission.place <= place {
                written = written.dropFirst()
                guard case .log(let level, let message) = emission.emission else { continue }
                lines.append(
                    LogDraft(
                        id: ids.next(at: emission.at), level: level, message: message,
                        stepID: emission.stepID, at: emission.at))
            }
        }
        for (place, draft) in drafts.enumerated() {
            takeWritten(upTo: place)
            guard let level, let line = Self.line(draft), line.level >= level else { continue }
            lines.append(
                LogDraft(
                    id: ids.next(at: draft.at), level: line.level, message: line.message,
                    stepID: draft.stepID, at: draft.at))
        }
        takeWritten(upTo: drafts.count)
        return lines
    }

    /// What a row of the journal says to people; `nil` when its neighbours say it.
    static func line(_ draft: JournalDraft) -> (level: LogLevel, message: String)? {
        switch draft.content {
        case .executionAccepted(_, let queuedBy?, _): (.info, "Accepted; \(queuedBy)")
        case .executionAccepted(_, _, let original?): (.info, "Started as a retry of \(original)")
        case .executionAccepted: (.info, "Started")
        case .executionStarted: (.info, "Started after its wait")
        case .executionCompleted: (.info, "Completed")
        case .executionFailed(let error): (.error, "Failed: \(error.message) [\(error.code)]")
        case .executionCancelled(let by, let reason):
            (.warning, "Cancelled" + suffix(" by ", by) + suffix(": ", reason))
        case .signalReceived(.approval(let isApproved, let by, let comment)):
            (.info, (isApproved ? "Approved by " : "Rejected by ") + by + suffix(": ", comment))
        case .signalReceived(.cancel), .timerSet, .alertRaised, .alertAcknowledged: nil
        case .stepProgressed(let message, let items): items == nil ? (.debug, message) : nil
        case .stepScheduled(let blockedBy): (.debug, "Step waits for its turn: \(blockedBy)")
        case .stepStarted: (.debug, "Step started" + attempt(draft))
        case .stepWaiting(let wait, _): (wait.reason == .approval ? .info : .debug, waits(wait))
        case .stepCompleted(let result):
            result.carried == nil
                ? (.debug, "Step completed" + suffix(" with the outcome ", result.handle)) : nil
        case .stepFailed(let fault): fault.carried == nil ? failed(fault, draft) : nil
        case .stepSkipped: (.debug, "Step skipped: none of the edges to it fired")
        case .stepRetrying(let error, let until):
            (
                .warning,
                "Step failed" + attempt(draft) + " and is tried again at \(until): "
                    + "\(error.message) [\(error.code)]"
            )
        }
    }

    private static func failed(
        _ fault: StepFault, _ draft: JournalDraft
    ) -> (level: LogLevel, message: String) {
        let cause = "\(fault.error.message) [\(fault.error.code)]"
        return switch fault.handling {
        case .fail: (.error, "Step failed\(attempt(draft)): \(cause)")
        case .continue, .branch:
            (.warning, "Step failed\(attempt(draft)), and the execution goes on: \(cause)")
        }
    }

    private static func waits(_ wait: StepWait) -> String {
        let cause =
            switch wait.reason {
            case .delay: "Step waits"
            case .approval: "Step waits for an approval"
            case .retry: "Step waits for its next attempt"
            case .limit: "Step waits for a limit"
            case .child: "Step waits for what it started"
            }
        let until = wait.until.map { " until \($0)" } ?? ""
        return cause + until + suffix(": ", wait.message)
    }

    /// Says nothing of a first attempt.
    private static func attempt(_ draft: JournalDraft) -> String {
        guard let attempt = draft.attempt, attempt > 1 else { return "" }
        return " (attempt \(attempt))"
    }

    private static func suffix(_ sign: String, _ text: String?) -> String {
        guard let text, !text.isEmpty else { return "" }
        return sign + text
    }
}
