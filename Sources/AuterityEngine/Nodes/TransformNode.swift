import AuterityAPI

/// Makes new values of old ones.
package struct TransformNode: PureNode {
    package static let documentation = NodeDocumentation(
        "transform", summary: "Computes values from what is there.",
        fields: [
            NodeField(
                "set", .expressions, isRequired: true,
                doc: "The names and expressions of the values.")
        ],
        output: [OutputField("…", doc: "What set says.")])

    private let values: [(name: String, value: JSONTemplate)]

    package init?(_ data: inout NodeData) {
        guard let values = data.expressions("set", isRequired: true) else { return nil }
        self.values = values
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        .completed(.object(try context.mapping(values, in: "set")))
    }
}

extension NodeContext {
    /// The values of a mapping of names to expressions.
    func mapping(
        _ values: [(name: String, value: JSONTemplate)], in field: String
    ) throws(StepFailure) -> JSONObject {
        var object = JSONObject()
        for (name, template) in values {
            object[name] = try json(template, in: "\(field).\(name)")
        }
        return object
    }
}
