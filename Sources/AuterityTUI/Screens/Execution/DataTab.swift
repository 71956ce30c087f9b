import AuterityAPI
import TerminalUI

/// What an execution was given and what it gave.
struct DataTab: Sendable {
    private(set) var input = JSONView<JSONValue>(.object([:]))
    /// `nil` while there is none.
    private(set) var output: JSONView<JSONValue>?
    private(set) var isOnOutput = false

    mutating func show(_ moment: ExecutionMoment) {
        let given = JSONValue.object(moment.input)
        if input.value != given { input = JSONView(given) }
        if output?.value != moment.output { output = moment.output.map { JSONView($0) } }
        if output == nil { isOnOutput = false }
    }

    var focused: JSONView<JSONValue> {
        isOnOutput ? output ?? input : input
    }

    mutating func switchSide() { isOnOutput = !isOnOutput && output != nil }

    private func places(in area: Rect) -> (Rect, Rect?) {
        let (first, second) = ExecutionPlaces.halves(of: area)
        return (first, second)
    }

    mutating func handle(_ key: Key, in area: Rect) -> Bool {
        let (first, second) = places(in: area)
        if case .mouse(.press, let point) = key, let second {
            isOnOutput = second.contains(point) && output != nil
        }
        let place = Pane.inside(isOnOutput ? second ?? area : second == nil ? area : first)
        return change { view in
            if case .mouse(.press, let point) = key { return view.click(at: point, in: place) }
            return view.handle(key, size: place.size)
        }
    }

    private mutating func change(_ body: (inout JSONView<JSONValue>) -> Bool) -> Bool {
        if isOnOutput, var view = output {
            defer { output = view }
            return body(&view)
        }
        return body(&input)
    }

    mutating func search(_ text: String, in area: Rect) -> Bool {
        let height = Pane.inside(places(in: area).0).height
        return change { $0.search(text, height: height) }
    }

    func draw(into frame: inout Frame, in area: Rect, theme: Theme) {
        let (first, second) = places(in: area)
        if second != nil || !isOnOutput {
            let place = second == nil ? area : first
            draw(input, "Input", isFocused: !isOnOutput, into: &frame, in: place, theme)
        }
        guard let place = second ?? (isOnOutput ? area : nil) else { return }
        guard let output else {
            let inside = Pane("Output").draw(into: &frame, in: place, theme: theme)
            frame.putLine("none yet", in: inside, style: theme[.muted])
            return
        }
        draw(output, "Output", isFocused: isOnOutput, into: &frame, in: place, theme)
    }

    private func draw(
        _ view: JSONView<JSONValue>, _ title: String, isFocused: Bool, into frame: inout Frame,
        in place: Rect, _ theme: Theme
    ) {
        let path = isFocused && view.path != "." ? view.path : ""
        let pane = Pane(title, status: path, isFocused: isFocused)
        let inside = pane.draw(into: &frame, in: place, theme: theme)
        view.draw(into: &frame, in: inside, theme: theme, isFocused: isFocused)
    }
}
