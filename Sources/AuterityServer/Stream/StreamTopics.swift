import AuterityAPI

/// What a client of the event stream may subscribe to.
struct StreamTopics: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// `workflow_execution_update`
    static let executions = StreamTopics(rawValue: 1)
    /// `system_alert`
    static let alerts = StreamTopics(rawValue: 2)
    /// `error_notification`
    static let errors = StreamTopics(rawValue: 4)
    /// `metrics_update`
    static let metrics = StreamTopics(rawValue: 8)

    static let all: StreamTopics = [.executions, .alerts, .errors, .metrics]

    private static let named: [(name: String, topic: StreamTopics)] = [
        ("executions", .executions), ("alerts", .alerts), ("errors", .errors),
        ("metrics", .metrics),
    ]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(name: String) {
        guard let topic = Self.named.first(where: { $0.name == name })?.topic else { return nil }
        self = topic
    }

    /// The topic of an event.
    init(_ payload: Event.Payload) {
        switch payload {
        case .executionUpdate: self = .executions
        case .systemAlert: self = .alerts
        case .errorNotification: self = .errors
        case .metricsUpdate: self = .metrics
        }
    }

    var names: [String] { Self.named.filter { contains($0.topic) }.map(\.name) }
    static let allNames = StreamTopics.all.names
}
