import AuterityAPI

/// Writes a line into the execution's log.
package struct LogNode: PureNode {
    package static let documentation = NodeDocumentation(
        "log", summary: "Writes a line into the log.",
        fields: [
            NodeField(
                "level", .choice, doc: "debug, info, warning or error; info without."),
            NodeField("message", .text, isRequired: true, doc: "The line."),
        ],
        output: [OutputField("message", doc: "The line as it was written.")])

    private let level: LogLevel
    private let message: TextTemplate

    package init?(_ data: inout NodeData) {
        level = data.choice("level") ?? .info
        guard let message = data.text("message", isRequired: true) else { return nil }
        self.message = message
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        let text = try context.text(message, in: "message")
        return .completed(["message": .string(text)], emissions: [.log(level, text)])
    }
}
