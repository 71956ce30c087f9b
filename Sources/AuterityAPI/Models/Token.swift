/// What a login or a renewal gives: a token for calls, and one for the next renewal.
public struct TokenGrant: Codable, Hashable, Sendable {
    public let accessToken: String
    /// `bearer` (RFC 6750).
    public let tokenType: String
    /// Seconds.
    public let expiresIn: Int
    /// Good for one renewal; a second use ends the session.
    public let refreshToken: String
    /// Seconds.
    public let refreshExpiresIn: Int

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
        case refreshExpiresIn = "refresh_expires_in"
    }

    public init(
        accessToken: String, expiresIn: Int, refreshToken: String, refreshExpiresIn: Int
    ) {
        self.accessToken = accessToken
        tokenType = "bearer"
        self.expiresIn = expiresIn
        self.refreshToken = refreshToken
        self.refreshExpiresIn = refreshExpiresIn
    }
}

/// A token for another system, of limited scope and duration. Our own API refuses it.
public struct CrossSystemToken: Codable, Hashable, Sendable {
    public let token: String
    public let expiresAt: Timestamp
    /// Exactly those that were asked for.
    public let permissions: [Permission]

    enum CodingKeys: String, CodingKey {
        case token, permissions
        case expiresAt = "expires_at"
    }

    public init(token: String, expiresAt: Timestamp, permissions: [Permission]) {
        self.token = token
        self.expiresAt = expiresAt
        self.permissions = permissions
    }
}
