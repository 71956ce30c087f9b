/// A directed graph to be drawn: what its nodes and edges say and how they look now.
///
/// Positions come from a `GraphLayout`, which depends on ids, labels and edges only: roles, signs
/// and emphases may change with every frame and the layout stays.
public struct GraphModel: Hashable, Sendable {
    public struct Node: Hashable, Sendable {
        /// What edges name; of nodes with one id, edges mean the first.
        public let id: String
        public let label: String
        /// How the node is coloured.
        public var role: Role
        /// One column wide; stands before the label.
        public var sign: Character?

        public init(id: String, label: String, role: Role = .graphNode, sign: Character? = nil) {
            self.id = id
            self.label = label
            self.role = role
            self.sign = sign
        }
    }

    public struct Edge: Hashable, Sendable {
        public let from: String
        public let to: String
        /// Empty for none.
        public let label: String
        public var emphasis: Emphasis

        public init(
            from: String, to: String, label: String = "", emphasis: Emphasis = .normal
        ) {
            self.from = from
            self.to = to
            self.label = label
            self.emphasis = emphasis
        }
    }

    /// How much an edge is to be seen; where edges share a line, the greatest wins.
    public enum Emphasis: Int, Hashable, Sendable, Comparable {
        /// Dashed and muted: a path that was not and will not be taken.
        case dim
        case normal
        /// A path that was taken.
        case lit

        public static func < (left: Emphasis, right: Emphasis) -> Bool {
            left.rawValue < right.rawValue
        }

        var role: Role {
            switch self {
            case .dim: .graphEdgeDead
            case .normal: .graphEdge
            case .lit: .graphEdgeTaken
            }
        }
    }

    public var nodes: [Node]
    public var edges: [Edge]

    public init(nodes: [Node], edges: [Edge]) {
        self.nodes = nodes
        self.edges = edges
    }

    /// Whether `other` has the same layout.
    public func hasSameStructure(as other: GraphModel) -> Bool {
        nodes.count == other.nodes.count && edges.count == other.edges.count
            && zip(nodes, other.nodes).allSatisfy { $0.id == $1.id && $0.label == $1.label }
            && zip(edges, other.edges).allSatisfy {
                $0.from == $1.from && $0.to == $1.to && $0.label == $1.label
            }
    }
}

/// The bounds within which graphs are drawn as such; larger ones are shown as a list.
public enum GraphLimits {
    /// Nodes of a drawn graph.
    public static let maximumNodes = 1500
    /// Nodes, and the bends of edges that pass by them.
    public static let maximumVertices = 6000
    /// The longest label of a node, in columns.
    public static let maximumLabel = 28
    /// The longest label of an edge, in columns.
    public static let maximumEdgeLabel = 16
    /// Scalars of a label that are looked at.
    static let maximumScalars = 200

    /// `text` cut to `columns`, without looking at more of it than is needed.
    static func cut(_ text: String, to columns: Int) -> String {
        let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumScalars)))
        return TextWidth.truncate(start, to: columns)
    }
}
