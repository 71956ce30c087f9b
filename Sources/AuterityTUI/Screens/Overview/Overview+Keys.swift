import AuterityAPI
import TerminalUI

extension OverviewScreen {
    func bindings(in context: ScreenContext) -> [KeyBinding] {
        guard !capturesText else { return ListKeys.typing }
        var bindings = hasRow ? rowBindings : rowBindings.map(\.hiddenInFooter)
        if isEmptyStore, context.takesDemo {
            bindings += [
                KeyBinding(
                    .character("d"), action: "overview.demo", label: "demo",
                    help: "Load the demo: sample workflows and a stream of executions",
                    permission: .workflowCreate, changes: true, priority: 6)
            ]
        }
        if focus == .templates || focus != .health && !isEmptyStore {
            bindings += ListKeys.bindings(isNarrowed: isNarrowed && !isZoomed, canSort: true)
        }
        return bindings + paneBindings
    }

    private var hasRow: Bool {
        switch focus {
        case .workflows: workflows.selected != nil
        case .executions: executions.selected != nil
        case .templates: templates.selected != nil
        case .health: true
        }
    }

    private var rowBindings: [KeyBinding] {
        switch focus {
        case .workflows:
            [
                Self.open("this workflow"),
                workflows.selected?.isActive == false
                    ? Self.turnOn
                    : KeyBinding(
                        .character("x"), action: "overview.run", label: "run",
                        help: "Run this workflow with input from a form",
                        permission: .workflowExecute, changes: true, priority: 6),
            ]
        case .executions: Self.executionBindings
        case .templates:
            [
                Self.open("this template"),
                KeyBinding(
                    .character("i"), .character("x"), action: "overview.wizard", label: "use",
                    help: "Make a workflow of this template", permission: .workflowCreate,
                    changes: true, priority: 6),
            ]
        case .health: [Self.open("health, with charts and alerts")]
        }
    }

    private static func open(_ what: String) -> KeyBinding {
        KeyBinding(
            .enter, action: "overview.open", label: "open", help: "Open \(what)", priority: 7)
    }

    /// Only what is on can be run.
    private static let turnOn = KeyBinding(
        .character("x"), action: "overview.activate", label: "turn on",
        help: "Turn this workflow on: it is off, and cannot be run",
        permission: .workflowUpdate, changes: true, priority: 6)

    private static let executionBindings: [KeyBinding] = [
        open("this execution"),
        KeyBinding(
            .character("x"), action: "overview.run", label: "run",
            help: "Run the workflow of this execution with input from a form",
            permission: .workflowExecute, changes: true, priority: 5),
        KeyBinding(
            .character("c"), action: "overview.cancel", label: "cancel",
            help: "Cancel this execution, or the marked ones",
            permission: .workflowExecute, changes: true, priority: 6),
        KeyBinding(
            .character("r"), action: "overview.retry", label: "retry",
            help: "Retry this execution, or the marked ones, from the failed steps",
            permission: .workflowExecute, changes: true, priority: 6),
    ]

    private var paneBindings: [KeyBinding] {
        [
            KeyBinding(
                .character("z"), action: "overview.zoom", label: isZoomed ? "unzoom" : "zoom",
                help: "Make this pane the whole screen, and back", priority: 2),
            KeyBinding(
                .tab, action: "overview.next", label: "next pane",
                help: "Move the focus to the next pane", priority: -1),
            KeyBinding(
                .backTab, action: "overview.previous", label: "previous pane",
                help: "Move the focus to the pane before", priority: -1),
            KeyBinding(
                .character("t"), action: "overview.templates", label: "templates",
                help: "Move the focus to the templates", priority: isEmptyStore ? 6 : -1),
        ]
            + OverviewPane.allCases.map { pane in
                KeyBinding(
                    .character(Character(String(pane.rawValue))),
                    action: ActionID(rawValue: "overview.focus\(pane.rawValue)"),
                    label: pane.title.lowercased(),
                    help: "Move the focus to \(pane.title.lowercased())", priority: -1)
            }
            + (isZoomed
                ? [
                    KeyBinding(
                        .escape, action: "overview.zoom", label: "unzoom",
                        help: "Show all panes again", priority: -1)
                ] : [])
    }

