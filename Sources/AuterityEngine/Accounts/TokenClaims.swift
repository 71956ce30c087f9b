import AuterityAPI
import JWTKit

/// What a token says (RFC 7519).
struct TokenClaims: JWTPayload, Equatable {
    enum Kind: String, Codable, Sendable {
        case access
        case crossSystem = "cross_system"
    }

    /// Who makes the tokens, and whom an access token is for.
    static let ourselves = "auterity"

    var iss: String
    var aud: String
    var sub: String
    /// The session; every access token has one.
    var sid: String?
    var jti: String
    /// Seconds since 1970.
    var iat: Int64
    /// Seconds since 1970.
    var exp: Int64
    var type: Kind
    /// For whoever reads the token. Our own API goes by the account's roles of the moment.
    var roles: [String]
    /// What a token for another system grants.
    var permissions: [Permission]?

    func verify(using algorithm: some JWTAlgorithm) throws {
        guard algorithm.name == TokenKey.algorithm else {
            throw JWTError.signatureVerificationFailed
        }
    }
}
