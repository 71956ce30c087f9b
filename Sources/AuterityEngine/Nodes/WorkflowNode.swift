package import AuterityAPI

/// What a node of a definition does. One value is one node with its data read and its
/// expressions compiled: `init` is at once the validation and the compilation.
///
/// A type is a `PureNode` or an `EffectfulNode`, and stands in `NodeCatalog.all`.
package protocol WorkflowNode: Sendable {
    static var documentation: NodeDocumentation { get }
    /// The handle that an edge without one hangs on; `nil` when such an edge fires whatever the
    /// outcome.
    static var plainHandle: String? { get }
    /// Reads `data`, noting every fault there. May only answer `nil` after noting a fault.
    init?(_ data: inout NodeData)
    /// The outcomes that edges can name besides `error`.
    var handles: [String] { get }
}

extension WorkflowNode {
    package static var plainHandle: String? { nil }
    package var handles: [String] { Self.documentation.handles.map(\.name) }
}

/// A node without side effects outside the store. It runs inside the transaction that ends the
/// step before it, so it must be quick: microseconds, no I/O.
package protocol PureNode: WorkflowNode {
    func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome
    /// Goes on after `evaluate` answered that it waits.
    func wake(_ context: NodeContext, by wake: Wake) throws(StepFailure) -> NodeOutcome
}

extension PureNode {
    package func wake(
        _ context: NodeContext, by wake: Wake
    ) throws(StepFailure) -> NodeOutcome {
        try evaluate(context)
    }
}

/// A node with a side effect: its texts are rendered first, inside the transaction that makes its
/// start durable, and only then it runs.
package protocol EffectfulNode: WorkflowNode {
    /// The data as `run` gets it, and as the journal keeps it (with secrets redacted).
    func render(_ context: NodeContext) throws(StepFailure) -> JSONObject
    /// Does it. Cancelled when the step is cancelled or its time is up: it must then let go of
    /// its connection and return soon; what it answers is dropped.
    func run(_ input: JSONObject, _ context: EffectContext) async -> NodeOutcome
}

/// What people read about a node type: the tables of the documentation and of the console.
package struct NodeDocumentation: Sendable {
    package let name: String
    /// Other names that mean the same type.
    package let aliases: [String]
    /// One line.
    package let summary: String
    /// What stands in `data`, besides the fields of every node (`NodeField.everyNode`).
    package let fields: [NodeField]
    package let output: [OutputField]
    package let handles: [NodeHandle]

    package init(
        _ name: String, aliases: [String] = [], summary: String, fields: [NodeField] = [],
        output: [OutputField] = [], handles: [NodeHandle] = []
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.fields = fields
        self.output = output
        self.handles = handles
    }
}

/// One key of a node's `data`.
package struct NodeField: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A text whose `{{…}}` holes are filled.
        case text
        /// A list of such texts, or one of them.
        case texts
        /// An expression; a text with `{{…}}` is a text template instead.
        case expression
        /// A mapping of names to expressions.
        case expressions
        /// A number, or a text template that gives one.
        case number
        case integer
        case boolean
        /// One of a few words.
        case choice
        /// A list of plain words.
        case words
        /// A list of values.
        case values
        /// A mapping of names to texts.
        case mapping
        /// Any JSON, its texts rendered.
        case json
        /// A JSON Schema.
        case schema
        /// How often and when to try again.
        case retry
        /// A plain word without holes.
        case word
    }

    package let key: String
    package let kind: Kind
    package let isRequired: Bool
    /// One sentence: what it is, its unit and range, and what holds without it.
    package let doc: String

    package init(_ key: String, _ kind: Kind, isRequired: Bool = false, doc: String) {
        self.key = key
        self.kind = kind
        self.isRequired = isRequired
        self.doc = doc
    }
}

/// One key of a node's output.
package struct OutputField: Hashable, Sendable {
    package let key: String
    package let doc: String

    package init(_ key: String, doc: String) {
        self.key = key
        self.doc = doc
    }
}

/// One outcome of a node that edges can hang on.
package struct NodeHandle: Hashable, Sendable {
    package let name: String
    package let doc: String

    package init(_ name: String, doc: String) {
        self.name = name
        self.doc = doc
    }
}
