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
        if model.line.isBroken, !model.line.isRefused {
            activities.insert(.timer(console, "retry", every: .seconds(1)))
        }
        if model.youngestActivity {
            activities.insert(.timer(console, "activity", every: activityDelay))
        }
        guard model.identity != nil else { return activities }
        activities.insert(.feed(number: model.feedNumber))
        if model.metricsAreStale {
            activities.insert(.timer(console, "metrics", every: metricsInterval))
        }
        let top = model.trail.top
        for case .timer(let name, let interval) in top.screen.subscriptions(in: model.context) {
            activities.insert(.timer(top.id, name, every: interval))
        }
        return activities
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
