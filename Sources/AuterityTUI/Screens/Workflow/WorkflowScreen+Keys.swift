import AuterityAPI
import TerminalUI

extension ActionID {
    fileprivate static let nextTab: ActionID = "workflow.nextTab"
    fileprivate static let previousTab: ActionID = "workflow.previousTab"
    fileprivate static let run: ActionID = "workflow.run"
    fileprivate static let edit: ActionID = "workflow.edit"
    fileprivate static let drop: ActionID = "workflow.dropEdit"
    fileprivate static let validate: ActionID = "workflow.validate"
    fileprivate static let toggle: ActionID = "workflow.toggle"
    fileprivate static let duplicate: ActionID = "workflow.duplicate"
    fileprivate static let delete: ActionID = "workflow.delete"
    fileprivate static let search: ActionID = "workflow.search"
    fileprivate static let nextFault: ActionID = "workflow.nextFault"
    fileprivate static let open: ActionID = "workflow.open"
    fileprivate static let retry: ActionID = "workflow.retryExecution"
}

extension WorkflowScreen {
    func bindings(in context: ScreenContext) -> [KeyBinding] {
        tabBindings + (workflow == nil ? [] : changeBindings) + [
            KeyBinding(
                .character("]"), action: .nextTab, label: "tabs", help: "Go to the next tab",
                shown: "[ ]", priority: 7),
            KeyBinding(
                .character("["), action: .previousTab, label: "tab",
                help: "Go to the tab before", priority: -1),
        ]
    }

    private var changeBindings: [KeyBinding] {
        var all = [
            workflow?.isActive == false
                ? KeyBinding(
                    .character("x"), action: .toggle, label: "turn on",
                    help: "Turn it on: it is off, and cannot be run",
                    permission: .workflowUpdate, changes: true, priority: 8)
                : KeyBinding(
                    .character("x"), action: .run, label: "run", help: "Run it, with a form",
                    permission: .workflowExecute, changes: true, priority: 8),
            KeyBinding(
                .character("e"), action: .edit, label: draft == nil ? "edit" : "edit on",
                help: "Edit the definition in $EDITOR", permission: .workflowUpdate,
                changes: true, priority: 5),
            KeyBinding(
                .character("v"), action: .validate, label: "validate",
                help: "Check the definition and list every fault", permission: .workflowCreate,
                priority: 3),
            KeyBinding(
                .character("t"), action: .toggle,
                label: workflow?.isActive == true ? "turn off" : "turn on",
                help: "Turn it on or off: only what is on can be run",
                permission: .workflowUpdate, changes: true, priority: 2),
            KeyBinding(
                .character("D"), action: .duplicate, label: "duplicate",
                help: "Make a copy of it", permission: .workflowCreate, changes: true,
                priority: 1),
            KeyBinding(
                .delete, action: .delete, label: "delete", help: "Delete it, after a question",
                permission: .workflowDelete, changes: true, priority: 0),
        ]
        if draft != nil {
            all.append(
                KeyBinding(
                    .character("X"), action: .drop, label: "drop changes",
                    help: "Drop what was edited and not saved", priority: 4))
        }
        return all
    }

    private var tabBindings: [KeyBinding] {
        switch tab {
        case .graph:
            return [
                KeyBinding(
                    describing: "HJKL", label: "view", help: "Move the view over the graph")
            ]
        case .definition:
            let search = KeyBinding(
                .character("/"), action: .search, label: "find",
                help: "Look for a text; n and N go through the matches", priority: 3)
            guard !text.faults.isEmpty else { return [search] }
            return [
                search,
                KeyBinding(
                    .character("F"), action: .nextFault, label: "next fault",
                    help: "Go to the next fault", priority: 6),
            ]
        case .versions:
            return [
                KeyBinding(
                    describing: "Space", label: "compare with",
                    help: "Compare with this version; again: each with the one before",
                    priority: 6),
                KeyBinding(
                    describing: "J K ↵", label: "scroll",
                    help: "Scroll the differences; show them alone where there is little room",
                    priority: 4),
            ]
        case .executions:
            return [
                KeyBinding(
                    .enter, action: .open, label: "open", help: "Open the execution",
                    permission: .workflowRead, priority: 9),
                KeyBinding(
                    .character("r"), action: .retry, label: "retry",
                    help: "Retry the failed execution under the cursor",
                    permission: .workflowExecute, changes: true, priority: 4),
            ]
        }
    }

