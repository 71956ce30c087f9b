import AuterityAPI
import Logging

/// What the accounts are made of. It outlives a failed store.
final class Accounts: Sendable {
    let settings: AccountSettings
    let tokens: TokenKey
    let passwords: PasswordHasher
    let throttle: LoginThrottle
    let cache = SessionCache()

    init(
        _ settings: AccountSettings, key: SealingKey, _ directory: StoreDirectory
    ) async throws(EngineError) {
        try settings.check()
        self.settings = settings
        let secret =
            if let set = settings.jwtSecret {
                Array(set.utf8)
            } else {
                try KeyFile.load(
                    directory.tokenKey, size: TokenKey.size,
                    advice: "Restore it from a backup, or delete it: everybody then has to log in "
                        + "again.")
            }
        tokens = await TokenKey(secret)
        passwords = PasswordHasher(cost: settings.bcryptCost)
        throttle = LoginThrottle(settings.lockout, key: key)
    }

    /// Brings the roles of the store up to date, remembers failed logins, and makes the first
    /// administrator.
    func prepare(
        _ writer: Writer, _ store: any Store, at now: Timestamp, ids: IDSource
    ) async throws {
        try await writer.perform { try RoleRecords.seed(in: $0) }
        let failures = try await store.read { try LoginFailureRecords.newest(in: $0) }
        throttle.load(failures)
        try await makeFirstAdministrator(writer, store, at: now, ids: ids)
    }
}

extension Engine {
    /// Whether there is an active account with the role `super_admin`, for the start message.
    public func hasAdministrator() async -> Bool {
        do {
            return try await core.session.store.read { connection in
                try AccountRecords.activeAdministrators(in: connection) > 0
            }
        } catch {
            core.logger.error("whether there is an administrator could not be read: \(error)")
            return false
        }
    }
}
