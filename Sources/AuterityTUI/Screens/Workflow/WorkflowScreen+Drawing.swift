import AuterityAPI
import TerminalUI

extension WorkflowScreen {
    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let places = ExecutionPlaces(
            area, isTravelling: draft != nil, isSearching: searchField != nil)
        guard let workflow else {
            let text = loadError?.description ?? context.loading
            let style = context.theme[loadError == nil ? .muted : .error]
            for (row, line) in TextWidth.wrap(text, to: max(1, area.width - 2)).enumerated() {
                let place = area.row(max(0, area.height / 2 - 1) + row)
                frame.putLine(line, in: place, style: style, alignment: .center)
            }
            return
        }
        drawHeader(workflow, into: &frame, in: places.header, context)
        drawDraft(into: &frame, in: places.travel, context.theme)
        tabs.draw(into: &frame, in: places.tabs, theme: context.theme)
        switch tab {
        case .graph: graph.draw(into: &frame, in: places.content, theme: context.theme)
        case .definition: text.draw(into: &frame, in: places.content, theme: context.theme)
        case .versions: versions.draw(into: &frame, in: places.content, context: context)
        case .executions:
            runs.draw(
                stats: workflow.executionStats, into: &frame, in: places.content,
                context: context)
        }
        guard let searchField, !places.search.isEmpty else { return }
        var line = places.search
        let mark = line.takeLeft(1)
        frame.put("/", at: Point(x: mark.x, y: mark.y), style: context.theme[.key])
        searchField.draw(
            into: &frame, in: line, theme: context.theme, style: context.theme[.input],
            isFocused: true)
    }

    private func drawHeader(
        _ workflow: Workflow, into frame: inout Frame, in area: Rect, _ context: ScreenContext
    ) {
        let theme = context.theme
        let glyphs = frame.glyphs
        let separator = " \(glyphs.separator) "
        var text = TextLine(
            workflow.isActive ? " \(glyphs.dot) on " : " \(glyphs.ring) off ",
            style: theme[workflow.isActive ? .success : .muted])
        text.append(SafeText.line(workflow.name, limit: 60), style: theme[.heading].with(.bold))
        var facts = ["v\(workflow.version)"]
        if let stats = workflow.executionStats {
            let ended = stats.successfulExecutions + stats.failedExecutions
            facts.append("\(stats.totalExecutions) executions")
            if ended > 0 { facts.append("\(stats.successfulExecutions * 100 / ended)% succeeded") }
        }
        let updated = TimeText.moment(
            workflow.updatedAt, at: context.now, utcOffset: context.utcOffset)
        facts.append("changed \(updated)")
        if workflow.isDemo { facts.append("demo") }
        facts.append(workflow.id.short)
        for fact in facts {
            let part = separator + fact
            guard text.columns + TextWidth.columns(of: part) <= area.width else { break }
            text.append(part, style: theme[.muted])
        }
        frame.putLine(text, in: area.row(0))
        guard area.height > 1 else { return }
        let warnings = workflow.warnings?.count ?? 0
        let note =
            warnings == 0
            ? "" : "\(glyphs.warning) \(warnings.counted("warning")); v lists all  "
        var second = TextLine(" " + note, style: theme[.warning])
        second.append(SafeText.line(workflow.description, limit: 300), style: theme[.muted])
        frame.putLine(second, in: area.row(1))
    }

    private func drawDraft(into frame: inout Frame, in line: Rect, _ theme: Theme) {
        guard let draft, !line.isEmpty else { return }
        let style = theme[.warning].with(.reverse)
        frame.fill(line, style: style)
        let faults = draft.faults.count { !$0.isWarning }
        let text =
            switch draft.stage {
            case .checking: "Checking the edited definition"
            case .saving: "Saving the edited definition"
            case .wrong where faults > 0:
                "Not saved: \(faults.counted("fault"))  e edits on  F next fault  X drops all"
            case .wrong where draft.isOutdated:
                "Not saved: another version came in between  e edits on  X drops your changes"
            case .wrong: "Not saved  e edits on  X drops the changes"
            }
        frame.putLine(" \(text)", in: line, style: style)
    }
}
