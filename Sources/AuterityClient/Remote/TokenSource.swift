import AuterityAPI

/// Gives each call a token that is good, and renews it before it ends: one renewal at a time,
/// however many calls wait for it, and however many processes share the session.
actor TokenSource: AccessTokens {
    /// By what a session is renewed.
    enum Means: Hashable, Sendable {
        /// A token that is still good stays so, and costs nothing when the answer is lost.
        case bearer(String)
        /// Good for one use; a second one ends the session.
        case refreshToken(String)
    }

    /// Asks the server for new tokens.
    typealias Renewal = @Sendable (Means) async throws(APIError) -> TokenGrant

    /// Seconds before its end from which a token is renewed.
    static let margin = 60.0
    /// Seconds between two looks whether another process has finished its renewal, and how many.
    static let lockPause = 0.1
    static let lockTries = 600

    private let store: any CredentialStore
    private let server: String
    private let times: ClientTimes
    private let renew: Renewal
    private nonisolated let waiters = LoginWaiters()
    private var credentials: Credentials?
    private var hasLoaded = false
    /// Why there is no session any more, and the token of which that was found.
    private var end: (token: String, error: APIError)?
    private var renewal: Task<Result<Credentials, APIError>, Never>?

    /// - Parameter server: its name, for messages.
    init(
        store: any CredentialStore, server: String, times: ClientTimes,
        renew: @escaping Renewal
    ) {
        self.store = store
        self.server = server
        self.times = times
        self.renew = renew
    }

    func token() async throws(APIError) -> String {
        let credentials = try current()
        if credentials.expiresAt.seconds(since: times.now()) > Self.margin {
            return credentials.accessToken
        }
        return try await renewed(from: credentials, isRefused: false).accessToken
    }

    func token(insteadOf refused: String) async throws(APIError) -> String {
        let credentials = try current()
        // Another call has renewed it meanwhile.
        if credentials.accessToken != refused { return credentials.accessToken }
        return try await renewed(from: credentials, isRefused: true).accessToken
    }

    /// Takes the tokens of a new session.
    func replace(_ new: Credentials) throws(APIError) {
        try store.save(new)
        take(new)
    }

    func reconsider() {
        guard end != nil || credentials == nil else { return }
        (end, credentials, hasLoaded) = (nil, nil, false)
    }

    nonisolated func change() async -> Bool {
        await waiters.wait()
        return true
    }

    /// Whose session it is or was.
    var email: String? { credentials?.email }

    // MARK: - What is kept

    private func take(_ new: Credentials) {
        credentials = new
        hasLoaded = true
        end = nil
        waiters.wake()
    }

    private func current() throws(APIError) -> Credentials {
        if !hasLoaded || end != nil { try reload() }
        guard let credentials else {
            throw APIError(
                .unauthorized, "Nobody is logged in to \(server). Log in with: auterity login")
        }
        if let end { throw end.error }
        return credentials
    }

    /// Another process may have logged in or renewed the session.
    private func reload() throws(APIError) {
        let kept = try store.load()
        hasLoaded = true
        if let end, kept?.accessToken == end.token { return }
        if let kept, kept != credentials { take(kept) }
        if kept == nil, end == nil { credentials = nil }
    }

    // MARK: - Renewing

    private func renewed(
        from old: Credentials, isRefused: Bool
    ) async throws(APIError) -> Credentials {
        let task: Task<Result<Credentials, APIError>, Never>
        if let renewal {
            task = renewal
        } else {
            // Owned by this actor until it has ended: a caller that is cancelled must not take
            // the renewal of the others with it, since a refresh token is good for one use.
            task = Task { await self.renewSession(of: old, isRefused: isRefused) }
            renewal = task
        }
        let result = await task.value
        if renewal == task { renewal = nil }
        return try result.get()
    }

    private func renewSession(
        of old: Credentials, isRefused: Bool
    ) async -> Result<Credentials, APIError> {
        do throws(APIError) {
            if !isRefused, old.expiresAt > times.now(), let new = try await byBearer(old) {
                return .success(new)
            }
            return .success(try await byRefreshToken(old))
        } catch {
            guard error.code.status == 401, end == nil else { return .failure(error) }
            let sentence = APIError(
                error.code,
                "The session of \(old.email) with \(server) is over: \(error.message.withoutAdvice). "
                    + "Log in again: auterity login")
            end = (old.accessToken, sentence)
            return .failure(sentence)
        }
    }

    /// `nil` when the server no longer takes the token, though by our clock it is good.
    private func byBearer(_ old: Credentials) async throws(APIError) -> Credentials? {
        let grant: TokenGrant
        do throws(APIError) {
            grant = try await renew(.bearer(old.accessToken))
        } catch {
            // A server that cannot renew it now still takes it; the next call tries again.
            return error.code.status == 401 ? nil : old
        }
        return try keep(grant, of: old)
    }

    private func byRefreshToken(_ old: Credentials) async throws(APIError) -> Credentials {
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        // While it waited, another process may have renewed it.
        if let kept = try store.load(), kept.accessToken != old.accessToken {
            take(kept)
            return kept
        }
        return try keep(try await renew(.refreshToken(old.refreshToken)), of: old)
    }

    private func keep(
        _ grant: TokenGrant, of old: Credentials
    ) throws(APIError) -> Credentials {
        let new = Credentials(grant, email: old.email, now: times.now())
        // What came is good, whether it can be kept or not.
        take(new)
        try store.save(new)
        return new
    }

    private func lock() async throws(APIError) -> any CredentialLock {
        for _ in 0..<Self.lockTries {
            if let lock = try store.lock() { return lock }
            // Nobody cancels the task of a renewal.
            try? await times.pause(Self.lockPause)
        }
        throw APIError(
            .serviceUnavailable,
            "Another auterity on this machine is renewing the session with \(server) and does "
                + "not come to an end. Look for it with: ps -C auterity")
    }
}
