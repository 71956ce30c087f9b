import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct SessionTests {
    private func open(
        _ adjust: (inout EngineConfiguration) -> Void = { _ in }
    ) async throws -> TestEngine {
        let test = try await TestEngine.open(adjust)
        try await test.account("ann@example.com")
        return test
    }

    private func renew(_ test: TestEngine, _ token: String) async throws -> TokenGrant {
        try await test.send(RefreshToken(refreshToken: token), as: .anonymous())
    }

    private func code(_ test: TestEngine, _ token: String) async -> APIError.Code? {
        await refusal { _ = try await test.caller(token) }?.code
    }

    @Test func aRenewalGivesNewTokensOfTheSameSession() async throws {
        let test = try await open()
        let first = try await test.logIn("ann@example.com")
        #expect(first.tokenType == "bearer" && first.expiresIn == 1800)
        #expect(first.refreshExpiresIn == 604_800)
        let second = try await renew(test, first.refreshToken)
        #expect(second.refreshToken != first.refreshToken)
        #expect(second.accessToken != first.accessToken)
        let (one, other) = (
            try await test.caller(first.accessToken), try await test.caller(second.accessToken)
        )
        #expect(one.sessionID == other.sessionID)
        await test.engine.close()
    }

    @Test func aSecondUseOfARefreshTokenEndsTheSession() async throws {
        let test = try await open()
        let first = try await test.logIn("ann@example.com")
        let other = try await test.logIn("ann@example.com")
        let second = try await renew(test, first.refreshToken)
        _ = try await test.caller(second.accessToken)
        let revision = test.engine.accountsRevision
        let error = await refusal { _ = try await renew(test, first.refreshToken) }
        #expect(error?.code == .tokenRevoked)
        #expect(test.engine.accountsRevision > revision)
        #expect(await code(test, first.accessToken) == .tokenRevoked)
        #expect(await code(test, second.accessToken) == .tokenRevoked)
        let after = await refusal { _ = try await renew(test, second.refreshToken) }
        #expect(after?.code == .tokenRevoked)
        #expect(await code(test, other.accessToken) == nil)
        await test.engine.close()
    }

    @Test func ofRenewalsAtOnceOneSucceeds() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (try? await renew(test, grant.refreshToken)) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(successes == 1)
        #expect(await code(test, grant.accessToken) == .tokenRevoked)
        await test.engine.close()
    }

    @Test func aRefreshTokenLivesSevenDays() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let kept = try await test.logIn("ann@example.com")
        test.clock.advance(seconds: 7 * 86_400 - 1)
        _ = try await renew(test, kept.refreshToken)
        test.clock.advance(seconds: 1)
        let error = await refusal { _ = try await renew(test, grant.refreshToken) }
        #expect(error?.code == .tokenExpired)
        await test.engine.close()
    }

    @Test(arguments: ["", "x", String(repeating: "A", count: 43), "null"])
    func whatIsNoRefreshTokenIsRefused(_ token: String) async throws {
        let test = try await open()
        let error = await refusal { _ = try await renew(test, token) }
        #expect(error?.code == .unauthorized)
        await test.engine.close()
    }

    @Test func theStoreHoldsNoToken() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let hashes = try await test.engine.core.session.store.read { connection in
            try connection.all("SELECT hash FROM refresh_tokens") { $0.text(0) }
        }
        #expect(hashes == [Digest.sha256(Array(grant.refreshToken.utf8)).hexadecimal])
        await test.engine.close()
    }

    @Test func aBearerRenewsAndStaysGood() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let caller = try await test.caller(grant.accessToken)
        test.clock.advance(seconds: 600)
        let renewed = try await test.send(RefreshToken(), as: caller)
        #expect(try await test.caller(renewed.accessToken).sessionID == caller.sessionID)
        _ = try await test.caller(grant.accessToken)
        _ = try await renew(test, grant.refreshToken)
        _ = try await renew(test, renewed.refreshToken)
        let nobody = await refusal { _ = try await test.send(RefreshToken(), as: .anonymous()) }
        #expect(nobody?.code == .unauthorized)
        await test.engine.close()
    }

    @Test func aLogoutEndsItsSessionAlone() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let other = try await test.logIn("ann@example.com")
        let caller = try await test.caller(grant.accessToken)
        let revision = test.engine.accountsRevision
        _ = try await test.send(Logout(), as: caller)
        #expect(test.engine.accountsRevision > revision)
        #expect(await code(test, grant.accessToken) == .tokenRevoked)
        #expect(await refusal { _ = try await renew(test, grant.refreshToken) } != nil)
        let bearer = await refusal { _ = try await test.send(RefreshToken(), as: caller) }
        #expect(bearer?.code == .tokenRevoked)
        #expect(await code(test, other.accessToken) == nil)
        await test.engine.close()
    }

    @Test func aChangedPasswordEndsTheOtherSessions() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let other = try await test.logIn("ann@example.com")
        _ = try await test.caller(other.accessToken)
        let caller = try await test.caller(grant.accessToken)
        func change(_ current: String, _ new: String) async -> APIError? {
            await refusal {
                _ = try await test.send(
                    ChangePassword(currentPassword: current, newPassword: new), as: caller)
            }
        }
        let wrong = await change("wrong password", "staple battery horse")
        #expect(wrong?.code == .invalidCredentials && wrong?.status == 400)
        let short = await change(TestEngine.password, "short")
        #expect(short?.details.map(\.field) == ["new_password"])
        #expect(await change(TestEngine.password, "staple battery horse") == nil)
        #expect(await code(test, grant.accessToken) == nil)
        #expect(await code(test, other.accessToken) == .tokenRevoked)
        #expect(await refusal { _ = try await test.logIn("ann@example.com") } != nil)
        _ = try await test.logIn("ann@example.com", "staple battery horse")
        await test.engine.close()
    }

    @Test func theOldestSessionGoesWhenThereAreTooMany() async throws {
        let test = try await open { $0.accounts.sessionsPerAccount = 3 }
        var tokens: [String] = []
        for _ in 0..<4 {
            tokens.append(try await test.logIn("ann@example.com").accessToken)
            _ = try await test.caller(tokens[0 + tokens.count - 1])
        }
        #expect(await code(test, tokens[0]) == .tokenRevoked)
        for token in tokens.dropFirst() { #expect(await code(test, token) == nil) }
        await test.engine.close()
    }

    @Test func aRestartKeepsSessionsAndTheirEnds() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let ended = try await test.logIn("ann@example.com")
        _ = try await test.send(Logout(), as: try await test.caller(ended.accessToken))
        await test.engine.close()
        let again = try await TestEngine.open(in: test.directory, clock: test.clock, seed: 2)
        #expect(await code(again, grant.accessToken) == nil)
        #expect(await code(again, ended.accessToken) == .tokenRevoked)
        _ = try await renew(again, grant.refreshToken)
        await again.engine.close()
    }

    @Test func whatIsOverIsPruned() async throws {
        let test = try await open()
        let grant = try await test.logIn("ann@example.com")
        let ended = try await test.logIn("ann@example.com")
        _ = try await test.send(Logout(), as: try await test.caller(ended.accessToken))
        _ = try await renew(test, grant.refreshToken)
        func counts() async throws -> [Int64] {
            try await test.engine.core.session.store.read { connection in
                [
                    try connection.number("SELECT count(*) FROM sessions"),
                    try connection.number("SELECT count(*) FROM refresh_tokens"),
                    try connection.number("SELECT count(*) FROM audit"),
                ]
            }
        }
        #expect(try await counts() == [2, 3, 5])
        test.clock.advance(seconds: 86_400)
        await test.engine.core.prune()
        #expect(try await counts() == [1, 2, 5])
        test.clock.advance(seconds: 6 * 86_400)
        await test.engine.core.prune()
        #expect(try await counts() == [0, 0, 5])
        test.clock.advance(seconds: 358 * 86_400 + 1)
        await test.engine.core.prune()
        #expect(try await counts() == [0, 0, 0])
        await test.engine.close()
    }

    @Test func whatOneDoesNotAskForIsForgotten() {
        var table = Generations<Int, Int>(limit: 8)
        for number in 0..<100 {
            table.insert(number, for: number)
            #expect(table[0] == 0, "asked for in time")
            #expect(table.count <= 8)
        }
        #expect(table[50] == nil)
        table.removeAll { $0 == 0 }
        #expect(table[0] == nil && table[99] == 99)
    }
}
