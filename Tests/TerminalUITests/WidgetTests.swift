import Testing

@testable import TerminalUI

/// A frame of a size, drawn by a closure, as lines of text.
func drawing(
    _ width: Int, _ height: Int, charset: Charset = .unicode,
    _ draw: (inout Frame, Rect) -> Void
) -> [String] {
    var frame = Frame(size: Size(width: width, height: height), charset: charset)
    draw(&frame, frame.bounds)
    return frame.lines()
}

@Suite struct WidgetTests {
    private let theme = Theme.midnight

    @Test func aPaneHasItsNumberTitleCountAndAge() {
        let pane = Pane("Workflows", number: 1, detail: "12", status: "8 s behind")
        #expect(
            drawing(30, 4) { pane.draw(into: &$0, in: $1, theme: theme) } == [
                "╭─ 1 Workflows ───────── 12 ─╮",
                "│                            │",
                "│                            │",
                "╰─────────────── 8 s behind ─╯",
            ])
        #expect(
            drawing(16, 3, charset: .ascii) { pane.draw(into: &$0, in: $1, theme: theme) } == [
                "+- 1 Workflo~ -+",
                "|              |",
                "+- 8 s behind -+",
            ])
        #expect(drawing(16, 1) { pane.draw(into: &$0, in: $1, theme: theme) } == ["1 Workflows"])
    }

    @Test func aPaneReturnsTheSpaceInside() {
        var frame = Frame(size: Size(width: 10, height: 5))
        let inside = Pane("x").draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(inside == Rect(x: 1, y: 1, width: 8, height: 3))
        let focused = Pane("x", isFocused: true)
        focused.draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(frame[0, 0]?.style == theme[.borderFocused])
    }

    @Test func tabsKeepTheOpenOneInView() {
        var tabs = Tabs(["Graph", "Timeline", "Steps", "Logs"])
        #expect(
            drawing(40, 1) { tabs.draw(into: &$0, in: $1, theme: theme) } == [
                " Graph  Timeline  Steps  Logs"
            ])
        #expect(
            drawing(20, 1) { tabs.draw(into: &$0, in: $1, theme: theme) } == [
                "   Graph           →"
            ])
        #expect(tabs.handle(.character("[")) == true)
        #expect(tabs.selected == 3)
        #expect(
            drawing(20, 1) { tabs.draw(into: &$0, in: $1, theme: theme) } == [
                "←  Steps  Logs"
            ])
        #expect(tabs.handle(.character("]")) == true)
        #expect(tabs.selected == 0)
        let rect = Rect(x: 0, y: 0, width: 40, height: 1)
        #expect(tabs.title(at: Point(x: 8, y: 0), in: rect) == 1)
        #expect(tabs.title(at: Point(x: 35, y: 0), in: rect) == nil)
    }

    @Test func hintsThatDoNotFitAreDroppedByPriority() {
        let bar = StatusBar(
            hints: [
                KeyHint("↵", "open", priority: 3), KeyHint("x", "run", priority: 1),
                KeyHint("/", "filter", priority: 1), KeyHint("?", "help", priority: 9),
            ], trailing: [KeyHint("q", "quit", priority: 8)])
        #expect(
            drawing(50, 1) { bar.draw(into: &$0, in: $1, theme: theme) } == [
                " ↵ open   x run   / filter   ? help        q quit"
            ])
        #expect(
            drawing(36, 1) { bar.draw(into: &$0, in: $1, theme: theme) } == [
                " ↵ open   x run   ? help     q quit"
            ])
        #expect(
            drawing(9, 1) { bar.draw(into: &$0, in: $1, theme: theme) } == [" ? help"])
    }

    @Test func aProgressBarCountsEighths() {
        #expect(
            drawing(8, 4) { frame, rect in
                ProgressBar(0.5).draw(into: &frame, in: rect.row(0), theme: theme)
                ProgressBar(0.65, showsPercent: true).draw(
                    into: &frame, in: rect.row(1), theme: theme)
                ProgressBar(2).draw(into: &frame, in: rect.row(2), theme: theme)
                ProgressBar(.nan).draw(into: &frame, in: rect.row(3), theme: theme)
            } == ["████░░░░", "█▉░  65%", "████████", "░░░░░░░░"])
    }

    @Test func aScrollbarShowsItsEndsOnlyAtTheEnds() {
        func bar(_ offset: Int) -> String {
            drawing(1, 6) { frame, rect in
                Scrollbar(offset: offset, visible: 6, total: 600)
                    .draw(into: &frame, in: rect, theme: theme)
            }.joined()
        }
        #expect(bar(0) == "┃│││││")
        #expect(bar(1) == "│┃││││")
        #expect(bar(300) == "│││┃││")
        #expect(bar(593) == "││││┃│")
        #expect(bar(594) == "│││││┃")
        #expect(Scrollbar(offset: 0, visible: 6, total: 6).thumb(height: 6) == nil)
    }

    @Test func toastsStandInTheCornerTheNewestLowest() {
        let toasts = [
            Toast("saved", kind: .success),
            Toast("cannot reach the server: connection refused", kind: .error),
        ]
        #expect(
            drawing(34, 4) { Toast.draw(toasts, into: &$0, in: $1, theme: theme) } == [
                "",
                "                         ✔ saved",
                "      ✖ cannot reach the server:",
                "        connection refused",
            ])
    }
}
