import AuterityAPI
import TerminalUI

extension ActionID {
    fileprivate static let nextTab: ActionID = "execution.nextTab"
    fileprivate static let previousTab: ActionID = "execution.previousTab"
    fileprivate static let earlier: ActionID = "execution.earlier"
    fileprivate static let later: ActionID = "execution.later"
    fileprivate static let now: ActionID = "execution.now"
    fileprivate static let cancel: ActionID = "execution.cancel"
    fileprivate static let retry: ActionID = "execution.retry"
    fileprivate static let runAgain: ActionID = "execution.runAgain"
    fileprivate static let approve: ActionID = "execution.approve"
    fileprivate static let reject: ActionID = "execution.reject"
    fileprivate static let workflow: ActionID = "execution.workflow"
    fileprivate static let search: ActionID = "execution.search"
    fileprivate static let openStep: ActionID = "execution.openStep"
    fileprivate static let leaveDetail: ActionID = "execution.leaveDetail"
    fileprivate static let otherSide: ActionID = "execution.otherSide"
    fileprivate static let level: ActionID = "execution.level"
    fileprivate static let times: ActionID = "execution.times"
    fileprivate static let travelHere: ActionID = "execution.travelHere"
}

extension ExecutionScreen {
    // MARK: Bindings

    func bindings(in context: ScreenContext) -> [KeyBinding] {
        tabBindings + executionBindings + [
            KeyBinding(
                .character("]"), action: .nextTab, label: "tabs", help: "Go to the next tab",
                shown: "[ ]", priority: 7),
            KeyBinding(
                .character("["), action: .previousTab, label: "tab",
                help: "Go to the tab before", priority: -1),
            KeyBinding(
                .character(","), action: .earlier, label: "time",
                help: "Step back in time: the execution as it was an event before",
                shown: ", .", priority: 5),
            KeyBinding(
                .character("."), action: .later, label: "later",
                help: "Step forth in time", priority: -1),
        ]
            + (travel == nil
                ? []
                : [
                    KeyBinding(
                        .escape, action: .now, label: "now", help: "Go back to the present",
                        priority: 8)
                ])
    }

    private var executionBindings: [KeyBinding] {
        var all: [KeyBinding] = []
        let isFinished = execution?.status.isFinished ?? true
        if !(moment?.waitingApprovals.isEmpty ?? true), travel == nil, !isFinished {
            all += [
                KeyBinding(
                    .character("a"), action: .approve, label: "approve",
                    help: "Approve the waiting step, with a comment",
                    permission: .workflowExecute, changes: true, priority: 8),
                KeyBinding(
                    .character("A"), action: .reject, label: "reject",
                    help: "Reject the waiting step, with a comment",
                    permission: .workflowExecute, changes: true, priority: 7),
            ]
        }
        if !isFinished {
            all.append(
                KeyBinding(
                    .character("c"), action: .cancel, label: "cancel",
                    help: "Cancel this execution", permission: .workflowExecute, changes: true,
                    priority: 6))
        }
        if isFinished, execution?.status != .completed, execution != nil {
            all.append(
                KeyBinding(
                    .character("r"), action: .retry, label: "retry",
                    help: "Retry from the failed step, as a new execution",
                    permission: .workflowExecute, changes: true, priority: 6))
        }
        if execution != nil {
            all.append(
                KeyBinding(
                    .character("R"), action: .runAgain, label: "run again",
                    help: "Run the workflow again with this input, edited",
                    permission: .workflowExecute, changes: true, priority: 3))
            all.append(
                KeyBinding(
                    .character("o"), action: .workflow, label: "workflow",
                    help: "Open the workflow", permission: .workflowRead, priority: 4))
        }
        return all
    }

