import Synchronization

/// Whether a server has been told to stop; probes tell supervisors so.
package final class Stopping: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var hasBegun: Bool { flag.load(ordering: .acquiring) }

    package func begin() {
        flag.store(true, ordering: .releasing)
    }
}
