import AuterityAPI
import AuterityEngine
import Logging
import Testing

@testable import AuterityServer

/// How many calls are taken, and what answers say of it.
@Suite struct LimitTests {
    private static let start = Timestamp(milliseconds: 1_754_649_000_000)

    @Test func callsAreFreeAgainOneByOne() throws {
        let limiter = RateLimiter<Int>(calls: 10, seconds: 60)
        for left in (0..<10).reversed() {
            let outcome = limiter.take(1, at: Self.start)
            #expect(outcome.isTaken)
            #expect(outcome.remaining == left)
        }
        let refused = limiter.take(1, at: Self.start)
        #expect(!refused.isTaken)
        #expect(refused.remaining == 0)
        #expect(refused.freeAt == Self.start.adding(seconds: 6))
        #expect(refused.fullAt == Self.start.adding(seconds: 60))
        #expect(limiter.take(2, at: Self.start).isTaken)
        #expect(!limiter.take(1, at: Self.start.adding(seconds: 5.999)).isTaken)
        #expect(limiter.take(1, at: Self.start.adding(seconds: 6)).isTaken)
        #expect(!limiter.take(1, at: Self.start.adding(seconds: 6)).isTaken)
        // Half of the window later half of the calls are there.
        let later = Self.start.adding(seconds: 36)
        #expect((0..<6).filter { _ in limiter.take(1, at: later).isTaken }.count == 5)
        // A whole window later all are, and no more.
        let latest = Self.start.adding(seconds: 1000)
        #expect((0..<20).filter { _ in limiter.take(1, at: latest).isTaken }.count == 10)
    }

