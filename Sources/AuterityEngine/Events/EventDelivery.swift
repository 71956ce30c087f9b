public import AuterityAPI

/// What a subscription to the events of an engine delivers.
public enum EventDelivery: Hashable, Sendable {
    /// In the order of ids, each once.
    case event(Event)
    /// Events were lost to this reader: it was too slow, or asked for what is no longer kept.
    /// What it knows must be read afresh; the events that follow are complete again.
    case resynchronize
}