    /// Whether Esc has something to take away before it leaves.
    private var isNarrowed: Bool {
        switch focus {
        case .workflows: workflows.isNarrowed
        case .executions: executions.isNarrowed
        case .templates: templates.isNarrowed
        case .health: false
        }
    }

    // MARK: Actions

    mutating func perform(_ action: ActionID, in context: ScreenContext) -> [Effect] {
        switch action {
        case "overview.open": return open(context)
        case "overview.run": return run()
        case "overview.activate": return activate()
        case "overview.wizard":
            guard let template = templates.selected else { return [] }
            return [
                .request(
                    Request(
                        GetTemplate(templateID: template.id), tag: "wizard",
                        activity: "Opening"))
            ]
        case "overview.cancel": return cancel()
        case "overview.retry": return retry(context)
        case "overview.demo": return [.startDemo]
        case "overview.zoom": toggleZoom()
        case "overview.next": step(1)
        case "overview.previous": step(-1)
        case "overview.templates": setFocus(.templates)
        default:
            if let pane = OverviewPane.allCases.first(where: {
                action.rawValue == "overview.focus\($0.rawValue)"
            }) {
                setFocus(pane)
                return []
            }
            return performOnList(action, in: context)
        }
        return []
    }

    private mutating func performOnList(
        _ action: ActionID, in context: ScreenContext
    ) -> [Effect] {
        let height = height(focus, context)
        let isWide = layout(context).isWide(focus)
        switch focus {
        case .workflows:
            return workflows.perform(
                action, height: height, isWide: isWide, now: context.now)
        case .executions:
            return executions.perform(
                action, height: height, isWide: isWide, now: context.now)
        case .templates:
            return templates.perform(
                action, height: height, isWide: isWide, now: context.now)
        case .health: return []
        }
    }

    private mutating func step(_ step: Int) {
        let all = OverviewPane.allCases
        let index = (focus.rawValue - 1 + step + all.count) % all.count
        setFocus(all[index])
    }

    private func open(_ context: ScreenContext) -> [Effect] {
        switch focus {
        case .workflows: workflows.selected.map { [.open(.workflow($0.id))] } ?? []
        case .executions: executions.selected.map { [.open(.execution($0.id))] } ?? []
        case .templates: templates.selected.map { [.open(.template($0.id))] } ?? []
        case .health: [.open(.health)]
        }
    }

    private func run() -> [Effect] {
        let id =
            switch focus {
            case .workflows: workflows.selected?.id
            case .executions: executions.selected?.workflowID
            case .templates, .health: nil as WorkflowID?
            }
        return id.map { [.open(.runForm(.workflowID($0, input: [:])))] } ?? []
    }

    private func activate() -> [Effect] {
        guard let workflow = workflows.selected else { return [] }
        let call = UpdateWorkflow(workflowID: workflow.id, isActive: true)
        return [
            .request(
                Request(
                    call, activity: "Turning on", success: "Turned on: it can be run",
                    showsErrors: true))
        ]
    }

    // MARK: Cancelling and retrying

    private func cancel() -> [Effect] {
        let targets = executions.targets.filter { !$0.status.isFinished }
        guard let first = targets.first else {
            return [.toast(Toast("Nothing to cancel: it has ended already", kind: .info))]
        }
        let requests = targets.map {
            Effect.request(
                Request(
                    CancelExecution(executionID: $0.id), activity: "Cancelling",
                    success: targets.count == 1 ? "Cancelled “\($0.workflowName)”" : nil))
        }
        if targets.count == 1 {
            return [
                .ask(
                    Question(
                        "Cancel “\(first.workflowName)”?",
                        lines: [
                            "Execution \(first.id.short), \(first.status.rawValue), "
                                + "\(first.progress)% done.",
                            "Running steps are told to stop; what was not reached is cancelled.",
                        ], safe: "Keep running", confirm: "Cancel it", effects: requests))
            ]
        }
        return [
            .ask(
                Question(
                    "Cancel \(targets.count) executions?", lines: Self.names(of: targets),
                    safe: "Keep running", confirm: "Cancel all \(targets.count)",
                    effects: requests))
        ]
    }

