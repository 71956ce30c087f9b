import AuterityAPI
import AuterityClient
import TerminalUI
import Testing

@testable import auterity

/// What is said of a connection that breaks while something is followed.
@Suite struct LinkNoticeTests {
    private static let start = Timestamp(milliseconds: 1_754_649_054_000)
    private static let reason = "a.example is stopping, perhaps to start again"

    private func texts(_ notice: LinkNotice, live: Bool = true) -> [String?] {
        var notice = notice
        if live { #expect(notice.text(for: .live, now: Self.start) == nil) }
        return (0..<3).map { count in
            notice.text(
                for: .retrying(inSeconds: 1.52, reason: Self.reason),
                now: Self.start.adding(seconds: Double(count)))
        } + [
            notice.text(for: .connecting, now: Self.start.adding(seconds: 11)),
            notice.text(for: .resynchronizing, now: Self.start.adding(seconds: 11)),
            notice.text(for: .live, now: Self.start.adding(seconds: 12)),
        ]
    }

    @Test func onATerminalOneLineIsWrittenAgainAndAgain() {
        let texts = texts(LinkNotice(.inPlace(columns: 80), secondsEastOfUTC: 3600))
        let erasing = "\r\u{1B}[K"
        for text in texts[0..<3] {
            #expect(text?.hasPrefix(erasing) == true)
            let line = text?.dropFirst(erasing.count) ?? ""
            #expect(
                line.hasPrefix("The connection broke at 11:30:54; trying again in 1.5 s"), "\(line)"
            )
            // One of 80 would leave the cursor on the next line.
            #expect(TextWidth.columns(of: line) == 79, "\(line)")
            #expect(!line.contains("\n"))
        }
        #expect(texts[3...] == [nil, nil, erasing])
    }

    @Test func elsewhereThereIsALineWhenItBreaksAndOneWhenItIsBack() {
        let texts = texts(LinkNotice(.lines))
        #expect(
            texts == [
                "The connection broke at 10:30:54; trying until it is back. \(Self.reason)", nil,
                nil, nil, nil, "The connection is back after 12.0s",
            ])
    }

    @Test func whatWasNeverThereDidNotBreak() {
        let texts = texts(LinkNotice(.lines), live: false)
        #expect(texts[0] == "There is no connection yet; trying until it is back. \(Self.reason)")
    }

    @Test func nothingInAReasonReachesTheTerminal() {
        var notice = LinkNotice(.inPlace(columns: 200))
        let text = notice.text(
            for: .retrying(inSeconds: 1, reason: "\u{1B}[31mred\nblue"), now: Self.start)
        #expect(text?.dropFirst(4).unicodeScalars.contains { $0.value < 0x20 } == false)
    }
}
