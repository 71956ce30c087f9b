package import AuterityAPI

/// A node whose work others do: executions of another workflow, or an inner node for each item of
/// a list. The live execution drives it, since it ends when they do.
package protocol DelegatingNode: WorkflowNode {
    var delegation: Delegation { get }
}

/// To whom a node hands its work, and how it takes what they give.
package struct Delegation: Sendable {
    package enum Target: Sendable {
        /// An execution of the workflow with this id, with `input` rendered as its input.
        case workflow(id: TextTemplate, input: JSONTemplate?)
        /// A node without a step of its own: pure, or with a side effect.
        case node(CompiledNode)
    }

    /// The list that it works through.
    package struct Items: Sendable {
        package let list: JSONTemplate
        /// How many are under way at once.
        package let maxParallel: Int
        package let onError: ItemErrorHandling
    }

    package let target: Target
    /// `nil` when there is only one run, whose output is the step's.
    package let items: Items?

    /// Items that a list may have.
    package static let maximumItems = 10_000
    /// How deep executions may stand below the one that a caller started.
    package static let maximumDepth = 16

    /// The inner node; `nil` when executions do the work.
    var node: CompiledNode? {
        if case .node(let node) = target { node } else { nil }
    }
}

/// What a definition says to do when an item fails.
package enum ItemErrorHandling: String, Sendable, CaseIterable {
    /// The step fails.
    case fail
    /// The item's result is `{"error": …}`.
    case `continue`
}

/// How an execution that a step started has ended.
package struct ChildEnd: Sendable {
    package let id: ExecutionID
    package let item: Int
    package let outcome: Result<JSONValue, StepFailure>

    package init(id: ExecutionID, item: Int, outcome: Result<JSONValue, StepFailure>) {
        self.id = id
        self.item = item
        self.outcome = outcome
    }
}

/// The workflow that a step starts executions of, as it was found.
package struct ChildWorkflow: Sendable {
    package let id: WorkflowID
    package let version: Int
    package let definition: CompiledDefinition

    package init(id: WorkflowID, version: Int, definition: CompiledDefinition) {
        self.id = id
        self.version = version
        self.definition = definition
    }
}

/// An execution that a step starts in the same transaction in which it begins to wait for it.
package struct Birth: Sendable {
    package let step: Int
    /// The index of its item; 0 without a list.
    package let item: Int
    /// Of the step, counted from 1.
    package let attempt: Int
    package let id: ExecutionID
    package let input: JSONObject
}

/// The names that an inner node reaches: `item` and `index`, before all that its step reaches.
struct ItemScope: Scope {
    static let names = ["item", "index"]

    let outer: any Scope
    let item: JSONValue
    let index: Int

    func value(named name: String) -> CELValue? {
        switch name {
        case "item": CELValue(item)
        case "index": CELValue(.int(Int64(index)))
        default: outer.value(named: name)
        }
    }

    var names: [String] { Self.names + outer.names }
}

extension StepFailure {
    package static let childFailedCode = "SUBWORKFLOW_FAILED"
    package static let childCancelledCode = "SUBWORKFLOW_CANCELLED"
    package static let childNotFoundCode = "SUBWORKFLOW_NOT_FOUND"
    package static let childInactiveCode = "SUBWORKFLOW_INACTIVE"
    package static let childInputCode = "SUBWORKFLOW_INPUT"
    package static let tooDeepCode = "SUBWORKFLOW_TOO_DEEP"
    package static let itemFailedCode = "ITEM_FAILED"
    package static let itemsCode = "ITEMS_INVALID"

    /// The failure of a step by one of its items.
    init(ofItem index: Int, _ failure: StepFailure) {
        self.init(
            Self.itemFailedCode, "Item \(index) failed with \(failure.code): \(failure.message)",
            isRetryable: failure.isRetryable, retryAfter: failure.retryAfter)
    }
}
