import AuterityAPI
import AuterityClient

/// What is known of the way to the server: how its events come, and how its calls are answered.
struct Line: Sendable {
    /// Calls whose times are kept.
    private static let sampleCount = 5

    private(set) var state = ConnectionState.connecting
    /// When what is shown was last known to be up to date.
    private(set) var lastLive: Timestamp?
    /// Since when nothing has come, where the line is about to be given up for that.
    private var silentSince: Timestamp?
    /// When the next try to connect comes.
    private(set) var nextTry: Timestamp?
    /// Why the line broke, or what else is wrong; `nil` while it is live.
    private(set) var reason: String?
    /// Whether it was live before and is not now.
    private(set) var isBroken = false
    /// Whether the last call was answered since the line broke; `nil` when none was made.
    private(set) var answersCalls: Bool?
    /// Milliseconds of the last calls that were answered, the newest last.
    private var times: [Double] = []

    var isLive: Bool { state == .live }

    /// Whether one must log in again before anything goes on.
    var isRefused: Bool {
        if case .refused = state { true } else { false }
    }

    /// Whether a change would not get through.
    var isOffline: Bool { isRefused || (isBroken && answersCalls != true) }

    /// Milliseconds from asking to the answer: the least of the last calls, which has the least
    /// of the server's own work in it. `nil` before the first, and while the line is broken.
    var latency: Double? { isBroken ? nil : times.min() }

    /// Whether a try failed since the line was live: a token that is renewed breaks it too, for a
    /// moment that is not worth a word.
    private(set) var hasFailed = false
    /// How late events come.
    private(set) var lateness = Lateness()
    /// Whether another feed begins in place of one that came too late.
    private var isSkipping = false

    enum Change {
        case none, lost, refused
        /// Live again, after failures.
        case restored
        /// Live again at once.
        case resumed
    }

    /// Takes what the feed says of itself.
    mutating func take(_ new: ConnectionState, at now: Timestamp) -> Change {
        let before = state
        state = new
        nextTry = nil
        lateness.restart()
        switch new {
        case .live:
            isSkipping = false
            lastLive = now
            reason = nil
            answersCalls = nil
            defer { (isBroken, hasFailed) = (false, false) }
            guard isBroken else { return .none }
            return hasFailed ? .restored : .resumed
        case .retrying(let seconds, let why):
            isSkipping = false
            nextTry = now.adding(seconds: seconds)
            reason = why
            lose(now, wasLive: before == .live)
            defer { hasFailed = true }
            return hasFailed ? .none : .lost
        case .refused(let why):
            reason = why
            hasFailed = true
            lose(now, wasLive: before == .live)
            return before == new ? .none : .refused
        case .connecting, .resynchronizing:
            if isSkipping { state = .resynchronizing }
            if before == .live { lose(now, wasLive: true) }
            return .none
        }
    }

    /// Nothing has come since then, which shows only now.
    mutating func wasSilent(since moment: Timestamp) {
        silentSince = moment
    }

    private mutating func lose(_ now: Timestamp, wasLive: Bool) {
        if wasLive { lastLive = silentSince ?? now }
        silentSince = nil
        guard !isBroken else { return }
        isBroken = true
        answersCalls = nil
        times = []
    }

    /// Events came: what is shown is as of when they happened.
    ///
    /// - Parameter age: seconds that the last was under way; `nil` when that is not known.
    /// - Returns: Whether what is still under way should be left out.
    mutating func heard(at now: Timestamp, age: Double?) -> Bool {
        let isTooLate = lateness.take(age: age, at: now)
        if isLive {
            let moment = now.adding(seconds: -Double(lateness.seconds ?? 0))
            lastLive = max(lastLive ?? moment, moment)
        }
        return isTooLate && (isLive || state == .resynchronizing)
    }

    /// What is under way is left out: another feed begins, from now on.
    mutating func skip(at now: Timestamp) {
        if isLive {
            lose(now, wasLive: false)
            // Only the events are behind.
            answersCalls = true
        }
        lateness.skip(at: now)
        isSkipping = true
        state = .resynchronizing
        nextTry = nil
    }

    /// A minute has passed.
    mutating func age(to now: Timestamp) { lateness.forget(at: now) }

    /// Takes what came of a call.
    mutating func called(milliseconds: Double, _ error: APIError?) {
        // Without an answer of the server the time says how long one waited, not how far it is.
        let isAnswered = error.map { $0.code != .serviceUnavailable } ?? true
        if isBroken { answersCalls = isAnswered }
        guard isAnswered else { return }
        times.append(milliseconds)
        if times.count > Self.sampleCount { times.removeFirst() }
    }

    /// The person wants the next try now.
    mutating func retry() {
        state = .connecting
        nextTry = nil
    }
}
