import Testing

@testable import TerminalUI

@Suite struct FrameTests {
    private func frame(_ width: Int, _ height: Int, _ charset: Charset = .unicode) -> Frame {
        Frame(size: Size(width: width, height: height), charset: charset)
    }

    @Test func putWritesTextAndReportsColumns() {
        var frame = frame(8, 2)
        #expect(frame.put("hello", at: Point(x: 1, y: 1)) == 5)
        #expect(frame.put("wörld", at: Point(x: 1, y: 0)) == 5)
        #expect(frame.lines() == [" wörld", " hello"])
    }

    @Test func textIsCutAtTheEdgeTheClipAndTheWidth() {
        var frame = frame(6, 4)
        #expect(frame.put("abcdefgh", at: Point(x: 2, y: 0)) == 4)
        #expect(frame.put("abcdefgh", at: Point(x: 0, y: 1), maxWidth: 3) == 3)
        let clip = Rect(x: 1, y: 2, width: 3, height: 1)
        #expect(frame.put("abcdefgh", at: Point(x: -1, y: 2), in: clip) == 5)
        #expect(frame.put("x", at: Point(x: 1, y: 3), in: clip) == 0)
        #expect(frame.lines() == ["  abcd", "abc", " cde", ""])
    }

    @Test func wideCharactersTakeTwoCellsAndBecomeBlankWhenCut() {
        var frame = frame(5, 3)
        #expect(frame.put("日本", at: Point(x: 0, y: 0)) == 4)
        #expect(frame.put("日本語", at: Point(x: 0, y: 1)) == 5)
        #expect(frame.put("日本語", at: Point(x: -1, y: 2)) == 6)
        #expect(frame.lines() == ["日本", "日本", " 本語"])
        #expect(frame[1, 0]?.isContinuation == true)
        #expect(frame[4, 1] == .blank)
        #expect(frame[0, 2] == .blank)
    }

    @Test func overwritingHalfOfAWideCharacterBlanksTheOtherHalf() {
        var frame = frame(8, 3)
        for y in 0..<3 { frame.put("日本語文", at: Point(x: 0, y: y)) }
        frame.put("x", at: Point(x: 1, y: 0))
        frame.put("xy", at: Point(x: 2, y: 0))
        frame.put("x", at: Point(x: 6, y: 0))
        frame.put("字", at: Point(x: 3, y: 1))
        frame.fill(Rect(x: 1, y: 2, width: 2, height: 1), style: .plain)
        #expect(frame.lines() == [" xxy語x", "日 字 文", "    語文"])
    }

    @Test(arguments: [
        ("a\u{1B}[2Jb", "a␛[2Jb"), ("a\u{7}\u{8}\u{0}b", "a␇␈␀b"), ("a\nb\r\nc", "a␤b␍␤c"),
        ("a\u{7F}\u{9B}b", "a␡<U+009B>b"), ("a\tb", "a→   b"), ("\u{202E}ab", "<U+202E>ab"),
        ("a\u{200B}b\u{FEFF}c", "a<U+200B>b<U+FEFF>c"), ("a\u{AD}b", "a<U+00AD>b"),
        ("\u{E0041}x", "<U+E0041>x"), ("\u{E000}x", "<U+E000>x"), ("\u{2028}x", "<U+2028>x"),
        ("x\u{200D}y", "x<U+200D>y"), ("x\u{FE0F}", "x<U+FE0F>"), ("\u{301}x", "\u{25CC}\u{301}x"),
        (
            "\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}x",
            "\u{25CC}\u{301}\u{302}\u{303}\u{304}\u{FFFD}x"
        ),
        ("\u{FFFF}x", "\u{FFFD}x"), ("\u{3164}x", "<U+3164>x"), ("e\u{301}x", "e\u{301}x"),
        (
            "z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}!",
            "z\u{301}\u{302}\u{303}\u{304}\u{FFFD}!"
        ),
        ("\u{1F44D}\u{1F3FD}|", "\u{1F44D}\u{1F3FD}|"), ("क\u{93F}|", "क\u{93F}|"),
    ])
    func nothingUnsafeReachesACell(text: String, shown: String) {
        var frame = frame(40, 1)
        let columns = frame.put(text, at: Point(x: 0, y: 0))
        #expect(frame.lines() == [shown])
        #expect(columns == TextWidth.columns(of: text))
    }

    @Test func emojiSequencesTakeTwoColumns() {
        for text in ["👨‍👩‍👧", "❤️", "👍🏽", "1️⃣", "👩🏻‍❤️‍💋‍👨🏻", "🇩🇪", "🙂"] {
            #expect(TextWidth.columns(of: text) == 2, "\(text)")
        }
    }

    @Test func asciiFramesHoldOnlyASCII() {
        var frame = frame(24, 2, .ascii)
        #expect(frame.put("│ Müller 日 ✔ 👍🏽 ж é…", at: Point(x: 0, y: 0)) == 21)
        frame.put("e\u{301}\u{202E}", at: Point(x: 0, y: 1))
        #expect(frame.lines() == ["| Muller ?? + ?? ? e~", "e<U+202E>"])
        #expect(frame.cells.allSatisfy { $0.character.isASCII })
    }

    @Test func theTitleIsOneSafeLine() {
        var frame = frame(1, 1)
        frame.title = "a\u{1B}]0;x\u{7}b\nc"
        #expect(frame.title == "a␛]0;x␇b␤c")
    }

    @Test func restyleKeepsTheTextAndStyledLinesShowIt() {
        var frame = frame(6, 1)
        frame.put("abcdef", at: Point(x: 0, y: 0))
        frame.restyle(Rect(x: 2, y: 0, width: 2, height: 1)) { $0.with(.bold) }
        #expect(frame.styledLines() == ["ab{terminal bold}cd{}ef"])
    }

    @Test func rowsCompareWithTheSameRowOfAnotherFrame() {
        var old = frame(4, 2)
        let new = old
        old.put("x", at: Point(x: 3, y: 1))
        #expect(old.rowEquals(new, at: 0))
        #expect(!old.rowEquals(new, at: 1))
        #expect(!old.rowEquals(frame(5, 2), at: 0))
    }

    @Test func putLineShortensAndAligns() {
        var frame = frame(7, 4)
        let row = Rect(x: 0, y: 0, width: 7, height: 1)
        var rows = frame.bounds
        frame.putLine("abcdefghi", in: row)
        _ = rows.takeTop(1)
        frame.putLine("abc", in: rows.takeTop(1), alignment: .right)
        frame.putLine("abc", in: rows.takeTop(1), alignment: .center)
        frame.putLine("日本語文字", in: rows.takeTop(1))
        #expect(frame.lines() == ["abcdef…", "    abc", "  abc", "日本語…"])
    }
}
