import Testing

@testable import AuterityTUI

@Suite struct FramePacerTests {
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant {
        start.advanced(by: .milliseconds(milliseconds))
    }

    @Test func nothingIsDueWhileNothingHasChanged() {
        var pacer = FramePacer()
        #expect(pacer.due(at: at(0)) == nil)
        pacer.changed()
        pacer.drawn(at: at(0))
        #expect(pacer.due(at: at(10_000)) == nil)
    }

    @Test func theFirstChangeAfterAPauseIsShownAtOnce() {
        var pacer = FramePacer()
        pacer.changed()
        #expect(pacer.isDue(at: at(0)))
        pacer.drawn(at: at(0))
        pacer.changed()
        #expect(pacer.isDue(at: at(1000)))
    }

    @Test func furtherChangesWaitForTheirTurn() {
        var pacer = FramePacer()
        pacer.changed()
        pacer.drawn(at: at(0))
        pacer.changed()
        #expect(!pacer.isDue(at: at(32)))
        #expect(pacer.due(at: at(5)) == at(33))
        #expect(pacer.isDue(at: at(33)))
    }

    @Test func aKeyNeverWaits() {
        var pacer = FramePacer()
        pacer.changed()
        pacer.drawn(at: at(0))
        pacer.changedByUser()
        #expect(pacer.isDue(at: at(1)))
        pacer.drawn(at: at(1))
        #expect(!pacer.isDue(at: at(2)))
    }

    @Test func aFloodOfChangesCostsThirtyFramesASecond() {
        var pacer = FramePacer()
        var frames = 0
        for millisecond in 0..<1000 {
            pacer.changed()
            if pacer.isDue(at: at(millisecond)) {
                frames += 1
                pacer.drawn(at: at(millisecond))
            }
        }
        #expect((30...31).contains(frames))
    }
}
