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
        /// The network or the server failed: a sentence for people, and the seconds after which
        /// the server wants to be asked again, where it has said so.
        case failed(String, retryAfter: Double? = nil)
        /// As `failed`, after so many seconds in which nothing came.
        case silent(String, seconds: Double)
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

    /// Seconds. With its jitter the longest is below two, so that a feed is live again two seconds
    /// after its server is.
    static let firstPause = 0.25
    static let longestPause = 1.5
    /// Seconds that a server may have one wait.
    static let longestWantedPause = 300.0

    private enum Phase: Hashable {
        case connecting
        /// Open; nothing is known yet of what was missed.
        case catchingUp(replayed: Int)
        case live
        case pausing, waitingForLogin
    }

    private var phase = Phase.connecting
    /// The last event that was handed on; `nil` while it is unknown where the server stands.
    private(set) var lastID: Int64?
    private var pause = FeedMachine.firstPause
    private var hasRenewed = false
    /// Whether this feed was live before.
    private(set) var wasLive = false
    /// The server's name, for sentences.
    private let server: String
    /// 0 to below 1, for the jitter.
    private let chance: @Sendable () -> Double

    init(after id: Int64?, server: String, chance: @escaping @Sendable () -> Double) {
        lastID = id
        self.server = server
        self.chance = chance
    }

    mutating func take(_ input: Input) -> [Action] {
        switch input {
        case .begin, .pauseOver, .loggedIn:
            return connect(renewing: false)
        case .opened:
            phase = .catchingUp(replayed: 0)
            guard wasLive else { return [.ping] }
            // Broken off before it was known where the server stands: what it said meanwhile is
            // lost, and cannot be asked for.
            let loss: [Action] = lastID == nil ? [.deliver(.resynchronize)] : []
            return [.deliver(.connection(.resynchronizing))] + loss + [.ping]
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
        // Unasked, since a feed renews its token with a new connection.
        case "authenticated": return [.deliver(.accountChanged)]
        case "resync_required":
            // The ids of the server may begin below ours: another store has taken the place of
            // the one that we knew.
            lastID = nil
            return [.deliver(.resynchronize), .ping]
        default:
            guard let event = try? json.decoded(as: Event.self) else {
                // What a newer server says besides is none of ours, but it has been said.
                if let id = json["id"]?.intValue, id > lastID ?? -1 { lastID = id }
                return []
            }
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
            if hasRenewed {
                return refuse(
                    "\(server) refused the session\(Self.saying(reason.withoutAdvice)). Log in again: "
                        + "auterity login")
            }
            hasRenewed = true
            return connect(renewing: true)
        case .closed(CloseCode.forbidden, let reason):
            return refuse(
                "\(server) tells this account of no events\(Self.saying(reason)). Ask an "
                    + "administrator for the permission \(Permission.workflowRead.rawValue)")
        case .closed(CloseCode.goingAway, _):
            return retry("\(server) is stopping, perhaps to start again")
        case .closed(let code, let reason):
            return retry("\(server) closed the connection (\(code)\(Self.saying(reason)))")
        case .silent(let reason, let seconds):
            let isKnown = phase == .live
            return (isKnown ? [.deliver(.silence(seconds: seconds))] : []) + retry(reason)
        case .failed(let reason, let retryAfter): return retry(reason, notBefore: retryAfter)
        case .loggedOut(let reason), .refused(let reason): return refuse(reason)
        }
    }

    private static func saying(_ reason: String) -> String {
        reason.isEmpty ? "" : ": \(reason)"
    }

    private mutating func retry(
        _ reason: String, notBefore wanted: Double? = nil
    ) -> [Action] {
        phase = .pausing
        // With jitter that only adds, so that those who were sent away do not come back at once.
        let wanted = min(max(wanted ?? 0, 0), Self.longestWantedPause) * (1 + 0.2 * chance())
        let seconds = max(pause * (0.8 + 0.4 * chance()), wanted)
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
