public import AuterityAPI
import Synchronization

extension Engine {
    /// Every event behind `id` that `caller` may be told of, each once and in order; from now on
    /// when `nil`. Ending the iteration ends the subscription. A slow reader is told to
    /// resynchronize.
    public func events(after id: Int64?, as caller: Caller) -> AsyncStream<EventDelivery> {
        let subscription = core.events.subscribe(after: id)
        let core = core
        return AsyncStream(
            unfolding: { await core.next(of: subscription, for: caller) },
            onCancel: { subscription.end() })
    }

    /// Every event behind `id` with its audience, each once and in order; from now on when `nil`.
    /// Its figures (`metrics_update`) are those of the whole system: `event(_:for:)` makes them
    /// for their reader.
    package func addressedEvents(after id: Int64?) -> AsyncStream<AddressedDelivery> {
        let subscription = core.events.subscribe(after: id)
        return AsyncStream(
            unfolding: { await subscription.next() }, onCancel: { subscription.end() })
    }

    /// An event as `caller` may be told of it; `nil` when they may not. Figures are those of the
    /// caller's own executions, for who lacks `workflow:read_all`; a sample of them is made once
    /// for a caller, however many ask.
    package func event(_ addressed: AddressedEvent, for caller: Caller) async -> Event? {
        await core.event(addressed, for: caller)
    }
}

extension EngineCore {
    fileprivate func next(
        of subscription: EventSubscription, for caller: Caller
    ) async -> EventDelivery? {
        while let delivery = await subscription.next() {
            switch delivery {
            case .resynchronize: return .resynchronize
            case .event(let addressed):
                if let event = await event(addressed, for: caller) { return .event(event) }
            }
        }
        return nil
    }

    func event(_ addressed: AddressedEvent, for caller: Caller) async -> Event? {
        guard addressed.audience.admits(caller) else { return nil }
        let event = addressed.event
        guard case .metricsUpdate(let whole) = event.payload, !caller.may(.workflowReadAll) else {
            return event
        }
        let own = await foundation.ownFigures.metrics(of: caller.id, at: event.timestamp) {
            try await self.metrics(like: whole, for: caller)
        }
        return own.map { Event(id: nil, payload: .metricsUpdate($0), timestamp: event.timestamp) }
    }

    /// The same figures, but with the caller's own executions only.
    private func metrics(like whole: Metrics, for caller: Caller) async throws -> Metrics {
        let now = configuration.clock.now()
        let workflows = try await session.store.read { connection in
            try Self.workflows(for: try Viewer(caller, in: connection), at: now, in: connection)
        }
        return Metrics(
            system: whole.system, application: whole.application, workflows: workflows,
            aiUsage: whole.aiUsage)
    }
}

/// The newest figures that were made for single callers, so that many connections of one account
/// cost one query a sample.
final class OwnFigures: Sendable {
    private struct State {
        var at: Timestamp?
        var metrics: [UserID: Metrics] = [:]
    }

    private let state = Mutex(State())
    /// Callers whose figures are kept.
    private static let limit = 10_000

    func metrics(
        of user: UserID, at time: Timestamp, _ make: () async throws -> Metrics
    ) async -> Metrics? {
        let known = state.withLock { $0.at == time ? $0.metrics[user] : nil }
        if let known { return known }
        // Figures that cannot be read now come with the next sample.
        guard let made = try? await make() else { return nil }
        state.withLock { state in
            if state.at != time || state.metrics.count >= Self.limit {
                state = State(at: time)
            }
            state.metrics[user] = made
        }
        return made
    }
}
