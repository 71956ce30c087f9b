import AuterityEngine
import Synchronization

/// What the event stream has done, for Prometheus.
public final class StreamFigures: Sendable {
    private let open = Atomic(0)
    private let events = Atomic<UInt64>(0)
    private let resyncs = Atomic<UInt64>(0)

    public init() {}

    /// Clients that are connected.
    public var clients: Int { open.load(ordering: .relaxed) }
    /// Events that were sent to clients, each client's counted.
    public var eventsSent: UInt64 { events.load(ordering: .relaxed) }
    /// Times that a client was told to read everything afresh.
    public var resynchronizations: UInt64 { resyncs.load(ordering: .relaxed) }

    func clientCame() { open.wrappingAdd(1, ordering: .relaxed) }
    func clientLeft() { open.wrappingSubtract(1, ordering: .relaxed) }
    func sent(_ count: Int) { events.wrappingAdd(UInt64(count), ordering: .relaxed) }
    func resynchronized() { resyncs.wrappingAdd(1, ordering: .relaxed) }
}

extension StreamFigures {
    func expose(to text: inout PrometheusText) {
        text.gauge(
            "auterity_websocket_clients", "Clients of the event stream.", Double(clients))
        text.counter(
            "auterity_websocket_events_sent_total",
            "Events that were sent to clients of the event stream.", Double(eventsSent))
        text.counter(
            "auterity_websocket_resyncs_total",
            "Times that a client was told to read everything afresh.",
            Double(resynchronizations))
    }
}