    private var tabBindings: [KeyBinding] {
        var all: [KeyBinding] = []
        if tab.canSearch {
            all.append(
                KeyBinding(
                    .character("/"), action: .search, label: "find",
                    help: "Look for a text; n and N go through the matches", priority: 2))
        }
        switch tab {
        case .graph, .timeline:
            all.append(
                KeyBinding(
                    .enter, action: .openStep, label: "step",
                    help: "Show the input, output and error of the step", priority: 6))
            all.append(
                tab == .graph
                    ? KeyBinding(
                        describing: "v HJKL", label: "view",
                        help: "Draw boxes, labels or a list; move the view")
                    : KeyBinding(
                        describing: "+ - 0 ← →", label: "zoom",
                        help: "Zoom in, zoom out, show all, move in time"))
        case .steps:
            if steps.isInDetail {
                all.append(
                    KeyBinding(
                        .escape, .backspace, action: .leaveDetail, label: "list",
                        help: "Go back to the list of steps", priority: 7))
            }
            all.append(
                KeyBinding(
                    describing: "→ ← E C", label: "fold",
                    help: "Open, close, open all, close all"))
        case .logs:
            all += [
                KeyBinding(
                    .character("L"), action: .level, label: "level",
                    help: "Show only lines of a level and above", priority: 3),
                KeyBinding(
                    .character("t"), action: .times, label: "times",
                    help: "Hide or show the times", priority: 1),
                KeyBinding(
                    describing: "f w n N", label: "log",
                    help: "Follow the end, wrap long lines, next and previous match"),
            ]
        case .data:
            all.append(
                KeyBinding(
                    .tab, .backTab, action: .otherSide, label: "other",
                    help: "Go from the input to the output and back", priority: 6))
        case .journal:
            all.append(
                KeyBinding(
                    .enter, action: .travelHere, label: "as of then",
                    help: "Show the execution as it was after this event", priority: 6))
        }
        return all
    }

    // MARK: Actions

    mutating func perform(_ action: ActionID, in context: ScreenContext) -> [Effect] {
        let area = places(context).content
        switch action {
        case .nextTab: _ = tabs.handle(.character("]"))
        case .previousTab: _ = tabs.handle(.character("["))
        case .earlier: return travel(by: -1, in: context)
        case .later: return travel(by: 1, in: context)
        case .now:
            travel = nil
            show(in: context)
        case .search: searchField = TextField("", maximumLength: 200)
        case .openStep: openStep(in: context)
        case .leaveDetail: steps.leave()
        case .otherSide: data.switchSide()
        case .level:
            logs.nextLevel()
            return [.request(logs.request(executionID))]
        case .times: logs.toggleTimes()
        case .travelHere:
            travel = journal.list.cursor + 1
            show(in: context)
        case .workflow: return execution.map { [.open(.workflow($0.workflowID))] } ?? []
        case .runAgain: return execution.map { [.open(.runForm(.again($0)))] } ?? []
        case .retry: return retry()
        case .cancel: return cancel()
        case .approve: return decide(isApproved: true)
        case .reject: return decide(isApproved: false)
        default: break
        }
        if action == .nextTab || action == .previousTab {
            syncSelection(in: area)
            show(in: context)
        }
        return []
    }

    private mutating func travel(by step: Int, in context: ScreenContext) -> [Effect] {
        let count = history.entries.count
        guard count > 0 else { return [] }
        guard definition != nil else {
            let reason = definitionError?.message ?? "it is still being read"
            let text = "Going back in time takes the workflow's definition: \(reason)"
            return [.toast(Toast(text, kind: .warning))]
        }
        let next = (travel ?? count) + step
        if next >= count, !history.isComplete {
            travel = count
            return readJournal()
        }
        travel = next >= count ? nil : max(1, next)
        show(in: context)
        return []
    }

    /// The step that the tab in front has under its cursor.
    private var selectedStep: Int? {
        switch tab {
        case .graph: graph.selected
        case .timeline: timeline.selectedStep
        case .steps: steps.selectedStep
        case .logs, .data, .journal: nil
        }
    }

    private mutating func openStep(in context: ScreenContext) {
        guard let step = selectedStep else { return }
        tabs.select(Tab.steps.rawValue)
        steps.select(step, in: places(context).content)
    }

    /// What was selected in the graph is selected in the list of steps, and the other way.
    private mutating func syncSelection(in area: Rect) {
        switch tab {
        case .steps: if graph.hasMoved, let step = graph.selected { steps.select(step, in: area) }
        case .graph: if let step = steps.selectedStep, graph.hasMoved { graph.select(step) }
        case .timeline, .logs, .data, .journal: break
        }
    }

    // MARK: Changes

    private func cancel() -> [Effect] {
        guard let execution, !execution.status.isFinished else { return [] }
        let running = execution.steps.filter { $0.status == .running || $0.status == .waiting }
        var lines = ["Execution \(execution.id.short), \(execution.progress)% done"]
        if !running.isEmpty {
            let names = running.prefix(3).map { SafeText.line($0.label, limit: 30) }
            let more = running.count > 3 ? " and \(running.count - 3) more" : ""
            lines.append("Stops \(names.joined(separator: ", "))\(more)")
        }
        let call = CancelExecution(executionID: executionID)
        return [
            .ask(
                Question(
                    "Cancel this execution of “\(execution.workflowName)”?", lines: lines,
                    safe: "Keep it", confirm: "Cancel it",
                    effects: [
                        .request(Request(call, activity: "Cancelling", success: "Cancelled"))
                    ]))
        ]
    }

