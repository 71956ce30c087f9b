/// The one list of node types. A new type is a file of its own and a line here.
package enum NodeCatalog {
    package static let all: [any WorkflowNode.Type] = [
        StartNode.self,
        EndNode.self,
        ConditionNode.self,
        SwitchNode.self,
        TransformNode.self,
        ValidateNode.self,
        DelayNode.self,
        ParallelNode.self,
        MergeNode.self,
        ApprovalNode.self,
        NotifyNode.self,
        LogNode.self,
        HTTPNode.self,
        EmailNode.self,
        AINode.self,
        MapStepNode.self,
        SubworkflowNode.self,
    ]

    private static let types: [String: any WorkflowNode.Type] = {
        var types: [String: any WorkflowNode.Type] = [:]
        for type in all {
            for name in [type.documentation.name] + type.documentation.aliases {
                types[name] = type
            }
        }
        return types
    }()

    /// The type of this name or alias.
    package static func type(named name: String) -> (any WorkflowNode.Type)? { types[name] }

    /// All names, without the aliases.
    package static var names: [String] { all.map { $0.documentation.name } }
}
