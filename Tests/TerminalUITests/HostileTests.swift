import Testing

@testable import TerminalUI

/// Repeatable randomness (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func pick<T>(_ values: [T]) -> T {
        values[Int.random(in: values.indices, using: &self)]
    }
}

@Suite struct HostileTests {
    private static let pieces = [
        "plain", " ", "\u{0}", "\u{1B}[2J", "\u{1B}]52;c;AAAA\u{7}", "\u{9B}31m", "\u{9D}0;x\u{9C}",
        "\r", "\n", "\r\n", "\t", "\u{8}", "\u{7F}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{200D}",
        "\u{FEFF}", "\u{FE0F}", "\u{E0041}", "\u{E000}", "\u{F0000}", "\u{301}", "e\u{301}\u{302}",
        String(repeating: "\u{300}", count: 40), "日本", "한글", "👨‍👩‍👧", "👍🏽", "🇩🇪", "1️⃣", "❤️",
        "\u{FFFF}", "\u{FFFD}", "क्षि", "﷽", "\u{115F}", "\u{1160}", "\u{2028}", "ｱ", "Ａ", "…│▶",
    ]

    private func text(_ dice: inout Dice) -> String {
        (0..<Int.random(in: 0...12, using: &dice)).reduce(into: "") { text, _ in
            text += dice.pick(Self.pieces)
        }
    }

    private func check(_ frame: Frame, _ place: String) {
        for y in 0..<frame.size.height {
            let row = Array(frame.row(y))
            for (x, cell) in row.enumerated() {
                let before: UInt8? = x > 0 ? row[x - 1].width : nil
                if (cell.width == 0) != (before == 2) || (cell.width == 2 && x + 1 == row.count) {
                    Issue.record("half of a wide character at \(x),\(y): \(place)")
                }
                let scalars = cell.character.unicodeScalars
                if scalars.contains(where: { isDangerous($0, in: cell) }) {
                    Issue.record("\(Array(scalars)) reached \(x),\(y): \(place)")
                }
                if frame.charset == .ascii, !cell.character.isASCII {
                    Issue.record("\(Array(scalars)) in ASCII at \(x),\(y): \(place)")
                }
            }
        }
    }

