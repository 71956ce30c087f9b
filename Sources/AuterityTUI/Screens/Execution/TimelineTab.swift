import AuterityAPI
import TerminalUI

/// When each step ran.
struct TimelineTab: Sendable {
    private(set) var view = TimelineView()
    private(set) var timeline: Timeline?
    /// The step of each row.
    private(set) var steps: [Int] = []

    mutating func show(
        _ moment: ExecutionMoment, of execution: Execution, _ definition: Definition?,
        glyphs: Glyphs, now: Timestamp
    ) {
        let start = execution.startedAt.milliseconds
        let critical = definition.map { moment.criticalPath($0) } ?? []
        let end = moment.completedAt ?? moment.asOf ?? now
        let spans = moment.steps.indices.map { TimelineTab.spans(of: $0, in: moment) }
        steps = moment.steps.indices.filter { !spans[$0].isEmpty }.sorted {
            (spans[$0][0].start, $0) < (spans[$1][0].start, $1)
        }
        let rows = steps.map { index -> Timeline.Row in
            let step = moment.steps[index]
            let look = step.status.look(glyphs)
            let length = spans[index].reduce(0) {
                $0 + ($1.end ?? end).seconds(since: $1.start)
            }
            return Timeline.Row(
                label: step.label, sign: look.sign, role: look.role,
                segments: spans[index].map(TimelineTab.segment),
                detail: TimeText.duration(seconds: length), isCritical: critical.contains(index))
        }
        timeline = Timeline(rows: rows, start: start, end: end.milliseconds)
    }

    private static func spans(of step: Int, in moment: ExecutionMoment) -> [StepTracks.Span] {
        if let tracks = moment.tracks, tracks.spans.indices.contains(step) {
            return tracks.spans[step]
        }
        guard let start = moment.steps[step].startedAt else { return [] }
        let kind: StepTracks.Span.Kind = moment.steps[step].status == .waiting ? .waiting : .working
        return [
            StepTracks.Span(
                kind: kind, attempt: moment.steps[step].attempt, start: start,
                end: moment.steps[step].completedAt)
        ]
    }

    private static func segment(_ span: StepTracks.Span) -> Timeline.Segment {
        let kind: Timeline.Segment.Kind =
            switch span.kind {
            case .working: .working
            case .waiting: .waiting
            case .failed: .failedAttempt
            }
        return Timeline.Segment(
            start: span.start.milliseconds, end: span.end?.milliseconds, kind: kind)
    }

    /// The step under the cursor.
    var selectedStep: Int? {
        steps.indices.contains(view.cursor) ? steps[view.cursor] : nil
    }

    mutating func handle(_ key: Key, in area: Rect) -> Bool {
        if case .mouse(.press, let point) = key {
            guard area.contains(point), point.y > area.y else { return false }
            let window = view.list.window(count: steps.count, height: area.height - 1)
            let row = window.lowerBound + point.y - area.y - 1
            view.move(to: row, count: steps.count, height: area.height - 1)
            return true
        }
        return view.handle(key, count: steps.count, height: area.height)
    }

    func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        guard let timeline, !timeline.rows.isEmpty else {
            let text = "Nothing has started yet"
            frame.putLine(
                text, in: area.row(area.height / 2), style: theme[.muted], alignment: .center)
            return
        }
        var rows = area
        let legend = area.height >= 8 ? rows.takeBottom(1) : area.row(area.height)
        view.draw(timeline, into: &frame, in: rows, theme: theme)
        let glyphs = frame.glyphs
        var line = TextLine(" \(glyphs.full)", style: theme[.statusCompleted])
        line.append(" working  ", style: theme[.muted])
        line.append(String(glyphs.trough), style: theme[.statusWaiting])
        line.append(" waiting  ", style: theme[.muted])
        line.append("▒", style: theme[.statusFailed])
        line.append(" failed attempt  ", style: theme[.muted])
        line.append(String(glyphs.marked), style: theme[.accent])
        line.append(" critical path", style: theme[.muted])
        frame.putLine(line, in: legend)
    }
}
