import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct LoginTests {
    private func fail(
        _ test: TestEngine, _ email: String, from address: String? = nil
    ) async -> APIError? {
        await refusal { _ = try await test.logIn(email, "wrong password", from: address) }
    }

    // MARK: - Registering

    @Test func registeringMakesAUserAndNothingMore() async throws {
        let test = try await TestEngine.open()
        // What a stranger adds to the body counts for nothing.
        let body: JSONValue = [
            "email": "Ann@Example.com", "password": .string(TestEngine.password),
            "first_name": "Ann", "roles": ["super_admin"], "is_active": false,
            "id": "00000000-0000-8000-8000-000000000000", "password_hash": "x",
        ]
        let call: Register = try body.decoded()
        let user = try await test.send(call, as: .anonymous())
        #expect(user.email == "Ann@Example.com" && user.firstName == "Ann")
        #expect(user.lastName == "" && user.company == "")
        #expect(user.isActive && user.roles == [.user])
        #expect(user.createdAt == test.clock.now)
        let me = try await test.send(
            GetCurrentUser(), as: try await test.session("ann@example.COM"))
        #expect(me.id == user.id && me.email == "Ann@Example.com")
        #expect(Set(me.permissions) == Role.user.permissions)
        let again = await refusal {
            _ = try await test.send(
                Register(email: "aNN@example.com", password: TestEngine.password),
                as: .anonymous())
        }
        #expect(again?.code == .emailAlreadyRegistered && again?.status == 400)
        await test.engine.close()
    }

    @Test func ofRegistrationsAtOnceOneSucceeds() async throws {
        let test = try await TestEngine.open()
        let codes = await withTaskGroup(of: APIError.Code?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await refusal {
                        _ = try await test.send(
                            Register(email: "ann@example.com", password: TestEngine.password),
                            as: .anonymous())
                    }?.code
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .emailAlreadyRegistered } == 7)
        await test.engine.close()
    }

    @Test func everyFaultOfARegistrationIsToldAtOnce() async throws {
        let test = try await TestEngine.open()
        let error = await refusal {
            _ = try await test.send(
                Register(
                    email: "no email", password: "short",
                    firstName: String(repeating: "a", count: 256),
                    lastName: String(repeating: "b", count: 255),
                    company: String(repeating: "c", count: 256)), as: .anonymous())
        }
        #expect(error?.status == 422)
        #expect(
            error?.details.map(\.field) == ["email", "password", "first_name", "company"])
        await test.engine.close()
    }

    @Test(arguments: [
        "", "ann", "ann@", "@example.com", "ann @example.com", " ann@example.com",
        "Ann <ann@example.com>", "ann@example.com\n", "a@b@c", "ann@-example.com",
        String(repeating: "a", count: 64) + "@" + String(repeating: "b.", count: 95) + "com",
    ])
    func whatIsNoEmailIsRefused(_ email: String) async throws {
        let test = try await TestEngine.open()
        let error = await refusal {
            _ = try await test.send(
                Register(email: email, password: TestEngine.password), as: .anonymous())
        }
        #expect(error?.details.map(\.field) == ["email"])
        await test.engine.close()
    }

    @Test func registrationCanBeClosed() async throws {
        let test = try await TestEngine.open { $0.accounts.allowsRegistration = false }
        let error = await refusal {
            _ = try await test.send(
                Register(email: "ann@example.com", password: TestEngine.password),
                as: .anonymous())
        }
        #expect(error?.code == .forbidden)
        await test.engine.close()
    }

    // MARK: - Passwords

    @Test func aPasswordHasEightTo72Bytes() async throws {
        let test = try await TestEngine.open()
        func register(_ email: String, _ password: String) async -> APIError? {
            await refusal {
                _ = try await test.send(
                    Register(email: email, password: password), as: .anonymous())
            }
        }
        let longest = String(repeating: "ä", count: 36)
        #expect(await register("seven@example.com", "1234567")?.status == 422)
        #expect(await register("eight@example.com", "12345678") == nil)
        #expect(await register("nul@example.com", "1234\u{0}5678")?.status == 422)
        #expect(await register("73@example.com", longest + "a")?.status == 422)
        #expect(await register("72@example.com", longest) == nil)
        _ = try await test.logIn("72@example.com", longest)
        // bcrypt would cut it to the right one.
        let cut = await refusal { _ = try await test.logIn("72@example.com", longest + "a") }
        #expect(cut?.code == .invalidCredentials)
        let nul = await refusal {
            _ = try await test.logIn("eight@example.com", "12345678\u{0}rest")
        }
        #expect(nul?.code == .invalidCredentials)
        let hash = try await test.engine.core.session.store.read { connection in
            try AccountRecords.find(email: "72@example.com", in: connection)?.passwordHash
        }
        #expect(hash?.hasPrefix("$2b$04$") == true && hash?.count == 60)
        await test.engine.close()
    }

    @Test func aHashIsTheOneThatOthersMake() async throws {
        let hasher = PasswordHasher(cost: 4)
        // From the tests of OpenBSD's bcrypt.
        let hash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        #expect(try await hasher.verify("U*U", against: hash))
        #expect(try await !hasher.verify("U*V", against: hash))
        #expect(try await !hasher.verify("U*U", against: nil))
        #expect(try await !hasher.verify("U*U", against: "*0"))
        let (one, other) = (try await hasher.hash("password"), try await hasher.hash("password"))
        #expect(one != other)
        #expect(try await hasher.verify("password", against: one))
    }

    @Test func tooManyAtOnceAreTurnedAway() async throws {
        let hasher = PasswordHasher(cost: 8)
        let outcomes = await withTaskGroup(of: APIError?.self) { group in
            for _ in 0..<400 {
                group.addTask { await refusal { _ = try await hasher.hash("password") } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let refusals = outcomes.compactMap(\.self)
        #expect(!refusals.isEmpty && refusals.count < 400 - PasswordHasher.maximumWaiting)
        #expect(refusals.allSatisfy { $0.code == .serviceUnavailable && $0.retryAfter != nil })
        #expect(hasher.computations == 400 - refusals.count)
    }

    @Test func anUnknownAccountTakesTheSameWork() async throws {
        let test = try await TestEngine.open()
        try await test.account("ann@example.com")
        let gone = try await test.account("gone@example.com")
        _ = try await test.send(DeleteUser(userID: gone.id))
        func work(_ email: String, _ password: String) async -> (Int, APIError?) {
            let before = test.accounts.passwords.computations
            let error = await refusal { _ = try await test.logIn(email, password) }
            return (test.accounts.passwords.computations - before, error)
        }
        let known = await work("ann@example.com", "wrong password")
        let unknown = await work("nobody@example.com", "wrong password")
        let inactive = await work("gone@example.com", "wrong password")
        let long = await work("nobody@example.com", String(repeating: "a", count: 100))
        let longKnown = await work("ann@example.com", String(repeating: "a", count: 100))
        let nonsense = await work("no email", "")
        for (count, error) in [known, unknown, inactive, long, longKnown, nonsense] {
            #expect(count == 1)
            #expect(error == known.1)
        }
        #expect(known.1?.code == .invalidCredentials && known.1?.status == 401)
        let right = await work("gone@example.com", TestEngine.password)
        #expect(right.1?.code == .inactiveAccount && right.1?.status == 400)
        await test.engine.close()
    }

    // MARK: - The OAuth2 form

    @Test func standardClientsLogIn() async throws {
        let test = try await TestEngine.open()
        try await test.account("ann@example.com")
        let grant = try await test.send(
            RequestToken(
                grantType: .password, username: "ann@example.com", password: TestEngine.password),
            as: .anonymous())
        #expect(try await test.caller(grant.accessToken).name == "ann@example.com")
        let renewed = try await test.send(
            RequestToken(grantType: .refreshToken, refreshToken: grant.refreshToken),
            as: .anonymous())
        _ = try await test.caller(renewed.accessToken)
        let wrong = await refusal {
            _ = try await test.send(
                RequestToken(grantType: .password, username: "ann@example.com", password: "no"),
                as: .anonymous())
        }
        #expect(wrong?.code == .invalidCredentials)
        for (grant, fields) in [
            (RequestToken.Grant.password, ["username", "password"]),
            (.refreshToken, ["refresh_token"]),
        ] {
            let error = await refusal {
                _ = try await test.send(RequestToken(grantType: grant), as: .anonymous())
            }
            #expect(error?.details.map(\.field) == fields)
        }
        await test.engine.close()
    }

    // MARK: - Slowing down

    @Test(arguments: ["ann@example.com", "nobody@example.com"])
    func failuresGrowThePause(_ email: String) async throws {
        let test = try await TestEngine.open { $0.accounts.lockout.freeFailures = 5 }
        try await test.account("ann@example.com")
        for _ in 0..<5 { #expect(await fail(test, email)?.code == .invalidCredentials) }
        #expect(await fail(test, email)?.code == .invalidCredentials)
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let work = test.accounts.passwords.computations
            // Whatever the case of the letters, and even with the right password.
            let error = await refusal { _ = try await test.logIn(email.uppercased()) }
            #expect(error?.code == .rateLimitExceeded && error?.status == 429)
            #expect(error?.retryAfter == Double(seconds))
            #expect(test.accounts.passwords.computations == work)
            test.clock.advance(seconds: Double(seconds) - 0.5)
            #expect(await fail(test, email)?.retryAfter == 1)
            test.clock.advance(seconds: 0.5)
            #expect(await fail(test, email)?.code == .invalidCredentials, "after \(seconds)")
        }
        test.clock.advance(seconds: 86_400)
        #expect(await fail(test, email)?.code == .invalidCredentials)
        #expect(await fail(test, email)?.code == .invalidCredentials)
        await test.engine.close()
    }

    @Test func aSuccessForgetsTheFailuresOfItsAccount() async throws {
        let test = try await TestEngine.open { $0.accounts.lockout.freeFailures = 5 }
        try await test.account("ann@example.com")
        for _ in 0..<6 { _ = await fail(test, "ann@example.com") }
        test.clock.advance(seconds: 1)
        _ = try await test.logIn("ann@example.com")
        for _ in 0..<5 {
            #expect(await fail(test, "ann@example.com")?.code == .invalidCredentials)
        }
        _ = try await test.logIn("ann@example.com")
        let rows = try await test.engine.core.session.store.read {
            try $0.number("SELECT count(*) FROM login_failures")
        }
        #expect(rows == 0)
        await test.engine.close()
    }

    @Test func aRestartForgetsNoFailure() async throws {
        let test = try await TestEngine.open { $0.accounts.lockout.freeFailures = 5 }
        try await test.account("ann@example.com")
        for email in ["ann@example.com", "nobody@example.com"] {
            for _ in 0..<5 { _ = await fail(test, email) }
            test.clock.advance(seconds: 1)
            for _ in 0..<4 {
                _ = await fail(test, email)
                test.clock.advance(seconds: 60)
            }
            _ = await fail(test, email)
        }
        await test.engine.close()
        let again = try await TestEngine.open(in: test.directory, clock: test.clock, seed: 2) {
            $0.accounts.lockout.freeFailures = 5
        }
        #expect(await fail(again, "nobody@example.com")?.retryAfter == 16)
        let left = await fail(again, "ann@example.com")
        #expect(left?.code == .invalidCredentials, "241 s have passed")
        #expect(await fail(again, "ann@example.com")?.retryAfter == 32)
        await again.engine.close()
    }

    @Test func guessesFromOneAddressAreSlowedDown() async throws {
        let test = try await TestEngine.open()
        try await test.account("ann@example.com")
        for number in 0...20 {
            let error = await fail(test, "user\(number)@example.com", from: "192.0.2.1")
            #expect(error?.code == .invalidCredentials)
        }
        #expect(
            await fail(test, "ann@example.com", from: "::ffff:192.0.2.1")?.code
                == .rateLimitExceeded)
        // From elsewhere she gets in; her success washes nothing away.
        _ = try await test.logIn("ann@example.com", from: "192.0.2.2")
        #expect(
            await fail(test, "new@example.com", from: "192.0.2.1")?.code == .rateLimitExceeded)
        test.clock.advance(seconds: 1)
        _ = try await test.logIn("ann@example.com", from: "192.0.2.1")
        #expect(
            await fail(test, "new@example.com", from: "192.0.2.1")?.code == .invalidCredentials)
        #expect(
            await fail(test, "other@example.com", from: "192.0.2.1")?.retryAfter == 2)
        await test.engine.close()
    }

    @Test func aNetworkOfIPv6IsOneAddress() async throws {
        let test = try await TestEngine.open { $0.accounts.lockout.freeFailuresPerAddress = 3 }
        for number in 0...3 {
            _ = await fail(test, "u\(number)@example.com", from: "2001:db8::\(number + 1)")
        }
        let near = await fail(test, "x@example.com", from: "2001:db8::ffff")
        let far = await fail(test, "x@example.com", from: "2001:db8:0:1::1")
        #expect(near?.code == .rateLimitExceeded && far?.code == .invalidCredentials)
        await test.engine.close()
    }

    @Test func guessesAtOnceAreNotFree() throws {
        let directory = try ScratchDirectory()
        var lockout = AccountSettings.Lockout()
        lockout.freeFailures = 5
        let throttle = LoginThrottle(
            lockout, key: try SealingKey.load(directory.path + "/secrets.key"))
        let now = Timestamp(milliseconds: 1_000_000)
        func begin() throws -> LoginThrottle.Attempt {
            try throttle.begin(email: "a@example.com", from: nil, at: now)
        }
        for _ in 0..<5 { _ = throttle.fail(try begin(), at: now) }
        let first = try begin()
        #expect(throws: APIError.self) { try begin() }
        throttle.abandon(first)
        let second = try begin()
        _ = throttle.succeed(second)
        let (third, fourth) = (try begin(), try begin())
        _ = throttle.fail(third, at: now)
        _ = throttle.fail(fourth, at: now)
    }

    @Test func withoutLimitsNobodyWaits() throws {
        let directory = try ScratchDirectory()
        var lockout = AccountSettings.Lockout()
        lockout.freeFailures = nil
        lockout.freeFailuresPerAddress = nil
        let throttle = LoginThrottle(
            lockout, key: try SealingKey.load(directory.path + "/secrets.key"))
        let now = Timestamp(milliseconds: 1_000_000)
        for _ in 0..<50 {
            _ = throttle.fail(
                try throttle.begin(email: "a@example.com", from: nil, at: now), at: now)
        }
    }
}
