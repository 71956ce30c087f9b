package import AuterityAPI

/// What an execution is called and who it belongs to: what expressions see as `execution` and
/// `workflow`, besides the parameters.
package struct ExecutionFacts: Hashable, Sendable {
    package let executionID: ExecutionID
    package let workflowID: WorkflowID
    package let workflowName: String
    package let workflowVersion: Int
    /// An email, or the operating-system user.
    package let startedBy: String?
    /// The values that the workflow's template was filled with.
    package let parameters: JSONObject

    package init(
        executionID: ExecutionID, workflowID: WorkflowID, workflowName: String,
        workflowVersion: Int, startedBy: String? = nil, parameters: JSONObject = [:]
    ) {
        self.executionID = executionID
        self.workflowID = workflowID
        self.workflowName = workflowName
        self.workflowVersion = workflowVersion
        self.startedBy = startedBy
        self.parameters = parameters
    }
}

/// The names that the expressions of one step reach.
///
/// A name is looked for among the reserved names, the `output_key` of earlier steps, the fields of
/// the input, and the parameters, in this order. Of several completed steps with the same
/// `output_key` the last one in topological order counts.
struct StepScope: Scope {
    static let reservedNames = ["input", "steps", "params", "workflow", "execution", "secrets"]

    let state: ExecutionState
    let definition: CompiledDefinition
    let facts: ExecutionFacts
    let secrets: JSONObject
    /// The steps that the expressions name; `nil` when it must be all of them.
    let stepsInReach: [Int]?
    /// The step itself, whose output its own edges see; only a decided one.
    let step: Int

    func value(named name: String) -> CELValue? {
        switch name {
        case "input": return CELValue(.object(state.input))
        case "steps": return CELValue(.object(steps))
        case "params": return CELValue(.object(facts.parameters))
        case "workflow": return CELValue(.object(workflow))
        case "execution": return CELValue(.object(execution))
        case "secrets": return CELValue(.object(secrets))
        default: break
        }
        if let output = output(keyed: name) { return CELValue(output) }
        return (state.input[name] ?? facts.parameters[name]).map { CELValue($0) }
    }

    var names: [String] {
        let outputs = definition.outputKeys.keys.filter { output(keyed: $0) != nil }
        let all = Set(outputs).union(state.input.keys).union(facts.parameters.keys)
        return Self.reservedNames + all.sorted()
    }

    private func output(keyed name: String) -> JSONValue? {
        guard let steps = definition.outputKeys[name] else { return nil }
        for step in steps.reversed() where state.steps[step].status == .completed {
            return state.steps[step].output ?? .null
        }
        return nil
    }

    private var steps: JSONObject {
        var object = JSONObject()
        for index in stepsInReach ?? Array(state.steps.indices) {
            let step = state.steps[index]
            guard stepsInReach != nil || step.status.isDecided else { continue }
            object[definition.layout.ids[index].rawValue] = .object(Self.facts(of: step))
        }
        return object
    }

    /// Only a completed or a failed step has an output, so that `has(steps.X.output)` tells.
    private static func facts(of step: StepState) -> JSONObject {
        var object: JSONObject = ["status": .string(step.status.rawValue)]
        switch step.status {
        case .completed: object["output"] = step.output ?? .null
        case .failed: object["output"] = .null
        default: break
        }
        if let error = step.error, step.status == .failed {
            object["error"] = ["code": .string(error.code), "message": .string(error.message)]
        }
        return object
    }

    private var workflow: JSONObject {
        [
            "id": .string(facts.workflowID.description), "name": .string(facts.workflowName),
            "version": .int(Int64(facts.workflowVersion)),
        ]
    }

    private var execution: JSONObject {
        [
            "id": .string(facts.executionID.description),
            "started_at": state.startedAt.map { .string($0.description) } ?? .null,
            "started_by": facts.startedBy.map(JSONValue.string) ?? .null,
            "retried_from": state.retriedFrom.map { .string($0.description) } ?? .null,
        ]
    }
}
