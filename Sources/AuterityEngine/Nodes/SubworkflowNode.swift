import AuterityAPI

/// Runs another workflow as an execution of its own and takes its output.
package struct SubworkflowNode: DelegatingNode {
    package static let documentation = NodeDocumentation(
        "workflow",
        summary: "Starts an execution of another workflow and waits for its end; at most "
            + "\(Delegation.maximumDepth) such executions stand below each other. A secret does "
            + "not travel in the input: name it in the other workflow.",
        fields: [
            NodeField(
                "workflow_id", .text, isRequired: true,
                doc: "The id of the workflow. It must be active, and the owner of this one must "
                    + "see it."),
            NodeField(
                "input", .mapping,
                doc: "Names to values: the input of that execution; empty without."),
        ],
        output: [OutputField("…", doc: "The output of that execution.")])

    package let delegation: Delegation

    package init?(_ data: inout NodeData) {
        let id = data.workflowID("workflow_id", isRequired: true)
        let input = data.mapping("input")
        guard let id else { return nil }
        delegation = Delegation(target: .workflow(id: id, input: input), items: nil)
    }
}

extension NodeData {
    /// The id of a workflow, or a text with holes that gives one.
    mutating func workflowID(_ key: String, isRequired: Bool = false) -> TextTemplate? {
        guard let text = text(key, isRequired: isRequired) else { return nil }
        guard text.isConstant else { return text }
        guard let id = WorkflowID(text.source) else {
            fault(key, "must be the id of a workflow, a UUID, or a text with {{…}} that gives one")
            return nil
        }
        usesWorkflow(id, in: key)
        return text
    }
}
