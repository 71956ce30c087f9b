import AuterityAPI
import TerminalUI

/// The four panes: workflows, executions, templates and health.
struct OverviewScreen: Screen {
    var destination: Destination { .overview }
    var title: String { "overview" }

    var focus = OverviewPane.executions
    private(set) var isZoomed = false
    var workflows = TablePane<WorkflowsContent>()
    var executions = TablePane<ExecutionsContent>()
    var templates = TablePane<TemplatesContent>()
    var health = HealthSummary()

    /// Between two readings of a list while things happen.
    private static let listInterval = Duration.seconds(2)
    private static let healthInterval = Duration.seconds(5)

    /// The names that completion offers.
    var workflowNames: [String] { workflows.rows.shown.map(\.name) }
    var templateNames: [String] { templates.rows.shown.map(\.name) }

    var capturesText: Bool {
        switch focus {
        case .workflows: workflows.isTyping
        case .executions: executions.isTyping
        case .templates: templates.isTyping
        case .health: false
        }
    }

    var isLoaded: Bool {
        workflows.rows.isLoaded && executions.rows.isLoaded && templates.rows.isLoaded
            && health.isLoaded
    }

    var freshness: Freshness? { executions.rows.readAt.map(Freshness.read) ?? .loading }

    /// Whether there is nothing at all in the store, so that help to begin is offered.
    var isEmptyStore: Bool {
        workflows.rows.readAt != nil && executions.rows.readAt != nil
            && workflows.filter.isEmpty && executions.filter.isEmpty
            && workflows.rows.count == 0 && executions.rows.count == 0
    }

    func layout(_ context: ScreenContext) -> OverviewLayout {
        OverviewLayout(context.area, focus: focus, isZoomed: isZoomed)
    }

    func height(_ pane: OverviewPane, _ context: ScreenContext) -> Int {
        let layout = layout(context)
        let area = layout.inside(pane)
        let isWide = layout.isWide(pane)
        let height =
            switch pane {
            case .workflows: workflows.height(in: area, isWide: isWide)
            case .executions: executions.height(in: area, isWide: isWide)
            case .templates: templates.height(in: area, isWide: isWide)
            case .health: area.height
            }
        return max(1, height)
    }

    mutating func setFocus(_ pane: OverviewPane) { focus = pane }
    mutating func toggleZoom() { isZoomed.toggle() }

    // MARK: Time

    func subscriptions(in context: ScreenContext) -> [Subscription] {
        var subscriptions: [Subscription] = []
        if workflows.isDirty || executions.isDirty {
            subscriptions.append(.timer("lists", every: Self.listInterval))
        }
        if health.isDirty {
            subscriptions.append(.timer("health", every: Self.healthInterval))
        }
        if showsSeconds(context) {
            subscriptions.append(.timer("age", every: .seconds(1)))
        }
        return subscriptions
    }

    /// Whether a row in view has an age that changes by the second.
    private func showsSeconds(_ context: ScreenContext) -> Bool {
        guard layout(context).places[.executions] != nil else { return false }
        let rows = executions.rows
        let window = rows.list.window(
            count: rows.count, height: height(.executions, context))
        return window.contains { position in
            rows[position].map { context.now.seconds(since: $0.startedAt) < 60 } ?? false
        }
    }

    // MARK: Messages

    mutating func update(_ message: ScreenMessage, in context: ScreenContext) -> [Effect] {
        switch message {
        case .appeared: return reload(context)
        case .resynchronize:
            let effects = reload(context)
            // Events from before what went away without one may still come in: read once more.
            executions.isDirty = true
            return effects
        case .action(let action): return perform(action, in: context)
        case .key(let key): return press(key, in: context)
        case .reply(let reply): return take(reply, in: context)
        case .events(let events): return take(events, in: context)
        case .timer(let name): return handleTimer(name, context)
        case .command(let pane, let arguments):
            return show(pane, filteredBy: arguments, in: context)
        case .answered(let tag, let text):
            toggleColumn(text, of: tag)
            return []
        case .edited: return []
        }
    }

    private mutating func reload(_ context: ScreenContext) -> [Effect] {
        var effects = executions.reload(now: context.now)
        effects += workflows.reload(now: context.now)
        if context.access.allows(.templateRead, changing: false) {
            effects += templates.reload(now: context.now)
        }
        return effects + health.reload(context)
    }

