/// Something that goes on while the state says so. The runtime starts what is new in the list and
/// ends what is gone from it.
enum Subscription: Hashable, Sendable {
    /// `ScreenMessage.timer(name)` after each interval, the first after one interval.
    ///
    /// To throttle: be subscribed while something is to be refreshed, refresh when the timer
    /// comes, and be no longer subscribed then. An idle screen has no timer.
    case timer(String, every: Duration)
}
