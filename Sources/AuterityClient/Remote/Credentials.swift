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

    /// A token that was made elsewhere, such as for a script: it is used as it is and never
    /// renewed.
    public init(token: String) {
        accessToken = token
        refreshToken = ""
        // The last moment of the year 9999, the last that RFC 3339 can write.
        expiresAt = Timestamp(milliseconds: 253_402_300_799_999)
        refreshExpiresAt = expiresAt
        email = ""
    }
}

/// Where credentials are kept. The memory of the process, or a file.
public protocol CredentialStore: Sendable {
    /// `nil` where nobody has logged in.
    func load() throws(APIError) -> Credentials?
    /// `nil` forgets them.
    func save(_ credentials: Credentials?) throws(APIError)
}
