import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct LiveExecutionTests {
    @Test func aChainOfPureStepsIsOneTurnWithOneRowAStep() throws {
        let run = try LiveRun(
            """
            {"nodes": [
              {"id": "s", "type": "start"},
              {"id": "t", "type": "transform", "data": {"set": {"y": "x * 2"}}},
              {"id": "l", "type": "log", "data": {"message": "y is {{steps.t.output.y}}"}},
              {"id": "e", "type": "end", "data": {"output": {"y": "steps.t.output.y"}}}],
             "edges": [{"source": "s", "target": "t"}, {"source": "t", "target": "l"},
              {"source": "l", "target": "e"}]}
            """)
        run.begin(["x": 21])
        #expect(
            run.kinds == [
                .executionAccepted, .stepCompleted, .stepCompleted, .stepCompleted,
                .stepCompleted, .executionCompleted,
            ])
        #expect(run.live.state.output == ["y": 42])
        #expect(run.emissions == [.log(.info, "y is 42")])
        #expect(run.rows[1].content.data == [:], "the output of the start is the input")
    }

    private static let branching = """
        {"nodes": [
          {"id": "s", "type": "start"},
          {"id": "c", "type": "condition", "data": {"expression": "score > 70"}},
          {"id": "good", "type": "log", "data": {"message": "good"}},
          {"id": "poor", "type": "log", "data": {"message": "poor"}},
          {"id": "after_poor", "type": "log", "data": {"message": "after"}},
          {"id": "join", "type": "merge"},
          {"id": "e", "type": "end"}],
         "edges": [{"source": "s", "target": "c"},
          {"source": "c", "target": "good", "source_handle": "true"},
          {"source": "c", "target": "poor", "sourceHandle": "false"},
          {"source": "poor", "target": "after_poor"},
          {"source": "good", "target": "join"}, {"source": "after_poor", "target": "join"},
          {"source": "join", "target": "e"}]}
        """

    static let scores: [(Int64, String, [String])] = [
        (90, "good", ["poor", "after_poor"]), (10, "after", ["good"]),
    ]

    @Test(arguments: scores)
    func theOtherBranchIsSkippedStepByStep(
        score: Int64, message: String, skipped: [String]
    ) throws {
        let run = try LiveRun(Self.branching)
        run.begin(["score": .int(score)])
        #expect(run.live.state.status == .completed)
        #expect(run.live.state.progress == 100)
        #expect(run.live.state["join"]?.output == ["message": .string(message)])
        for id in skipped { #expect(run.live.state[StepID(id)]?.status == .skipped) }
        #expect(run.live.state.output?["message"] == .string(message))
    }

    @Test func anExpressionThatFailsFailsTheExecutionAndSaysWhere() throws {
        let run = try LiveRun(Self.branching)
        run.begin(["score": "high"])
        #expect(run.live.state.status == .failed)
        let error = try #require(run.live.state.error)
        #expect(error.code == "EXPRESSION_ERROR")
        #expect(error.stepID == "c")
        #expect(error.message.hasPrefix("expression: "))
        #expect(run.live.state["good"]?.status == .cancelled)
    }

    private static func failing(_ data: String, _ edges: String) -> String {
        """
        {"nodes": [
          {"id": "s", "type": "start"},
          {"id": "f", "type": "transform", "data": {"set": {"x": "1 / 0"}\(data)}},
          {"id": "next", "type": "log", "data": {"message": "{{steps.f.error.code}}"}},
          {"id": "rescue", "type": "log", "data": {"message": "{{steps.f.error.message}}"}},
          {"id": "e", "type": "end"}],
         "edges": [{"source": "s", "target": "f"}, {"source": "f", "target": "next"},
          {"source": "next", "target": "e"}, {"source": "rescue", "target": "e"}\(edges)]}
        """
    }

    private static let rescueEdge = """
        , {"source": "f", "target": "rescue", "source_handle": "error"}
        """

    @Test func onErrorContinueGoesOnWithoutOutput() throws {
        let run = try LiveRun(Self.failing(", \"on_error\": \"continue\"", Self.rescueEdge))
        run.begin([:])
        #expect(run.live.state.status == .completed)
        #expect(run.live.state["f"]?.status == .failed)
        #expect(run.live.state["f"]?.output == nil)
        #expect(run.live.state["next"]?.output == ["message": "EXPRESSION_ERROR"])
        #expect(run.live.state["rescue"]?.status == .skipped)
    }

    @Test func onErrorBranchTakesTheEdgeOfTheError() throws {
        let run = try LiveRun(Self.failing(", \"on_error\": \"branch\"", Self.rescueEdge))
        run.begin([:])
        #expect(run.live.state.status == .completed)
        #expect(run.live.state["next"]?.status == .skipped)
        #expect(run.live.state["rescue"]?.status == .completed)
    }

    @Test func onErrorFailStopsAllThatIsNotDecided() throws {
        let run = try LiveRun(Self.failing("", Self.rescueEdge))
        run.begin([:])
        #expect(run.live.state.status == .failed)
        #expect(run.live.state["next"]?.status == .cancelled)
        #expect(run.kinds.suffix(2) == [.stepFailed, .executionFailed])
    }

    private static let conditionalEdges = """
        {"nodes": [
          {"id": "s", "type": "start"},
          {"id": "t", "type": "transform", "data": {"set": {"n": "n"}, "output_key": "made"}},
          {"id": "big", "type": "log", "data": {"message": "big"}},
          {"id": "even", "type": "log", "data": {"message": "even"}},
          {"id": "e", "type": "end"}],
         "edges": [{"source": "s", "target": "t"},
          {"id": "to_big", "source": "t", "target": "big", "condition": "made.n > 10"},
          {"id": "to_even", "source": "t", "target": "even",
           "condition": "{{ steps.t.output.n % 2 == 0 }}"},
          {"source": "big", "target": "e"}, {"source": "even", "target": "e"}]}
        """

    static let numbers: [(Int64, [String])] = [
        (12, ["to_big", "to_even"]), (11, ["to_big"]), (3, []),
    ]

    @Test(arguments: numbers)
    func conditionsOfEdgesAreDecidedOnceAndWrittenDown(n: Int64, fired: [String]) throws {
        let run = try LiveRun(Self.conditionalEdges)
        run.begin(["n": .int(n)])
        #expect(run.live.state.status == .completed)
        #expect(run.live.state["t"]?.edges == fired)
        #expect(run.live.state["t"]?.status == .completed)
        #expect(run.live.state["big"]?.status == (n > 10 ? .completed : .skipped))
        #expect(run.live.state["even"]?.status == (n % 2 == 0 ? .completed : .skipped))
    }

    @Test func aConditionOfAnEdgeThatFailsFailsTheExecutionNotTheStep() throws {
        let run = try LiveRun(Self.conditionalEdges)
        run.begin(["n": "many"])
        #expect(run.live.state.status == .failed)
        #expect(run.live.state["t"]?.status == .completed)
        #expect(run.live.state.error?.stepID == "t")
        #expect(run.live.state.error?.message.contains("to_big") == true)
    }

    @Test func aHugeExecutionTakesSeveralTurns() throws {
        let count = 2500
        let nodes = (0..<count).map { "{\"id\": \"n\($0)\", \"type\": \"parallel\"}" }
        let edges = (0..<count).map {
            "{\"source\": \"\($0 == 0 ? "s" : "n\($0 - 1)")\", \"target\": \"n\($0)\"}"
        }
        let run = try LiveRun(
            """
            {"nodes": [{"id": "s", "type": "start"}, \(nodes.joined(separator: ","))],
             "edges": [\(edges.joined(separator: ","))]}
            """)
        run.live.accept(input: ["x": 1], context: run.context)
        var turns = 1
        while run.live.advance(run.context) { turns += 1 }
        #expect(turns == 3)
        #expect(run.live.state.status == .completed)
        #expect(run.live.state.steps[count].output == ["x": 1])
    }
}
