import AuterityAPI

/// Waits for a person's decision.
package struct ApprovalNode: PureNode {
    package static let documentation = NodeDocumentation(
        "approval", summary: "Waits until a person approves or rejects.",
        fields: [
            NodeField("message", .text, isRequired: true, doc: "What the approver reads."),
            NodeField(
                "approvers", .words,
                doc: "The roles that may decide; without, whoever may execute the workflow."),
            NodeField(
                "timeout", .number,
                doc: "Seconds to wait, at most 10 years; then the step fails with "
                    + "APPROVAL_TIMEOUT. Without, it waits for ever."),
        ],
        output: [
            OutputField("approved", doc: "true or false"),
            OutputField("by", doc: "The email of who decided."),
            OutputField("comment", doc: "What they said, or null."),
        ],
        handles: [
            NodeHandle("approved", doc: "Approved; edges without a handle fire then too."),
            NodeHandle("rejected", doc: "Rejected."),
        ])
    package static var plainHandle: String? { "approved" }

    private let message: TextTemplate
    private let approvers: [String]
    private let timeout: NumberSource?

    package init?(_ data: inout NodeData) {
        approvers = data.words("approvers") ?? []
        for (index, name) in approvers.enumerated() where Role(rawValue: name) == nil {
            let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
            data.fault("approvers[\(index)]", "\"\(name)\" is no role; the roles are \(roles)")
        }
        timeout = data.number("timeout", in: 1...DelayNode.maximumSeconds)
        guard let message = data.text("message", isRequired: true) else { return nil }
        self.message = message
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        var until: Timestamp?
        if let timeout {
            until = context.now.adding(seconds: try context.number(timeout, in: "timeout"))
        }
        return .waiting(
            StepWait(
                reason: .approval, until: until,
                message: try context.text(message, in: "message"), approvers: approvers))
    }

    package func wake(
        _ context: NodeContext, by wake: Wake
    ) throws(StepFailure) -> NodeOutcome {
        switch wake {
        case .due:
            throw StepFailure(
                StepFailure.approvalTimeoutCode, "Nobody approved or rejected in time")
        case .approval(let approved, let by, let comment):
            let output: JSONValue = [
                "approved": .bool(approved), "by": .string(by),
                "comment": comment.map(JSONValue.string) ?? .null,
            ]
            return .completed(output, handle: approved ? "approved" : "rejected")
        }
    }
}
