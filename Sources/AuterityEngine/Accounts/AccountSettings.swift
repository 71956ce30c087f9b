/// What an engine is told of accounts, tokens and the audit log.
public struct AccountSettings: Sendable {
    /// Signs the tokens (`AUTERITY_JWT_SECRET`), at least 32 bytes in UTF-8. When `nil` a key is
    /// made at the first start and kept in the data directory.
    public var jwtSecret: String?
    /// Seconds that an access token lives.
    public var accessTokenSeconds = 1800
    /// Seconds that a refresh token lives, and a session that nobody renews.
    public var refreshTokenSeconds = 7 * 86_400
    /// Seconds that a token for another system lives.
    public var crossSystemSeconds = 3600
    /// The systems that tokens can be made for.
    public var crossSystemTargets = ["relaycore", "neuroweaver", "autmatrix"]
    /// Made when the store is opened and has no account with the role `super_admin`.
    public var firstAdministrator: FirstAdministrator?
    /// Whether anybody may register.
    public var allowsRegistration = true
    /// Sessions that an account may have at once; the oldest ends when another begins.
    public var sessionsPerAccount = 100
    public var lockout = Lockout()
    /// Days after which an entry of the audit log is pruned.
    public var auditRetentionDays = 365
    /// The binary logarithm of the rounds of bcrypt, 4 to 31.
    package var bcryptCost = 12

    public init() {}

    public struct FirstAdministrator: Sendable {
        public var email: String
        /// 8 to 72 bytes in UTF-8.
        public var password: String

        public init(email: String, password: String) {
            self.email = email
            self.password = password
        }
    }

    /// How failed logins slow further ones down: after the free ones each failure doubles the
    /// pause, from one second on.
    public struct Lockout: Sendable {
        /// Failures of one account that cost nothing. `nil` lets accounts fail as often as they
        /// like.
        public var freeFailures: Int? = 10
        /// Failures from one address that cost nothing; many people may share it. `nil` lets
        /// addresses fail as often as they like.
        public var freeFailuresPerAddress: Int? = 20
        /// Seconds of the longest pause.
        public var longestSeconds = 900.0
        /// Seconds without a failure after which those of an account are forgotten.
        public var forgetSeconds = 86_400.0
        /// The same for an address.
        public var forgetAddressSeconds = 900.0

        public init() {}
    }
}

extension AccountSettings {
    /// Bytes.
    private static let minimumSecret = 32
    /// Seconds.
    private static let longestLife = 366 * 86_400

    /// - Throws: a sentence that says which setting cannot be, and what to do.
    func check() throws(EngineError) {
        if let jwtSecret, jwtSecret.utf8.count < Self.minimumSecret {
            throw EngineError(
                .configuration,
                "The secret that signs tokens (AUTERITY_JWT_SECRET) has "
                    + "\(jwtSecret.utf8.count) bytes and needs at least \(Self.minimumSecret). "
                    + "Give a longer one, such as `openssl rand -base64 48` prints, or none: a key "
                    + "is then made and kept in the data directory.")
        }
        let lives = [
            ("an access token", accessTokenSeconds), ("a refresh token", refreshTokenSeconds),
            ("a token for another system", crossSystemSeconds),
        ]
        for (name, seconds) in lives where !(1...Self.longestLife).contains(seconds) {
            throw EngineError(
                .configuration,
                "The life of \(name) must be from 1 to \(Self.longestLife) seconds, not "
                    + "\(seconds).")
        }
        // A token for this name would pass for one of our own.
        for target in crossSystemTargets where target.isEmpty || target == TokenClaims.ourselves {
            throw EngineError(
                .configuration,
                "\"\(target)\" cannot be a system that tokens are made for. Name another system.")
        }
        guard (4...31).contains(bcryptCost), sessionsPerAccount >= 1, auditRetentionDays >= 1,
            lockout.freeFailures ?? 0 >= 0, lockout.freeFailuresPerAddress ?? 0 >= 0
        else {
            throw EngineError(.configuration, "A setting of the accounts is out of its range.")
        }
    }

    /// What no log may show.
    var secretValues: [String] {
        [jwtSecret, firstAdministrator?.password].compactMap(\.self)
    }
}
