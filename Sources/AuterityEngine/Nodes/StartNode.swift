import AuterityAPI

/// Where an execution begins.
package struct StartNode: PureNode {
    package static let documentation = NodeDocumentation(
        "start", summary: "Begins the execution; there is exactly one.",
        fields: [
            NodeField(
                "input_schema", .schema,
                doc: "What the input must be: other input is refused when the workflow is "
                    + "executed, and the console makes its form from it.")
        ],
        output: [OutputField("…", doc: "The input.")])

    package let inputSchema: JSONSchema?

    package init?(_ data: inout NodeData) {
        inputSchema = data.schema("input_schema")
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        .completed(.object(context.input))
    }
}
