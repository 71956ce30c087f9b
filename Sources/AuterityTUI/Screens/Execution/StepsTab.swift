import AuterityAPI
import TerminalUI

/// Every step with what went in and what came out, and the piece under the cursor in full.
struct StepsTab: Sendable {
    /// What a row of the tree stands for.
    enum Part: Hashable, Sendable {
        case step, input, output, error
        case attempts
        case attempt(Int)
    }

    private(set) var tree = Tree()
    private(set) var detail: JSONView<JSONValue>?
    private(set) var isInDetail = false
    private var moment: ExecutionMoment?
    /// Until one moves, the cursor is on the step that counts: the current or the failed one.
    private var hasMoved = false

    // MARK: Content

    mutating func show(_ moment: ExecutionMoment, in area: Rect) {
        self.moment = moment
        let height = ExecutionPlaces.halves(of: area).first.height
        tree.update(StepsTab.nodes(of: moment), height: height)
        if !hasMoved, let step = moment.error?.stepID ?? moment.currentStep,
            let index = moment.index(of: step)
        {
            tree.select(String(index), height: height)
        }
        showDetail()
    }

    private static func nodes(of moment: ExecutionMoment) -> [TreeNode] {
        moment.steps.enumerated().map { index, step in
            var children: [TreeNode] = []
            func add(_ name: String, _ text: String, _ nested: [TreeNode] = []) {
                children.append(
                    TreeNode(id: "\(index)/\(name)", line: TextLine(text), children: nested))
            }
            if let input = step.input { add("input", "input  " + input.preview()) }
            if let output = step.output { add("output", "output  " + output.preview()) }
            if let error = step.error { add("error", "error  " + error.message) }
            let spans = attempts(of: index, in: moment)
            if spans.count > 1 {
                let rows = spans.enumerated().map { number, span in
                    TreeNode(
                        id: "\(index)/attempts/\(number)", line: TextLine(text(of: span)))
                }
                add("attempts", "attempts  \(spans.count)", rows)
            }
            return TreeNode(
                id: String(index), line: TextLine(step.label), children: children)
        }
    }

    private static func attempts(of step: Int, in moment: ExecutionMoment) -> [StepTracks.Span] {
        guard let tracks = moment.tracks, tracks.spans.indices.contains(step) else { return [] }
        return tracks.spans[step].filter { $0.kind != .waiting }
    }

    private static func text(of span: StepTracks.Span) -> String {
        let length = span.end.map { TimeText.duration(seconds: $0.seconds(since: span.start)) }
        let time = length.map { "  \($0)" } ?? ""
        return "#\(span.attempt)\(time)  \(span.error?.message ?? (span.end == nil ? "…" : ""))"
    }

    private static func part(_ id: String) -> (step: Int, part: Part)? {
        let words = id.split(separator: "/")
        guard let first = words.first, let step = Int(first) else { return nil }
        guard words.count > 1 else { return (step, .step) }
        switch words[1] {
        case "input": return (step, .input)
        case "output": return (step, .output)
        case "error": return (step, .error)
        default:
            guard words.count > 2, let number = Int(words[2]) else { return (step, .attempts) }
            return (step, .attempt(number))
        }
    }

    /// The index of the step that the cursor is in.
    var selectedStep: Int? {
        tree.selection.flatMap { StepsTab.part($0)?.step }
    }

    mutating func select(_ step: Int, in area: Rect) {
        hasMoved = true
        tree.select(String(step), height: ExecutionPlaces.halves(of: area).first.height)
        showDetail()
    }

    // MARK: Detail

    private mutating func showDetail() {
        let value = detailValue
        if value != detail?.value { detail = value.map { JSONView($0) } }
        if detail == nil { isInDetail = false }
    }

    private var detailValue: JSONValue? {
        guard let moment, let id = tree.selection, let (index, part) = StepsTab.part(id),
            moment.steps.indices.contains(index)
        else { return nil }
        let step = moment.steps[index]
        switch part {
        case .input: return step.input
        case .output: return step.output
        case .error: return step.error.map(StepsTab.json)
        case .attempts: return nil
        case .attempt(let number):
            let spans = StepsTab.attempts(of: index, in: moment)
            guard spans.indices.contains(number) else { return nil }
            return StepsTab.json(spans[number])
        case .step: return StepsTab.json(step)
        }
    }

    private static func json(_ error: ExecutionError) -> JSONValue {
        ["code": .string(error.code), "message": .string(error.message)]
    }

