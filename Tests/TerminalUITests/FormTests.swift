import Testing

@testable import TerminalUI

@Suite struct TextFieldTests {
    private func edit(_ text: String, _ keys: [Key], lines: Bool = false) -> TextField {
        var field = TextField(text, allowsLines: lines)
        for key in keys { _ = field.handle(key) }
        return field
    }

    @Test(arguments: [
        ([Key.character("x")], "one twox", 8), ([.home, .character("x")], "xone two", 1),
        ([.left, .backspace], "one to", 5), ([.control("a"), .delete], "ne two", 0),
        ([.control("w")], "one ", 4), ([.control("u")], "", 0),
        ([.left, .left, .control("k")], "one t", 5), ([.alt("b"), .control("u")], "two", 0),
        ([.home, .alt("f"), .character("!")], "one! two", 4),
        ([.paste("a\nb\n")], "one twoa b", 10), ([.control("d")], "one two", 7),
    ])
    func keysEdit(keys: [Key], text: String, cursor: Int) {
        let field = edit("one two", keys)
        #expect(field.text == text)
        #expect(field.cursor == cursor)
    }

    @Test func editingGoesByGraphemes() {
        #expect(edit("a👨‍👩‍👧e\u{301}", [.backspace, .backspace]).text == "a")
        let joined = edit("e", [.character("\u{301}"), .character("x")])
        #expect(joined.text == "e\u{301}x")
        #expect(joined.cursor == 2)
    }

    @Test func linesMoveUpAndDownOnlyWhereThereAreLines() {
        var field = edit("ab\ncdef", [.up, .character("x")], lines: true)
        #expect(field.text == "abx\ncdef")
        #expect(field.handle(.up) == false)
        #expect(field.handle(.down) == true)
        #expect(field.handle(.down) == false)
        #expect(edit("a", [.enter, .character("b")], lines: true).text == "a\nb")
        var single = TextField("a")
        #expect(single.handle(.enter) == false)
        #expect(single.handle(.down) == false)
    }

    @Test func theLengthIsBounded() {
        var field = TextField("", maximumLength: 5)
        _ = field.handle(.paste("abcdefgh"))
        #expect(field.text == "abcde")
        _ = field.handle(.character("x"))
        #expect(field.text == "abcde")
    }

    @Test func theTextScrollsWithTheCursor() {
        var frame = Frame(size: Size(width: 6, height: 1))
        var field = TextField("0123456789")
        func draw(isSecret: Bool = false) -> String {
            field.draw(
                into: &frame, in: frame.bounds, theme: .midnight, style: .plain, isFocused: true,
                isSecret: isSecret)
            return frame.lines()[0]
        }
        #expect(draw() == "56789")
        #expect(frame.cursor == Point(x: 5, y: 0))
        #expect(draw(isSecret: true) == "•••••")
        _ = field.handle(.home)
        #expect(draw() == "012345")
        #expect(frame.cursor == Point(x: 0, y: 0))
    }
}

@Suite struct FormTests {
    private func form() -> Form {
        Form([
            FormField(
                id: "email", label: "E-mail", kind: .text, help: "to answer to",
                isRequired: true),
            FormField(id: "days", label: "Days", kind: .number, value: "3"),
            FormField(id: "key", label: "API key", kind: .secret, value: "hunter2"),
            FormField(id: "mode", label: "Mode", kind: .select(["fast", "safe"]), value: "safe"),
            FormField(id: "notify", label: "Notify", kind: .boolean, value: "true"),
            FormField(id: "due", label: "Due", kind: .date),
            FormField(id: "note", label: "Note", kind: .multiline(rows: 2), value: "a\nb"),
        ])
    }

