import Testing

@testable import AuterityTUI

@Suite struct LineFlowTests {
    private let start = ContinuousClock.now

    /// Draws frames as often as allowed over a line of some speed; gives frames and the most
    /// bytes that were ever under way.
    private func simulate(
        bytesPerSecond: Int, roundTrip: Int, frame: Int, milliseconds: Int
    ) -> (frames: Int, mostUnderWay: Int) {
        var flow = LineFlow(asks: true)
        flow.sent(0, asking: true, at: start)
        var answers = [roundTrip]
        var lineFreeAt = 0
        var frames = 0
        var most = 0
        for now in stride(from: 0, to: milliseconds, by: 10) {
            let instant = start.advanced(by: .milliseconds(now))
            while let first = answers.first, first <= now {
                flow.answered(at: instant)
                answers.removeFirst()
            }
            flow.timePassed(at: instant)
            guard flow.mayDraw(at: instant) else { continue }
            let asks = flow.shouldAsk(after: frame)
            flow.sent(frame, asking: asks, at: instant)
            frames += 1
            lineFreeAt = max(lineFreeAt, now) + frame * 1000 / bytesPerSecond
            if asks { answers.append(lineFreeAt + roundTrip) }
            most = max(most, (lineFreeAt - now) * bytesPerSecond / 1000)
        }
        return (frames, most)
    }

    @Test func aQuickLineIsNeverHeldBack() {
        let result = simulate(
            bytesPerSecond: 10_000_000, roundTrip: 1, frame: 5000, milliseconds: 5000)
        #expect(result.frames >= 498)
    }

    @Test func aQuickLineFarAwayIsHardlyHeldBack() {
        let result = simulate(
            bytesPerSecond: 10_000_000, roundTrip: 150, frame: 400, milliseconds: 10_000)
        #expect(result.frames > 900)
    }

    @Test func aSlowLineIsAtMostAFrameBehindInTheEnd() {
        let early = simulate(bytesPerSecond: 10_000, roundTrip: 5, frame: 1000, milliseconds: 5000)
        #expect(early.mostUnderWay <= 3000)
        #expect(early.frames >= 40)
        // The window has closed by then: one frame on its way, and none behind it.
        var flow = LineFlow(asks: true)
        flow.sent(0, asking: true, at: start)
        flow.answered(at: start.advanced(by: .milliseconds(5)))
        for second in 1...4 {
            let sent = start.advanced(by: .seconds(second))
            flow.sent(1000, asking: true, at: sent)
            flow.answered(at: sent.advanced(by: .milliseconds(100)))
        }
        #expect(flow.window == LineFlow.smallestWindow)
        flow.sent(1000, asking: true, at: start.advanced(by: .seconds(8)))
        #expect(!flow.mayDraw(at: start.advanced(by: .seconds(8))))
    }

    @Test func aTerminalThatNeverAnswersHoldsNothingBack() {
        var flow = LineFlow(asks: true)
        flow.sent(0, asking: true, at: start)
        flow.sent(100_000, asking: flow.shouldAsk(after: 100_000), at: start)
        #expect(flow.mayDraw(at: start))
        #expect(flow.deadline == start.advanced(by: LineFlow.answerLimit))
        flow.timePassed(at: start.advanced(by: LineFlow.answerLimit))
        #expect(!flow.asks)
        #expect(flow.deadline == nil)
    }

    @Test func aTerminalThatStopsAnsweringIsSoonNotAsked() {
        var flow = answering()
        var now = start
        for _ in 0..<LineFlow.lossLimit {
            #expect(flow.shouldAsk(after: 100_000))
            flow.sent(100_000, asking: true, at: now)
            #expect(!flow.mayDraw(at: now))
            now = now.advanced(by: LineFlow.answerLimit)
            flow.timePassed(at: now)
            #expect(flow.mayDraw(at: now))
        }
        #expect(!flow.shouldAsk(after: 100_000))
        #expect(flow.deadline == nil)
    }

    private func answering() -> LineFlow {
        var flow = LineFlow(asks: true)
        flow.sent(0, asking: true, at: start)
        flow.answered(at: start)
        return flow
    }

    @Test func answersThatWereNotAskedForChangeNothing() {
        var flow = LineFlow(asks: true)
        flow.answered(at: start)
        #expect(flow.shouldAsk(after: 100_000) == false)
        #expect(flow.window == LineFlow(asks: true).window)
        #expect(flow.delay == nil)
    }

    @Test func smallFramesAreNotWorthAQuestion() {
        var flow = answering()
        #expect(!flow.shouldAsk(after: 300))
        flow.sent(300, asking: false, at: start)
        #expect(flow.shouldAsk(after: 300))
    }
}
