import AuterityAPI
import TerminalUI

extension WorkflowScreen {
    private var workflowRequest: Request {
        Request(GetWorkflow(workflowID: workflowID), tag: "workflow", showsErrors: true)
    }

    func read() -> [Effect] {
        [
            .request(workflowRequest), .request(runs.request(workflowID)),
            .request(
                Request(
                    ListWorkflowVersions(workflowID: workflowID, pageSize: PageLimits.maximumSize),
                    tag: "versions", showsErrors: true)),
        ]
    }

    mutating func refresh() -> [Effect] {
        isStale = false
        return [.request(workflowRequest), .request(runs.request(workflowID))]
    }

    mutating func take(_ events: [Event]) -> [Effect] {
        for event in events {
            guard case .executionUpdate(let update) = event.payload,
                update.workflowID == workflowID
            else { continue }
            let isKnown = runs.update(update)
            if !isKnown || update.status.isFinished { isStale = true }
        }
        return []
    }

    // MARK: Answers

    mutating func take(_ reply: Reply, in context: ScreenContext) -> [Effect] {
        let area = places(context).content
        if let answer = reply.to(GetWorkflow.self) {
            switch answer.result {
            case .failure(let error):
                loadError = error
                // What is gone is not shown as if it were there, unless a draft of it is open.
                if error.code.status == 404, draft == nil { workflow = nil }
            case .success(let workflow): accept(workflow, at: context.now)
            }
        } else if let answer = reply.to(ListExecutions.self) {
            switch answer.result {
            case .failure(let error): runs.error = error
            case .success(let page):
                runs.error = nil
                runs.take(page, call: answer.call, in: area)
            }
        } else if let answer = reply.to(ListWorkflowVersions.self) {
            switch answer.result {
            case .failure(let error): versions.error = error
            case .success(let page): versions.take(page, in: area)
            }
            return tab == .versions ? versions.requests(workflowID) : []
        } else if let version = reply.to(GetWorkflowVersion.self)?.response {
            versions.take(version)
        } else {
            return takeChange(reply, in: context)
        }
        return []
    }

    private mutating func accept(_ new: Workflow, at now: Timestamp) {
        loadError = nil
        readAt = now
        if new.version != workflow?.version { faults = nil }
        workflow = new
        show()
    }

    private mutating func takeChange(_ reply: Reply, in context: ScreenContext) -> [Effect] {
        if let answer = reply.to(ValidateDefinition.self) { return take(answer) }
        if let answer = reply.to(UpdateWorkflow.self) { return take(answer, in: context) }
        if let copy = reply.to(DuplicateWorkflow.self)?.response {
            return [.open(.workflow(copy.id))]
        }
        if reply.to(DeleteWorkflow.self)?.response != nil { return [.back] }
        return []
    }

    private mutating func take(_ answer: Answer<ValidateDefinition>) -> [Effect] {
        guard var draft else { return takeReport(answer) }
        defer {
            self.draft = draft
            show()
        }
        switch answer.result {
        case .failure(let error):
            draft.stage = .wrong
            draft.faults = DefinitionDraft.faults(
                errors: error.details, warnings: [], in: draft.text)
            return [.toast(Toast("Nothing was saved: \(error.message)", kind: .error))]
        case .success(let report):
            draft.faults = DefinitionDraft.faults(
                errors: report.errors, warnings: report.warnings, in: draft.text)
            guard report.valid else {
                draft.stage = .wrong
                tabs.select(Tab.definition.rawValue)
                let text = report.errors.count.counted("fault")
                return [
                    .toast(Toast("Nothing was saved: \(text); e edits on", kind: .warning))
                ]
            }
            draft.stage = .saving
            let call = UpdateWorkflow(
                workflowID: workflowID, definition: answer.call.definition,
                ifMatch: "\"\(draft.version)\"")
            return [.request(Request(call, activity: "Saving", showsErrors: true))]
        }
    }

    /// What validating the saved definition found.
    private mutating func takeReport(_ answer: Answer<ValidateDefinition>) -> [Effect] {
        guard let report = answer.response, let workflow else {
            return answer.result.failureToast
        }
        let found = DefinitionDraft.faults(
            errors: report.errors, warnings: report.warnings,
            in: workflow.definition.prettyJSONText)
        faults = found
        show()
        if found.isEmpty { return [.toast(Toast("The definition is valid", kind: .success))] }
        tabs.select(Tab.definition.rawValue)
        let errors = report.errors.count
        let text =
            errors == 0
            ? "Valid, with \(report.warnings.count.counted("warning"))"
            : "\(errors.counted("fault")), \(report.warnings.count.counted("warning"))"
        return [.toast(Toast(text, kind: errors == 0 ? .info : .warning))]
    }