    private func retry(_ context: ScreenContext) -> [Effect] {
        let targets = executions.targets.filter { $0.status == .failed || $0.status == .cancelled }
        guard let first = targets.first else {
            return [.toast(Toast("Nothing to retry: it did not fail", kind: .info))]
        }
        let requests = targets.map {
            Effect.request(
                Request(
                    RetryExecution(executionID: $0.id), activity: "Retrying",
                    success: targets.count == 1 ? "Retrying “\($0.workflowName)”" : nil))
        }
        // While following, the row under the cursor may have changed under the finger.
        guard targets.count > 1 || executions.rows.isFollowing else { return requests }
        let title =
            targets.count == 1
            ? "Retry “\(first.workflowName)”?" : "Retry \(targets.count) executions?"
        return [
            .ask(
                Question(
                    title, lines: Self.names(of: targets), safe: "Not now",
                    confirm: targets.count == 1 ? "Retry it" : "Retry all \(targets.count)",
                    effects: requests))
        ]
    }

    /// What a question touches: workflows with how many executions of each.
    private static func names(of rows: [ExecutionSummary]) -> [String] {
        var counts: [String: Int] = [:]
        for row in rows { counts[row.workflowName, default: 0] += 1 }
        guard rows.count > 1 else { return rows.map { "Execution \($0.id.short)." } }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let most = 6
        var lines = sorted.prefix(most).map { "\($0.value) of “\($0.key)”" }
        if sorted.count > most { lines.append("and \(sorted.count - most) more workflows") }
        return lines
    }

    // MARK: Raw keys

    mutating func press(_ key: Key, in context: ScreenContext) -> [Effect] {
        if case .mouse(let action, let point) = key, !capturesText {
            if let effects = click(action, at: point, in: context) { return effects }
        }
        let height = height(focus, context)
        switch focus {
        case .workflows:
            return Self.press(key, on: &workflows, height: height, now: context.now)
        case .executions:
            return Self.press(key, on: &executions, height: height, now: context.now)
        case .templates:
            return Self.press(key, on: &templates, height: height, now: context.now)
        case .health: return []
        }
    }

    private static func press<Content>(
        _ key: Key, on pane: inout TablePane<Content>, height: Int, now: Timestamp
    ) -> [Effect] {
        if pane.isTyping { return pane.type(key, height: height, now: now) }
        return pane.handle(key, height: height, now: now) ?? []
    }

    /// The pane under the mouse gets the focus; a click on the row under the cursor opens it.
    private mutating func click(
        _ action: MouseAction, at point: Point, in context: ScreenContext
    ) -> [Effect]? {
        let layout = layout(context)
        if let index = tabs.title(at: point, in: layout.tabs), action == .press,
            let pane = OverviewPane(rawValue: index + 1)
        {
            setFocus(pane)
            return []
        }
        guard let pane = layout.places.first(where: { $0.value.contains(point) })?.key else {
            return []
        }
        let wasFocused = pane == focus
        switch action {
        case .release: return []
        case .wheelUp, .wheelDown:
            setFocus(pane)
            return nil
        case .press: break
        }
        setFocus(pane)
        if point.y == layout.places[pane]?.y {
            if wasFocused { toggleZoom() }
            return []
        }
        guard let row = row(at: point, in: pane, layout: layout) else { return [] }
        if wasFocused, row == cursor(of: pane) { return open(context) }
        return move(pane, to: row, in: context)
    }

    private func row(at point: Point, in pane: OverviewPane, layout: OverviewLayout) -> Int? {
        let area = layout.inside(pane)
        let isWide = layout.isWide(pane)
        return switch pane {
        case .workflows: workflows.row(at: point, in: area, isWide: isWide)
        case .executions: executions.row(at: point, in: area, isWide: isWide)
        case .templates: templates.row(at: point, in: area, isWide: isWide)
        case .health: nil
        }
    }

    private func cursor(of pane: OverviewPane) -> Int? {
        switch pane {
        case .workflows: workflows.rows.list.cursor
        case .executions: executions.rows.list.cursor
        case .templates: templates.rows.list.cursor
        case .health: nil
        }
    }

    private mutating func move(
        _ pane: OverviewPane, to row: Int, in context: ScreenContext
    ) -> [Effect] {
        let height = height(pane, context)
        let now = context.now
        return switch pane {
        case .workflows: workflows.move(to: row, height: height, now: now)
        case .executions: executions.move(to: row, height: height, now: now)
        case .templates: templates.move(to: row, height: height, now: now)
        case .health: []
        }
    }
}
