// When the next frame is due. A pure value, told the time.

/// Frames are made on demand: at once for a key, at most 30 a second otherwise, and none when
/// nothing has changed. So an idle console has no timer, and a flood of events costs 30 frames.
public struct FramePacer: Sendable {
    public typealias Instant = ContinuousClock.Instant

    /// The time between two frames that nobody asked for by a key.
    public static let interval: Duration = .milliseconds(33)

    /// When the last frame was made; nil before the first.
    public private(set) var lastFrame: Instant?
    private var isChanged = false
    private var isUrgent = false

    public init() {}

    /// Something shown has changed by itself.
    public mutating func changed() {
        isChanged = true
    }

    /// Something shown has changed because of a key, a new size or a question's answer.
    public mutating func changedByUser() {
        isChanged = true
        isUrgent = true
    }

    /// When to make the next frame: now or in the past means at once, nil means there is none.
    public func due(at now: Instant) -> Instant? {
        guard isChanged else { return nil }
        guard !isUrgent, let lastFrame else { return now }
        return lastFrame.advanced(by: Self.interval)
    }

    /// Whether a frame is to be made at this moment.
    public func isDue(at now: Instant) -> Bool {
        due(at: now).map { $0 <= now } ?? false
    }

    /// A frame was made of all that has changed until now.
    public mutating func drawn(at now: Instant) {
        lastFrame = now
        isChanged = false
        isUrgent = false
    }
}
