import AuterityAPI

/// Makes a fork visible.
package struct ParallelNode: PureNode {
    package static let documentation = NodeDocumentation(
        "parallel", summary: "Shows that several paths go on at once.",
        output: [OutputField("…", doc: "The outputs of the steps before it, merged.")])

    package init?(_ data: inout NodeData) {}

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        .completed(.object(mergedOutputs(context)))
    }
}

/// Makes a join visible.
package struct MergeNode: PureNode {
    package static let documentation = NodeDocumentation(
        "merge", summary: "Shows where paths come together again.",
        output: [OutputField("…", doc: "The outputs of the steps before it, merged.")])

    package init?(_ data: inout NodeData) {}

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        .completed(.object(mergedOutputs(context)))
    }
}

/// The outputs that are objects, the later ones winning where both have a key.
private func mergedOutputs(_ context: NodeContext) -> JSONObject {
    var merged = JSONObject()
    for case .object(let output) in context.predecessors() {
        merged.merge(output)
    }
    return merged
}
