import AuterityAPI
import Synchronization
import Testing

@testable import AuterityClient

@Suite struct TokenSourceTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    private static func grant(_ number: Int) -> TokenGrant {
        TokenGrant(
            accessToken: "access \(number)", expiresIn: 1800, refreshToken: "refresh \(number)",
            refreshExpiresIn: 604_800)
    }

    /// The session that `grant` gave so many seconds ago.
    private static func credentials(_ number: Int, age: Double) -> Credentials {
        Credentials(
            grant(number), email: "ann@example.com", now: now.adding(seconds: -age))
    }

    /// What renewals ask for; each is answered with the next grant.
    private final class Renewals: Sendable {
        let asked = Slot<[TokenSource.Means]>([])
        /// Renewals wait here while it is closed.
        let gate = Gate()

        func renew(_ means: TokenSource.Means) async throws(APIError) -> TokenGrant {
            var all = asked.value
            all.append(means)
            asked.value = all
            await gate.pass()
            return grant(all.count + 1)
        }
    }

    private static func source(
        _ store: MemoryCredentials, pauses: RecordedPauses = RecordedPauses(),
        renew: @escaping TokenSource.Renewal
    ) -> TokenSource {
        TokenSource(
            store: store, server: "a.example",
            times: .quick(pauses: pauses, now: { now }), renew: renew)
    }

    @Test func aGoodTokenIsGivenAsItIs() async throws {
        let renewals = Renewals()
        let store = MemoryCredentials(Self.credentials(1, age: 1700))
        let source = Self.source(store, renew: renewals.renew)
        #expect(try await source.token() == "access 1")
        #expect(renewals.asked.value.isEmpty)
    }

    @Test func aTokenIsRenewedBeforeItEndsByItself() async throws {
        let renewals = Renewals()
        let store = MemoryCredentials(Self.credentials(1, age: 1800 - TokenSource.margin))
        let source = Self.source(store, renew: renewals.renew)
        #expect(try await source.token() == "access 2")
        // The refresh token was not used up for it.
        #expect(renewals.asked.value == [.bearer("access 1")])
        #expect(store.credentials?.accessToken == "access 2")
        #expect(store.credentials?.refreshToken == "refresh 2")
        #expect(store.credentials?.email == "ann@example.com")
        #expect(store.credentials?.expiresAt == Self.now.adding(seconds: 1800))
    }

    @Test func aTokenThatHasEndedIsRenewedByTheRefreshToken() async throws {
        let renewals = Renewals()
        let store = MemoryCredentials(Self.credentials(1, age: 1801))
        let source = Self.source(store, renew: renewals.renew)
        #expect(try await source.token() == "access 2")
        #expect(renewals.asked.value == [.refreshToken("refresh 1")])
    }

    @Test func aTokenThatTheServerRefusedIsRenewedWhateverOurClockSays() async throws {
        let renewals = Renewals()
        let store = MemoryCredentials(Self.credentials(1, age: 0))
        let source = Self.source(store, renew: renewals.renew)
        #expect(try await source.token(insteadOf: "access 1") == "access 2")
        #expect(renewals.asked.value == [.refreshToken("refresh 1")])
        // Who comes late with the old one gets the new one.
        #expect(try await source.token(insteadOf: "access 1") == "access 2")
        #expect(renewals.asked.value.count == 1)
    }

    @Test func manyCallsWaitForOneRenewal() async throws {
        let renewals = Renewals()
        renewals.gate.close()
        let store = MemoryCredentials(Self.credentials(1, age: 1801))
        let source = Self.source(store, renew: renewals.renew)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await source.token() } }
            await renewals.gate.waiting(1)
            renewals.gate.open()
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tokens == ["access 2"])
        #expect(renewals.asked.value.count == 1)
    }

    @Test func aCallThatIsCancelledTakesTheRenewalOfTheOthersNotWithIt() async throws {
        let renewals = Renewals()
        renewals.gate.close()
        let store = MemoryCredentials(Self.credentials(1, age: 1801))
        let source = Self.source(store, renew: renewals.renew)
        let first = Task { try await source.token() }
        await renewals.gate.waiting(1)
        let second = Task { try await source.token() }
        first.cancel()
        renewals.gate.open()
        #expect(try await second.value == "access 2")
        #expect(store.credentials?.accessToken == "access 2")
        #expect(renewals.asked.value.count == 1)
    }

    @Test func aSessionThatIsOverSaysSoUntilSomebodyLogsIn() async throws {
        let asked = Slot(0)
        let store = MemoryCredentials(Self.credentials(1, age: 1801))
        let source = Self.source(store) { _ throws(APIError) in
            asked.value += 1
            throw APIError(.tokenRevoked, "The session was ended")
        }
        for _ in 0..<3 {
            let fault = await #expect(throws: APIError.self) { try await source.token() }
            #expect(fault?.code == .tokenRevoked)
            #expect(
                fault?.message == "The session of ann@example.com with a.example is over: The "
                    + "session was ended. Log in again: auterity login")
        }
        // A refresh token is not tried twice.
        #expect(asked.value == 1)
        // Another process has logged in.
        store.save(Self.credentials(9, age: 0))
        #expect(try await source.token() == "access 9")
    }

    /// The server's words end with the same advice, which is then said once.
    @Test(arguments: [
        "The refresh token is not valid. Log in again",
        "The refresh token is not valid. Log in again.", "The refresh token is not valid.",
    ])
    func whatToDoIsSaidOnce(words: String) async throws {
        let source = Self.source(MemoryCredentials(Self.credentials(1, age: 1801))) {
            _ throws(APIError) in throw APIError(.unauthorized, words)
        }
        let fault = await #expect(throws: APIError.self) { try await source.token() }
        #expect(
            fault?.message == "The session of ann@example.com with a.example is over: The refresh "
                + "token is not valid. Log in again: auterity login")
    }

    @Test func whoWaitsForALoginIsWoken() async throws {
        let source = Self.source(MemoryCredentials()) { _ throws(APIError) in
            throw APIError(.unauthorized, "no")
        }
        let fault = await #expect(throws: APIError.self) { try await source.token() }
        #expect(
            fault?.message == "Nobody is logged in to a.example. Log in with: auterity login")
        async let isChanged = source.change()
        let cancelled = Task { await source.change() }
        cancelled.cancel()
        _ = await cancelled.value
        try await source.replace(Self.credentials(1, age: 0))
        // A login from before the waiting wakes nobody; another one follows until it does.
        let waking = Task {
            while !Task.isCancelled {
                try await source.replace(Self.credentials(1, age: 0))
                await Task.yield()
            }
        }
        #expect(await isChanged)
        waking.cancel()
        #expect(try await source.token() == "access 1")
    }

    @Test func aServerThatCannotRenewNowStillTakesTheToken() async throws {
        let store = MemoryCredentials(Self.credentials(1, age: 1790))
        let source = Self.source(store) { _ throws(APIError) in
            throw APIError(.serviceUnavailable, "busy")
        }
        #expect(try await source.token() == "access 1")
    }

    @Test func aBearerThatTheServerNoLongerTakesIsFollowedByTheRefreshToken() async throws {
        let asked = Slot<[TokenSource.Means]>([])
        let store = MemoryCredentials(Self.credentials(1, age: 1790))
        let source = Self.source(store) { means throws(APIError) in
            asked.value += [means]
            if case .bearer = means { throw APIError(.tokenExpired, "ended") }
            return Self.grant(2)
        }
        #expect(try await source.token() == "access 2")
        #expect(asked.value == [.bearer("access 1"), .refreshToken("refresh 1")])
    }

    // MARK: - Two processes

    @Test func twoProcessesDoNotUseOneRefreshTokenTwice() async throws {
        let renewals = Renewals()
        renewals.gate.close()
        let store = MemoryCredentials(Self.credentials(1, age: 1801))
        let pauses = RecordedPauses()
        let one = Self.source(store, renew: renewals.renew)
        let other = Self.source(store, pauses: pauses, renew: renewals.renew)
        async let first = one.token()
        await renewals.gate.waiting(1)
        async let second = other.token()
        // It has found the lock taken.
        while pauses.seconds.isEmpty { await Task.yield() }
        renewals.gate.open()
        #expect(try await first == "access 2")
        #expect(try await second == "access 2")
        #expect(renewals.asked.value == [.refreshToken("refresh 1")])
    }

    @Test func aLockThatIsNeverGivenBackIsSaid() async throws {
        let store = MemoryCredentials(Self.credentials(1, age: 1801))
        let held = store.lock()
        let pauses = RecordedPauses()
        let source = Self.source(store, pauses: pauses) { _ throws(APIError) in Self.grant(2) }
        let fault = await #expect(throws: APIError.self) { try await source.token() }
        #expect(
            fault?.message.hasPrefix("Another auterity on this machine is renewing the session")
                == true)
        #expect(pauses.seconds.count == TokenSource.lockTries)
        withExtendedLifetime(held) {}
    }

    // MARK: - A token from outside

    @Test func aGivenTokenIsNotRenewed() async throws {
        let given = GivenToken(text: "t", origin: "AUTERITY_TOKEN")
        #expect(given.token() == "t")
        #expect(!given.change())
        let fault = #expect(throws: APIError.self) { try given.token(insteadOf: "t") }
        #expect(fault?.status == 401)
        #expect(fault?.message.contains("the token in AUTERITY_TOKEN") == true)
    }
}

/// A place that is passed only while it is open.
final class Gate: Sendable {
    private struct State {
        var isOpen = true
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watchers: [(count: Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func close() { state.withLock { $0.isOpen = false } }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func pass() async {
        await withCheckedContinuation { continuation in
            let (isOpen, met) = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                let count = state.waiting.count
                let met = state.watchers.filter { $0.count <= count }
                state.watchers.removeAll { $0.count <= count }
                return (state.isOpen, met)
            }
            if isOpen { continuation.resume() }
            for (_, watcher) in met { watcher.resume() }
        }
    }

    /// Waits until so many stand before it.
    func waiting(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.waiting.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
