import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct MeasuredTests {
    private let measured = Measured<Int>(freshness: 10, patience: 30)

    private func ask(at now: UInt64, _ value: Int?) async -> Int? {
        guard case .value(let value) = await measured.answer(at: now, measure: { value }) else {
            return nil
        }
        return value
    }

    @Test func aValueIsGoodForAWhile() async {
        #expect(await ask(at: 0, 1) == 1)
        #expect(await ask(at: 10, 2) == 1)
        #expect(await ask(at: 11, 3) == 3)
        #expect(await ask(at: 12, 4) == 3)
    }

    @Test func aForgottenValueIsMeasuredAnew() async {
        #expect(await ask(at: 0, 1) == 1)
        measured.forget()
        #expect(await ask(at: 1, 2) == 2)
    }

    @Test func whoGoesAwayLeavesNothingBehind() async {
        #expect(await ask(at: 0, nil) == nil)
        #expect(await ask(at: 1, 2) == 2)
    }

    @Test func theOthersGetTheValueOfBeforeUntilTheirPatienceEnds() async {
        #expect(await ask(at: 0, 1) == 1)
        let gate = Gate.named("measured")
        let measured = measured
        async let slow = measured.answer(at: 20) {
            _ = await gate.pass(1, key: "")
            return 2
        }
        await gate.arrivals(1)
        #expect(await ask(at: 25, 3) == 1)
        #expect(await ask(at: 51, 4) == nil)
        gate.open()
        guard case .value(2) = await slow else {
            Issue.record("the measurement was lost")
            return
        }
        #expect(await ask(at: 29, 5) == 2)
    }
}
