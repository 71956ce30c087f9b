import Testing

@testable import TerminalUI

@Suite struct TimelineTests {
    private let timeline = Timeline(
        rows: [
            Timeline.Row(
                label: "Start", sign: "✔", role: .statusCompleted,
                segments: [.init(start: 1000, end: 1002, kind: .working)], detail: "2ms"),
            Timeline.Row(
                label: "Score lead", sign: "✔", role: .statusCompleted,
                segments: [
                    .init(start: 1000, end: 2000, kind: .failedAttempt),
                    .init(start: 2000, end: 3000, kind: .waiting),
                    .init(start: 3000, end: 5000, kind: .working),
                ], detail: "4s", isCritical: true),
            Timeline.Row(
                label: "Approve", sign: "◔", role: .statusWaiting,
                segments: [.init(start: 5000, end: nil, kind: .waiting)], isCritical: true),
        ], start: 1000, end: 9000)

    private func drawn(
        _ view: TimelineView, _ width: Int, _ height: Int, _ charset: Charset = .unicode
    ) -> [String] {
        var frame = Frame(size: Size(width: width, height: height), charset: charset)
        view.draw(timeline, into: &frame, in: frame.bounds, theme: .midnight)
        return frame.lines()
    }

    @Test func barsShowAttemptsWaitsAndWorkOnOneAxis() {
        #expect(
            drawn(TimelineView(), 64, 4) == [
                "               │0                       │5s",
                "✔ Start        █                                        2ms",
                "✔ Score lead ▌ ▒▒▒▒▒░░░░░██████████                     4s",
                "◔ Approve    ▌                     ░░░░░░░░░░░░░░░░░░░░",
            ])
    }

    @Test func aNarrowPlaceStillHasBars() {
        #expect(drawn(TimelineView(), 20, 4)[2].contains("▒"))
        for width in 0...20 {
            for height in 0...4 { #expect(drawn(TimelineView(), width, height).count == height) }
        }
    }

    @Test func asciiTellsTheKindsApartToo() {
        let line = drawn(TimelineView(), 64, 4, .ascii)[2]
        #expect(line.contains(":::") && line.contains("...") && line.contains("###"))
    }

    @Test func zoomAndScrollMoveTheWindowAndStayInside() {
        var view = TimelineView()
        _ = view.handle(.character("+"), count: 3, height: 4)
        #expect(view.window(of: timeline) == (start: 3000, length: 4000))
        for _ in 0..<20 { _ = view.handle(.left, count: 3, height: 4) }
        #expect(view.window(of: timeline) == (start: 1000, length: 4000))
        for _ in 0..<20 { _ = view.handle(.right, count: 3, height: 4) }
        #expect(view.window(of: timeline) == (start: 5000, length: 4000))
        _ = view.handle(.character("0"), count: 3, height: 4)
        #expect(view.window(of: timeline) == (start: 1000, length: 8000))
        for _ in 0..<100 { _ = view.handle(.character("+"), count: 3, height: 4) }
        #expect(view.zoom == TimelineView.maximumZoom)
        #expect(drawn(view, 64, 4).count == 4)
    }

    @Test(
        arguments: [
            (0, 100, "0"), (250, 50, "250ms"), (1500, 500, "1.5s"), (90_000, 30_000, "90s"),
            (300_000, 60_000, "5m"), (7_200_000, 3_600_000, "2h"), (259_200_000, 86_400_000, "3d"),
        ] as [(Double, Double, String)])
    func ticksAreAsExactAsTheirStep(milliseconds: Double, step: Double, text: String) {
        #expect(TimelineTicks.text(milliseconds, step: step) == text)
    }
}
