import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct RecoveryTests {
    @Test func whatRanWhenTheProcessEndedRunsAgainUnderTheSameKey() async throws {
        let first = try await TestEngine.open()
        let id = try await first.start(
            try await first.workflow(RunnerTests.chain(["interrupted", "after"])))
        await Gate.named("interrupted").arrivals(1)
        await first.engine.abandon()
        Gate.named("interrupted").open()
        Gate.named("after").open()

        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        let ended = try await second.finished(id)
        #expect(ended.status == .completed)
        let attempts = Gate.named("interrupted").attempts
        #expect(attempts.map(\.attempt) == [1, 1])
        #expect(Set(attempts.map(\.key)).count == 1)
        #expect(Gate.named("after").attempts.count == 1)
        let journal = try await second.send(ListJournal(executionID: id)).items
        #expect(journal.map(\.seq) == Array(1...Int64(journal.count)))
        #expect(journal.count { $0.kind == .executionCompleted } == 1)
        await second.engine.close()
    }

    @Test func aDelayOutlivesTheProcess() async throws {
        let first = try await TestEngine.open()
        let workflow = try await first.workflow(RunnerTests.single("delay", ["seconds": 600]))
        let id = try await first.start(workflow)
        await first.engine.abandon()
        first.clock.advance(seconds: 601)
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2)
        #expect(try await second.finished(id).status == .completed)
        await second.engine.close()
    }

    @Test func whatWaitedForItsTurnStillGetsIt() async throws {
        let first = try await TestEngine.open { $0.limits.concurrentExecutions = 1 }
        let workflow = try await first.workflow(RunnerTests.chain(["turn"]))
        var ids: [ExecutionID] = []
        for _ in 0..<5 { ids.append(try await first.start(workflow)) }
        await Gate.named("turn").arrivals(1)
        await first.engine.abandon()
        Gate.named("turn").open()
        let second = try await TestEngine.open(in: first.directory, clock: first.clock, seed: 2) {
            $0.limits.concurrentExecutions = 1
        }
        for id in ids { #expect(try await second.finished(id).status == .completed) }
        await second.engine.close()
    }

    @Test func aStepThatBroughtItsProcessDownThreeTimesIsSetAside() async throws {
        var test = try await TestEngine.open()
        let id = try await test.start(try await test.workflow(RunnerTests.chain(["deadly"])))
        for round in 1...3 {
            await Gate.named("deadly").arrivals(round)
            await test.engine.abandon()
            test = try await TestEngine.open(
                in: test.directory, clock: test.clock, seed: UInt64(round) + 10)
        }
        let ended = try await test.finished(id)
        #expect(ended.status == .failed)
        #expect(ended.error?.code == StepFailure.quarantinedCode)
        #expect(Gate.named("deadly").attempts.count == 3)
        await test.engine.close()
    }

    @Test func closingInOrderIsNoDeath() async throws {
        var test = try await TestEngine.open()
        let id = try await test.start(try await test.workflow(RunnerTests.chain(["orderly"])))
        for round in 1...4 {
            await Gate.named("orderly").arrivals(round)
            await test.engine.close()
            test = try await TestEngine.open(
                in: test.directory, clock: test.clock, seed: UInt64(round) + 20)
        }
        await Gate.named("orderly").arrivals(5)
        Gate.named("orderly").open()
        #expect(try await test.finished(id).status == .completed)
        await test.engine.close()
    }
}
