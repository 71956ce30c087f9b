import Testing

@testable import TerminalUI

@Suite struct TextViewTests {
    private let theme = Theme.midnight
    private let size = Size(width: 14, height: 4)

    private func source(_ lines: [String]) -> TextView.Source {
        TextView.Source(lines.map { TextLine($0) })
    }

    private func lines(_ view: TextView, _ source: TextView.Source) -> [String] {
        drawing(size.width, size.height) {
            view.draw(into: &$0, in: $1, theme: theme, source: source)
        }.map { $0.hasSuffix("│") || $0.hasSuffix("┃") ? String($0.dropLast()) : $0 }
    }

    private func press(_ view: inout TextView, _ keys: [Key], _ source: TextView.Source) {
        for key in keys { #expect(view.handle(key, size: size, source: source) == true) }
    }

    private let numbers = (1...9).map { "line \($0)" }

    @Test func linesScrollUpAndDownAndStopAtTheEnds() {
        let source = source(numbers)
        var view = TextView(showsLineNumbers: true)
        #expect(lines(view, source)[0].hasPrefix("1 line 1"))
        press(&view, [.down, .down], source)
        #expect(lines(view, source)[0].hasPrefix("3 line 3"))
        press(&view, [.pageDown, .pageDown, .pageDown], source)
        #expect(lines(view, source)[3].hasPrefix("9 line 9"))
        press(&view, [.up], source)
        #expect(lines(view, source)[3].hasPrefix("8 line 8"))
        press(&view, [.home, .up], source)
        #expect(lines(view, source)[0].hasPrefix("1 line 1"))
    }

    @Test func wrappedLinesScrollByRows() {
        let source = source(["one two three four five", "six"])
        var view = TextView(wraps: true)
        #expect(lines(view, source) == ["one two three", "four five", "six", ""])
        var narrow = Size(width: 9, height: 2)
        #expect(view.handle(.down, size: narrow, source: source) == true)
        #expect(view.line == 0 && view.row == 1)
        #expect(view.handle(.end, size: narrow, source: source) == true)
        narrow.height = 1
        #expect(view.handle(.up, size: narrow, source: source) == true)
        #expect(view.line == 0 && view.row == 3)
    }

    @Test func aLongLineScrollsSideways() {
        let source = source(["0123456789abcdefghijklm", "日本語文字日本語文字"])
        var view = TextView()
        #expect(lines(view, source) == ["0123456789abc", "日本語文字日", "", ""])
        press(&view, [.right], source)
        #expect(lines(view, source) == ["89abcdefghijk", "字日本語文字", "", ""])
        press(&view, [.right, .right], source)
        #expect(lines(view, source)[0] == "abcdefghijklm")
        press(&view, [.left, .left], source)
        #expect(view.column == 0)
    }

    @Test func theEndIsFollowedUntilTheReaderMovesUp() {
        var view = TextView(follows: true)
        #expect(lines(view, source(numbers))[3].hasPrefix("line 9"))
        let more = source(numbers + ["line 10"])
        #expect(lines(view, more)[3].hasPrefix("line 10"))
        press(&view, [.up], more)
        #expect(!view.follows)
        #expect(lines(view, source(numbers + ["line 10", "line 11"]))[3].hasPrefix("line 9"))
        press(&view, [.character("f")], more)
        #expect(lines(view, source(numbers + ["x"]))[3].hasPrefix("x"))
    }

    @Test func searchGoesForthAndBackAndAroundTheEnd() {
        let source = source((1...40).map { $0 % 10 == 0 ? "found \($0)" : "line \($0)" })
        var view = TextView()
        #expect(view.search("found", size: size, source: source) == true)
        #expect(view.matchLine == 9)
        #expect(lines(view, source).contains { $0.hasPrefix("found 10") })
        press(&view, [.character("n"), .character("n"), .character("n")], source)
        #expect(view.matchLine == 39)
        press(&view, [.character("n")], source)
        #expect(view.matchLine == 9)
        press(&view, [.character("N")], source)
        #expect(view.matchLine == 39)
        #expect(view.search("nowhere", size: size, source: source) == false)
        #expect(view.search("", size: size, source: source) == true)
        #expect(view.pattern == nil)
    }

    @Test func matchesAreLitAndTheOneSoughtMore() {
        let source = source(["an error", "another error"])
        var view = TextView()
        view.search("error", size: size, source: source)
        var frame = Frame(size: size)
        view.draw(into: &frame, in: frame.bounds, theme: theme, source: source)
        #expect(frame[3, 0]?.style == theme[.matchCurrent])
        #expect(frame[2, 0]?.style == theme[.text])
        #expect(frame[8, 1]?.style == theme[.match])
    }

    @Test func piecesOfALineKeepTheirStylesWhenWrapped() {
        var line = TextLine("12:00 ", style: theme[.muted])
        line.append("failed to send", style: theme[.error])
        var frame = Frame(size: size)
        TextView(wraps: true).draw(
            into: &frame, in: frame.bounds, theme: theme, source: TextView.Source([line]))
        #expect(frame.lines() == ["12:00 failed", "to send", "", ""])
        #expect(frame[0, 0]?.style == theme[.muted])
        #expect(frame[0, 1]?.style == theme[.error])
    }

    @Test func onlyTheLinesInTheWindowAreAskedFor() {
        var asked = 0
        let source = TextView.Source(count: 1_000_000) { _ in
            asked += 1
            return TextLine("some words that are longer than the window")
        }
        var view = TextView(wraps: true, follows: true)
        _ = lines(view, source)
        press(&view, [.up, .pageUp], source)
        #expect(asked < 40)
    }
}

@Suite struct DialogTests {
    private let theme = Theme.midnight
    private var question: Dialog {
        Dialog(
            title: "Delete workflow",
            body: ["Delete Lead Qualification? Its 42 executions stay in the history."],
            buttons: [
                DialogButton("Keep it", key: "k"),
                DialogButton("Delete", key: "d", isDestructive: true),
            ])
    }

