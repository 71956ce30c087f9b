import AuterityAPI

/// How late events come: what is more than the line can carry waits in front of it, and is told
/// when it has long been otherwise.
struct Lateness: Hashable, Sendable {
    /// Seconds that events may be under way without a word: an answer that is read beside them
    /// takes the line for so long.
    static let tolerance = 5.0
    /// Seconds beyond which waiting for what is under way is worse than leaving it out.
    static let bound = 30.0
    /// Seconds that it must be so: what piled up while nothing moved may come through at once.
    static let patience = 15.0
    /// Seconds between two times that something is left out: on a slow line it takes its time to
    /// read everything afresh, during which events come late as well.
    static let rest = 60.0
    /// Seconds without an event after which nothing is known.
    static let memory = 15.0

    /// Whole seconds that what is shown is behind; `nil` while it is not worth a word.
    private(set) var seconds: Int?
    /// When the last event came that says so.
    private var toldAt: Timestamp?
    /// Since when events come later than the bound.
    private var overdueSince: Timestamp?
    private var skippedAt: Timestamp?

    /// An event came.
    ///
    /// - Parameter age: seconds that it was under way; `nil` when that cannot be known.
    /// - Returns: Whether what is still under way should be left out.
    mutating func take(age: Double?, at now: Timestamp) -> Bool {
        toldAt = now
        guard let age, age >= Self.tolerance else {
            (seconds, overdueSince) = (nil, nil)
            return false
        }
        seconds = Int(age)
        guard age > Self.bound else {
            overdueSince = nil
            return false
        }
        let since = overdueSince ?? now
        overdueSince = since
        let isRested = skippedAt.map { now.seconds(since: $0) >= Self.rest } ?? true
        return isRested && now.seconds(since: since) >= Self.patience
    }

    /// Forgets what was said too long ago: since then nothing has come that could be late.
    mutating func forget(at now: Timestamp) {
        guard let toldAt, now.seconds(since: toldAt) > Self.memory else { return }
        restart()
    }

    /// Another connection: what was under way on the one before comes no more.
    mutating func restart() {
        (seconds, overdueSince) = (nil, nil)
    }

    /// What was under way is left out.
    mutating func skip(at now: Timestamp) {
        restart()
        skippedAt = now
    }
}
