import Synchronization
import Testing

@testable import AuterityTUI

@Suite struct ClipboardTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func base64FollowsTheExamplesOfItsStandard(_ text: String, _ encoded: String) {
        #expect(String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == encoded)
    }

    @Test func aTextTooLongForTheTerminalIsNotSent() {
        let longest = String(repeating: "x", count: Clipboard.escapeLimit / 4 * 3)
        #expect(Clipboard.escapeSequence(for: longest) != nil)
        #expect(Clipboard.escapeSequence(for: longest + "xxx") == nil)
    }

    @Test func theTextCannotEndTheSequence() throws {
        let sequence = try #require(Clipboard.escapeSequence(for: "\u{1B}\\\u{7}evil"))
        #expect(sequence.filter { $0 == 0x1B }.count == 2)
        #expect(!sequence.contains(0x07))
    }

    @Test func theWaysFollowFromTheSurroundings() {
        func programs(_ environment: [String: String]) -> [String] {
            Clipboard(environment: environment).programs.map { $0[0] }
        }
        #expect(programs(["TMUX": "/run/tmux", "DISPLAY": ":0"]) == ["tmux"])
        #expect(programs(["DISPLAY": ":0"]) == ["xclip", "xsel"])
        #expect(programs(["WAYLAND_DISPLAY": "wayland-0"]) == ["wl-copy"])
        #expect(programs(["DISPLAY": ":10", "SSH_TTY": "/dev/pts/1"]) == [])
        #expect(programs([:]) == [])
    }

    @Test func withoutAnyWayTheUserIsToldWhatToDo() async {
        let result = await Clipboard(environment: [:]).copy("x", takesEscapeSequence: false) { _ in
            true
        }
        #expect(
            result
                == .failed(
                    "The text was not copied: this terminal has no clipboard. "
                        + "Save it to a file instead."))
    }

    @Test func theTerminalIsAskedWhereNoProgramIs() async {
        let sent = Mutex<[UInt8]>([])
        let result = await Clipboard(environment: ["SSH_TTY": "x"]).copy(
            "foo", takesEscapeSequence: true
        ) { bytes in
            sent.withLock { $0 = bytes }
            return true
        }
        #expect(result == .escapeSequence)
        #expect(sent.withLock { $0 } == Array("\u{1B}]52;c;Zm9v\u{1B}\\".utf8))
    }
}
