extension JournalContent {
    /// The `data` of the row; see the table at `JournalContent`.
    public var data: JSONValue {
        switch self {
        case .executionAccepted(let input, let queuedBy, let retriedFrom):
            return record([
                ("input", .object(input)), ("queued_by", queuedBy.map(JSONValue.string)),
                ("retried_from", retriedFrom.map { .string($0.description) }),
            ])
        case .executionStarted, .stepSkipped: return .null
        case .stepScheduled(let blockedBy): return ["blocked_by": .string(blockedBy)]
        case .stepStarted(let input): return record([("input", input)])
        case .stepProgressed(let message, let items):
            return record([("message", .string(message))] + (items?.members ?? []))
        case .stepWaiting(let wait, let input): return wait.data(input: input)
        case .stepCompleted(let result): return result.data
        case .stepFailed(let fault): return fault.data
        case .stepRetrying(let error, let until):
            return ["error": error.data, "until": .string(until.description)]
        case .signalReceived(let signal): return signal.data
        case .timerSet(let until): return ["until": .string(until.description)]
        case .executionCompleted(let output): return ["output": output]
        case .executionFailed(let error): return ["error": error.data]
        case .executionCancelled(let by, let reason):
            return record([
                ("by", by.map(JSONValue.string)), ("reason", reason.map(JSONValue.string)),
            ])
        case .alertRaised(let severity, let message, let alertID):
            return record([
                ("severity", .string(severity.rawValue)), ("message", .string(message)),
                ("alert_id", alertID.map { .string($0.description) }),
            ])
        case .alertAcknowledged(let alertID, let by):
            return record([
                ("alert_id", alertID.map { .string($0.description) }),
                ("by", by.map(JSONValue.string)),
            ])
        }
    }

    /// Reads the `data` of a row. Keys that a newer version added are passed over; `nil` when
    /// what the kind needs is missing.
    public init?(kind: JournalKind, data: JSONValue) {
        switch kind {
        case .executionAccepted, .executionStarted, .executionCompleted, .executionFailed,
            .executionCancelled:
            self.init(executionKind: kind, data: data)
        case .alertRaised:
            guard let severity = data["severity"]?.stringValue.flatMap(AlertSeverity.init) else {
                return nil
            }
            self = .alertRaised(
                severity: severity, message: data["message"]?.stringValue ?? "",
                alertID: data["alert_id"]?.stringValue.flatMap { AlertID($0) })
        case .alertAcknowledged:
            self = .alertAcknowledged(
                alertID: data["alert_id"]?.stringValue.flatMap { AlertID($0) },
                by: data["by"]?.stringValue)
        default: self.init(stepKind: kind, data: data)
        }
    }

    private init?(executionKind kind: JournalKind, data: JSONValue) {
        switch kind {
        case .executionAccepted:
            self = .executionAccepted(
                input: data["input"]?.objectValue ?? [:],
                queuedBy: data["queued_by"]?.stringValue,
                retriedFrom: data["retried_from"]?.stringValue.flatMap { ExecutionID($0) })
        case .executionStarted: self = .executionStarted
        case .executionCompleted: self = .executionCompleted(output: data["output"] ?? .null)
        case .executionFailed:
            guard let error = ExecutionError(data: data["error"]) else { return nil }
            self = .executionFailed(error)
        case .executionCancelled:
            self = .executionCancelled(
                by: data["by"]?.stringValue, reason: data["reason"]?.stringValue)
        default: return nil
        }
    }

    private init?(stepKind kind: JournalKind, data: JSONValue) {
        switch kind {
        case .stepScheduled:
            self = .stepScheduled(blockedBy: data["blocked_by"]?.stringValue ?? "")
        case .stepStarted: self = .stepStarted(input: data["input"])
        case .stepProgressed:
            self = .stepProgressed(
                message: data["message"]?.stringValue ?? "", items: ItemsChange(data: data))
        case .stepWaiting:
            guard let wait = StepWait(data: data) else { return nil }
            self = .stepWaiting(wait, input: data["input"])
        case .stepCompleted: self = .stepCompleted(StepResult(data: data))
        case .stepFailed:
            guard let fault = StepFault(data: data) else { return nil }
            self = .stepFailed(fault)
        case .stepSkipped: self = .stepSkipped
        case .stepRetrying:
            guard let error = ExecutionError(data: data["error"]), let until = time(data["until"])
            else { return nil }
            self = .stepRetrying(error: error, until: until)
        case .signalReceived:
            guard let signal = Signal(data: data) else { return nil }
            self = .signalReceived(signal)
        case .timerSet:
            guard let until = time(data["until"]) else { return nil }
            self = .timerSet(until: until)
        default: return nil
        }
    }
}

