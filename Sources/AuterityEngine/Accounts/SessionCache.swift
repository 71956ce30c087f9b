import AuterityAPI
import Synchronization

/// What is known of tokens and sessions without asking the store. Bounded; what is not in it is
/// read again.
final class SessionCache: Sendable {
    /// What a token was found to say.
    struct Claim: Sendable {
        let session: SessionID
        let user: UserID
        let expiresAt: Timestamp
    }

    enum Standing: Sendable {
        case live(Caller)
        /// The session has ended, or its account is not active. Neither comes back.
        case ended
    }

    /// Tokens, and sessions, that are remembered.
    static let limit = 16_384

    private struct State {
        var tokens = Generations<Fingerprint, Claim>(limit: SessionCache.limit)
        var sessions = Generations<SessionID, Standing>(limit: SessionCache.limit)
        var revision: UInt64 = 0
    }

    private let state = Mutex(State())
    private let published = Atomic<UInt64>(0)

    /// Grows with every change of an account or a session.
    var revision: UInt64 { published.load(ordering: .acquiring) }

    func lookUp(_ token: Fingerprint) -> (claim: Claim, standing: Standing?)? {
        state.withLock { state in
            guard let claim = state.tokens[token] else { return nil }
            return (claim, state.sessions[claim.session])
        }
    }

    func standing(of session: SessionID) -> Standing? {
        state.withLock { $0.sessions[session] }
    }

    func note(_ claim: Claim, of token: Fingerprint) {
        state.withLock { $0.tokens.insert(claim, for: token) }
    }

    /// Keeps what was read from the store, unless something has changed since `revision`.
    func note(_ standing: Standing, of session: SessionID, readAt revision: UInt64) {
        state.withLock { state in
            guard state.revision == revision else { return }
            state.sessions.insert(standing, for: session)
        }
    }

    /// To be called when their end is durable.
    func end(_ sessions: [SessionID]) {
        guard !sessions.isEmpty else { return }
        change { state in
            for session in sessions { state.sessions.insert(.ended, for: session) }
        }
    }

    /// To be called when a change of the account is durable: its sessions are read anew.
    func accountChanged(_ user: UserID) {
        change { state in
            state.sessions.removeAll { standing in
                if case .live(let caller) = standing { caller.id == user } else { false }
            }
        }
    }

    func forget() {
        change { state in
            state.sessions = Generations(limit: Self.limit)
        }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            state.revision += 1
            published.store(state.revision, ordering: .releasing)
        }
    }
}

/// A table that forgets what was not asked for in a long while: when the young half is full, the
/// old one goes.
struct Generations<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let half: Int

    init(limit: Int) { half = max(1, limit / 2) }

    var count: Int { young.count + old.count }

    subscript(key: Key) -> Value? {
        mutating get {
            if let value = young[key] { return value }
            guard let value = old.removeValue(forKey: key) else { return nil }
            insert(value, for: key)
            return value
        }
    }

    mutating func insert(_ value: Value, for key: Key) {
        if young.count >= half, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = value
        old[key] = nil
    }

    mutating func removeAll(where isGone: (Value) -> Bool) {
        young = young.filter { !isGone($0.value) }
        old = old.filter { !isGone($0.value) }
    }
}
