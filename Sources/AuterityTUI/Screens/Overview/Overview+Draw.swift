import AuterityAPI
import TerminalUI

extension OverviewScreen {
    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let layout = layout(context)
        if !layout.tabs.isEmpty { tabs.draw(into: &frame, in: layout.tabs, theme: context.theme) }
        for (pane, place) in layout.places {
            draw(pane, into: &frame, in: place, isWide: layout.isWide(pane), context: context)
        }
    }

    /// The panes' titles, where only one pane fits.
    var tabs: Tabs {
        Tabs(
            OverviewPane.allCases.map { "\($0.rawValue) \($0.title)" },
            selected: focus.rawValue - 1)
    }

    private func draw(
        _ pane: OverviewPane, into frame: inout Frame, in place: Rect, isWide: Bool,
        context: ScreenContext
    ) {
        let isFocused = pane == focus
        let border = Pane(
            pane.title, number: pane.rawValue, detail: detail(pane, context),
            status: status(pane, context), isFocused: isFocused, isStale: !context.isLive)
        let inside = border.draw(into: &frame, in: place, theme: context.theme)
        switch pane {
        case .workflows:
            workflows.draw(
                into: &frame, in: inside, isWide: isWide, isFocused: isFocused,
                empty: "no workflows", context: context)
        case .executions where isEmptyStore:
            drawWelcome(into: &frame, in: inside, context: context)
        case .executions:
            executions.draw(
                into: &frame, in: inside, isWide: isWide, isFocused: isFocused,
                empty: "no executions", context: context)
        case .templates:
            templates.draw(
                into: &frame, in: inside, isWide: isWide, isFocused: isFocused,
                empty: "no templates", context: context)
        case .health: health.draw(into: &frame, in: inside, context: context)
        }
    }

    private func detail(_ pane: OverviewPane, _ context: ScreenContext) -> String {
        let glyphs = Glyphs.of(context.charset)
        switch pane {
        case .workflows:
            return workflows.detail(
                base: workflows.rows.total.map(String.init) ?? "",
                context: context)
        case .templates:
            return templates.detail(
                base: templates.rows.total.map(String.init) ?? "",
                context: context)
        case .health: return ""
        case .executions:
            guard !isEmptyStore else { return "" }
            let follows =
                executions.rows.isFollowing
                ? "following \(glyphs.unfolded)" : "f follows"
            let rest = executions.detail(base: "all", context: context)
            return "\(follows) \(glyphs.separator) \(rest)"
        }
    }

    private func status(_ pane: OverviewPane, _ context: ScreenContext) -> String {
        switch pane {
        case .workflows: workflows.status(context)
        case .executions: executions.status(context)
        case .templates: templates.status(context)
        case .health: health.health == nil ? "" : context.lastSeen(nil)
        }
    }

    /// What to do with an empty store.
    private func drawWelcome(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let theme = context.theme
        var lines = [TextLine("Nothing is here yet.", style: theme[.heading]), TextLine()]
        func offer(_ key: String, _ text: String) {
            var line = TextLine(key, style: theme[.key])
            line.append("  " + text)
            lines.append(line)
        }
        let mayCreate = context.access.allows(.workflowCreate, changing: true)
        offer(
            "t",
            mayCreate
                ? "pick a starter template and make a workflow of it"
                : "look at the starter templates")
        if mayCreate, context.takesDemo {
            offer(
                "d",
                context.demo == .none
                    ? "load the demo: sample workflows that keep running"
                    : "the demo is being loaded\(frame.glyphs.ellipsis)")
        }
        offer("?", "see what the keys do")
        let width = min(area.width - 2, lines.map(\.columns).max() ?? 0)
        let place = area.centered(Size(width: width, height: lines.count))
        for (row, line) in lines.enumerated() {
            frame.putLine(line, in: place.row(row), style: theme[.text])
        }
    }

    func copies(in context: ScreenContext) -> [CopyOffer] {
        switch focus {
        case .workflows:
            workflows.selected.map {
                [CopyOffer("workflow name", $0.name), CopyOffer("workflow id", $0.id.description)]
            } ?? []
        case .executions:
            executions.selected.map { row in
                var offers = [
                    CopyOffer("execution id", row.id.description),
                    CopyOffer("workflow name", row.workflowName),
                ]
                if let error = row.error { offers.append(CopyOffer("error", error.message)) }
                return offers
            } ?? []
        case .templates:
            templates.selected.map {
                [CopyOffer("template name", $0.name), CopyOffer("template id", $0.id.description)]
            } ?? []
        case .health: []
        }
    }
}