    private static func json(_ span: StepTracks.Span) -> JSONValue {
        var object: JSONObject = [
            "attempt": .int(Int64(span.attempt)), "started_at": .string(span.start.description),
        ]
        if let end = span.end { object["ended_at"] = .string(end.description) }
        if let error = span.error { object["error"] = json(error) }
        return .object(object)
    }

    private static func json(_ step: Step) -> JSONValue {
        var object: JSONObject = [
            "step_id": .string(step.stepID.rawValue), "type": .string(step.type),
            "status": .string(step.status.rawValue), "attempt": .int(Int64(step.attempt)),
        ]
        if let time = step.startedAt { object["started_at"] = .string(time.description) }
        if let time = step.completedAt { object["completed_at"] = .string(time.description) }
        if let error = step.error { object["error"] = json(error) }
        if let input = step.input { object["input"] = input }
        if let output = step.output { object["output"] = output }
        return .object(object)
    }

    // MARK: Keys

    /// In the tree Enter goes into the detail; Esc leaves it again (see `leave`).
    mutating func handle(_ key: Key, in area: Rect) -> Bool {
        let (list, detailArea) = ExecutionPlaces.halves(of: area)
        if isInDetail, var view = detail {
            let place = detailArea ?? area
            if case .mouse(.press, let point) = key {
                if place.contains(point) { return clickDetail(point, in: place) }
                isInDetail = false
            } else {
                guard view.handle(key, size: place.inset(by: 1).size) else { return false }
                detail = view
                return true
            }
        }
        if key == .enter, detail != nil {
            isInDetail = true
            return true
        }
        if case .mouse(.press, let point) = key {
            if let detailArea, detailArea.contains(point) {
                isInDetail = true
                return clickDetail(point, in: detailArea)
            }
            guard let id = tree.row(at: point, in: list) else { return false }
            tree.select(id, height: list.height)
        } else {
            guard tree.handle(key, height: list.height) else { return false }
        }
        hasMoved = true
        showDetail()
        return true
    }

    private mutating func clickDetail(_ point: Point, in place: Rect) -> Bool {
        guard var view = detail else { return false }
        let hit = view.click(at: point, in: Pane.inside(place))
        detail = view
        return hit
    }

    mutating func leave() { isInDetail = false }

    mutating func search(_ text: String, in area: Rect) -> Bool {
        guard var view = detail else { return false }
        isInDetail = true
        let place = ExecutionPlaces.halves(of: area).second ?? area
        defer { detail = view }
        return view.search(text, height: place.inset(by: 1).height)
    }

    // MARK: Drawing

    func draw(into frame: inout Frame, in area: Rect, context: ScreenContext) {
        let (list, detailArea) = ExecutionPlaces.halves(of: area)
        if detailArea != nil || !isInDetail { drawTree(into: &frame, in: list, context) }
        guard let place = detailArea ?? (isInDetail ? area : nil), let detail else { return }
        let pane = Pane(detailTitle, isFocused: isInDetail)
        let inside = pane.draw(into: &frame, in: place, theme: context.theme)
        detail.draw(into: &frame, in: inside, theme: context.theme, isFocused: isInDetail)
    }

    private var detailTitle: String {
        guard let moment, let id = tree.selection, let (index, part) = StepsTab.part(id),
            moment.steps.indices.contains(index)
        else { return "" }
        let label = moment.steps[index].label
        return switch part {
        case .step, .attempts: label
        case .input: "\(label) · input"
        case .output: "\(label) · output"
        case .error: "\(label) · error"
        case .attempt(let number): "\(label) · attempt \(number + 1)"
        }
    }

    private func drawTree(into frame: inout Frame, in area: Rect, _ context: ScreenContext) {
        let glyphs = frame.glyphs
        tree.draw(into: &frame, in: area, theme: context.theme, isFocused: !isInDetail) { id in
            guard let moment, let (index, part) = StepsTab.part(id), part == .step,
                moment.steps.indices.contains(index)
            else { return nil }
            return StepsTab.line(moment.steps[index], context: context, glyphs: glyphs)
        }
    }

    private static func line(_ step: Step, context: ScreenContext, glyphs: Glyphs) -> TextLine {
        let look = step.status.look(glyphs)
        var line = TextLine("\(look.sign) ", style: context.theme[look.role])
        line.append(step.label)
        let muted = context.theme[.muted]
        line.append("  \(look.word)", style: context.theme[look.role])
        if step.attempt > 1 { line.append("  ×\(step.attempt)", style: muted) }
        if let duration = step.duration {
            line.append("  \(TimeText.duration(seconds: duration))", style: muted)
        }
        return line
    }
}
