import Synchronization

/// Whether the server takes new work. Supervisors and load balancers ask for it.
final class Readiness: Sendable {
    private let stopping = Atomic(false)

    /// Set once, when the server has been told to stop: from then on `/health/ready` answers 503.
    func stop() { stopping.store(true, ordering: .releasing) }

    var isStopping: Bool { stopping.load(ordering: .acquiring) }
}
