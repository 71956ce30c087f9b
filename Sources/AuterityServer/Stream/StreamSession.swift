import AuterityAPI
import AuterityEngine
import WebSocketTransport

/// One client of the event stream: what it says, what becomes of its token and of time, and what
/// follows from that. A value that does no I/O; `StreamConnection` does what it says.
struct StreamSession {
    /// One moment on both clocks.
    struct Moment: Hashable, Sendable {
        /// Milliseconds that only grow.
        let uptime: Int64
        let wall: Timestamp
    }

    /// Who the client says it is.
    enum Credentials: Hashable, Sendable {
        /// On the Unix socket, where the operating system has said who it is.
        case local(Caller)
        /// `nil`: it came without one.
        case token(String?)
    }

    /// Where the client wants to go on.
    enum Start: Hashable, Sendable {
        case now
        case after(Int64)
        /// `last_event_id` is no such thing.
        case malformed
    }

    enum Action: Hashable, Sendable {
        case say(StreamReply)
        case authenticate(token: String)
        /// Tell of events from now on: of what came after an id first, else of what has come
        /// since the connection began.
        case open(after: Int64?)
        case ping
        /// Answer the client's ping once everything that is due has been told.
        case answerPing
        case close(WebSocketClose)
        /// End the transport: nobody is there to shake hands with.
        case cut
    }

    /// What is held against limits of time; milliseconds.
    enum Times {
        static let authentication: Int64 = 10_000
        static let pingInterval: Int64 = 20_000
        static let pongTimeout: Int64 = 20_000
        /// How long a reader may take nothing at all.
        static let stall: Int64 = 60_000
    }

    /// Messages that say nothing the server knows, one behind the other, before it gives up.
    static let nonsenseLimit = 5

    private enum Phase: Hashable { case authenticating, open, closed }
    private enum Check: Hashable { case first, again, renewal(token: String) }
    private enum Keepalive: Hashable {
        case quiet(since: Int64)
        case pinging
        case waiting(since: Int64)
    }

    private var phase = Phase.authenticating
    private var credentials: Credentials
    private let start: Start
    private var check: (kind: Check, since: Int64)?
    private var needsCheck = false
    private var nextToken: String?
    private var expiresAt: Timestamp?
    private var rate: MessageRate
    private var nonsense = 0
    /// What came before the token was known to be good.
    private var waiting: [String] = []
    private var keepalive: Keepalive
    private var stalledSince: Int64?
    /// `nil` until the token is known to be good.
    private(set) var reader: StreamReader?
    private(set) var filter = StreamFilter()

    init(credentials: Credentials, start: Start, at now: Moment) {
        self.credentials = credentials
        self.start = start
        rate = MessageRate(at: now.uptime)
        keepalive = .quiet(since: now.uptime)
    }

    /// Whether events may be told: not while it is unknown whether the token is still good.
    var isTrusted: Bool { phase == .open && check?.kind != .again }
    var isClosed: Bool { phase == .closed }

    mutating func begin(at now: Moment) -> [Action] {
        switch credentials {
        case .local(let caller): return open(as: caller, until: nil, at: now)
        case .token(nil):
            return close(.unauthorized, "a token is missing")
        case .token(let token?):
            check = (.first, now.uptime)
            return [.authenticate(token: token)]
        }
    }

    // MARK: - Tokens

    /// The answer to `authenticate`.
    mutating func authenticated(
        _ result: Result<AuthenticatedSession, APIError>, at now: Moment
    ) -> [Action] {
        guard let kind = check?.kind, phase != .closed else { return [] }
        check = nil
        switch result {
        case .failure(let error): return fail(error)
        case .success(let session):
            switch kind {
            case .first: return open(as: session.caller, until: session.expiresAt, at: now)
            case .again: break
            case .renewal(let token):
                guard session.caller.id == reader?.caller.id else {
                    return close(.unauthorized, "the token is another account's")
                }
                credentials = .token(token)
            }
            return goOn(as: session, isRenewal: kind != .again, at: now)
        }
    }

    private mutating func goOn(
        as session: AuthenticatedSession, isRenewal: Bool, at now: Moment
    ) -> [Action] {
        guard session.caller.may(.workflowRead) else { return lacksPermission() }
        // Whoever shows what the account may do learns that it is something else now.
        let isOther = reader?.caller.roles != session.caller.roles
        reader = StreamReader(session.caller)
        expiresAt = session.expiresAt
        let said: [Action] =
            isRenewal || isOther ? [.say(.authenticated(until: session.expiresAt))] : []
        return said + nextCheck(at: now)
    }

    private mutating func nextCheck(at now: Moment) -> [Action] {
        guard check == nil, phase == .open else { return [] }
        if let token = nextToken {
            nextToken = nil
            check = (.renewal(token: token), now.uptime)
            return [.authenticate(token: token)]
        }
        guard needsCheck, case .token(let token?) = credentials else { return [] }
        needsCheck = false
        check = (.again, now.uptime)
        return [.authenticate(token: token)]
    }