    private func retry() -> [Effect] {
        guard execution?.status.isFinished == true else { return [] }
        let call = RetryExecution(executionID: executionID)
        return [.request(Request(call, activity: "Starting the retry", success: "Retry started"))]
    }

    private func decide(isApproved: Bool) -> [Effect] {
        guard let moment, !moment.waitingApprovals.isEmpty else { return [] }
        let waiting = moment.waitingApprovals
        let selected = selectedStep.flatMap {
            moment.steps.indices.contains($0) ? moment.steps[$0].stepID : nil
        }
        let word = isApproved ? "approve" : "reject"
        if let step = waiting.count == 1
            ? waiting[0]
            : selected.flatMap({
                waiting.contains($0) ? $0 : nil
            })
        {
            return [.prompt(prompt(word, step))]
        }
        let options = waiting.prefix(50).map { Choice.Option($0.rawValue, label(of: $0)) }
        return [
            .choose(
                Choice(tag: "\(word)?", title: "Which step to \(word)?", options: Array(options)))
        ]
    }

    private func label(of step: StepID) -> String {
        execution?.steps.first { $0.stepID == step }?.label ?? step.rawValue
    }

    private func prompt(_ word: String, _ step: StepID) -> Prompt {
        let title = word == "approve" ? "Approve" : "Reject"
        return Prompt(
            tag: "\(word):\(step.rawValue)", title: "\(title) “\(label(of: step))”",
            hint: "a comment, or nothing", isChanging: true)
    }

    mutating func answered(_ tag: String, _ text: String) -> [Effect] {
        for (word, isApproved) in [("approve", true), ("reject", false)] {
            if tag == "\(word)?" { return [.prompt(prompt(word, StepID(text)))] }
            guard tag.hasPrefix("\(word):") else { continue }
            let step = StepID(String(tag.dropFirst(word.count + 1)))
            let call = ApproveExecution(
                executionID: executionID, approved: isApproved,
                comment: text.isEmpty ? nil : text, stepID: step)
            return [
                .request(
                    Request(
                        call, activity: isApproved ? "Approving" : "Rejecting",
                        success: isApproved ? "Approved" : "Rejected"))
            ]
        }
        return []
    }

    // MARK: Keys of the tabs

    mutating func take(_ key: Key, in context: ScreenContext) -> [Effect] {
        let places = places(context)
        if searchField != nil { return type(key, in: context) }
        if case .mouse(.press, let point) = key,
            let title = tabs.title(at: point, in: places.tabs)
        {
            tabs.select(title)
            show(in: context)
            return []
        }
        let area = places.content
        switch tab {
        case .graph: _ = graph.handle(key, in: area)
        case .timeline: _ = timeline.handle(key, in: area)
        case .steps: _ = steps.handle(key, in: area)
        case .data: _ = data.handle(key, in: area)
        case .logs:
            _ = logs.handle(key, in: area, context: context)
            if logs.wantsOlder, let request = logs.olderRequest(executionID) {
                return [.request(request)]
            }
        case .journal:
            _ = journal.handle(key, in: area, history: history)
            if key == .character("G") || key == .end, !history.isComplete {
                wantsJournalEnd = true
                return readJournal()
            }
            if journal.wantsMore(history), !history.isComplete { return readJournal() }
        }
        return []
    }

    private mutating func type(_ key: Key, in context: ScreenContext) -> [Effect] {
        switch key {
        case .escape:
            searchField = nil
            _ = search("", in: context)
        case .enter:
            let text = searchField?.text ?? ""
            searchField = nil
            if !search(text, in: context), !text.isEmpty {
                return [.toast(Toast("“\(text)” does not occur here", kind: .warning))]
            }
        default: _ = searchField?.handle(key)
        }
        return []
    }

    private mutating func search(_ text: String, in context: ScreenContext) -> Bool {
        let area = places(context).content
        switch tab {
        case .steps: return steps.search(text, in: area)
        case .data: return data.search(text, in: area)
        case .logs: return logs.search(text, in: area, context: context)
        case .graph, .timeline, .journal: return true
        }
    }
}
