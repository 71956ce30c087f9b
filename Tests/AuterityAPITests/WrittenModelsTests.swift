import AuterityAPI
import Testing

/// Models that are written without an encoder are written as their `encode(to:)` has it: the way
/// over a tree, which always goes by that, gives the same bytes.
@Suite struct WrittenModelsTests {
    private func expectSameBytes(
        _ value: some Encodable, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let written = String(decoding: try JSONValue.jsonBytes(encoding: value), as: UTF8.self)
        let encoded = try JSONValue(encoding: value).jsonText
        #expect(written == encoded, sourceLocation: sourceLocation)
    }

    private let start = Timestamp(milliseconds: 1_754_649_000_000)
    private let end = Timestamp(milliseconds: 1_754_649_001_007)
    private let error = ExecutionError(
        code: "TIMEOUT", message: "Took \"too\" long:\n\u{7F} \u{1} \\ ä €", stepID: "call")

    private func id<Noun>(_ digit: Character) throws -> Identifier<Noun> {
        try #require(Identifier("01890a5d-ac96-774b-bcce-b302099a805" + String(digit)))
    }

    private func summaries() throws -> [ExecutionSummary] {
        [
            ExecutionSummary(
                id: try id("0"), workflowID: try id("1"), workflowName: "A \"name\"\t\u{1F600}",
                status: .running, progress: 0, currentStep: nil, startedAt: start,
                completedAt: nil, error: nil),
            ExecutionSummary(
                id: try id("2"), workflowID: try id("3"), workflowName: "", status: .failed,
                progress: 66, currentStep: "call", startedAt: start, completedAt: end,
                error: error, isDemo: true),
        ]
    }

    private func steps() -> [Step] {
        [
            Step(stepID: "start", type: "start", label: "Start", status: .pending),
            Step(
                stepID: "call", type: "http", label: "Call/it", status: .failed, startedAt: start,
                completedAt: end, attempt: 3, input: ["b": [1, 2.5, nil], "a": true],
                output: .null, error: error),
        ]
    }

    private func execution() throws -> Execution {
        Execution(
            id: try id("0"), workflowID: try id("1"), workflowName: "Orders", workflowVersion: 7,
            status: .failed, startedAt: start, completedAt: end, inputData: ["z": 1, "a": "x"],
            outputData: [1.0, "y"], steps: steps(), progress: 50, currentStep: "call",
            error: error, retriedFrom: try id("4"), blockedBy: "It waits",
            startedBy: "a@example.com", idempotencyKey: "key \"1\"", isDemo: true,
            parentExecutionID: try id("5"), parentStepID: "each")
    }

    private func bareExecution() throws -> Execution {
        Execution(
            id: try id("0"), workflowID: try id("1"), workflowName: "Orders", workflowVersion: 1,
            status: .pending, startedAt: start, completedAt: nil, inputData: [:],
            outputData: nil, steps: [], progress: 0, currentStep: nil, error: nil)
    }

    @Test func pagesOfExecutions() throws {
        let items = try summaries()
        try expectSameBytes(
            Page(items: items, position: .numbered(number: 2, size: 2, total: 5)))
        try expectSameBytes(
            Page<ExecutionSummary>(items: [], position: .numbered(number: 1, size: 10, total: 0)))
        try expectSameBytes(Page(items: items, position: .cursor(next: "abc_-")))
        try expectSameBytes(Page(items: items, position: .cursor(next: nil)))
    }

    @Test func executions() throws {
        try expectSameBytes(try execution())
        try expectSameBytes(try bareExecution())
    }

    @Test func outcomesOfExecute() throws {
        var accepted = ExecutionAccepted(
            executionID: try id("0"), workflowID: try id("1"), status: .pending, startedAt: start,
            inputData: ["amount": 21], retriedFrom: try id("4"))
        try expectSameBytes(accepted)
        accepted.isReplayed = true
        try expectSameBytes(ExecutionOutcome.accepted(accepted))
        try expectSameBytes(ExecutionOutcome.finished(try execution()))
        try expectSameBytes(ExecutionOutcome.finishedBefore(try bareExecution()))
    }

    @Test func workflows() throws {
        let stats = ExecutionStats(
            totalExecutions: 3, successfulExecutions: 1, failedExecutions: 1,
            averageDuration: 0.125)
        let full = Workflow(
            id: try id("0"), name: "Orders", description: "Takes \\ them", isActive: true,
            definition: ["nodes": [["id": "start"]], "edges": []], createdAt: start,
            updatedAt: end, createdBy: try id("2"), version: 4, templateID: try id("3"),
            parameters: ["b": 1, "a": nil], isDemo: true, executionStats: stats,
            warnings: [FieldFault(field: "definition.nodes[0]", message: "is \"odd\"")])
        try expectSameBytes(full)
        try expectSameBytes(full.tagged)
        try expectSameBytes(
            Workflow(
                id: try id("0"), name: "", description: "", isActive: false, definition: .null,
                createdAt: start, updatedAt: start, createdBy: try id("2"), version: 1,
                executionStats: ExecutionStats(
                    totalExecutions: 0, successfulExecutions: 0, failedExecutions: 0,
                    averageDuration: nil),
                warnings: []))
    }
}
