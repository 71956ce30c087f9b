import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct HostileTextTests {
    static let names = [
        "\u{1B}[2J\u{1B}]0;owned\u{7}clear", "\u{202E}gnitset\u{2066}", "漢字かな交じり文",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}x",
        "👩‍👩‍👧‍👦 family \u{FE0F}",
        "a\tb\nc\rd\u{8}e", "\u{0}\u{9B}31m\u{AD}\u{200B}",
        String(repeating: "long ", count: 200_000),
        "", "\u{1F1E9}\u{1F1EA}\u{1F1E9}",
    ]

    private static func client() -> FakeClient {
        let executions = names.enumerated().map { index, name in
            Fixtures.execution(
                index + 1, name, .failed, progress: 10, age: Double(index + 100), time: 2,
                error: name)
        }
        let workflows = names.enumerated().map { index, name in
            Fixtures.workflow(index, name, runs: index, last: 4000, description: name)
        }
        return Fixtures.client(executions: executions, workflows: workflows)
    }

    @Test(arguments: [(120, 32, Charset.unicode), (80, 24, .unicode), (80, 24, .ascii)])
    func leavesTheDrawingWhole(width: Int, height: Int, charset: Charset) async {
        var console = await ConsoleTester.open(
            client: Self.client(), width: width, height: height, charset: charset)
        check(console, charset)
        await console.press(.character("z"))
        check(console, charset)
        await console.press(.escape, .down, .character("r"))
        check(console, charset)
        await console.press(.escape, .character("/"))
        await console.press(.paste(Self.names[0] + Self.names[1]))
        check(console, charset)
    }

    /// No control character, and the borders where they belong.
    private func check(_ console: ConsoleTester, _ charset: Charset) {
        for cell in console.frame.cells {
            for scalar in cell.character.unicodeScalars {
                #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
                #expect(!(0x202A...0x202E).contains(scalar.value))
            }
        }
        let edge: Set<Character> =
            charset == .unicode ? ["│", "╮", "╯", "┃"] : ["|", "+", "#"]
        let frame = console.frame
        for y in 1..<frame.size.height - 1 {
            let last = frame[frame.size.width - 1, y]?.character
            #expect(last.map(edge.contains) == true, "row \(y) ends in \(String(describing: last))")
        }
        let title = console.frame.title ?? ""
        #expect(title.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
}
