import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct PlanTests {
    /// Each seed is one random graph with random outcomes, run in a random order.
    @Test(arguments: 0..<400)
    func everyOrderOfRunningEndsAsTheReferenceSays(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let sample = RandomGraph(using: &generator)
        let expected = ReferenceInterpreter(sample).run()

        var state = ExecutionState(sample.layout)
        state.apply(
            .executionAccepted(input: [:], queuedBy: nil, retriedFrom: nil), step: nil,
            attempt: nil, at: epoch)
        var tally = EdgeTally(sample.graph)
        var open = tally.begin(state, sample.graph)
        var steps = 0
        while !state.isFinished {
            #expect(
                Set(open) == Set(plan(state, sample.graph)),
                "seed \(seed): after \(steps) steps the plans differ")
            guard let index = open.indices.randomElement(using: &generator) else {
                Issue.record("seed \(seed): nothing to do, and not at the end")
                return
            }
            let command = open.remove(at: index)
            switch command {
            case .complete:
                state.apply(.executionCompleted(output: [:]), step: nil, attempt: nil, at: epoch)
            case .fail(let error):
                state.apply(.executionFailed(error), step: nil, attempt: nil, at: epoch)
            case .run(let step), .skip(let step):
                let content =
                    command == .skip(step) ? .stepSkipped : sample.outcomes[step]
                state.apply(content, step: step, attempt: 1, at: epoch)
                let next = tally.planAfter(step, state, sample.graph)
                if case .fail? = next.first { open = next } else { open += next }
            }
            steps += 1
        }
        check(state, against: expected, seed: seed)
    }

    private func check(_ state: ExecutionState, against expected: [StepStatus], seed: Int) {
        let statuses = state.steps.map(\.status)
        if expected.contains(.failed), state.status == .failed {
            // Which steps were reached before the failure depends on the order; what was
            // reached went as the reference has it.
            for (index, status) in statuses.enumerated() where status != .cancelled {
                #expect(status == expected[index], "seed \(seed): step \(index)")
            }
        } else {
            #expect(state.status == .completed, "seed \(seed)")
            #expect(statuses == expected, "seed \(seed)")
            #expect(state.progress == 100, "seed \(seed)")
        }
        #expect(state.currentStep == nil)
    }

    @Test func aStepBehindTwoBranchesRunsWhenOneFired() {
        let definition = Definition.of(
            nodes: ["start:start", "a:condition", "b:log", "c:log", "join:merge"],
            edges: ["start>a", "a>b@true", "a>c@false", "b>join", "c>join"])
        let layout = StepLayout(definition)
        let graph = Graph(definition, layout: layout)
        var state = ExecutionState(layout)
        state.apply(
            .executionAccepted(input: [:], queuedBy: nil, retriedFrom: nil), step: nil,
            attempt: nil, at: epoch)
        #expect(plan(state, graph) == [.run(0)])
        state.complete(0)
        #expect(plan(state, graph) == [.run(1)])
        state.complete(1, handle: "true")
        #expect(plan(state, graph) == [.run(2), .skip(3)])
        state.apply(.stepSkipped, step: 3, attempt: nil, at: epoch)
        #expect(plan(state, graph) == [.run(2)], "the join waits for the other branch")
        state.complete(2)
        #expect(plan(state, graph) == [.run(4)])
        state.complete(4)
        #expect(plan(state, graph) == [.complete])
    }

    @Test func aQueuedExecutionPlansNothing() {
        let definition = Definition.of(nodes: ["start:start"], edges: [])
        let layout = StepLayout(definition)
        let graph = Graph(definition, layout: layout)
        var state = ExecutionState(layout)
        #expect(plan(state, graph).isEmpty)
        state.apply(
            .executionAccepted(input: [:], queuedBy: "queue", retriedFrom: nil), step: nil,
            attempt: nil, at: epoch)
        #expect(plan(state, graph).isEmpty)
        #expect(EdgeTally(graph).begin(state, graph).isEmpty)
        state.apply(.executionStarted, step: nil, attempt: nil, at: epoch)
        #expect(plan(state, graph) == [.run(0)])
    }
}

let epoch = Timestamp(milliseconds: 1_750_000_000_000)

extension ExecutionState {
    mutating func complete(_ step: Int, handle: String? = nil) {
        apply(
            .stepCompleted(StepResult(output: [:], handle: handle)), step: step, attempt: 1,
            at: epoch)
    }
}

extension Definition {
    /// `id:type`, and `source>target` with `@handle`, for short tests.
    static func of(nodes: [String], edges: [String]) -> Definition {
        Definition(
            nodes: nodes.map { text in
                let parts = text.split(separator: ":").map(String.init)
                return Node(id: StepID(parts[0]), type: parts[1], data: [:])
            },
            edges: edges.enumerated().map { index, text in
                let parts = text.split(whereSeparator: { ">@".contains($0) }).map(String.init)
                return Edge(
                    id: "e\(index)", source: StepID(parts[0]), target: StepID(parts[1]),
                    sourceHandle: parts.count > 2 ? parts[2] : nil)
            })
    }
}
