import AuterityAPI
import Synchronization

/// Compiled definitions of the versions of workflows, compiled once.
final class DefinitionCache: Sendable {
    private struct Key: Hashable {
        let workflow: Int64
        let version: Int
    }

    private let known = Mutex<[Key: CompiledDefinition]>([:])
    let nodeTypes: [any WorkflowNode.Type]

    /// Versions that are kept.
    static let limit = 1000

    init(nodeTypes: [any WorkflowNode.Type]) {
        self.nodeTypes = nodeTypes
    }

    private var surroundings: DefinitionSurroundings {
        var surroundings = DefinitionSurroundings()
        surroundings.nodeTypes = nodeTypes
        return surroundings
    }

    func definition(
        workflow: Int64, version: Int, in connection: any StoreConnection
    ) throws -> CompiledDefinition {
        if let compiled = find(workflow: workflow, version: version) { return compiled }
        let json = try WorkflowRecords.definition(
            workflow: workflow, version: version, in: connection)
        let compiled = try CompiledDefinition.compile(json, in: surroundings)
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[Key(workflow: workflow, version: version)] = compiled
        }
        return compiled
    }

    func find(workflow: Int64, version: Int) -> CompiledDefinition? {
        known.withLock { $0[Key(workflow: workflow, version: version)] }
    }

    func layout(
        workflow: Int64, version: Int, in connection: any StoreConnection
    ) throws -> StepLayout {
        if let compiled = find(workflow: workflow, version: version) { return compiled.layout }
        // A definition that an older version let pass is still shown.
        let json = try WorkflowRecords.definition(
            workflow: workflow, version: version, in: connection)
        return StepLayout(Definition.read(json).definition)
    }
}
