import AuterityAPI
import JWTKit

/// Signs and checks tokens: HS256 with one key, and nothing else.
struct TokenKey: Sendable {
    static let algorithm = "HS256"
    /// Bytes of a token; a longer one is refused unread.
    static let maximumBytes = 4 << 10
    /// Bytes of a key that is made.
    static let size = 32
    /// Seconds that a clock may have been ahead when a token was made.
    private static let clockLeeway: Int64 = 60

    private let keys: JWTKeyCollection

    init(_ secret: [UInt8]) async {
        keys = await JWTKeyCollection().add(
            hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    func sign(_ claims: TokenClaims) async throws -> String {
        try await keys.sign(claims)
    }

    /// The claims of an access token for our own API.
    ///
    /// - Throws: 401, `TOKEN_EXPIRED` for what was good once, `UNAUTHORIZED` for all else.
    func accessClaims(of token: String, now: Timestamp) async throws(APIError) -> TokenClaims {
        guard Self.isWellFormed(token) else { throw Self.refusal }
        let claims: TokenClaims
        do {
            claims = try await keys.verify(token)
        } catch {
            // Why exactly is of use to a forger only.
            throw Self.refusal
        }
        let seconds = now.milliseconds / 1000
        guard claims.iss == TokenClaims.ourselves, claims.aud == TokenClaims.ourselves,
            claims.type == .access, claims.iat <= seconds + Self.clockLeeway,
            claims.iat < claims.exp
        else { throw Self.refusal }
        guard claims.exp > seconds else { throw Self.expired }
        return claims
    }

    static let refusal = APIError(
        .unauthorized, "The token is not valid. Log in, and send the access token as it was given")
    static let expired = APIError(
        .tokenExpired, "The token has expired. Renew the session with the refresh token, or log in")
    static let revoked = APIError(
        .tokenRevoked, "The session of this token has ended. Log in again")

    /// Three parts in the one spelling that base64url has for them, and a header that says what
    /// every header of ours says. Nothing in it chooses an algorithm or a key.
    private static func isWellFormed(_ token: String) -> Bool {
        guard token.utf8.count <= maximumBytes else { return false }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return false }
        let decoded = parts.compactMap { canonicalBytes(String($0)) }
        guard decoded.count == 3,
            let header = try? JSONValue(parsing: decoded[0]).objectValue
        else { return false }
        return header["alg"] == .string(algorithm)
            && header.allSatisfy { key, value in
                key == "alg" || key == "typ" && value == .string("JWT")
            }
    }

    private static func canonicalBytes(_ text: String) -> [UInt8]? {
        guard !text.isEmpty, let bytes = base64Decoded(text), base64URL(bytes) == text else {
            return nil
        }
        return bytes
    }
}

/// Base64 of RFC 4648, section 5, without padding.
func base64URL(_ bytes: [UInt8]) -> String {
    base64(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}
