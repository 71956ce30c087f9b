import AuterityAPI

/// Works through a list, several items at once, with another workflow or an inner node.
package struct MapStepNode: DelegatingNode {
    package static let documentation = NodeDocumentation(
        "map",
        summary: "Works through a list: for each item it runs a node, or an execution of another "
            + "workflow. What is done is not done again after a restart or by the next attempt. A "
            + "secret does not travel in items and inputs: name it where it is used.",
        fields: [
            NodeField(
                "items", .expression, isRequired: true,
                doc: "The list, of at most \(Delegation.maximumItems) items."),
            NodeField(
                "node", .json,
                doc: "A node {\"type\", \"data\"} to run for each item, with item and index "
                    + "(counted from 0) in reach, and with a timeout and a retry of its own. Types "
                    + "that wait or shape the flow cannot stand here: "
                    + "\(refusedTypes.sorted().joined(separator: ", ")). This or workflow is "
                    + "required."),
            NodeField(
                "workflow", .text,
                doc: "The id of a workflow to execute for each item. It must be active, and the "
                    + "owner of this one must see it."),
            NodeField(
                "input", .mapping,
                doc: "Names to values, with item and index in reach: the input of each such "
                    + "execution. Without it the item is the input, and must be an object."),
            NodeField(
                "max_parallel", .integer,
                doc: "How many items are under way at once, from 1 to \(parallelRange.upperBound); "
                    + "\(standardParallel) without."),
            NodeField(
                "on_item_error", .choice,
                doc: "When an item fails for good: fail (the step fails; so without), or continue "
                    + "(its result is {\"error\": {\"code\", \"message\"}})."),
        ],
        output: [
            OutputField("results", doc: "What each item gave, in the order of the items.")
        ])

    private static let refusedTypes: Set<String> = [
        "approval", "delay", "end", "map", "merge", "parallel", "start", "workflow",
    ]
    private static let parallelRange = 1...100
    private static let standardParallel = 10

    package let delegation: Delegation

    package init?(_ data: inout NodeData) {
        let list = data.expression("items", isRequired: true)
        let parallel = data.integer("max_parallel", in: Self.parallelRange)
        let onError: ItemErrorHandling? = data.choice("on_item_error")
        guard let target = Self.target(&data), let list else { return nil }
        delegation = Delegation(
            target: target,
            items: Delegation.Items(
                list: list, maxParallel: parallel ?? Self.standardParallel,
                onError: onError ?? .fail))
    }

    private static func target(_ data: inout NodeData) -> Delegation.Target? {
        switch (data.value("workflow"), data.value("node")) {
        case (nil, nil):
            data.fault("node", "is required, or workflow")
            return nil
        case (_?, _?):
            data.fault("workflow", "only one of node and workflow can be given")
            return nil
        case (_?, nil):
            let id = data.workflowID("workflow")
            let input = data.inItemScope { $0.mapping("input") }
            return id.map { .workflow(id: $0, input: input) }
        case (nil, let node?):
            if data.value("input") != nil {
                data.warn("input", "is only read with workflow; a node has its own data")
            }
            return data.inItemScope { innerNode(node, &$0) }.map { .node($0) }
        }
    }

    private static func innerNode(_ node: JSONValue, _ data: inout NodeData) -> CompiledNode? {
        guard case .object(let object) = node, let name = object["type"]?.stringValue else {
            data.fault("node", "must be an object {\"type\", \"data\"}")
            return nil
        }
        guard let type = data.nodeType(named: name) else {
            data.fault("node.type", "\"\(name)\" is no type of node")
            return nil
        }
        let canonical = type.documentation.name
        guard !refusedTypes.contains(canonical) else {
            data.fault(
                "node.type",
                "a node of type \(canonical) cannot run for an item, since it waits or shapes the "
                    + "flow; put it into a workflow of its own and name that in workflow")
            return nil
        }
        for key in object.keys where key != "type" && key != "data" {
            data.warn("node.\(key)", "is not read; an inner node takes type and data")
        }
        guard let content = (object["data"] ?? [:]).objectValue else {
            data.fault("node.data", "must be an object")
            return nil
        }
        return inner(type, content, &data)
    }

    private static func inner(
        _ type: any WorkflowNode.Type, _ content: JSONObject, _ data: inout NodeData
    ) -> CompiledNode? {
        var inner = NodeData(
            content, path: "\(data.path).node.data", extraTypes: data.extraTypes)
        let ownKeys = type.documentation.fields.map(\.key)
        let policy = StepPolicy(&inner, timeoutIsOwn: ownKeys.contains("timeout"))
        let compiled = type.init(&inner)
        let known = Set(ownKeys + ["label", "timeout", "retry"])
        for key in content.keys where !known.contains(key) {
            inner.warn(key, "is not read by an inner node of type \(type.documentation.name)")
        }
        data.take(inner)
        return compiled.flatMap {
            CompiledNode(id: "", node: $0, policy: policy, stepsInReach: nil)
        }
    }
}

extension NodeData {
    /// Reads fields whose expressions reach `item` and `index` too.
    fileprivate mutating func inItemScope<Value>(
        _ read: (inout NodeData) -> Value
    ) -> Value {
        let before = names.count
        let value = read(&self)
        forgetNames(after: before) { ItemScope.names.contains($0.root) }
        return value
    }
}
