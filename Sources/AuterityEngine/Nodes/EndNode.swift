import AuterityAPI

/// Where a path ends, and what the execution puts out.
package struct EndNode: PureNode {
    package static let documentation = NodeDocumentation(
        "end", summary: "Ends a path, and says what the execution puts out.",
        fields: [
            NodeField(
                "output", .expressions,
                doc: "The names and expressions of the output; those of all ends that ran are "
                    + "merged.")
        ],
        output: [OutputField("…", doc: "What output says.")])

    package let output: [(name: String, value: JSONTemplate)]?

    package init?(_ data: inout NodeData) {
        output = data.expressions("output")
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        .completed(.object(try context.mapping(output ?? [], in: "output")))
    }
}
