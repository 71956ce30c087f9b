public import AuterityAPI

/// The tokens of a session with a server, as they are kept between two runs.
public struct Credentials: Codable, Hashable, Sendable {
    public var accessToken: String
    public var refreshToken: String
    /// By the clock of this machine, from the seconds that the server named: a server whose clock
    /// is wrong ends no token early.
    public var expiresAt: Timestamp
    public var refreshExpiresAt: Timestamp
    /// Whose they are, to name them when they are asked for again.
    public var email: String

    enum CodingKeys: String, CodingKey {
        case email
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case expiresAt = "expires_at"
        case refreshExpiresAt = "refresh_expires_at"
    }

    public init(_ grant: TokenGrant, email: String, now: Timestamp) {
        accessToken = grant.accessToken
        refreshToken = grant.refreshToken
        expiresAt = now.adding(seconds: Double(grant.expiresIn))
        refreshExpiresAt = now.adding(seconds: Double(grant.refreshExpiresIn))
        self.email = email
    }
}

/// Where credentials are kept. The memory of the process, or a file.
public protocol CredentialStore: Sendable {
    /// `nil` where nobody has logged in.
    func load() throws(APIError) -> Credentials?
    /// `nil` forgets them.
    func save(_ credentials: Credentials?) throws(APIError)
    /// Keeps others from renewing the same session meanwhile; a refresh token is good for one use.
    ///
    /// - Returns: What holds the lock until nobody holds it any more; `nil` while another process
    ///   has it.
    func lock() throws(APIError) -> (any CredentialLock)?
}

extension CredentialStore {
    /// For a store that one client of one process has to itself: nobody else could renew.
    public func lock() throws(APIError) -> (any CredentialLock)? { OwnLock() }
}

/// The right to renew a session, for as long as somebody holds it.
public protocol CredentialLock: AnyObject, Sendable {}

private final class OwnLock: CredentialLock {}

/// What a client says it is to a server.
public enum RemoteLogin: Sendable {
    /// Nothing: at the Unix socket the operating system says who it is.
    case none
    /// The session whose tokens are kept there.
    case session(any CredentialStore)
    /// A token from outside. `origin` names the setting that it is from, for messages.
    case token(String, origin: String)
}
