import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct HeadlessTerminalTests {
    @Test func keysComeInTheirOrderAndTheEndIsLast() async {
        let terminal = HeadlessTerminal()
        terminal.type("a\n")
        terminal.press(.up, .escape)
        terminal.resize(to: Size(width: 80, height: 24))
        terminal.end(.lost)
        var events: [TerminalEvent] = []
        for await event in terminal.events { events.append(event) }
        #expect(
            events == [
                .key(.character("a")), .key(.enter), .key(.up), .key(.escape),
                .resized(Size(width: 80, height: 24)), .ended(.lost),
            ])
    }

    @Test func aTestThatOutrunsTheConsoleIsTold() {
        let terminal = HeadlessTerminal()
        for _ in 0..<HeadlessTerminal.eventLimit { #expect(terminal.press(.up)) }
        #expect(!terminal.press(.down))
    }

    @Test func framesCanBeWaitedFor() async {
        let terminal = HeadlessTerminal(size: Size(width: 9, height: 1))
        for text in ["one", "two"] {
            var frame = Frame(size: Size(width: 9, height: 1))
            frame.put(text, at: Point(x: 0, y: 0))
            terminal.draw(frame)
        }
        let found = await terminal.frame { $0[0, 0]?.character == "t" }
        #expect(found == terminal.lastFrame)
        await terminal.stop()
        #expect(await terminal.frame { _ in true } == nil)
    }
}