    // MARK: Actions

    mutating func perform(_ action: ActionID, in context: ScreenContext) -> [Effect] {
        switch action {
        case .nextTab, .previousTab:
            _ = tabs.handle(.character(action == .nextTab ? "]" : "["))
            return tab == .versions ? versions.requests(workflowID) : []
        case .run: return workflow.map { [.open(.runForm(.workflow($0, input: [:])))] } ?? []
        case .edit: return edit()
        case .drop: return drop()
        case .validate: return validate()
        case .toggle: return toggle()
        case .duplicate:
            let call = DuplicateWorkflow(workflowID: workflowID)
            return [.request(Request(call, activity: "Copying", success: "Copied"))]
        case .delete: return delete()
        case .search: searchField = TextField("", maximumLength: 200)
        case .nextFault: text.nextFault()
        case .open: return runs.selected.map { [.open(.execution($0.id))] } ?? []
        case .retry:
            guard let run = runs.selected, run.status == .failed else { return [] }
            let call = RetryExecution(executionID: run.id)
            isStale = true
            return [
                .request(Request(call, activity: "Starting the retry", success: "Retry started"))
            ]
        default: break
        }
        return []
    }

    private func validate() -> [Effect] {
        guard let workflow, draft == nil else { return draft == nil ? [] : edit() }
        let call = ValidateDefinition(
            definition: workflow.definition, workflowID: workflow.id)
        return [
            .request(Request(call, tag: "validate", activity: "Checking", showsErrors: true))
        ]
    }

    private mutating func drop() -> [Effect] {
        draft = nil
        show()
        return [.toast(Toast("The changes were dropped"))]
    }

    private func toggle() -> [Effect] {
        guard let workflow else { return [] }
        let call = UpdateWorkflow(workflowID: workflowID, isActive: !workflow.isActive)
        let activity = workflow.isActive ? "Turning off" : "Turning on"
        return [.request(Request(call, activity: activity, showsErrors: true))]
    }

    private func delete() -> [Effect] {
        guard let workflow else { return [] }
        let running = runs.rows.count { !$0.status.isFinished }
        var lines = ["Its executions and their history stay."]
        if running > 0 { lines.append("\(running) of them still run, and go on.") }
        return [
            .ask(
                Question(
                    "Delete the workflow “\(workflow.name)”?", lines: lines, safe: "Keep it",
                    confirm: "Delete it",
                    effects: [
                        .request(
                            Request(
                                DeleteWorkflow(workflowID: workflowID), activity: "Deleting",
                                success: "Deleted"))
                    ]))
        ]
    }

    // MARK: Keys of the tabs

    mutating func take(_ key: Key, in context: ScreenContext) -> [Effect] {
        let places = places(context)
        let area = places.content
        if searchField != nil { return type(key, in: area, context) }
        if case .mouse(.press, let point) = key,
            let title = tabs.title(at: point, in: places.tabs)
        {
            tabs.select(title)
            return tab == .versions ? versions.requests(workflowID) : []
        }
        switch tab {
        case .graph: _ = graph.handle(key, in: area)
        case .definition: _ = text.handle(key, in: area, theme: context.theme)
        case .versions:
            _ = versions.handle(key, in: area, theme: context.theme)
            return versions.requests(workflowID)
        case .executions:
            _ = runs.handle(key, in: area)
            return runs.moreRequest(workflowID).map { [.request($0)] } ?? []
        }
        return []
    }

    private mutating func type(
        _ key: Key, in area: Rect, _ context: ScreenContext
    ) -> [Effect] {
        switch key {
        case .escape:
            searchField = nil
            _ = text.search("", in: area, theme: context.theme)
        case .enter:
            let pattern = searchField?.text ?? ""
            searchField = nil
            if !text.search(pattern, in: area, theme: context.theme) {
                return [.toast(Toast("“\(pattern)” does not occur here", kind: .warning))]
            }
        default: _ = searchField?.handle(key)
        }
        return []
    }
}
