import AuterityAPI
import TerminalUI

extension ExecutionScreen {
    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let places = ExecutionPlaces(
            area, isTravelling: travel != nil, isSearching: searchField != nil,
            reasonRows: reasonRows(width: area.width, height: area.height))
        guard let execution, let moment else {
            drawMissing(into: &frame, in: area, context)
            return
        }
        var header = places.header
        let facts = header.height > 1 ? header.takeBottom(1) : nil
        drawReason(of: moment, execution, into: &frame, in: header, context)
        if let facts { drawFacts(of: moment, execution, into: &frame, in: facts, context) }
        drawTravel(moment, into: &frame, in: places.travel, context)
        tabs.draw(into: &frame, in: places.tabs, theme: context.theme)
        drawTabState(into: &frame, in: places.tabs, context)
        drawContent(into: &frame, in: places.content, context: context)
        if let searchField, !places.search.isEmpty {
            var line = places.search
            let mark = line.takeLeft(1)
            frame.put("/", at: Point(x: mark.x, y: mark.y), style: context.theme[.key])
            searchField.draw(
                into: &frame, in: line, theme: context.theme, style: context.theme[.input],
                isFocused: true)
        }
    }

    private func drawContent(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        switch tab {
        case .graph:
            if definition == nil {
                let text = definitionError?.message ?? context.loading
                frame.putLine(
                    text, in: area.row(area.height / 2), style: context.theme[.muted],
                    alignment: .center)
            }
            graph.draw(into: &frame, in: area, theme: context.theme)
        case .timeline: timeline.draw(into: &frame, in: area, theme: context.theme)
        case .steps: steps.draw(into: &frame, in: area, context: context)
        case .logs: logs.draw(into: &frame, in: area, context: context)
        case .data: data.draw(into: &frame, in: area, theme: context.theme)
        case .journal:
            journal.draw(history, travel: travel, into: &frame, in: area, context: context)
        }
    }

    private func drawMissing(into frame: inout Frame, in area: Rect, _ context: ScreenContext) {
        let text = loadError?.description ?? context.loading
        let style = context.theme[loadError == nil ? .muted : .error]
        for (row, line) in TextWidth.wrap(text, to: max(1, area.width - 2)).enumerated() {
            let place = area.row(max(0, area.height / 2 - 1) + row)
            frame.putLine(line, in: place, style: style, alignment: .center)
        }
    }

    // MARK: Header

    /// An error may take so many rows where there are plenty.
    private static let mostReasonRows = 3
    private static let rowsForLongReasons = 18

    /// The rows of the header's first line: more than one for an error that is longer.
    func reasonRows(width: Int, height: Int) -> Int {
        guard height >= Self.rowsForLongReasons, moment?.status == .failed else { return 1 }
        let text = Glyphs.unicode.failed.description + " failed" + failure
        return min(Self.mostReasonRows, Self.wrapped(text, width: width).count)
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        TextWidth.wrap(SafeText.line(text, limit: 2000), to: max(1, width - 2))
    }

    /// Where it failed and why.
    private var failure: String {
        guard let error = moment?.error else { return "" }
        let place = error.stepID.map { " at \($0.rawValue)" } ?? ""
        return "\(place): \(error.message)"
    }

    /// The first line says how it stands, and why it does not move.
    private func drawReason(
        of moment: ExecutionMoment, _ execution: Execution, into frame: inout Frame,
        in line: Rect, _ context: ScreenContext
    ) {
        let theme = context.theme
        let look = moment.status.look(frame.glyphs)
        var text = TextLine(" \(look.text)", style: theme[look.role].with(.bold))
        let isShort = line.width < 50
        switch moment.status {
        case .failed:
            if line.height > 1 {
                drawFailure(look, into: &frame, in: line, theme)
                return
            }
            text.append(failure, style: theme[.text])
        case .pending, .waiting, .running:
            if let reason = moment.blockedBy {
                text.append(isShort ? " \(reason)" : " because \(reason)", style: theme[.text])
            } else if let step = moment.currentStep {
                text.append(" \(step.rawValue)", style: theme[.text])
            }
        case .completed, .cancelled: break
        }
        let end = moment.completedAt ?? moment.asOf ?? context.now
        let time = TimeText.duration(seconds: max(0, end.seconds(since: execution.startedAt)))
        if moment.status == .completed || moment.status == .cancelled {
            text.append(
                moment.status == .completed ? " in \(time)" : " after \(time)",
                style: theme[.text])
        }
        frame.putLine(text, in: line, style: theme[.text])
    }

    private func drawFailure(
        _ look: StatusLook, into frame: inout Frame, in area: Rect, _ theme: Theme
    ) {
        let rows = Self.wrapped(look.text + failure, width: area.width)
        for (index, row) in rows.prefix(area.height).enumerated() {
            let isCut = index == area.height - 1 && rows.count > area.height
            var text = TextLine(" ")
            let sign = index == 0 && row.hasPrefix(look.text) ? look.text : ""
            text.append(sign, style: theme[look.role].with(.bold))
            text.append(String(row.dropFirst(sign.count)), style: theme[.text])
            if isCut { text.append(String(frame.glyphs.ellipsis), style: theme[.muted]) }
            frame.putLine(text, in: area.row(index), style: theme[.text])
        }
    }

    /// What fits of: workflow and version, time, progress, who, when, key, id.
    private func drawFacts(
        of moment: ExecutionMoment, _ execution: Execution, into frame: inout Frame,
        in line: Rect, _ context: ScreenContext
    ) {
        let theme = context.theme
        let end = moment.completedAt ?? moment.asOf ?? context.now
        let time = TimeText.duration(seconds: max(0, end.seconds(since: execution.startedAt)))
        let started = TimeText.moment(
            execution.startedAt, at: context.now, utcOffset: context.utcOffset)
        var facts = ["v\(execution.workflowVersion)", time, "\(moment.progress)%"]
        facts.append("started \(started)" + (execution.startedBy.map { " by \($0)" } ?? ""))
        if execution.isDemo { facts.append("demo") }
        if let origin = execution.retriedFrom { facts.append("retry of \(origin.short)") }
        if let parent = execution.parentExecutionID {
            let step = execution.parentStepID.map { " at \($0)" } ?? ""
            facts.append("part of \(parent.short)\(step)")
        }
        if let key = execution.idempotencyKey { facts.append("key \(key)") }
        facts.append(execution.id.short)
        let separator = " \(frame.glyphs.separator) "
        let name = " " + SafeText.line(execution.workflowName, limit: 40)
        var text = TextLine(name, style: theme[.heading])
        for fact in facts {
            let part = separator + SafeText.line(fact, limit: 60)
            guard text.columns + TextWidth.columns(of: part) <= line.width else { break }
            text.append(part, style: theme[.muted])
        }
        frame.putLine(text, in: line)
    }

    private func drawTravel(
        _ moment: ExecutionMoment, into frame: inout Frame, in line: Rect,
        _ context: ScreenContext
    ) {
        guard let travel, history.entries.indices.contains(travel - 1), !line.isEmpty else {
            return
        }
        let entry = history.entries[travel - 1]
        let style = context.theme[.warning].with(.reverse)
        frame.fill(line, style: style)
        let count = history.entries.count
        let more = history.isComplete ? "" : "+"
        let step = entry.stepID.map { " \($0.rawValue)" } ?? ""
        let separator = frame.glyphs.separator
        let text =
            " \(JournalTab.clock(entry.at, context)) \(separator) event \(travel) of "
            + "\(count)\(more) \(separator) \(entry.kind.rawValue)\(step)"
        let hint = ", earlier  . later  Esc now "
        var rest = line
        if TextWidth.columns(of: text) + hint.count + 2 <= line.width {
            frame.putLine(hint, in: rest.takeRight(hint.count), style: style)
        }
        frame.putLine(text, in: rest, style: style)
    }

    /// At the right of the tabs: how the tab in front shows what it shows.
    private func drawTabState(into frame: inout Frame, in line: Rect, _ context: ScreenContext) {
        let titles = tabs.titles.reduce(0) { $0 + TextWidth.columns(of: $1) + 2 }
        let state: String
        switch tab {
        case .logs: state = logsError?.message ?? logs.state
        case .steps: state = steps.isInDetail ? steps.detail?.path ?? "" : ""
        case .data: state = ""
        case .journal:
            let isCut = history.isFull ? " (the rest is not shown)" : history.isComplete ? "" : "+"
            state = journalError?.message ?? "\(history.entries.count)\(isCut) events"
        case .graph, .timeline: state = ""
        }
        let room = line.width - titles - 2
        guard !state.isEmpty, room >= 8 else { return }
        var place = line
        frame.putLine(
            TextWidth.truncate(
                SafeText.line(state, limit: 200), to: room, ellipsis: frame.glyphs.ellipsis),
            in: place.takeRight(room), style: context.theme[.muted], alignment: .right)
    }
}
