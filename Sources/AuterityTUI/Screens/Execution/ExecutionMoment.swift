import AuterityAPI
import TerminalUI

/// An execution as it is shown: as it is now, or as it was after some entry of its journal.
struct ExecutionMoment: Sendable {
    var status: ExecutionStatus
    var steps: [Step]
    var input: JSONObject
    var output: JSONValue?
    var error: ExecutionError?
    var blockedBy: String?
    var completedAt: Timestamp?
    var progress: Int
    var currentStep: StepID?
    /// What the journal tells besides; `nil` until it was read.
    var state: ExecutionState?
    var tracks: StepTracks?
    /// When it looked so; `nil` for now.
    var asOf: Timestamp?

    /// As it is now.
    init(_ execution: Execution, fold: ExecutionHistory.Fold?) {
        status = execution.status
        steps = execution.steps
        input = execution.inputData
        output = execution.outputData
        error = execution.error
        blockedBy = execution.blockedBy
        completedAt = execution.completedAt
        progress = execution.progress
        currentStep = execution.currentStep
        state = fold?.state
        tracks = fold?.tracks
    }

    /// As it was.
    init(_ fold: ExecutionHistory.Fold, at moment: Timestamp) {
        let state = fold.state
        status = state.status
        steps = state.stepList
        input = state.input
        output = state.output
        error = state.error
        blockedBy = state.blockedBy
        completedAt = state.completedAt
        progress = state.progress
        currentStep = state.currentStep
        self.state = state
        tracks = fold.tracks
        asOf = moment
    }

    func index(of step: StepID) -> Int? {
        state?.layout.index(of: step) ?? steps.firstIndex { $0.stepID == step }
    }

    /// Steps that wait for a person's decision.
    var waitingApprovals: [StepID] {
        if let state {
            let waiting = state.waitingApprovals
            if !waiting.isEmpty { return waiting.map { state.layout.ids[$0] } }
        }
        return steps.filter { $0.status == .waiting && $0.type == "approval" }.map(\.stepID)
    }

    /// The steps without which the execution would have ended earlier, from the last one back:
    /// of what led to a step, it is what ended last.
    func criticalPath(_ definition: Definition) -> Set<Int> {
        var incoming: [StepID: [StepID]] = [:]
        for edge in definition.edges { incoming[edge.target, default: []].append(edge.source) }
        var indices: [StepID: Int] = [:]
        for (index, step) in steps.enumerated() { indices[step.stepID] = index }
        func ran(_ step: Step) -> Bool { step.startedAt != nil && step.status != .skipped }
        // What still goes on ends last.
        func end(_ index: Int) -> Int64 { steps[index].completedAt?.milliseconds ?? .max }
        var path: Set<Int> = []
        var next = steps.indices.filter { ran(steps[$0]) }.max { end($0) < end($1) }
        while let index = next, path.insert(index).inserted {
            next = (incoming[steps[index].stepID] ?? []).compactMap { indices[$0] }
                .filter { ran(steps[$0]) }.max { end($0) < end($1) }
        }
        return path
    }
}
