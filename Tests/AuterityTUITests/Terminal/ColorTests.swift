import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct ColorTests {
    private func foreground(
        _ color: Color, _ depth: ColorDepth, palette: Int = 8, defaults: Bool = true
    ) -> Int {
        var map = ColorMap(depth: depth, directPalette: palette, hasDefaultColors: defaults)
        return map.map(Style(foreground: color)).foreground
    }

    @Test(arguments: [
        (Color.rgb(red: 255, green: 0, blue: 0), 196), (.rgb(red: 0, green: 0, blue: 0), 16),
        (.rgb(red: 255, green: 255, blue: 255), 231), (.rgb(red: 95, green: 135, blue: 175), 67),
        (.indexed(4), 4), (.indexed(200), 200), (.terminal, -1),
    ])
    func the256ColorsAreTakenByNearness(_ color: Color, _ number: Int) {
        #expect(foreground(color, .palette256) == number)
    }

    @Test func aMixedColorNeverTakesOneThatTheUserHasMade() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let color = Color.rgb(
                red: .random(in: 0...255, using: &random),
                green: .random(in: 0...255, using: &random),
                blue: .random(in: 0...255, using: &random))
            #expect((16...255).contains(foreground(color, .palette256)))
        }
    }

    @Test(arguments: [
        (Color.rgb(red: 250, green: 10, blue: 10), 1...9), (.rgb(red: 0, green: 0, blue: 0), 0...0),
        (.indexed(12), 12...12),
    ])
    func sixteenColorsAreTakenByNearness(_ color: Color, _ numbers: ClosedRange<Int>) {
        #expect(numbers.contains(foreground(color, .palette16)))
    }

    @Test func eightColorsShowTheBrightOnesInBold() {
        var map = ColorMap(depth: .palette16, hasOnlyEight: true)
        let bright = map.map(Style(foreground: .indexed(12), background: .indexed(9)))
        #expect(bright == MappedStyle(foreground: 4, background: 1, attributes: .bold))
    }

    @Test func greyIsNeverBlackWhereThereAreEightColors() {
        var map = ColorMap(depth: .palette16, hasOnlyEight: true)
        let onBlack = map.map(Style(foreground: .indexed(8), background: .indexed(0)))
        #expect(onBlack == MappedStyle(foreground: 7, background: 0, attributes: []))
        let onWhite = map.map(Style(foreground: .indexed(8), background: .indexed(15)))
        #expect(onWhite == MappedStyle(foreground: 0, background: 7, attributes: []))
    }

    @Test func directColorsKeepClearOfThePalette() {
        #expect(foreground(.rgb(red: 1, green: 2, blue: 3), .truecolor) == 0x010203)
        #expect(foreground(.rgb(red: 0, green: 0, blue: 4), .truecolor) == 8)
        #expect(foreground(.rgb(red: 0, green: 0, blue: 4), .truecolor, palette: 16) == 16)
        #expect(foreground(.indexed(5), .truecolor) == 5)
        #expect(foreground(.indexed(12), .truecolor, palette: 16) == 12)
        #expect(foreground(.indexed(196), .truecolor) == 0xFF0000)
        #expect(foreground(.indexed(9), .truecolor) == 0xFF0000)
        #expect(foreground(.indexed(244), .truecolor) == 0x808080)
    }

    @Test func withoutColorsTheAttributesStay() {
        var map = ColorMap(depth: .mono)
        let style = Style(
            foreground: .indexed(3), background: .rgb(red: 9, green: 9, blue: 9),
            attributes: [.bold, .reverse])
        let expected = MappedStyle(
            foreground: -1, background: -1, attributes: [.bold, .reverse])
        #expect(map.map(style) == expected)
    }

    @Test func withoutDefaultColorsThereIsGreyOnBlack() {
        #expect(foreground(.terminal, .palette16, defaults: false) == 7)
    }

    @Test func pairsAreGivenOutOnceAndThenStartAgain() {
        var pairs = ColorPairs(count: 4)
        #expect(pairs.pair(foreground: -1, background: -1) == .known(0))
        #expect(pairs.pair(foreground: 1, background: -1) == .new(1))
        #expect(pairs.pair(foreground: 1, background: -1) == .known(1))
        #expect(pairs.pair(foreground: 2, background: -1) == .new(2))
        #expect(pairs.pair(foreground: 3, background: -1) == .new(3))
        #expect(!pairs.isExhausted)
        #expect(pairs.pair(foreground: 4, background: -1) == .known(0))
        #expect(pairs.isExhausted)
        pairs.startAgain()
        #expect(pairs.pair(foreground: 4, background: -1) == .new(1))
        #expect(!pairs.isExhausted)
    }

    @Test(
        arguments: [
            (["TERM": "xterm-256color"], 256, nil, ColorDepth.palette256),
            (["TERM": "xterm-256color", "NO_COLOR": "1"], 256, nil, .mono),
            (["TERM": "xterm-256color", "NO_COLOR": ""], 256, nil, .palette256),
            (["TERM": "xterm-256color", "NO_COLOR": "1"], 256, .palette256, .palette256),
            (["TERM": "xterm-256color"], 256, .palette16, .palette16),
            (["TERM": "linux"], 8, nil, .palette16), (["TERM": "vt100"], -1, nil, .mono),
            (["TERM": "xterm-direct"], 16_777_216, nil, .truecolor),
            (["TERM": "xterm-direct"], 16_777_216, .mono, .mono),
        ] as [([String: String], Int, ColorDepth?, ColorDepth)])
    func theDepthFollowsTerminfoAndTheUsersWish(
        _ environment: [String: String], _ colors: Int, _ wish: ColorDepth?, _ depth: ColorDepth
    ) {
        let surroundings = TerminalSurroundings(environment: environment)
        #expect(surroundings.depth(terminfoColors: colors, wish: wish) == depth)
    }

    @Test func directColorIsLookedForWhereItIsOffered() {
        let offered = TerminalSurroundings(
            environment: ["TERM": "tmux-256color", "COLORTERM": "truecolor"])
        #expect(offered.directNames.map(\.name) == ["tmux-direct16", "tmux-direct"])
        let silent = TerminalSurroundings(environment: ["TERM": "tmux-256color"])
        #expect(silent.directNames.isEmpty)
    }

    @Test func onlyTerminalsThatUnderstandItAreAskedAboutModes() {
        for (name, asks) in [
            ("xterm-256color", true), ("tmux-256color", true), ("xterm", true), ("linux", false),
            ("screen-256color", false), ("vt100", false), ("", false), ("xtermish", false),
        ] {
            let surroundings = TerminalSurroundings(environment: ["TERM": name])
            #expect(surroundings.maySendModeQuestion == asks, "\(name)")
        }
    }

    @Test func escapeWaitsLongerOverTheNetwork() {
        let local = TerminalSurroundings(environment: [:])
        let remote = TerminalSurroundings(environment: ["SSH_TTY": "/dev/pts/1"])
        #expect(local.defaultEscapeDelay == .milliseconds(25))
        #expect(remote.defaultEscapeDelay == .milliseconds(50))
    }
}
