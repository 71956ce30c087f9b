import AuterityAPI

/// Tells the operators something.
package struct NotifyNode: PureNode {
    package static let documentation = NodeDocumentation(
        "notify", summary: "Raises an alert that operators see.",
        fields: [
            NodeField(
                "severity", .choice, doc: "info, warning or critical; info without."),
            NodeField("message", .text, isRequired: true, doc: "What the alert says."),
        ],
        output: [
            OutputField("severity", doc: "As given."),
            OutputField("message", doc: "The alert as it was raised."),
        ])

    private let severity: AlertSeverity
    private let message: TextTemplate

    package init?(_ data: inout NodeData) {
        severity = data.choice("severity") ?? .info
        guard let message = data.text("message", isRequired: true) else { return nil }
        self.message = message
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        let text = try context.text(message, in: "message")
        return .completed(
            ["severity": .string(severity.rawValue), "message": .string(text)],
            emissions: [.alert(severity, text)])
    }
}
