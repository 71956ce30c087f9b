package import AuterityAPI

/// A step that a retried execution takes over from the one before it.
package struct CarriedStep: Hashable, Sendable {
    /// In the definition of the new execution.
    package let index: Int
    let content: JournalContent
    let attempt: Int
}

/// What a retry keeps: the steps that completed, and those whose failure the definition let pass.
/// Run anew are the steps that failed (or else, when all went well, those whose failure was let
/// pass), those that were not reached, `fromStep`, those that the definition of the new execution
/// changed, and whatever lies behind any of them. Skipped steps are decided again.
package func carriedSteps(
    of original: ExecutionState, id: ExecutionID, definition old: CompiledDefinition,
    into new: CompiledDefinition, fromStep: Int? = nil
) -> [CarriedStep] {
    let isWhole = !original.steps.indices.contains { original.endingError(of: $0) != nil }
    var runsAnew = [Bool](repeating: false, count: new.graph.nodeCount)
    if let fromStep { runsAnew[fromStep] = true }
    var carried: [CarriedStep] = []
    for index in new.graph.topologicalOrder {
        guard let before = old.layout.index(of: new.layout.ids[index]) else {
            mark(index)
            continue
        }
        let step = original.steps[before]
        let repeatsTolerated = isWhole && fromStep == nil && original.status == .completed
        if runsAnew[index] || old.differs(before, from: new, index)
            || step.mustRunAnew(repeatsTolerated: repeatsTolerated)
        {
            mark(index)
        } else if step.status != .skipped {
            let keepsEdges = old.outgoingEdges(of: before) == new.outgoingEdges(of: index)
            carried.append(
                CarriedStep(
                    index: index,
                    content: step.content(
                        from: id, keepsEdges: keepsEdges, isStart: index == new.graph.start),
                    attempt: step.attempt))
        }
    }
    return carried

    func mark(_ index: Int) {
        runsAnew[index] = true
        for edge in new.graph.outgoing(index) {
            runsAnew[new.graph.edges[Int(edge)].target] = true
        }
    }
}

extension CompiledDefinition {
    /// Whether the node does something else in the other definition.
    fileprivate func differs(
        _ index: Int, from other: CompiledDefinition, _ otherIndex: Int
    ) -> Bool {
        let (mine, theirs) = (definition.nodes[index], other.definition.nodes[otherIndex])
        guard nodes[index].type == other.nodes[otherIndex].type else { return true }
        // What the start puts out is the input, whatever its data.
        return index != graph.start && mine.data != theirs.data
    }

    fileprivate func outgoingEdges(of index: Int) -> [Definition.Edge] {
        graph.outgoing(index).map { definition.edges[graph.edges[Int($0)].position] }
    }
}

extension StepState {
    fileprivate func mustRunAnew(repeatsTolerated: Bool) -> Bool {
        switch status {
        case .completed, .skipped: false
        case .failed: handling ?? .fail == .fail || repeatsTolerated
        case .pending, .running, .waiting, .cancelled: true
        }
    }

    fileprivate func content(
        from id: ExecutionID, keepsEdges: Bool, isStart: Bool
    ) -> JournalContent {
        let source = CarriedOver(executionID: id, startedAt: startedAt, completedAt: completedAt)
        let kept = keepsEdges && edgeError == nil ? edges : nil
        if status == .failed, let error {
            return .stepFailed(
                StepFault(
                    error: error, handling: handling ?? .fail, edges: kept, carried: source))
        }
        return .stepCompleted(
            StepResult(
                output: isStart ? Optional.none : output, handle: handle, edges: kept, input: input,
                carried: source))
    }
}
