import AuterityAPI

/// Holds a value against a JSON Schema.
package struct ValidateNode: PureNode {
    package static let documentation = NodeDocumentation(
        "validate", summary: "Fails with every fault of a value that does not fit a schema.",
        fields: [
            NodeField("schema", .schema, isRequired: true, doc: "The JSON Schema to hold it to."),
            NodeField("value", .expression, doc: "Gives the value; the input without."),
        ],
        output: [OutputField("valid", doc: "true")])

    private let schema: JSONSchema
    private let value: JSONTemplate?

    package init?(_ data: inout NodeData) {
        value = data.expression("value")
        if data.value("schema") == nil { data.fault("schema", "is required") }
        guard let schema = data.schema("schema") else { return nil }
        self.schema = schema
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        var subject = JSONValue.object(context.input)
        if let value { subject = try context.json(value, in: "value") }
        let faults = schema.faults(of: subject, path: "value")
        guard faults.isEmpty else {
            let list = faults.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
            throw StepFailure(StepFailure.validationCode, list)
        }
        return .completed(["valid": true])
    }
}
