import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct CarriedStepsTests {
    private static func text(_ expression: String, extra: String = "") -> String {
        """
        {"nodes": [
          {"id": "s", "type": "start"},
          {"id": "one", "type": "transform", "data": {"set": {"n": "x"}}},
          {"id": "two", "type": "transform", "data": {"set": {"m": "\(expression)"}}},
          {"id": "side", "type": "transform", "data": {"set": {"k": "7"}\(extra)}},
          {"id": "three", "type": "end", "data": {"output": {"m": "steps.two.output.m"}}}],
         "edges": [{"source": "s", "target": "one"}, {"source": "s", "target": "side"},
          {"source": "one", "target": "two"}, {"source": "two", "target": "three"},
          {"source": "side", "target": "three"}]}
        """
    }

    private func failed() throws -> LiveRun {
        let run = try LiveRun(Self.text("100 / steps.one.output.n"))
        run.begin(["x": 0])
        #expect(run.live.state.status == .failed)
        return run
    }

    private func retry(
        _ original: LiveRun, as definition: CompiledDefinition? = nil, input: JSONObject,
        from step: Int? = nil
    ) -> LiveRun {
        let definition = definition ?? original.live.definition
        let carried = carriedSteps(
            of: original.live.state, id: original.live.facts.executionID,
            definition: original.live.definition, into: definition, fromStep: step)
        let run = LiveRun(definition)
        run.live.accept(
            input: input, carrying: carried, from: original.live.facts.executionID,
            context: run.context)
        run.settle()
        return run
    }

    @Test func whatCompletedIsKeptAndWhatFailedRunsAnew() throws {
        let run = retry(try failed(), input: ["x": 0])
        #expect(run.live.state.status == .failed)
        #expect(run.live.state["one"]?.isCarriedOver == true)
        #expect(run.live.state["side"]?.isCarriedOver == true)
        #expect(run.live.state["two"]?.isCarriedOver == false)
        #expect(run.live.state.retriedFrom != nil)
    }

    @Test func fromAStepOnAllBehindItRunsAnew() throws {
        let original = try failed()
        let run = retry(original, input: ["x": 4], from: 1)
        #expect(run.live.state.status == .completed)
        #expect(run.live.state.output == ["m": 25])
        #expect(run.live.state["one"]?.isCarriedOver == false)
        #expect(run.live.state["side"]?.isCarriedOver == true)
        #expect(run.live.state["s"]?.output == ["x": 4])
    }

    @Test func aMendedDefinitionTakesOverWhatItLeftUnchanged() throws {
        let mended = try CompiledDefinition.compile(
            JSONValue(parsing: Self.text("100 / (steps.one.output.n + 1)")))
        let run = retry(try failed(), as: mended, input: ["x": 0])
        #expect(run.live.state.status == .completed)
        #expect(run.live.state.output == ["m": 100])
        #expect(run.live.state["one"]?.isCarriedOver == true)
    }

    @Test func aStepThatTheDefinitionChangedRunsAnew() throws {
        let changed = try CompiledDefinition.compile(
            JSONValue(parsing: Self.text("1", extra: ", \"label\": \"Side\"")))
        let run = retry(try failed(), as: changed, input: ["x": 0])
        #expect(run.live.state.status == .completed)
        #expect(run.live.state["side"]?.isCarriedOver == false)
        #expect(run.live.state["one"]?.isCarriedOver == true)
    }

    @Test func theTimesOfTheOriginalAreKept() throws {
        let original = try LiveRun(Self.text("100 / steps.one.output.n"))
        original.begin(["x": 0])
        let carried = carriedSteps(
            of: original.live.state, id: original.live.facts.executionID,
            definition: original.live.definition, into: original.live.definition)
        let run = LiveRun(original.live.definition)
        run.now = epoch.adding(seconds: 1000)
        run.live.accept(
            input: ["x": 0], carrying: carried, from: original.live.facts.executionID,
            context: run.context)
        run.settle()
        #expect(run.live.state["one"]?.completedAt == epoch)
        #expect(run.live.state["two"]?.completedAt == run.now)
        #expect(run.recovered().state.steps == run.live.state.steps)
    }
}

@Suite struct RetryPolicyTests {
    private let failure = StepFailure("X", "x", isRetryable: true)

    @Test(arguments: [
        (1, 0.5, 2.0), (2, 0.5, 6.0), (3, 0.5, 18.0), (4, 0.5, 20.0), (1, 0.0, 1.6),
        (1, 0.9999999, 2.4),
    ])
    func intervalsGrowToTheirBoundWithJitter(attempt: Int, random: Double, seconds: Double) throws {
        let policy = RetryPolicy(
            maxAttempts: 5, initialInterval: 2, backoff: 3, maxInterval: 20)
        let delay = try #require(policy.delay(after: failure, attempt: attempt, random: random))
        #expect(abs(delay - seconds) < 0.001)
    }

    @Test func thereIsNoAttemptBeyondTheLast() {
        let policy = RetryPolicy(maxAttempts: 3)
        #expect(policy.delay(after: failure, attempt: 2, random: 0) != nil)
        #expect(policy.delay(after: failure, attempt: 3, random: 0) == nil)
        #expect(RetryPolicy.once.delay(after: failure, attempt: 1, random: 0) == nil)
        #expect(policy.delay(after: StepFailure("X", "x"), attempt: 1, random: 0) == nil)
    }

    @Test func whatTheFarEndAskedForIsNotUndercut() {
        let policy = RetryPolicy(maxAttempts: 3, initialInterval: 1)
        let polite = StepFailure("X", "x", isRetryable: true, retryAfter: 30)
        #expect(policy.delay(after: polite, attempt: 1, random: 0) == 30)
        let hostile = StepFailure("X", "x", isRetryable: true, retryAfter: .infinity)
        #expect(policy.delay(after: hostile, attempt: 1, random: 0) == 86_400)
    }

    @Test func aHundredAttemptsDoNotOverflow() throws {
        let policy = RetryPolicy(
            maxAttempts: 100, initialInterval: 0, backoff: 100, maxInterval: 50)
        #expect(policy.delay(after: failure, attempt: 99, random: 0.5) == 0)
    }
}
