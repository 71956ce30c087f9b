import AuterityAPI
import Logging
import Synchronization

/// Hands the events of committed rows to whoever listens. Costs nothing while nobody does.
final class EventHub: Sendable {
    private let subscriptions = Mutex<[ObjectIdentifier: WeakSubscription]>([:])
    private let count = Atomic<Int>(0)
    private let source: EventSubscription.Source

    private struct WeakSubscription: Sendable {
        weak let subscription: EventSubscription?
    }

    init(source: EventSubscription.Source) {
        self.source = source
    }

    /// Whether events are worth making.
    var isHeard: Bool { count.load(ordering: .acquiring) > 0 }

    func subscribe(after id: Int64?) -> EventSubscription {
        let subscription = EventSubscription(source: source, after: id) { [weak self] ended in
            self?.remove(ended)
        }
        subscriptions.withLock {
            $0[ObjectIdentifier(subscription)] = WeakSubscription(subscription: subscription)
            count.store($0.count, ordering: .releasing)
        }
        subscription.begin()
        return subscription
    }

    private func remove(_ id: ObjectIdentifier) {
        subscriptions.withLock {
            $0[id] = nil
            count.store($0.count, ordering: .releasing)
        }
    }

    /// Told by the writer after each commit, in order.
    func publish(_ publications: [Publication], upTo seq: Int64) {
        guard isHeard else { return }
        for subscription in everyone { subscription.take(publications, upTo: seq) }
    }

    /// Hands on what is not kept, such as figures.
    func announce(_ event: AddressedEvent) {
        for subscription in everyone { subscription.take(event) }
    }

    func close() {
        for subscription in everyone { subscription.end() }
    }

    private var everyone: [EventSubscription] {
        subscriptions.withLock { $0.values.compactMap(\.subscription) }
    }
}