    @Test(arguments: [(1, 1.0), (3, 1.0), (7, 60.0), (1000, 3600.0), (200, 60.0)])
    func whoCallsAtTheRightMomentIsNeverRefusedTwice(calls: Int, seconds: Double) throws {
        let limiter = RateLimiter<Int>(calls: calls, seconds: seconds)
        var time = Self.start
        for _ in 0..<calls { #expect(limiter.take(1, at: time).isTaken) }
        for _ in 0..<20 {
            let refused = limiter.take(1, at: time)
            time = try #require(refused.freeAt)
            #expect(limiter.take(1, at: time).isTaken)
        }
        // So many calls cannot come quicker than the window says.
        #expect(time >= Self.start.adding(seconds: seconds / Double(calls) * 19))
    }

    @Test func aClockThatIsSetBackLocksNobodyOut() {
        let limiter = RateLimiter<Int>(calls: 2, seconds: 10)
        _ = limiter.take(1, at: Self.start)
        let before = Self.start.adding(seconds: -86_400)
        let refused = limiter.take(1, at: before)
        #expect(refused.freeAt.map { $0 <= before.adding(seconds: 10) } ?? true)
    }

    @Test func aFullTableNeverFailsOpen() {
        let limiter = RateLimiter<Int>(calls: 2, seconds: 60, capacity: 100)
        for key in 0..<100 { #expect(limiter.take(key, at: Self.start).isTaken) }
        // Those that there is no place for share two calls.
        let strangers = (100..<200).filter { limiter.take($0, at: Self.start).isTaken }
        #expect(strangers.count == 2)
        // Those that are known keep their own.
        #expect(limiter.take(0, at: Self.start).isTaken)
        #expect(!limiter.take(0, at: Self.start).isTaken)
        // Whoever has all calls again makes place.
        let later = Self.start.adding(seconds: 61)
        #expect((200..<300).allSatisfy { limiter.take($0, at: later).isTaken })
    }

    @Test func answersSayWhatIsLeft() async throws {
        try await withAPI { server, _ in
            server.rateLimits = RateLimits()
            server.rateLimits?.workflows = .init(requests: 3, window: 60)
        } body: { api in
            let admin = try await api.admin()
            let now = api.clock.now.milliseconds / 1000
            for left in ["2", "1", "0"] {
                let answer = try await admin.get("/api/workflows")
                #expect(answer.status == 200)
                #expect(answer["X-RateLimit-Limit"] == "3")
                #expect(answer["X-RateLimit-Remaining"] == left)
                #expect(answer["X-RateLimit-Window"] == "60")
                let reset = answer["X-RateLimit-Reset"].flatMap { Int64($0) } ?? 0
                #expect((now + 1...now + 60).contains(reset))
            }
            let refused = try await admin.get("/api/logs")
            #expect(refused.status == 429)
            #expect(refused.code == "RATE_LIMIT_EXCEEDED")
            #expect(refused["Retry-After"] == "20")
            #expect(refused["X-RateLimit-Remaining"] == "0")
            // Another user, another class, and nobody at all are not concerned.
            let user = try await api.account("ann@example.com")
            #expect(try await user.get("/api/workflows").status == 200)
            #expect(try await admin.get("/api/monitoring/metrics").status == 200)
            let nobody = try await api.probe.get("/api/workflows")
            #expect(nobody.status == 401)
            #expect(nobody["X-RateLimit-Limit"] == nil)
            api.clock.advance(seconds: 20)
            #expect(try await admin.get("/api/workflows").status == 200)
            #expect(try await admin.get("/api/workflows").status == 429)
        }
    }

    @Test func authenticationIsLimitedByAddress() async throws {
        try await withAPI { server, settings in
            server.rateLimits = RateLimits()
            server.trustedProxies = ["127.0.0.1"]
            settings.accounts.lockout.freeFailures = nil
            settings.accounts.lockout.freeFailuresPerAddress = nil
        } body: { api in
            // No body at all is a call all the same.
            func login(_ address: String) async throws -> HTTPProbe.Answer {
                try await api.probe.request(
                    "POST", "/api/auth/login", headers: [("X-Forwarded-For", address)])
            }
            for _ in 0..<10 { #expect(try await login("192.0.2.1").status == 422) }
            let refused = try await login("192.0.2.1")
            #expect(refused.status == 429)
            #expect(refused["Retry-After"] == "6")
            #expect(try await login("192.0.2.2").status == 422)
            // A network of IPv6 counts as one.
            for host in 1...10 { #expect(try await login("2001:db8::\(host)").status == 422) }
            #expect(try await login("2001:db8::ffff").status == 429)
            #expect(try await login("2001:db8:0:1::1").status == 422)
            // The limit holds for all calls of the class.
            let register = try await api.probe.request(
                "POST", "/api/auth/register", headers: [("X-Forwarded-For", "192.0.2.1")])
            #expect(register.status == 429)
            // The form of OAuth2 says it like everything else.
            let token = try await api.probe.request(
                "POST", "/api/auth/token", headers: [("X-Forwarded-For", "192.0.2.1")])
            #expect(token.status == 429)
            #expect(token.code == "RATE_LIMIT_EXCEEDED")
        }
    }

    @Test func pagesAreLimitedByAddressLikeCallsOfNoClass() async throws {
        try await withAPI { server, _ in
            server.rateLimits = RateLimits()
            server.rateLimits?.other = .init(requests: 3, window: 3600)
        } body: { api in
            for path in ["/openapi.json", "/docs", "/redoc"] {
                let answer = try await api.probe.get(path)
                #expect(answer.status == 200)
                #expect(answer["X-RateLimit-Window"] == "3600")
            }
            #expect(try await api.probe.get("/openapi.json").status == 429)
            #expect(try await api.probe.get("/health/live").status == 200)
            // Who is logged in has calls of their own.
            #expect(try await api.admin().get("/api/users").status == 200)
        }
    }

    @Test func healthIsLimitedByAddressAndProbesAreNot() async throws {
        try await withAPI { server, _ in
            server.rateLimits = RateLimits()
            server.rateLimits?.monitoring = .init(requests: 2, window: 60)
        } body: { api in
            let statuses = try await api.probe.send(
                Array(repeating: api.probe.message("GET", "/api/monitoring/health"), count: 3)
                    .flatMap(\.self), methods: ["GET", "GET", "GET"]
            ).map(\.status)
            #expect(statuses == [200, 200, 429])
            #expect(try await api.probe.get("/health/live").status == 200)
        }
    }

    @Test(
        arguments: [
            // Peer, X-Forwarded-For, the client.
            ("203.0.113.9", "192.0.2.1", "203.0.113.9"),
            ("10.0.0.1", nil, "10.0.0.1"),
            ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
            ("10.0.0.1", "1.1.1.1, 192.0.2.1", "192.0.2.1"),
            ("10.0.0.1", "1.1.1.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
            ("10.0.0.1", "1.1.1.1,10.0.0.3 ,\t10.0.0.2", "1.1.1.1"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("10.0.0.1", "192.0.2.1:4711", "192.0.2.1"),
            ("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
            ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
            ("10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
            ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1"),
            ("10.0.0.1", "192.0.2.1, nonsense, 10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("fd00::1", "192.0.2.1", "192.0.2.1"),
        ] as [(String, String?, String)])
    func onlyProxiesAreBelieved(peer: String, forwarded: String?, client: String) throws {
        let proxies = TrustedProxies(["10.0.0.0/8", "fd00::/8", "nonsense"])
        let address = try #require(IPAddress(peer))
        #expect(proxies.client(peer: address, forwardedFor: forwarded).description == client)
    }
}
