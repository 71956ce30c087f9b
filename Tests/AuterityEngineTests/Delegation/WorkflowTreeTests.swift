import AuterityAPI
import Testing

@testable import AuterityEngine

/// Random trees of workflows give what plain recursion gives, with few places and over a crash.
@Suite(.timeLimit(.minutes(30)))
struct WorkflowTreeTests {
    @Test(arguments: 1...30)
    func aTreeGivesWhatRecursionGives(seed: Int) async throws {
        var generator = SplitMix(seed: UInt64(seed))
        let tree = WorkflowTree.random(
            depth: Int.random(in: 1...4, using: &generator), using: &generator)
        let places = [1, 2, 5, 512].randomElement(using: &generator) ?? 1
        let crashes = Int.random(in: 0...2, using: &generator)
        var test = try await TestEngine.open(seed: UInt64(seed)) {
            $0.limits.concurrentExecutions = places
        }
        let maker = test
        let workflow = try await tree.make { try await maker.workflow($0) }
        var runs: [(id: ExecutionID, x: Int64)] = []
        for x in Int64(0)..<4 {
            runs.append((try await test.start(workflow, ["x": .int(x)]), x))
        }
        for crash in 0..<crashes {
            await test.engine.abandon()
            test = try await TestEngine.open(
                in: test.directory, clock: test.clock, seed: UInt64(1000 * (crash + 1) + seed)
            ) { $0.limits.concurrentExecutions = places }
        }
        for run in runs {
            let ended = try await test.finished(run.id)
            let expected = tree.value(run.x)
            #expect(ended.status == (expected == nil ? .failed : .completed))
            #expect(ended.outputData?["value"]?.intValue == expected)
        }
        try await FamilyRecoveryTests.checkJournals(test)
        await test.engine.close()
    }
}
