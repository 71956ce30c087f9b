import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct InputParserTests {
    private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

    private func keys(_ bytes: [UInt8], special: [[UInt8]: Key] = [:]) -> [Key] {
        var parser = InputParser(special: special)
        return (parser.feed(bytes) + parser.timeOut()).compactMap { input in
            if case .key(let key) = input { key } else { nil }
        }
    }

    @Test(arguments: [
        ("a", Key.character("a")), ("A", .character("A")), ("é", .character("é")),
        ("漢", .character("漢")), ("🚀", .character("🚀")), (" ", .character(" ")),
        ("\r", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
        ("\u{1}", .control("a")), ("\u{3}", .control("c")), ("\u{1A}", .control("z")),
        ("\u{0}", .control(" ")), ("\u{1C}", .control("\\")), ("\n", .control("j")),
        ("\u{1B}", .escape), ("\u{1B}x", .alt("x")), ("\u{1B}[", .alt("[")),
        ("\u{1B}O", .alt("O")), ("\u{1B}]", .alt("]")),
        ("\u{1B}[A", .up), ("\u{1B}OA", .up), ("\u{1B}[1;5A", .up), ("\u{1B}O5A", .up),
        ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
        ("\u{1B}[H", .home), ("\u{1B}[1~", .home), ("\u{1B}[7~", .home), ("\u{1B}OH", .home),
        ("\u{1B}[F", .end), ("\u{1B}[4~", .end), ("\u{1B}[8~", .end), ("\u{1B}[2~", .insert),
        ("\u{1B}[3~", .delete), ("\u{1B}[3;5~", .delete), ("\u{1B}[5~", .pageUp),
        ("\u{1B}[6~", .pageDown), ("\u{1B}[5$", .pageUp), ("\u{1B}[5^", .pageUp),
        ("\u{1B}[Z", .backTab), ("\u{1B}[a", .up), ("\u{1B}Od", .left),
        ("\u{1B}OP", .function(1)), ("\u{1B}OS", .function(4)), ("\u{1B}[[A", .function(1)),
        ("\u{1B}[[E", .function(5)), ("\u{1B}[11~", .function(1)), ("\u{1B}[15~", .function(5)),
        ("\u{1B}[17~", .function(6)), ("\u{1B}[21~", .function(10)), ("\u{1B}[23~", .function(11)),
        ("\u{1B}[24;2~", .function(12)), ("\u{1B}[1;2R", .function(3)),
        ("\u{1B}OM", .enter), ("\u{1B}Op", .character("0")), ("\u{1B}Ok", .character("+")),
        ("\u{1B}\u{1B}[A", .up), ("\u{1B}[97;5u", .control("a")), ("\u{1B}[97;3u", .alt("a")),
        ("\u{1B}[9;2u", .backTab), ("\u{1B}[27;5;105~", .control("i")),
        ("\u{1B}[<0;10;5M", .mouse(.press, Point(x: 9, y: 4))),
        ("\u{1B}[<0;10;5m", .mouse(.release, Point(x: 9, y: 4))),
        ("\u{1B}[<64;300;120M", .mouse(.wheelUp, Point(x: 299, y: 119))),
        ("\u{1B}[<81;1;1M", .mouse(.wheelDown, Point(x: 0, y: 0))),
        ("\u{1B}[M !!", .mouse(.press, Point(x: 0, y: 0))),
        ("\u{1B}[M#\"!", .mouse(.release, Point(x: 1, y: 0))),
        ("\u{1B}[200~ls\r\nrm -rf ~\u{1B}[201~", .paste("ls\nrm -rf ~")),
    ])
    func everySequenceIsOneKey(_ bytes: String, _ key: Key) {
        #expect(keys(bytes) == [key])
    }

    /// The terminal's answer comes at any time, also while it is open whether Esc begins a
    /// sequence: then Esc was a key, and must not go with the answer.
    @Test(arguments: [
        "\u{1B}[0n", "\u{1B}[?2026;1$y", "\u{1B}[?62;22c", "\u{1B}[<0;10;5M", "\u{1B}[I",
        "\u{1B}[M !!", "\u{1B}[200~x\u{1B}[201~", "\u{1B}]11;rgb:0/0/0\u{7}",
    ])
    func anEscapeBeforeAnAnswerIsAKey(_ answer: String) {
        #expect(keys("\u{15}\u{1B}" + answer).prefix(2) == [.control("u"), .escape])
        #expect(keys("\u{1B}" + answer + "x").filter { $0 == .escape }.count == 1)
    }

    @Test(arguments: [
        "\u{1B}[I", "\u{1B}[O", "\u{1B}[?62;22c", "\u{1B}[99~", "\u{1B}[12;40R",
        "\u{1B}[>41;390;0c",
        "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}]11;rgb:0000/0000/0000\u{7}",
        "\u{1B}P>|XTerm(390)\u{1B}\\", "\u{1B}_Gi=1;OK\u{1B}\\", "\u{1B}[<35;4;4M",
        "\u{1B}[1;2;3;4;5x",
        "\u{1B}[<0;0;0M", "\u{1B}[<2;4;4M", "\u{1B}O~", "\u{1B}[ q", "\u{1B}[!p",
    ])
    func whatMeansNothingIsSwallowedWhole(_ bytes: String) {
        #expect(keys(bytes + "x") == [.character("x")])
    }

    @Test func aSequenceWithoutEndIsSwallowed() {
        let long = "\u{1B}[" + String(repeating: "1;", count: 5000) + "A"
        #expect(keys(long + "x") == [.character("x")])
    }

    @Test(
        arguments: [
            ([0xFF, 0x61], "\u{FFFD}a"), ([0xC3, 0x61], "\u{FFFD}a"), ([0x80], "\u{FFFD}"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
            ([0xE2, 0x82], "\u{FFFD}"), ([0xF5], "\u{FFFD}"), ([0xC2, 0x9B], "\u{FFFD}"),
        ] as [([UInt8], String)])
    func invalidTextIsShownAndNeverLosesTheNextKey(_ bytes: [UInt8], _ shown: String) {
        #expect(keys(bytes) == shown.unicodeScalars.map { .character(Character($0)) })
    }

    @Test func outsideOfUTF8OnlyASCIIIsTaken() {
        var parser = InputParser(acceptsUTF8: false)
        #expect(
            parser.feed([0xE9, 0x61]) == [.key(.character("\u{FFFD}")), .key(.character("a"))])
    }

    @Test func escapeAndEnterInOnePieceAreBothKept() {
        #expect(keys("\u{1B}\r") == [.escape, .enter])
        #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
    }

    @Test func aLateRestOfASequenceIsNoTyping() {
        var parser = InputParser()
        #expect(parser.feed([0x1B]) == [])
        #expect(parser.patience == .escape)
        #expect(parser.timeOut() == [.key(.escape)])
        #expect(parser.feed(Array("[A".utf8)) == [.key(.up)])
    }

    @Test func aBracketPressedAfterEscapeIsABracket() {
        var parser = InputParser()
        _ = parser.feed([0x1B])
        _ = parser.timeOut()
        #expect(parser.feed(Array("[".utf8)) == [.key(.character("["))])
        #expect(parser.feed(Array("A".utf8)) == [.key(.character("A"))])
    }

    @Test func aSequenceCutInTwoWaitsLongerThanEscape() {
        var parser = InputParser()
        #expect(parser.feed(Array("\u{1B}[1;".utf8)) == [])
        #expect(parser.patience == .sequence)
        #expect(parser.feed(Array("5A".utf8)) == [.key(.up)])
        #expect(parser.patience == nil)
    }

    @Test func answersAreNoKeys() {
        var parser = InputParser()
        let answers = parser.feed(Array("\u{1B}[0n\u{1B}[?2026;2$y\u{1B}[3n".utf8))
        #expect(answers == [.statusReport, .modeReport(mode: 2026, setting: 2)])
    }

    @Test func terminfoNamesKeysOfItsOwn() {
        let special: [[UInt8]: Key] = [Array("\u{1B}[25~".utf8): .function(1)]
        #expect(keys(Array("\u{1B}[25~".utf8), special: special) == [.function(1)])
        #expect(keys(Array("\u{1B}[25~".utf8)) == [])
    }

    @Test func aPasteMayContainSequencesAndIsOneKey() {
        let text = "\u{1B}[200~a\u{1B}[Ab\u{3}\u{1B}[200~c\u{1B}[201~x"
        #expect(keys(text) == [.paste("a\u{1B}[Ab\u{3}\u{1B}[200~c"), .character("x")])
    }

    @Test(arguments: [-7, -1, 0, 1, 5, 6, 7, 13, 100_000])
    func aPasteIsCutOffAtItsLimit(_ excess: Int) {
        let count = InputParser.pasteLimit + excess
        var bytes = Array("\u{1B}[200~".utf8)
        bytes += [UInt8](repeating: 0x61, count: count)
        bytes += Array("\u{1B}[201~z".utf8)
        let result = keys(bytes)
        #expect(result.count == 2)
        guard case .paste(let text)? = result.first else {
            Issue.record("the paste is missing")
            return
        }
        #expect(text.utf8.count == min(count, InputParser.pasteLimit))
        #expect(result.last == .character("z"))
    }

    @Test func aPasteWithoutEndIsGivenUpInTime() {
        var parser = InputParser()
        #expect(parser.feed(Array("\u{1B}[200~abc".utf8)) == [])
        #expect(parser.patience == .paste)
        #expect(parser.timeOut() == [.key(.paste("abc"))])
        #expect(parser.feed(Array("d".utf8)) == [.key(.character("d"))])
    }

    /// However the bytes are cut into reads, the keys are the same, and the parser comes to rest.
    @Test(arguments: 0..<60)
    func anyBytesInAnyPiecesGiveTheSameKeys(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces: [[UInt8]] = [
            [0x1B], Array("[".utf8), Array("O".utf8), Array("]".utf8), Array("<0;3;4M".utf8),
            Array("200~".utf8), Array("\u{1B}[201~".utf8), [0xC3], [0xA9], [0xF0, 0x9F],
            [0x9A, 0x80],
            Array("1;5".utf8), Array("A".utf8), Array("~".utf8), [0x07], [0x0D], [0x18],
        ]
        var bytes: [UInt8] = []
        for _ in 0..<400 {
            if Bool.random(using: &random) {
                bytes.append(UInt8.random(in: 0...255, using: &random))
            } else {
                bytes += pieces.randomElement(using: &random) ?? []
            }
        }
        var whole = InputParser()
        let expected = whole.feed(bytes) + whole.timeOut()
        var cut = InputParser()
        var inputs: [TerminalInput] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(9, rest.count), using: &random)
            inputs += cut.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(inputs + cut.timeOut() == expected)
        #expect(cut.patience == nil)
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
