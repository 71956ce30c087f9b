import Glibc
import Testing

@testable import TerminalUI

@Suite struct TextWidthTests {
    /// Every character that both the C library and this kit show must have the same width.
    @Test func widthsAgreeWithTheCLibrary() throws {
        let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
        let before = uselocale(locale)
        defer {
            uselocale(before)
            freelocale(locale)
        }
        // The header hides this function from Swift.
        let symbol = try #require(dlsym(nil, "wcwidth"))
        let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (wchar_t) -> Int32).self)
        var wrong: [String] = []
        var compared = 0
        for value in UInt32(0x20)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let theirs = Int(wcwidth(wchar_t(value)))
            let kind = CellText.Kind(scalar)
            guard theirs >= 0, kind == .spacing || kind == .mark else { continue }
            compared += 1
            if TextWidth.columns(of: scalar) != theirs {
                wrong.append("\(String(value, radix: 16)): \(theirs)")
            }
        }
        #expect(compared > 100_000)
        #expect(wrong == [])
    }

    @Test func truncateEndsWithAnEllipsisAndNeverHalvesACharacter() {
        #expect(TextWidth.truncate("abcdef", to: 6) == "abcdef")
        #expect(TextWidth.truncate("abcdef", to: 5) == "abcd…")
        #expect(TextWidth.truncate("abcdef", to: 1) == "…")
        #expect(TextWidth.truncate("abcdef", to: 0) == "")
        #expect(TextWidth.truncate("日本語", to: 4) == "日…")
        #expect(TextWidth.truncate("abcdef", to: 3, ellipsis: "~") == "ab~")
    }

    @Test func padFillsToTheColumn() {
        #expect(TextWidth.pad("日本", to: 6) == "日本  ")
        #expect(TextWidth.pad("ab", to: 5, alignment: .right) == "   ab")
        #expect(TextWidth.pad("ab", to: 5, alignment: .center) == " ab  ")
        #expect(TextWidth.pad("日本語", to: 4) == "日… ")
    }

    @Test(arguments: [
        ("the quick brown fox", 10, ["the quick", "brown fox"]),
        ("the quick brown fox", 9, ["the quick", "brown fox"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("  indented text", 10, ["  indented", "text"]),
        ("a\n\nb", 5, ["a", "", "b"]),
        ("日本語 文字", 6, ["日本語", "文字"]),
        ("two  blanks", 5, ["two", "blank", "s"]),
        ("", 3, [""]),
        ("日", 1, ["日"]),
    ])
    func wrapBreaksAtBlanks(text: String, columns: Int, lines: [String]) {
        #expect(TextWidth.wrap(text, to: columns) == lines)
    }

    @Test func safeTextIsBoundedAndVisible() {
        #expect(SafeText.line("a\u{1B}b") == "a␛b")
        #expect(SafeText.line("a\u{1B}é日", charset: .ascii) == "a?e??")
        #expect(SafeText.line("abcdef", limit: 4) == "abc…")
        #expect(SafeText.line("日本語", limit: 4) == "日本"[...].dropLast() + "…")
    }
}