    private func isDangerous(_ scalar: Unicode.Scalar, in cell: Cell) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F,
            0xFEFF, 0xAD, 0xE000...0xF8FF, 0xE0000...0x10FFFF:
            true
        case 0x200D, 0xFE0F: cell.width != 2
        default: false
        }
    }

    @Test(arguments: Charset.allCases)
    func noTextAtAnyPlaceBreaksAFrame(charset: Charset) {
        var dice = Dice(seed: 1)
        for _ in 0..<400 {
            let size = Size(
                width: Int.random(in: 0...16, using: &dice),
                height: Int.random(in: 0...3, using: &dice))
            var frame = Frame(size: size, charset: charset)
            for _ in 0..<16 {
                let point = Point(
                    x: Int.random(in: -8...17, using: &dice),
                    y: Int.random(in: -1...3, using: &dice))
                let clip = Rect(
                    x: Int.random(in: -5...12, using: &dice), y: 0,
                    width: Int.random(in: 0...16, using: &dice), height: 3)
                let text = text(&dice)
                let columns = frame.put(
                    text, at: point, in: Bool.random(using: &dice) ? clip : nil)
                #expect(columns >= 0 && columns <= TextWidth.columns(of: text))
                check(frame, "\(size)")
                let spot = Rect(
                    x: Int.random(in: -1...40, using: &dice), y: point.y, width: 1, height: 1)
                frame.fill(spot, with: dice.pick(["x", "日", "\u{1B}", "é"]), style: .plain)
                check(frame, "\(size) \(spot)")
            }
        }
    }

    @Test func extremePositionsAreHarmless() {
        var frame = Frame(size: Size(width: 10, height: 2))
        for x in [Int.min, Int.max, -Frame.maximumScroll, 1 << 40] {
            for y in [Int.min, 0, Int.max] {
                #expect(frame.put("text 日本", at: Point(x: x, y: y)) >= 0)
                #expect(frame.put("日" as Character, at: Point(x: x, y: y)) >= 0)
            }
        }
        #expect(frame.lines() == ["", ""])
    }

    @Test(arguments: Charset.allCases)
    func everyWidgetIsSafeAtEverySize(charset: Charset) {
        var dice = Dice(seed: 2)
        let sizes: [(ClosedRange<Int>, ClosedRange<Int>, Int)] = [
            (0...12, 0...8, 250), (0...90, 0...30, 60), (300...400, 90...120, 2),
        ]
        for (widths, heights, rounds) in sizes {
            for _ in 0..<rounds {
                let size = Size(
                    width: Int.random(in: widths, using: &dice),
                    height: Int.random(in: heights, using: &dice))
                var frame = Frame(size: size, charset: charset)
                let rect = Rect(
                    x: Int.random(in: -3...3, using: &dice),
                    y: Int.random(in: -3...3, using: &dice),
                    width: size.width, height: size.height)
                drawEverything(into: &frame, in: rect, &dice)
                check(frame, "\(size) \(rect)")
            }
        }
    }

    private func drawEverything(into frame: inout Frame, in rect: Rect, _ dice: inout Dice) {
        let theme = Theme.midnight
        let texts = (0..<20).map { _ in text(&dice) }
        let inside = Pane(
            texts[0], number: 1, detail: texts[1], status: texts[2]
        ).draw(into: &frame, in: rect, theme: theme)
        Tabs(Array(texts[3...6]), selected: 2).draw(into: &frame, in: inside, theme: theme)
        let table = Table(
            columns: [
                TableColumn(texts[7], least: 4, weight: 1), TableColumn("B", least: 3, priority: 1),
                TableColumn("C", least: 6, ideal: 9, priority: 2, alignment: .right),
            ], sort: TableSort(column: 0, isAscending: true), emptyText: texts[8],
            pattern: SearchPattern(dice.pick(Self.pieces)))
        let list = ListState(
            cursor: Int.random(in: 0...50, using: &dice),
            offset: Int.random(in: 0...50, using: &dice))
        let count = Int.random(in: 0...40, using: &dice)
        table.draw(into: &frame, in: inside, theme: theme, list: list, count: count) { index in
            TableRow([
                TableCell(texts[index % 20]), TableCell(progress: 0.4),
                TableCell(texts[(index + 7) % 20]),
            ])
        }
        drawForm(texts, into: &frame, in: inside, theme, &dice)
        drawText(texts, into: &frame, in: inside, theme, &dice)
        Toast.draw(
            [Toast(texts[12]), Toast(texts[13], kind: .error)], into: &frame, in: rect,
            theme: theme)
        Dialog(
            title: texts[14], body: [texts[15], texts[16]],
            buttons: [DialogButton(texts[17], key: "k"), DialogButton("No", isDestructive: true)],
            nameToType: Bool.random(using: &dice) ? texts[18] : nil
        ).draw(into: &frame, in: rect, theme: theme)
        let hints = texts.prefix(5).map { KeyHint("x", $0) }
        StatusBar(hints: hints, trailing: hints).draw(into: &frame, in: rect, theme: theme)
        ProgressBar(0.37, showsPercent: true).draw(into: &frame, in: inside, theme: theme)
    }

    private func drawForm(
        _ texts: [String], into frame: inout Frame, in rect: Rect, _ theme: Theme,
        _ dice: inout Dice
    ) {
        var form = Form(
            [
                FormField(id: "a", label: texts[0], kind: .text, value: texts[1], help: texts[2]),
                FormField(id: "b", label: texts[3], kind: .select(texts), value: texts[4]),
                FormField(id: "c", label: "C", kind: .multiline(rows: 3), value: texts[5]),
                FormField(id: "d", label: "D", kind: .secret, value: texts[6]),
            ], errors: ["d": texts[7]])
        form.move(to: Int.random(in: 0...3, using: &dice))
        for key in [Key.paste(texts[8]), .left, .control("w"), .home, .delete] {
            _ = form.handle(key)
        }
        form.draw(into: &frame, in: rect, theme: theme, isFocused: true)
    }

    private func drawText(
        _ texts: [String], into frame: inout Frame, in rect: Rect, _ theme: Theme,
        _ dice: inout Dice
    ) {
        let source = TextView.Source(texts.map { TextLine($0) })
        var view = TextView(
            wraps: Bool.random(using: &dice), follows: Bool.random(using: &dice),
            showsLineNumbers: Bool.random(using: &dice))
        view.search(dice.pick(Self.pieces), size: rect.size, source: source)
        for _ in 0..<6 {
            let key = dice.pick([Key.down, .up, .pageDown, .end, .right, .character("n"), .left])
            _ = view.handle(key, size: rect.size, source: source)
        }
        view.draw(into: &frame, in: rect, theme: theme, source: source)
    }

    @Test func simplifiedSequencesAreOneSpacingScalar() {
        var frame = Frame(size: Size(width: 12, height: 1))
        frame.put("👨‍👩‍👧❤️日e\u{301}각", at: Point(x: 0, y: 0))
        let shown = frame.row(0).filter { !$0.isContinuation }.map(\.simplified)
        #expect(shown.prefix(5) == ["👨", "\u{2764}", "日", "e\u{301}", "각"])
    }
}
