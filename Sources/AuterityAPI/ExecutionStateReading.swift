extension ExecutionState {
    public subscript(id: StepID) -> StepState? {
        layout.index(of: id).map { steps[$0] }
    }

    /// The step as the contract shows it.
    public func step(at index: Int) -> Step {
        let state = steps[index]
        return Step(
            stepID: layout.ids[index], type: layout.types[index], label: layout.labels[index],
            status: state.status, startedAt: state.startedAt, completedAt: state.completedAt,
            attempt: state.attempt, input: state.input, output: state.output, error: state.error)
    }

    /// All steps as the contract shows them, in the order of the definition.
    public var stepList: [Step] {
        steps.indices.map { step(at: $0) }
    }

    /// Indices of the steps that wait for a person's decision.
    public var waitingApprovals: [Int] {
        steps.indices.filter { steps[$0].wait?.reason == .approval }
    }

    /// Why it does not move, in one sentence; `nil` while it moves or has ended.
    public var blockedBy: String? {
        guard !isFinished, runningCount == 0 else { return nil }
        if let queuedBy { return queuedBy }
        // The step that will move first is named: a queue before a timer before a person.
        var best: (until: Timestamp?, sentence: String)?
        for index in steps.indices {
            if let sentence = steps[index].blockedBy, !sentence.isEmpty { return sentence }
            guard let wait = steps[index].wait else { continue }
            let isSooner =
                switch (wait.until, best?.until) {
                case (let new?, let old?): new < old
                case (_?, nil): true
                case (nil, _): best == nil
                }
            if isSooner { best = (wait.until, sentence(for: wait, at: index)) }
        }
        return best?.sentence
    }

    private func sentence(for wait: StepWait, at index: Int) -> String {
        let step = "step \"\(layout.ids[index])\""
        let until = wait.until.map { " until \($0)" } ?? ""
        switch wait.reason {
        case .delay: return "\(step) waits\(until)"
        case .approval:
            let roles = wait.approvers.joined(separator: " or ")
            return "\(step) waits for approval\(roles.isEmpty ? "" : " by \(roles)")\(until)"
        case .retry:
            let cause = steps[index].error.map { ": \($0.message)" } ?? ""
            let time = wait.until.map { " at \($0)" } ?? ""
            let attempt = "attempt \(steps[index].attempt) failed"
            return "\(step) is tried again\(time) after \(attempt)\(cause)"
        case .limit: return wait.message ?? "\(step) waits for a limit\(until)"
        case .child: return "\(step) waits for \(children(at: index))"
        }
    }

    private func children(at index: Int) -> String {
        if let id = steps[index].wait?.executionID { return "the execution \(id)" }
        let items = steps[index].items ?? ItemsProgress()
        let total = steps[index].input?["items"]?.arrayValue?.count ?? 0
        let progress = "\(items.results.count) of \(total) items are done"
        guard let first = items.children.min(by: { $0.key < $1.key }) else {
            return "the executions that it starts: \(progress)"
        }
        let others = items.children.count - 1
        return "the execution \(first.value)\(others > 0 ? " and \(others) more" : ""): \(progress)"
    }
}
