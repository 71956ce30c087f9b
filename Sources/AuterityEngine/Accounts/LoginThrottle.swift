import AuterityAPI
import Synchronization

/// Slows down whoever guesses passwords: of one account, and from one address. It treats emails
/// without an account like others, so that it tells nothing of which there are.
final class LoginThrottle: Sendable {
    /// An attempt under way; to be ended by exactly one of `succeed`, `fail` and `abandon`.
    struct Attempt: Sendable {
        let account: Fingerprint
        fileprivate let address: Fingerprint?
    }

    struct Failures: Sendable {
        let account: Fingerprint
        let count: Int
        let lastAt: Timestamp
    }

    /// Accounts and addresses that are remembered.
    static let limit = 20_000

    private struct Entry {
        var failures = 0
        var lastAt = Timestamp(milliseconds: 0)
        var underWay = 0
        let isAddress: Bool
    }

    private let settings: AccountSettings.Lockout
    private let key: SealingKey
    private let entries = Mutex<[Fingerprint: Entry]>([:])

    init(_ settings: AccountSettings.Lockout, key: SealingKey) {
        self.settings = settings
        self.key = key
    }

    /// After a restart; what was seen since then is newer.
    func load(_ known: [Failures]) {
        entries.withLock { entries in
            for failures in known.prefix(Self.limit / 2)
            where entries[failures.account] == nil {
                entries[failures.account] = Entry(
                    failures: failures.count, lastAt: failures.lastAt, isAddress: false)
            }
        }
    }

    /// Begins an attempt.
    ///
    /// - Throws: 429 with the seconds to wait.
    func begin(
        email: String, from origin: RequestOrigin?, at now: Timestamp
    ) throws(APIError) -> Attempt {
        let attempt = Attempt(
            account: Fingerprint(hash: key.derived(for: "login " + email.lowercased())),
            address: origin.flatMap { Self.network($0.address) }.map { network in
                Fingerprint(of: "address " + network)
            })
        try entries.withLock { entries throws(APIError) in
            var wait = wait(entries[attempt.account], at: now)
            if let address = attempt.address {
                wait = max(wait, self.wait(entries[address], at: now))
            }
            if wait > 0 { throw Self.refusal(seconds: wait) }
            makeRoom(in: &entries, at: now)
            change(attempt, in: &entries) { $0.underWay += 1 }
        }
        return attempt
    }

    /// The password was wrong. Answers what to keep.
    func fail(_ attempt: Attempt, at now: Timestamp) -> Failures {
        entries.withLock { entries in
            change(attempt, in: &entries) { entry in
                if isForgotten(entry, at: now) { entry.failures = 0 }
                entry.failures += 1
                entry.lastAt = now
                entry.underWay = max(0, entry.underWay - 1)
            }
            return Failures(
                account: attempt.account, count: entries[attempt.account]?.failures ?? 1,
                lastAt: now)
        }
    }

    /// The password was right. Answers whether failures of the account were remembered. Those of
    /// the address stay: one's own account must not wash away guesses at others.
    func succeed(_ attempt: Attempt) -> Bool {
        entries.withLock { entries in
            let hadFailures = (entries[attempt.account]?.failures ?? 0) > 0
            change(attempt, in: &entries) { $0.underWay = max(0, $0.underWay - 1) }
            entries[attempt.account]?.failures = 0
            tidy(attempt, in: &entries)
            return hadFailures
        }
    }

    /// Nothing came of it.
    func abandon(_ attempt: Attempt) {
        entries.withLock { entries in
            change(attempt, in: &entries) { $0.underWay = max(0, $0.underWay - 1) }
            tidy(attempt, in: &entries)
        }
    }

    // MARK: - Under the lock

    private func change(
        _ attempt: Attempt, in entries: inout [Fingerprint: Entry], _ body: (inout Entry) -> Void
    ) {
        body(&entries[attempt.account, default: Entry(isAddress: false)])
        if let address = attempt.address {
            body(&entries[address, default: Entry(isAddress: true)])
        }
    }

    private func tidy(_ attempt: Attempt, in entries: inout [Fingerprint: Entry]) {
        for key in [attempt.account, attempt.address].compactMap(\.self) {
            if let entry = entries[key], entry.failures == 0, entry.underWay == 0 {
                entries[key] = nil
            }
        }
    }

