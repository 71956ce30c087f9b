import AuterityAPI

/// Takes one of two ways.
package struct ConditionNode: PureNode {
    package static let documentation = NodeDocumentation(
        "condition", aliases: ["decision"], summary: "Goes one way or the other.",
        fields: [
            NodeField(
                "expression", .expression, isRequired: true,
                doc: "Gives true or false, such as input.amount > 20000.")
        ],
        output: [OutputField("result", doc: "true or false")],
        handles: [
            NodeHandle("true", doc: "The expression holds."),
            NodeHandle("false", doc: "It does not."),
        ])

    private let expression: JSONTemplate

    package init?(_ data: inout NodeData) {
        guard let expression = data.expression("expression", isRequired: true) else { return nil }
        self.expression = expression
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        let value = try context.json(expression, in: "expression")
        guard case .bool(let result) = value else {
            throw StepFailure(
                StepFailure.expressionCode,
                "expression: must give true or false, not \(article(value.kindName))")
        }
        return .completed(["result": .bool(result)], handle: result ? "true" : "false")
    }
}

/// "an array", "a number", "null".
func article(_ kind: String) -> String {
    switch kind.first {
    case "n" where kind == "null": kind
    case "a", "e", "i", "o", "u": "an \(kind)"
    default: "a \(kind)"
    }
}
