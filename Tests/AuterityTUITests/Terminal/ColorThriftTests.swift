import Testing

@testable import AuterityTUI

@Suite struct ColorThriftTests {
    private func thin(_ text: String) -> String {
        String(decoding: ColorThrift.thin(Array(text.utf8)), as: UTF8.self)
    }

    @Test func aColourThatIsSetAlreadyIsLeftOut() {
        #expect(
            thin("\u{1B}[38;5;80m\u{1B}[48;5;233mA\u{1B}[38;5;247m\u{1B}[48;5;233mB")
                == "\u{1B}[38;5;80m\u{1B}[48;5;233mA\u{1B}[38;5;247mB")
        #expect(thin("\u{1B}[31m\u{1B}[44mA\u{1B}[31m\u{1B}[44mB") == "\u{1B}[31m\u{1B}[44mAB")
        #expect(thin("\u{1B}[91mA\u{1B}[91mB\u{1B}[92mC") == "\u{1B}[91mAB\u{1B}[92mC")
    }

    @Test(arguments: ["\u{1B}[m", "\u{1B}[0;1m", "\u{1B}[39;49m", "\u{1B}[7m", "\u{1B}[0m"])
    func afterAResetColoursAreSentAgain(reset: String) {
        let text = "\u{1B}[31mA\(reset)\u{1B}[31mB"
        #expect(thin(text) == text)
    }

    @Test(arguments: [
        "", "plain", "\u{1B}", "\u{1B}[", "\u{1B}[31", "\u{1B}[2;3H", "\u{1B}[50X",
        "\u{1B}[38:2::1:2:3mA\u{1B}[48:2::1:2:3mB", "\u{1B}[31;44mA\u{1B}[31;44mB", "é\u{1B}(B✔",
    ])
    func everythingElsePasses(text: String) {
        #expect(thin(text) == text)
    }

    @Test func eachFrameStandsAlone() {
        #expect(thin("\u{1B}[31mA") == "\u{1B}[31mA")
        #expect(thin("\u{1B}[31mB") == "\u{1B}[31mB")
    }
}