    private mutating func handleTimer(_ name: String, _ context: ScreenContext) -> [Effect] {
        switch name {
        case "lists":
            var effects: [Effect] = []
            if workflows.isDirty { effects += workflows.reload(now: context.now) }
            if executions.isDirty { effects += executions.reload(now: context.now) }
            return effects
        case "health": return health.reload(context)
        // No event tells of a workflow that somebody else made, changed or deleted.
        case "clock": return health.reload(context) + workflows.reload(now: context.now)
        default: return []
        }
    }

    private mutating func take(_ reply: Reply, in context: ScreenContext) -> [Effect] {
        let now = context.now
        if health.take(reply) { return [] }
        let effects =
            executions.take(reply, height: height(.executions, context), now: now)
            ?? workflows.take(reply, height: height(.workflows, context), now: now)
            ?? templates.take(reply, height: height(.templates, context), now: now)
        if let effects { return effects }
        if let outcome = reply.to(RetryExecution.self)?.response {
            return outcome.retriedFrom == nil ? [] : executions.reload(now: now)
        }
        if reply.to(UpdateWorkflow.self)?.response != nil { return workflows.reload(now: now) }
        if let template = reply.to(GetTemplate.self)?.response { return [.open(.wizard(template))] }
        return []
    }

    private mutating func take(_ events: [Event], in context: ScreenContext) -> [Effect] {
        var changes = ExecutionChanges()
        for event in events {
            if case .executionUpdate(let update) = event.payload {
                changes.add(ExecutionSummary(update))
            }
            if case .systemAlert = event.payload { health.isDirty = true }
        }
        guard !changes.isEmpty else { return [] }
        workflows.isDirty = true
        health.isDirty = true
        let height = height(.executions, context)
        let (updates, new) = changes.sorted(for: executions, at: context.now)
        if executions.change(updates: updates, new: new, height: height, now: context.now) {
            executions.isDirty = true
        }
        return executions.load(height: height, now: context.now)
    }

    private mutating func show(
        _ pane: String, filteredBy text: String, in context: ScreenContext
    ) -> [Effect] {
        let now = context.now
        switch pane {
        case "workflows":
            focus = .workflows
            return workflows.setFilter(text, now: now)
        case "templates":
            focus = .templates
            return templates.setFilter(text, now: now)
        default:
            focus = .executions
            // A bare status is what one means by `:executions failed`.
            let isStatus =
                ExecutionStatus.allCases.contains { $0.rawValue == text }
                || text == "done"
            return executions.setFilter(isStatus ? "status:\(text)" : text, now: now)
        }
    }

    private mutating func toggleColumn(_ id: String, of tag: String) {
        switch tag {
        case "workflows.columns": workflows.toggleColumn(id)
        case "executions.columns": executions.toggleColumn(id)
        case "templates.columns": templates.toggleColumn(id)
        default: break
        }
    }
}

/// The last state of each execution that a batch of events told of.
struct ExecutionChanges {
    private var order: [ExecutionID] = []
    private var last: [ExecutionID: ExecutionSummary] = [:]

    var isEmpty: Bool { order.isEmpty }

    mutating func add(_ row: ExecutionSummary) {
        if last.updateValue(row, forKey: row.id) == nil { order.append(row.id) }
    }

    /// Those that the list has, and those that are new to it and pass its filter.
    func sorted(
        for pane: TablePane<ExecutionsContent>, at now: Timestamp
    ) -> (updates: [ExecutionSummary], new: [ExecutionSummary]) {
        var updates: [ExecutionSummary] = []
        var new: [ExecutionSummary] = []
        let newest = pane.rows.shown.first?.startedAt
        for row in order.compactMap({ last[$0] }) {
            if let known = pane.rows.row(row.id) {
                // An event that comes late tells of what was before the list was read.
                if known.status.isFinished, !row.status.isFinished { continue }
                updates.append(row)
            } else if newest.map({ row.startedAt >= $0 }) ?? true,
                pane.filter.matches(row.filterSubject, at: now)
            {
                new.append(row)
            }
        }
        return (updates, new.sorted { $0.startedAt > $1.startedAt })
    }
}
