import AuterityAPI
import Synchronization

/// Gives each call a token that is good, and renews it before it ends: one renewal at a time,
/// however many calls wait for it.
actor TokenSource {
    /// Asks the server for new tokens, by a refresh token.
    typealias Renewal = @Sendable (String) async throws(APIError) -> TokenGrant

    /// Seconds before its end from which a token is renewed.
    static let margin = 60.0

    private let store: any CredentialStore
    private let now: @Sendable () -> Timestamp
    private let renew: Renewal
    private var credentials: Credentials?
    private var hasLoaded = false
    private var logins: [CheckedContinuation<Void, Never>] = []
    private var renewal: Task<Result<Credentials, APIError>, Never>?

    init(
        store: any CredentialStore, now: @escaping @Sendable () -> Timestamp,
        renew: @escaping Renewal
    ) {
        self.store = store
        self.now = now
        self.renew = renew
    }

    /// - Throws: 401 with what to do when nobody is logged in or the session has ended.
    func token() async throws(APIError) -> String {
        let credentials = try current()
        if credentials.expiresAt.seconds(since: now()) > Self.margin {
            return credentials.accessToken
        }
        return try await renewed(from: credentials).accessToken
    }

    /// A token in place of one that the server refused.
    func token(insteadOf refused: String) async throws(APIError) -> String {
        let credentials = try current()
        // Another call has renewed it meanwhile.
        if credentials.accessToken != refused { return credentials.accessToken }
        return try await renewed(from: credentials).accessToken
    }

    func replace(_ new: Credentials?) throws(APIError) {
        credentials = new
        hasLoaded = true
        try store.save(new)
        let waiting = logins
        logins = []
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when somebody has logged in, or logged out.
    func change() async {
        await withCheckedContinuation { logins.append($0) }
    }

    var email: String? { credentials?.email }

    private func current() throws(APIError) -> Credentials {
        if !hasLoaded {
            credentials = try store.load()
            hasLoaded = true
        }
        guard let credentials else {
            throw APIError(.unauthorized, "Nobody is logged in here. Log in with: auterity login")
        }
        return credentials
    }

    private func renewed(from old: Credentials) async throws(APIError) -> Credentials {
        guard !old.refreshToken.isEmpty else {
            throw APIError(
                .unauthorized, "The server refuses the token that was given. Give a new one")
        }
        let task: Task<Result<Credentials, APIError>, Never>
        if let renewal {
            task = renewal
        } else {
            let (renew, now) = (renew, now)
            // Owned by this actor until it has ended: a caller that is cancelled must not take
            // the renewal of the others with it, since a refresh token is good for one use.
            task = Task {
                do throws(APIError) {
                    let grant = try await renew(old.refreshToken)
                    return .success(Credentials(grant, email: old.email, now: now()))
                } catch {
                    return .failure(error)
                }
            }
            renewal = task
        }
        let result = await task.value
        if renewal == task {
            renewal = nil
            if case .success(let new) = result { try replace(new) }
        }
        return try result.get()
    }
}