/// An object of the members that have a value.
private func record(_ members: [(String, JSONValue?)]) -> JSONValue {
    var object = JSONObject()
    for (key, value) in members {
        if let value { object[key] = value }
    }
    return .object(object)
}

private func time(_ json: JSONValue?) -> Timestamp? {
    json?.stringValue.flatMap { Timestamp($0) }
}

private func texts(_ json: JSONValue?) -> [String]? {
    json?.arrayValue?.compactMap(\.stringValue)
}

extension StepWait {
    fileprivate func data(input: JSONValue?) -> JSONValue {
        record([
            ("reason", .string(reason.rawValue)),
            ("until", until.map { .string($0.description) }),
            ("message", message.map(JSONValue.string)),
            ("approvers", approvers.isEmpty ? nil : .array(approvers.map(JSONValue.string))),
            ("execution_id", executionID.map { .string($0.description) }),
            ("input", input),
        ])
    }

    fileprivate init?(data: JSONValue) {
        guard let reason = data["reason"]?.stringValue.flatMap(Reason.init) else { return nil }
        self.init(
            reason: reason, until: time(data["until"]), message: data["message"]?.stringValue,
            approvers: texts(data["approvers"]) ?? [],
            executionID: data["execution_id"]?.stringValue.flatMap { ExecutionID($0) })
    }
}

extension CarriedOver {
    fileprivate var data: JSONValue {
        record([
            ("execution_id", .string(executionID.description)),
            ("started_at", startedAt.map { .string($0.description) }),
            ("completed_at", completedAt.map { .string($0.description) }),
        ])
    }

    fileprivate init?(data: JSONValue?) {
        guard let id = data?["execution_id"]?.stringValue.flatMap({ ExecutionID($0) }) else {
            return nil
        }
        self.init(
            executionID: id, startedAt: time(data?["started_at"]),
            completedAt: time(data?["completed_at"]))
    }
}

extension StepResult {
    fileprivate var data: JSONValue {
        record([
            ("output", output), ("handle", handle.map(JSONValue.string)),
            ("edges", edges.map { .array($0.map(JSONValue.string)) }),
            ("edge_error", edgeError.map(JSONValue.string)), ("input", input),
            ("carried", carried?.data),
        ])
    }

    fileprivate init(data: JSONValue) {
        self.init(
            output: data["output"], handle: data["handle"]?.stringValue,
            edges: texts(data["edges"]), edgeError: data["edge_error"]?.stringValue,
            input: data["input"], carried: CarriedOver(data: data["carried"]))
    }
}

extension StepFault {
    fileprivate var data: JSONValue {
        record([
            ("error", error.data),
            ("handled", handling == .fail ? Optional.none : .string(handling.rawValue)),
            ("edges", edges.map { .array($0.map(JSONValue.string)) }),
            ("edge_error", edgeError.map(JSONValue.string)), ("carried", carried?.data),
        ])
    }

    fileprivate init?(data: JSONValue) {
        guard let error = ExecutionError(data: data["error"]) else { return nil }
        self.init(
            error: error,
            handling: data["handled"]?.stringValue.flatMap(FailureHandling.init) ?? .fail,
            edges: texts(data["edges"]), edgeError: data["edge_error"]?.stringValue,
            carried: CarriedOver(data: data["carried"]))
    }
}

extension Signal {
    fileprivate var data: JSONValue {
        switch self {
        case .approval(let approved, let by, let comment):
            record([
                ("signal", "approval"), ("approved", .bool(approved)), ("by", .string(by)),
                ("comment", comment.map(JSONValue.string)),
            ])
        case .cancel(let by): record([("signal", "cancel"), ("by", by.map(JSONValue.string))])
        }
    }

    fileprivate init?(data: JSONValue) {
        switch data["signal"]?.stringValue {
        case "approval":
            guard let approved = data["approved"]?.boolValue else { return nil }
            self = .approval(
                approved: approved, by: data["by"]?.stringValue ?? "",
                comment: data["comment"]?.stringValue)
        case "cancel": self = .cancel(by: data["by"]?.stringValue)
        default: return nil
        }
    }
}

extension ExecutionError {
    fileprivate var data: JSONValue {
        record([
            ("code", .string(code)), ("message", .string(message)),
            ("step_id", stepID.map { .string($0.rawValue) }),
        ])
    }

    fileprivate init?(data: JSONValue?) {
        guard let code = data?["code"]?.stringValue else { return nil }
        self.init(
            code: code, message: data?["message"]?.stringValue ?? "",
            stepID: data?["step_id"]?.stringValue.map { StepID($0) })
    }
}
