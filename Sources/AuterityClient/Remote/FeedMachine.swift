import AuterityAPI

/// How a feed goes on over any number of broken connections. A value that does no I/O: what
/// happens goes in, what is to be done comes out.
struct FeedMachine {
    enum Input: Hashable, Sendable {
        case begin
        /// The WebSocket is open.
        case opened
        /// A text message of the server.
        case message(String)
        /// Why a connection is over, or did not come about.
        case ended(Ending)
        /// The pause before the next try is over.
        case pauseOver
        /// Tokens can be had again after `awaitLogin`.
        case loggedIn
    }

    enum Ending: Hashable, Sendable {
        case closed(code: Int, reason: String)
        /// The network or the server failed: a sentence for people.
        case failed(String)
        /// No token can be had.
        case loggedOut(String)
        /// The server answered the handshake with an error that another try will not mend.
        case refused(String)
    }

    enum Action: Hashable, Sendable {
        case deliver(FeedItem)
        /// Connect; `renewing` with a new token in place of the last.
        case connect(after: Int64?, renewing: Bool)
        /// Ask where the server stands; its answer comes behind what is due.
        case ping
        case pause(seconds: Double)
        case awaitLogin
    }

    /// Close codes of the server besides those of RFC 6455.
    enum CloseCode {
        static let unauthorized = 4401
        static let forbidden = 4403
        static let goingAway = 1001
    }

    /// Seconds.
    static let firstPause = 0.25
    static let longestPause = 15.0

    private enum Phase: Hashable {
        case connecting
        /// Open; nothing is known yet of what was missed.
        case catchingUp(replayed: Int)
        case live
        case pausing, waitingForLogin
    }

    private var phase = Phase.connecting
    /// The last event that was handed on.
    private(set) var lastID: Int64?
    private var pause = FeedMachine.firstPause
    private var hasRenewed = false
    /// Whether this feed was live before.
    private var wasLive = false
    /// 0 to below 1, for the jitter.
    private let chance: @Sendable () -> Double

    init(after id: Int64?, chance: @escaping @Sendable () -> Double) {
        lastID = id
        self.chance = chance
    }

    mutating func take(_ input: Input) -> [Action] {
        switch input {
        case .begin, .pauseOver, .loggedIn:
            return connect(renewing: false)
        case .opened:
            phase = .catchingUp(replayed: 0)
            let state: [Action] = wasLive ? [.deliver(.connection(.resynchronizing))] : []
            return state + [.ping]
        case .message(let text):
            return read(text)
        case .ended(let ending):
            return end(ending)
        }
    }

    private mutating func connect(renewing: Bool) -> [Action] {
        phase = .connecting
        return [
            .deliver(.connection(.connecting)), .connect(after: lastID, renewing: renewing),
        ]
    }

    // MARK: - Messages

    private mutating func read(_ text: String) -> [Action] {
        guard let json = try? JSONValue(parsing: Array(text.utf8)),
            let type = json["type"]?.stringValue
        else { return [] }
        switch type {
        case "pong": return caughtUp(to: json["last_event_id"]?.intValue)
        case "resync_required": return [.deliver(.resynchronize)]
        default:
            // What a newer server says besides is none of ours.
            guard let event = try? json.decoded(as: Event.self) else { return [] }
            return take(event)
        }
    }

    private mutating func take(_ event: Event) -> [Action] {
        if let id = event.id {
            // After a new connection the server may begin with what we have.
            if let lastID, id <= lastID { return [] }
            lastID = id
        }
        if case .catchingUp(let count) = phase, event.id != nil {
            phase = .catchingUp(replayed: count + 1)
        }
        return [.deliver(.event(event))]
    }

    /// The answer to a ping: everything that was due before it has come.
    private mutating func caughtUp(to newest: Int64?) -> [Action] {
        if let newest, newest > lastID ?? -1 { lastID = newest }
        guard case .catchingUp(let count) = phase else { return [] }
        phase = .live
        let isReturn = wasLive
        wasLive = true
        hasRenewed = false
        pause = Self.firstPause
        return (isReturn ? [.deliver(.replayed(count))] : []) + [.deliver(.connection(.live))]
    }

    // MARK: - Ends

    private mutating func end(_ ending: Ending) -> [Action] {
        switch ending {
        case .closed(CloseCode.unauthorized, let reason):
            // The token has ended or was ended: a new one is tried once.
            if hasRenewed { return refuse(reason.isEmpty ? "The session has ended" : reason) }
            hasRenewed = true
            return connect(renewing: true)
        case .closed(CloseCode.forbidden, let reason):
            return refuse(reason.isEmpty ? "The account may not read workflows" : reason)
        case .closed(CloseCode.goingAway, _):
            return retry("The server is stopping")
        case .closed(let code, let reason):
            return retry(
                reason.isEmpty ? "The server closed the connection (\(code))" : reason)
        case .failed(let reason): return retry(reason)
        case .loggedOut(let reason), .refused(let reason): return refuse(reason)
        }
    }

    private mutating func retry(_ reason: String) -> [Action] {
        phase = .pausing
        let seconds = pause * (0.8 + 0.4 * chance())
        pause = min(pause * 2, Self.longestPause)
        return [
            .deliver(.connection(.retrying(inSeconds: seconds, reason: reason))),
            .pause(seconds: seconds),
        ]
    }

    private mutating func refuse(_ reason: String) -> [Action] {
        phase = .waitingForLogin
        hasRenewed = false
        return [.deliver(.connection(.refused(reason: reason))), .awaitLogin]
    }
}
