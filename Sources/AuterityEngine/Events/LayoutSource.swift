import AuterityAPI
import Synchronization

/// The steps of the versions of workflows, read once.
final class LayoutSource: Sendable {
    private struct Key: Hashable {
        let workflow: Int64
        let version: Int
    }

    private let layouts = Mutex<[Key: StepLayout]>([:])

    /// Versions that are kept.
    static let limit = 1000

    func layout(
        workflow: Int64, version: Int, in connection: any StoreConnection
    ) throws -> StepLayout {
        let key = Key(workflow: workflow, version: version)
        if let known = layouts.withLock({ $0[key] }) { return known }
        let definition = try WorkflowRecords.definition(
            workflow: workflow, version: version, in: connection)
        let layout = StepLayout(Definition.read(definition).definition)
        layouts.withLock { layouts in
            if layouts.count >= Self.limit { layouts = [:] }
            layouts[key] = layout
        }
        return layout
    }
}