    @Test func aDialogStandsInTheMiddleWithTheSafeAnswerFirst() {
        #expect(
            drawing(44, 9) { question.draw(into: &$0, in: $1, theme: theme) } == [
                "",
                "  ╭─ Delete workflow ───────────────────╮",
                "  │                                     │",
                "  │  Delete Lead Qualification? Its 42  │",
                "  │  executions stay in the history.    │",
                "  │                                     │",
                "  │    Keep it      Delete              │",
                "  ╰─────────────────────────────────────╯",
                "",
            ])
        #expect(question.focus == 0)
    }

    @Test func enterPressesTheFocusAndLettersTheirButton() {
        var dialog = question
        #expect(dialog.handle(.enter) == .chose(0))
        #expect(dialog.handle(.character("D")) == .chose(1))
        #expect(dialog.handle(.character("x")) == .ignored)
        #expect(dialog.handle(.right) == .stays)
        #expect(dialog.handle(.enter) == .chose(1))
        #expect(dialog.handle(.escape) == .cancelled)
    }

    @Test func theSafeAnswerHasTheFocusWhereverItStands() {
        let dialog = Dialog(
            title: "x", body: [],
            buttons: [DialogButton("Delete", isDestructive: true), DialogButton("Keep")])
        #expect(dialog.focus == 1)
    }

    @Test func aDestructiveAnswerWaitsForTheTypedName() {
        var dialog = Dialog(
            title: "Delete", body: ["Gone for good."],
            buttons: [DialogButton("Keep", key: "k"), DialogButton("Delete", isDestructive: true)],
            nameToType: "prod")
        #expect(dialog.handle(.tab) == .stays)
        for character in "pro" { #expect(dialog.handle(.character(character)) == .stays) }
        #expect(dialog.handle(.enter) == .stays)
        #expect(dialog.handle(.character("d")) == .stays)
        #expect(
            drawing(40, 10) { dialog.draw(into: &$0, in: $1, theme: theme) } == [
                "     ╭─ Delete ───────────────────╮",
                "     │                            │",
                "     │  Gone for good.            │",
                "     │  Type prod to confirm:     │",
                "     │  prod                      │",
                "     │                            │",
                "     │                            │",
                "     │    Keep      Delete        │",
                "     ╰────────────────────────────╯",
                "",
            ])
        #expect(dialog.handle(.enter) == .chose(1))
    }
}
