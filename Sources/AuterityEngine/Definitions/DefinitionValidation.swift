package import AuterityAPI

/// What is there around a definition that it may name. `nil` where that is not known, so that
/// nothing is said about it.
package struct DefinitionSurroundings: Sendable {
    package var parameters: Set<String>?
    package var messages: Set<String>?
    package var secrets: Set<String>?
    /// Node types that only this engine knows, besides those of the catalog.
    package var nodeTypes: [any WorkflowNode.Type] = []

    package init(
        parameters: Set<String>? = nil, messages: Set<String>? = nil, secrets: Set<String>? = nil
    ) {
        self.parameters = parameters
        self.messages = messages
        self.secrets = secrets
    }
}

/// A definition read, checked and compiled: every fault and every oddity at once, each with the
/// path of its field.
package struct DefinitionValidation: Sendable {
    package private(set) var errors: [FieldFault] = []
    package private(set) var warnings: [FieldFault] = []
    /// Ready to run; `nil` when there is an error that keeps it from running.
    package private(set) var compiled: CompiledDefinition?
    /// Workflows that its steps start, each with the path of its field.
    package private(set) var workflows: [(field: String, id: WorkflowID)] = []

    package static let maximumNodes = 10_000
    package static let maximumEdges = 100_000
    /// In bytes of UTF-8.
    package static let maximumIDLength = 255
    /// Errors and warnings beyond are counted, not listed.
    package static let maximumFaults = 1000

    package init(_ json: JSONValue, in surroundings: DefinitionSurroundings = .init()) {
        let (definition, faults) = Definition.read(json)
        errors = faults
        guard definition.nodes.count <= Self.maximumNodes,
            definition.edges.count <= Self.maximumEdges
        else {
            error(
                "definition",
                "has more than \(Self.maximumNodes) nodes or \(Self.maximumEdges) edges")
            return
        }
        let paths = DefinitionPaths(json)
        check(definition, paths, surroundings)
        if !errors.isEmpty { compiled = nil }
        // What was saved before these were refused runs on.
        errors += EditorFieldCheck.faults(of: json)
        errors = bounded(errors)
        warnings = bounded(warnings)
    }

    package var report: ValidationReport {
        ValidationReport(errors: errors, warnings: warnings)
    }

    /// Adds what only the store can tell.
    package mutating func warn(_ field: String, _ message: String) {
        guard warnings.count < Self.maximumFaults else { return }
        warnings.append(FieldFault(field: field, message: message))
    }

    private mutating func error(_ field: String, _ message: String) {
        errors.append(FieldFault(field: field, message: message))
    }

    private func bounded(_ faults: [FieldFault]) -> [FieldFault] {
        guard faults.count > Self.maximumFaults else { return faults }
        let more = faults.count - Self.maximumFaults
        let rest = FieldFault(field: "definition", message: "and \(more) more like these")
        return faults.prefix(Self.maximumFaults) + [rest]
    }

    private mutating func check(
        _ definition: Definition, _ paths: DefinitionPaths, _ surroundings: DefinitionSurroundings
    ) {
        if definition.nodes.isEmpty, errors.isEmpty {
            error("definition.nodes", "must hold at least one node")
        }
        let layout = StepLayout(definition)
        var compiler = DefinitionCompiler(
            definition, layout, paths, nodeTypes: surroundings.nodeTypes)
        compiler.compile()
        let graph = Graph(definition, layout: layout, plainHandles: compiler.plainHandles)
        var shape = ShapeCheck(definition, layout, graph, paths)
        shape.check(nodes: compiler.nodes)
        var names = NameCheck(layout, graph, compiler.compiledNodes, surroundings)
        names.check(compiler.uses, compiler.messages)
        errors += shape.errors + compiler.errors
        warnings += shape.warnings + compiler.warnings + names.warnings
        workflows = compiler.workflows
        guard errors.isEmpty else { return }
        let nodes = compiler.compiledNodes.compactMap(\.self)
        guard nodes.count == layout.count else { return }
        compiled = CompiledDefinition(
            definition: definition, layout: layout, graph: graph, nodes: nodes,
            conditions: compiler.conditions)
    }
}

extension CompiledDefinition {
    /// Compiles a definition that was validated when it was saved.
    ///
    /// - Throws: 422 with every fault; it can have some when an older version let them pass.
    package static func compile(
        _ json: JSONValue, in surroundings: DefinitionSurroundings = .init()
    ) throws(APIError) -> CompiledDefinition {
        let validation = DefinitionValidation(json, in: surroundings)
        guard let compiled = validation.compiled else { throw .validation(validation.errors) }
        return compiled
    }
}

/// Where the nodes and edges that were read stand in the JSON form, since what cannot be read is
/// left out.
struct DefinitionPaths {
    private let nodes: [Int]
    private let edges: [Int]

    init(_ json: JSONValue) {
        nodes = Self.readable(json["nodes"], keys: ["id", "type"])
        edges = Self.readable(json["edges"], keys: ["source", "target"])
    }

    /// By the rule of `Definition.read`.
    private static func readable(_ list: JSONValue?, keys: [String]) -> [Int] {
        let elements = list?.arrayValue ?? []
        return elements.indices.filter { index in
            keys.allSatisfy { key in
                elements[index][key]?.stringValue.map { !$0.isEmpty } ?? false
            }
        }
    }

    func node(_ index: Int) -> String {
        "definition.nodes[\(nodes.indices.contains(index) ? nodes[index] : index)]"
    }

    func edge(_ index: Int) -> String {
        "definition.edges[\(edges.indices.contains(index) ? edges[index] : index)]"
    }
}