    private mutating func take(
        _ answer: Answer<UpdateWorkflow>, in context: ScreenContext
    ) -> [Effect] {
        let isSave = answer.call.definition != nil
        switch answer.result {
        case .success(let new):
            if isSave { draft = nil }
            accept(new, at: context.now)
            let text =
                isSave
                ? "Saved as version \(new.version)"
                : new.isActive ? "Turned on: it can be run" : "Turned off: it cannot be run"
            return [.toast(Toast(text, kind: .success))] + read()
        case .failure(let error):
            guard isSave, var draft else {
                return [.toast(Toast(error.description, kind: .error))]
            }
            draft.stage = .wrong
            draft.faults = DefinitionDraft.faults(
                errors: error.details, warnings: [], in: draft.text)
            draft.isOutdated = error.code == .preconditionFailed
            self.draft = draft
            show()
            guard draft.isOutdated else {
                return [.toast(Toast("Nothing was saved: \(error.message)", kind: .error))]
            }
            let text =
                "Nothing was saved: somebody made another version meanwhile. Versions shows it; e "
                + "edits yours on and can save it over the other"
            return [.toast(Toast(text, kind: .error))] + read()
        }
    }

    // MARK: Editing

    /// Opens the definition, or what was edited last, at its first fault.
    func edit() -> [Effect] {
        guard let workflow else { return [] }
        return [
            .edit(
                Document(
                    tag: "definition", name: "definition.json",
                    text: draft?.text ?? workflow.definition.prettyJSONText,
                    line: draft?.faults.first { !$0.isWarning }?.line))
        ]
    }

    mutating func edited(_ result: EditResult) -> [Effect] {
        switch result {
        case .failed(let reason): return [.toast(Toast(reason, kind: .error))]
        case .unchanged where draft == nil: return [.toast(Toast("Nothing was changed"))]
        case .unchanged: return saveOrAsk()
        case .saved(let text):
            guard let workflow else { return [] }
            draft = DefinitionDraft(
                text: text, version: draft?.version ?? workflow.version, stage: .checking,
                isOutdated: draft?.isOutdated ?? false)
            return saveOrAsk()
        }
    }

    /// Checks what was edited, to save it. What would undo a change that somebody else made
    /// meanwhile is asked about first.
    private mutating func saveOrAsk() -> [Effect] {
        let effects = check()
        guard var draft, draft.isOutdated, draft.stage == .checking, let workflow else {
            return effects
        }
        let edited = draft.version
        draft.version = workflow.version
        draft.stage = .wrong
        self.draft = draft
        let shown = "The tab Versions shows what it changed."
        let line =
            workflow.version > edited
            ? "It was made while you edited version \(edited). \(shown)" : shown
        let question = Question(
            "Save over version \(workflow.version) of “\(title)”?", lines: [line],
            safe: "Not yet", confirm: "Save over it", effects: effects)
        return [.ask(question)]
    }

    private mutating func check() -> [Effect] {
        guard var draft else { return [] }
        draft.stage = .checking
        let definition = draft.definition()
        self.draft = draft
        guard let definition else {
            tabs.select(Tab.definition.rawValue)
            show()
            let fault = draft.faults.first.map { "line \($0.line): \($0.message)" } ?? ""
            return [.toast(Toast("That is not JSON, \(fault); e edits on", kind: .error))]
        }
        if definition == workflow?.definition {
            self.draft = nil
            show()
            return [.toast(Toast("Nothing was changed"))]
        }
        show()
        return [
            .request(
                Request(
                    ValidateDefinition(definition: definition, workflowID: workflow?.id),
                    tag: "validate",
                    activity: "Checking", showsErrors: true))
        ]
    }
}

extension Result where Failure == APIError {
    /// Says why it failed, if it did.
    var failureToast: [Effect] {
        if case .failure(let error) = self {
            [.toast(Toast(error.description, kind: .error))]
        } else {
            []
        }
    }
}
