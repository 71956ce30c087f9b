import AuterityAPI
import AuterityEngine
import Synchronization

/// Knows whose token it is. What the engine said is kept as long as no account and no session
/// changes, so that an ended session is refused at once.
final class Authenticator: Sendable {
    private struct Entry {
        let session: AuthenticatedSession
        /// Of the accounts, as it was before the engine was asked.
        let revision: UInt64
    }

    private let engine: Engine
    private let sessions = Mutex<[String: Entry]>([:])

    /// Tokens that are kept.
    private static let capacity = 4096

    init(engine: Engine) {
        self.engine = engine
    }

    /// - Throws: 401 in the words of the engine.
    func caller(of token: String, at time: Timestamp) async throws(APIError) -> Caller {
        let revision = engine.accountsRevision
        let known = sessions.withLock { $0[token] }
        if let known, known.revision == revision, known.session.expiresAt > time {
            return known.session.caller
        }
        let session = try await engine.authenticate(token: token)
        sessions.withLock { sessions in
            if sessions.count >= Self.capacity { sessions.removeAll(keepingCapacity: true) }
            sessions[token] = Entry(session: session, revision: revision)
        }
        return session.caller
    }
}
