import AuterityAPI
import AuterityEngine

/// What a client has asked to be told of.
struct StreamFilter: Hashable, Sendable {
    var topics = StreamTopics.all
    /// Only what is about this execution; everything when `nil`.
    var execution: ExecutionID?
}

/// Decides quickly, for one client, what `Audience.admits` decides: it is asked for each event
/// and each client.
struct StreamReader: Hashable, Sendable {
    let caller: Caller
    private let mayRead: Bool
    private let seesAll: Bool
    private let watches: Bool
    let readsMetrics: Bool

    init(_ caller: Caller) {
        self.caller = caller
        mayRead = caller.may(.workflowRead)
        seesAll = mayRead && caller.may(.workflowReadAll)
        watches = caller.may(.systemMonitor)
        readsMetrics = caller.may(.metricsRead)
    }

    func admits(_ audience: Audience) -> Bool {
        switch audience {
        case .execution(let owner, let starter):
            seesAll || mayRead && (caller.id == owner || caller.id == starter)
        case .alert(let owner):
            watches || owner != nil && (seesAll || mayRead && caller.id == owner)
        case .figures: readsMetrics
        }
    }

    /// Whether it admits everything of these topics, so that nobody need look at each event.
    func admitsAll(of topics: StreamTopics) -> Bool {
        (seesAll || topics.isDisjoint(with: [.executions, .errors]))
            && (watches || !topics.contains(.alerts))
            && (readsMetrics || !topics.contains(.metrics))
    }
}
