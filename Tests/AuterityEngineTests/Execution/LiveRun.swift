import AuterityAPI

@testable import AuterityEngine

/// A live execution that a test drives, with everything it left behind.
final class LiveRun {
    var live: LiveExecution
    var now = epoch
    var random = 0.5
    var secrets: JSONObject = [:]
    private(set) var rows: [JournalDraft] = []
    private(set) var emissions: [Emission] = []
    private(set) var ready: [Int] = []

    convenience init(_ json: String, parameters: JSONObject = [:]) throws {
        let definition = try CompiledDefinition.compile(try JSONValue(parsing: json))
        self.init(definition, parameters: parameters)
    }

    init(_ definition: CompiledDefinition, parameters: JSONObject = [:]) {
        live = LiveExecution(definition, facts: Self.facts(seed: 1, parameters))
    }

    static func facts(seed: UInt64, _ parameters: JSONObject = [:]) -> ExecutionFacts {
        var generator = SeededGenerator(seed: seed)
        return ExecutionFacts(
            executionID: ExecutionID(at: epoch, using: &generator),
            workflowID: WorkflowID(at: epoch, using: &generator), workflowName: "Test",
            workflowVersion: 1, startedBy: "ann@example.com", parameters: parameters)
    }

    var context: TurnContext {
        let values = secrets.compactMap { $0.value.stringValue }
        return TurnContext(
            now: now, random: random, secrets: secrets,
            redactor: values.isEmpty ? nil : Redactor(values))
    }

    var kinds: [JournalKind] { rows.map(\.content.kind) }

    func begin(_ input: JSONObject) {
        live.accept(input: input, context: context)
        settle()
    }

    /// Advances as far as it goes and takes what it leaves.
    func settle() {
        while live.advance(context) {}
        rows += live.takeDrafts()
        emissions += live.takeEmissions().map(\.emission)
        ready += live.takeReadySteps()
    }

    /// Starts the step that became ready first.
    func startNext() -> StepCall? {
        guard !ready.isEmpty else { return nil }
        let call = live.start(ready.removeFirst(), context)
        settle()
        return call
    }

    func end(_ call: StepCall, _ outcome: NodeOutcome) -> Bool {
        let wasTaken = live.end(call.step, attempt: call.attempt, outcome, context)
        settle()
        return wasTaken
    }

    func wakeUp(_ step: Int) {
        live.wakeUp(step, context)
        settle()
    }

    func cancel() {
        live.cancel(by: "ann@example.com", context: context)
        settle()
    }

    func decide(_ step: Int, approved: Bool) -> Bool {
        let wasTaken = live.decide(
            step, approved: approved, by: "bob@example.com", comment: "so be it", context)
        settle()
        return wasTaken
    }

    /// The execution as its journal alone would bring it back.
    func recovered() -> LiveExecution {
        let entries = rows.enumerated().map { $1.entry(seq: Int64($0 + 1)) }
        return LiveExecution(live.definition, facts: live.facts, journal: entries)
    }
}