    private mutating func open(
        as caller: Caller, until end: Timestamp?, at now: Moment
    ) -> [Action] {
        guard caller.may(.workflowRead) else { return lacksPermission() }
        phase = .open
        reader = StreamReader(caller)
        expiresAt = end
        var actions: [Action] = []
        switch start {
        case .now: actions.append(.open(after: nil))
        case .after(let id): actions.append(.open(after: id))
        case .malformed:
            let error = APIError(
                .validationError, "last_event_id is an integer of 0 or more")
            actions += [.say(.error(error)), .open(after: nil)]
        }
        let messages = waiting
        waiting = []
        for message in messages { actions += handle(message, at: now) }
        return actions + nextCheck(at: now)
    }

    private mutating func lacksPermission() -> [Action] {
        close(.forbidden, "the account lacks \(Permission.workflowRead.rawValue)")
    }

    private mutating func fail(_ error: APIError) -> [Action] {
        switch error.code.status {
        case 401: close(.unauthorized, error.message)
        case 403: close(.forbidden, error.message)
        default: close(.tryAgainLater, error.message)
        }
    }

    /// Accounts, sessions or roles have changed somewhere: the token is held against them again.
    mutating func accountsChanged(at now: Moment) -> [Action] {
        guard phase != .closed, case .token = credentials else { return [] }
        needsCheck = true
        return nextCheck(at: now)
    }

    // MARK: - Messages

    mutating func receive(_ text: String, at now: Moment) -> [Action] {
        guard phase != .closed else { return [] }
        guard rate.take(at: now.uptime) else {
            return close(.policyViolation, "more than \(Int(MessageRate.rate)) messages a second")
        }
        guard phase == .open else {
            waiting.append(text)
            return []
        }
        return handle(text, at: now)
    }

    mutating func receiveBinary() -> [Action] {
        close(.unsupportedData, "messages are text")
    }

    private mutating func handle(_ text: String, at now: Moment) -> [Action] {
        guard phase == .open else { return [] }
        do {
            let request = try StreamRequest(parsing: text)
            nonsense = 0
            return answer(request, at: now)
        } catch {
            nonsense += 1
            guard nonsense < Self.nonsenseLimit else {
                return [.say(.error(error))]
                    + close(.policyViolation, "\(nonsense) messages without sense")
            }
            return [.say(.error(error))]
        }
    }

    private mutating func answer(_ request: StreamRequest, at now: Moment) -> [Action] {
        switch request {
        case .ping: return [.answerPing]
        case .resume(let id): return [.open(after: id)]
        case .subscribe(let selection):
            if let topics = selection.topics { filter.topics = topics }
            if let execution = selection.execution { filter.execution = execution }
            return [.say(.subscribed(filter))]
        case .unsubscribe(let selection):
            if let topics = selection.topics { filter.topics.subtract(topics) }
            if filter.execution == selection.execution { filter.execution = nil }
            return [.say(.subscribed(filter))]
        case .authenticate(let token):
            // On the Unix socket nobody needs one.
            guard case .token = credentials else { return [.say(.authenticated(until: nil))] }
            nextToken = token
            return nextCheck(at: now)
        }
    }

    // MARK: - Time

    mutating func tick(at now: Moment) -> [Action] {
        guard phase != .closed else { return [] }
        if let expiresAt, expiresAt <= now.wall {
            return close(.unauthorized, "the token has ended")
        }
        if let check, now.uptime - check.since >= Times.authentication {
            return close(.tryAgainLater, "the token could not be checked in time")
        }
        if let stalledSince, now.uptime - stalledSince >= Times.stall {
            phase = .closed
            return [.cut]
        }
        switch keepalive {
        case .quiet(let since) where now.uptime - since >= Times.pingInterval:
            keepalive = .pinging
            return [.ping]
        case .waiting(let since) where now.uptime - since >= Times.pongTimeout:
            return close(.policyViolation, "no answer to a ping")
        default: return []
        }
    }

    /// The ping is on its way; a reader that takes nothing is not blamed for one it never got.
    mutating func pingSent(at now: Moment) {
        if keepalive == .pinging { keepalive = .waiting(since: now.uptime) }
    }

    mutating func receivePong(at now: Moment) {
        if case .waiting = keepalive { keepalive = .quiet(since: now.uptime) }
    }

    /// Whether the transport takes more.
    mutating func changeWritability(_ isWritable: Bool, at now: Moment) {
        stalledSince = isWritable ? nil : stalledSince ?? now.uptime
    }

    // MARK: - The end

    /// The server stops.
    mutating func stop() -> [Action] { close(.goingAway, "the server stops") }

    /// There are too many connections, or the server cannot serve this one.
    mutating func refuse(_ reason: String) -> [Action] { close(.tryAgainLater, reason) }

    /// The other side has closed, or was at fault.
    mutating func ended() { phase = .closed }

    private mutating func close(_ code: WebSocketCloseCode, _ reason: String) -> [Action] {
        guard phase != .closed else { return [] }
        phase = .closed
        waiting = []
        return [.close(WebSocketClose(code, reason))]
    }
}

extension WebSocketCloseCode {
    /// The token is missing, bad or ended.
    static let unauthorized = WebSocketCloseCode(4401)
    /// The account lacks the permission.
    static let forbidden = WebSocketCloseCode(4403)
}