    private func isForgotten(_ entry: Entry, at now: Timestamp) -> Bool {
        let seconds = entry.isAddress ? settings.forgetAddressSeconds : settings.forgetSeconds
        return entry.lastAt.adding(seconds: seconds) <= now
    }

    /// Seconds; 0 when the attempt may be made.
    private func wait(_ entry: Entry?, at now: Timestamp) -> Double {
        guard let entry, !isForgotten(entry, at: now) else { return 0 }
        let free = entry.isAddress ? settings.freeFailuresPerAddress : settings.freeFailures
        guard let free, entry.failures >= free else { return 0 }
        let pause = Self.pause(beyond: entry.failures - free, longest: settings.longestSeconds)
        let over = entry.lastAt.adding(seconds: pause)
        // A clock that was set back must not lock anybody out for longer than the pause.
        let left = min(pause, Double(over.milliseconds - now.milliseconds) / 1000)
        if left > 0 { return left }
        // From here on one at a time: the outcome of each counts for the next.
        return entry.underWay > 0 ? 1 : 0
    }

    /// No pause for the free failures; then 1, 2, 4 … seconds.
    static func pause(beyond excess: Int, longest: Double) -> Double {
        guard excess > 0 else { return 0 }
        return min(longest, Double(UInt64(1) << UInt64(min(excess - 1, 62))))
    }

    /// When full, forgets what is over, then what is oldest.
    private func makeRoom(in entries: inout [Fingerprint: Entry], at now: Timestamp) {
        guard entries.count + 2 > Self.limit else { return }
        entries = entries.filter { $0.value.underWay > 0 || !isForgotten($0.value, at: now) }
        guard entries.count > Self.limit * 9 / 10 else { return }
        let idle = entries.filter { $0.value.underWay == 0 }
        let oldest = idle.sorted { left, right in
            left.value.lastAt.milliseconds < right.value.lastAt.milliseconds
        }
        for (key, _) in oldest.prefix(Self.limit / 10) { entries[key] = nil }
    }

    private static func refusal(seconds: Double) -> APIError {
        let whole = Int(seconds.rounded(.up))
        return APIError(
            .rateLimitExceeded,
            "Too many logins have failed. Try again in \(whole) second\(whole == 1 ? "" : "s")",
            retryAfter: Double(whole))
    }

    /// What one party can change at will counts as one: of IPv6 the first 64 bits. `nil` for what
    /// is no address of a network.
    private static func network(_ address: String) -> String? {
        switch IPAddress(address)?.unmapped {
        case .v4(let bits): "4 \(bits)"
        case .v6(let bits): "6 \(bits >> 64)"
        case nil: nil
        }
    }
}

/// Failed logins as rows, so that a restart forgets none.
enum LoginFailureRecords {
    /// Rows that are kept.
    static let limit = 100_000

    static func put(_ failures: LoginThrottle.Failures, in context: WriteContext) throws {
        try context.run(
            """
            INSERT INTO login_failures (account, failures, last_at) VALUES ($1, $2, $3)
            ON CONFLICT (account) DO UPDATE SET failures = excluded.failures,
                last_at = excluded.last_at
            """,
            [
                .text(failures.account.hexadecimal), .int(failures.count),
                .int(failures.lastAt.milliseconds),
            ])
    }

    static func remove(_ account: Fingerprint, in context: WriteContext) throws {
        try context.run(
            "DELETE FROM login_failures WHERE account = $1", [.text(account.hexadecimal)])
    }

    static func newest(in connection: any StoreConnection) throws -> [LoginThrottle.Failures] {
        let rows = try connection.all(
            """
            SELECT account, failures, last_at FROM login_failures ORDER BY last_at DESC LIMIT $1
            """, [.int(LoginThrottle.limit / 2)]
        ) { row -> LoginThrottle.Failures? in
            guard let account = Fingerprint(hexadecimal: row.text(0)) else { return nil }
            return LoginThrottle.Failures(
                account: account, count: Int(row.int(1)), lastAt: row.time(2))
        }
        return rows.compactMap(\.self)
    }
}
