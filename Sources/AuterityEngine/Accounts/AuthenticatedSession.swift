public import AuterityAPI

/// Whose token it is, and until when it is good.
public struct AuthenticatedSession: Hashable, Sendable {
    /// With the account's roles of this moment and without an origin.
    public let caller: Caller
    public let expiresAt: Timestamp

    public init(caller: Caller, expiresAt: Timestamp) {
        self.caller = caller
        self.expiresAt = expiresAt
    }
}
