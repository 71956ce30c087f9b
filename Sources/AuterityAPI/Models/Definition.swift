/// A definition as a graph of nodes and edges, read leniently for showing and planning: what
/// does not fit is left out and told as a fault. Validation proper is the engine's.
public struct Definition: Hashable, Sendable {
    public struct Node: Hashable, Sendable {
        public let id: StepID
        public let type: String
        public let data: JSONObject
        /// Where an editor put it, in its own units.
        public let position: JSONValue?

        public init(id: StepID, type: String, data: JSONObject, position: JSONValue? = nil) {
            self.id = id
            self.type = type
            self.data = data
            self.position = position
        }

        /// What a person reads: the label, or else the id.
        public var label: String {
            if let label = data["label"]?.stringValue, !label.isEmpty { label } else { id.rawValue }
        }
    }

    public struct Edge: Hashable, Sendable {
        public let id: String
        public let source: StepID
        public let target: StepID
        /// Which of the source's outcomes it hangs on (`true`, `approved`, `error` …).
        public let sourceHandle: String?
        /// An expression that must hold besides.
        public let condition: String?

        public init(
            id: String, source: StepID, target: StepID, sourceHandle: String? = nil,
            condition: String? = nil
        ) {
            self.id = id
            self.source = source
            self.target = target
            self.sourceHandle = sourceHandle
            self.condition = condition
        }
    }

    public let nodes: [Node]
    public let edges: [Edge]

    public init(nodes: [Node], edges: [Edge]) {
        self.nodes = nodes
        self.edges = edges
    }

    /// Reads the JSON form. `faults` lists what was left out, each with its path below
    /// `definition`.
    public static func read(_ json: JSONValue) -> (definition: Definition, faults: [FieldFault]) {
        var reader = DefinitionReader()
        let definition = reader.read(json)
        return (definition, reader.faults)
    }

    /// The JSON form of the graph.
    public var json: JSONValue {
        let nodes = nodes.map { node -> JSONValue in
            var object: JSONObject = [
                "id": .string(node.id.rawValue), "type": .string(node.type),
                "data": .object(node.data),
            ]
            if let position = node.position { object["position"] = position }
            return .object(object)
        }
        let edges = edges.map { edge -> JSONValue in
            var object: JSONObject = [
                "id": .string(edge.id), "source": .string(edge.source.rawValue),
                "target": .string(edge.target.rawValue),
            ]
            if let handle = edge.sourceHandle { object["source_handle"] = .string(handle) }
            if let condition = edge.condition { object["condition"] = .string(condition) }
            return .object(object)
        }
        return ["nodes": .array(nodes), "edges": .array(edges)]
    }
}

private struct DefinitionReader {
    private(set) var faults: [FieldFault] = []

    mutating func read(_ json: JSONValue) -> Definition {
        guard case .object(let object) = json else {
            note("definition", "must be an object with nodes and edges")
            return Definition(nodes: [], edges: [])
        }
        let nodes = list(object["nodes"], "definition.nodes", isRequired: true)
            .compactMap { node($0.value, at: $0.path) }
        let edges = list(object["edges"], "definition.edges", isRequired: false)
            .enumerated().compactMap { edge($1.value, at: $1.path, index: $0) }
        return Definition(nodes: nodes, edges: edges)
    }

    private mutating func note(_ field: String, _ message: String) {
        faults.append(FieldFault(field: field, message: message))
    }

    private mutating func list(
        _ json: JSONValue?, _ path: String, isRequired: Bool
    ) -> [(value: JSONValue, path: String)] {
        switch json {
        case .array(let elements)?:
            return elements.enumerated().map { ($1, "\(path)[\($0)]") }
        case nil where !isRequired: return []
        case nil: note(path, "is required")
        default: note(path, "must be a list")
        }
        return []
    }

    private mutating func text(_ object: JSONObject, _ key: String, at path: String) -> String? {
        switch object[key] {
        case .string(let text)? where !text.isEmpty: return text
        case nil: note("\(path).\(key)", "is required")
        default: note("\(path).\(key)", "must be a text that is not empty")
        }
        return nil
    }

    private mutating func node(_ json: JSONValue, at path: String) -> Definition.Node? {
        guard case .object(let object) = json else {
            note(path, "must be an object")
            return nil
        }
        let id = text(object, "id", at: path)
        let type = text(object, "type", at: path)
        var data = JSONObject()
        switch object["data"] {
        case .object(let given)?: data = given
        case nil, .null?: break
        default: note("\(path).data", "must be an object")
        }
        guard let id, let type else { return nil }
        return Definition.Node(
            id: StepID(id), type: type, data: data, position: object["position"])
    }

    private mutating func edge(
        _ json: JSONValue, at path: String, index: Int
    ) -> Definition.Edge? {
        guard case .object(let object) = json else {
            note(path, "must be an object")
            return nil
        }
        let source = text(object, "source", at: path)
        let target = text(object, "target", at: path)
        let handleKey = object["source_handle"] == nil ? "sourceHandle" : "source_handle"
        let handle = optionalText(object, handleKey, at: path)
        let condition = optionalText(object, "condition", at: path)
        guard let source, let target else { return nil }
        return Definition.Edge(
            id: object["id"]?.stringValue ?? "edge \(index + 1)", source: StepID(source),
            target: StepID(target), sourceHandle: handle, condition: condition)
    }

    private mutating func optionalText(
        _ object: JSONObject, _ key: String, at path: String
    ) -> String? {
        switch object[key] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default:
            note("\(path).\(key)", "must be a text")
            return nil
        }
    }
}