    @Test func aWideFormHasItsLabelsBeside() {
        var form = form()
        form.errors = ["days": "between 1 and 2"]
        #expect(
            drawing(60, 15) { form.draw(into: &$0, in: $1, theme: .midnight, isFocused: true) } == [
                "E-mail *", "          to answer to",
                "Days      3", "          ✖ between 1 and 2",
                "API key   •••••••", "",
                "Mode      ← safe →", "",
                "Notify    [x] yes", "",
                "Due       YYYY-MM-DD", "",
                "Note      a", "          b", "",
            ])
    }

    /// What stands below the field with the keyboard is there whole, on as many rows as it takes,
    /// also where the form is higher than its place; the other fields keep to one.
    @Test(arguments: [(60, 20), (60, 6), (30, 8)])
    func theNoteOfTheFocusedFieldIsReadWhole(width: Int, height: Int) {
        let help = "The address of the market data's API, without a slash at its end, a URL"
        let fault = "must be an address such as https://api.example.com, with its scheme, please"
        var form = Form([
            FormField(id: "a", label: "First", kind: .text, help: help),
            FormField(id: "b", label: "Second", kind: .text, help: help),
            FormField(id: "c", label: "Third", kind: .text, help: help),
        ])
        func text() -> String {
            drawing(width, height) {
                form.draw(into: &$0, in: $1, theme: .midnight, isFocused: true)
            }.map { $0.filter { !"┃│".contains($0) } }.joined(separator: " ")
                .split(separator: " ").joined(separator: " ")
        }
        for index in 0..<3 {
            form.move(to: index)
            form.errors = [:]
            #expect(text().contains(help), "\(text())")
            #expect(text().components(separatedBy: help) == 2, "\(text())")
            form.errors = [["a", "b", "c"][index]: fault]
            #expect(text().contains("✖ " + fault), "\(text())")
        }
    }

    /// A field is found where it is drawn.
    @Test func theMouseFindsTheFieldsBelowALongNote() {
        let help = "The address of the market data's API, without a slash at its end, a URL"
        let form = Form([
            FormField(id: "a", label: "First", kind: .text, help: help),
            FormField(id: "b", label: "Second", kind: .text),
        ])
        let area = Rect(x: 0, y: 0, width: 60, height: 12)
        #expect(form.field(at: Point(x: 12, y: 2), in: area) == 0)
        #expect(form.field(at: Point(x: 12, y: 3), in: area) == 1)
    }

    @Test func aNarrowFormHasItsLabelsAboveAndScrolls() {
        var form = form()
        let size = (30, 6)
        #expect(
            drawing(size.0, size.1) {
                form.draw(into: &$0, in: $1, theme: .midnight, isFocused: true)
            } == [
                "E-mail *                     ┃", "                             ┃",
                "to answer to                 │", "Days                         │",
                "3                            │", "                             │",
            ])
        form.move(to: 6)
        #expect(
            drawing(size.0, size.1, charset: .ascii) {
                form.draw(into: &$0, in: $1, theme: .midnight, isFocused: true)
            } == [
                "YYYY-MM-DD                   |", "                             |",
                "Note                         |", "a                            |",
                "b                            #", "                             #",
            ])
    }

    @Test func keysMoveEditSubmitAndCancel() {
        var form = form()
        #expect(form.handle(.character("x")) == .changed(id: "email"))
        #expect(form.handle(.left) == .moved)
        #expect(form.handle(.enter) == .moved)
        #expect(form.handle(.character("q")) == .moved)
        #expect(form.handle(.character("7")) == .changed(id: "days"))
        #expect(form.value(of: "days") == "37")
        #expect(form.handle(.up) == .moved)
        #expect(form.focus == 0)
        #expect(form.handle(.backTab) == .moved)
        #expect(form.focus == 6)
        #expect(form.handle(.enter) == .changed(id: "note"))
        #expect(form.handle(.tab) == .moved)
        #expect(form.focus == 0)
        #expect(form.handle(.control("s")) == .submitted)
        #expect(form.handle(.escape) == .cancelled)
        #expect(form.handle(.function(3)) == .ignored)
    }

    @Test func choicesChangeWithoutTyping() {
        var form = form()
        form.move(to: 3)
        #expect(form.handle(.character("f")) == .changed(id: "mode"))
        #expect(form.value(of: "mode") == "fast")
        #expect(form.handle(.right) == .changed(id: "mode"))
        #expect(form.value(of: "mode") == "safe")
        #expect(form.handle(.character("z")) == .ignored)
        form.move(to: 4)
        #expect(form.handle(.character(" ")) == .changed(id: "notify"))
        #expect(form.value(of: "notify") == "false")
        #expect(form.handle(.character("n")) == .moved)
    }

    @Test func aDateGetsItsHyphensAndNoMore() {
        var form = form()
        form.move(to: 5)
        for character in "20260131x99" { _ = form.handle(.character(character)) }
        #expect(form.value(of: "due") == "2026-01-31")
    }

    @Test func theFirstErrorIsFound() {
        var form = form()
        #expect(form.moveToFirstError() == false)
        form.errors = ["due": "in the past", "mode": "too fast"]
        #expect(form.moveToFirstError() == true)
        #expect(form.focused?.id == "mode")
    }
}

extension String {
    /// In how many pieces another text cuts this one.
    fileprivate func components(separatedBy other: String) -> Int {
        ranges(of: other).count + 1
    }
}
