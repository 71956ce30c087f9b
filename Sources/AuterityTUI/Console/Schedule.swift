import AuterityAPI
import AuterityClient
import TerminalUI

/// What is to go on while the model is as it is.
enum Schedule {
    /// How long a call runs before the footer says so; quick ones would only flicker.
    static let activityDelay = Duration.milliseconds(200)
    /// Between two readings of the metrics while things happen.
    static let metricsInterval = Duration.seconds(2)

    static func activities(of model: Model) -> Set<Activity> {
        guard !model.isQuitting else { return [] }
        var activities: Set<Activity> = [.minute]
        let console = Model.consoleID
        if !model.toasts.isEmpty {
            activities.insert(.timer(console, "toast", every: .seconds(1)))
        }
        if model.opening == .opening {
            activities.insert(.timer(console, "opening", every: .seconds(1)))
        }
        if model.line.isBroken {
            activities.insert(.timer(console, "banner", every: bannerInterval(of: model)))
        }
        if model.youngestActivity {
            activities.insert(.timer(console, "activity", every: activityDelay))
        }
        guard model.identity != nil else { return activities }
        activities.insert(
            .feed(number: model.feedNumber, fromNow: model.feedFromNow == model.feedNumber))
        let stretch = stretch(for: model.line.latency)
        if model.metricsAreStale {
            activities.insert(.timer(console, "metrics", every: metricsInterval * stretch))
        }
        let top = model.trail.top
        for case .timer(let name, let interval) in top.screen.subscriptions(in: model.context) {
            let own = interval * (clocks.contains(name) ? 1 : stretch)
            activities.insert(.timer(top.id, name, every: own))
        }
        return activities
    }

    /// Between two drawings of an age in minutes.
    private static let minutesInterval = Duration.seconds(10)

    /// How often what the banner says becomes another: the seconds to the next try, or the age.
    private static func bannerInterval(of model: Model) -> Duration {
        let age = model.line.lastLive.map { model.now.seconds(since: $0) } ?? 0
        return model.line.nextTry == nil && age >= 60 ? minutesInterval : .seconds(1)
    }

    /// Timers that read nothing, or wait for who types.
    private static let clocks: Set<String> = ["age", "tick", "costs", "preview"]
    /// Milliseconds of a call up to which things are read as often as they change.
    private static let quickCall = 125.0
    private static let longestStretch = 16

    /// How much longer than usual it takes until something is read afresh: on a line where a
    /// call takes long, calls must leave room for the events. In powers of two, so that a call
    /// that took a little longer does not begin the intervals anew.
    static func stretch(for latency: Double?) -> Int {
        var stretch = 1
        while stretch < longestStretch, let latency, latency > quickCall * Double(stretch) {
            stretch *= 2
        }
        return stretch
    }
}

extension Model {
    /// Whether a call runs that is to be shown soon, but not yet.
    var youngestActivity: Bool {
        requests.values.contains { $0.request.activity != nil && !isShown($0) }
    }

    private func isShown(_ request: RunningRequest) -> Bool {
        now.seconds(since: request.since) >= 0.2
    }

    /// What the footer says of what is under way, such as `Cancelling…`.
    var activityText: String? {
        if let switching { return "Connecting to \(SafeText.line(switching.title))…" }
        let shown = requests.values.filter { $0.request.activity != nil && isShown($0) }
        guard let oldest = shown.min(by: { $0.since < $1.since }),
            let text = oldest.request.activity
        else { return nil }
        return shown.count == 1 ? "\(text)…" : "\(text)… (\(shown.count) calls)"
    }
}
