import AuterityAPI
import AuterityServer
import Testing

@testable import AuterityEngine

/// What errors look like, and which status says what.
@Suite(.timeLimit(.minutes(30)))
struct ErrorContractTests {
    private static let error: [String: Shape] = [
        "error": .object([
            "code": .text, "message": .text,
            "details": .list(.object(["field": .text, "message": .text])), "timestamp": .time,
            "request_id": .text,
        ])
    ]

    private func check(_ answer: Answer, _ status: Int, _ code: String) {
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer.faults(Self.error) == [])
        #expect(answer["content-type"]?.hasPrefix("application/json") == true)
        #expect(answer["x-request-id"] == answer.json["error"]?["request_id"]?.stringValue)
        #expect(answer["x-request-id"]?.isEmpty == false)
    }

    @Test(arguments: [
        "/", "/nowhere", "/api", "/api/workflow", "/api/workflows/a/b/c", "/API/auth/me",
    ])
    func anUnknownRouteIs404(path: String) async throws {
        try await ContractServer.run { server in
            check(try await server.send("GET", path, as: .superAdmin), 404, "NOT_FOUND")
        }
    }

    @Test(arguments: [
        ("DELETE", "/api/workflows", ["GET", "POST"]),
        ("GET", "/api/auth/login", ["POST"]),
        ("POST", "/api/monitoring/health", ["GET"]),
        ("PATCH", "/metrics", ["GET"]),
        ("PROPFIND", "/api/workflows", ["GET", "POST"]),
    ])
    func aWrongMethodIs405AndTheRightOnesAreNamed(
        method: String, path: String, allowed: [String]
    ) async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(method, path, as: .superAdmin)
            check(answer, 405, "METHOD_NOT_ALLOWED")
            let names = answer["allow"]?.split(separator: ",").map { String($0).trimmed } ?? []
            #expect(Set(names).isSuperset(of: allowed))
        }
    }

    @Test(arguments: [
        ("{", "application/json"), ("{} {}", "application/json"),
        ("{\"name\": }", "application/json"), ("nul", "application/json"),
        ("{\"name\": \"a\"}", "text/plain"), ("name=a", "application/x-www-form-urlencoded"),
        ("{\"name\": \"\u{1}\"}", "application/json"),
    ])
    func whatIsNoJSONIs400(text: String, type: String) async throws {
        try await ContractServer.run { server in
            let answer = try await server.wire.send(
                Ask("POST", "/api/workflows", token: server.token(.user), text: text, type: type))
            check(answer, 400, "BAD_REQUEST")
        }
    }

    @Test(arguments: ["[]", "7", "\"text\"", "null"])
    func aBodyThatIsNoObjectIs422(text: String) async throws {
        try await ContractServer.run { server in
            let answer = try await server.wire.send(
                Ask(
                    "POST", "/api/workflows", token: server.token(.user), text: text,
                    type: "application/json"))
            check(answer, 422, "VALIDATION_ERROR")
        }
    }

    @Test func aBodyOverOneMebibyteIs413() async throws {
        try await ContractServer.run { server in
            let text = String(repeating: "x", count: 1 << 20)
            let answer = try await server.send(
                "POST", "/api/workflows", as: .user, json: ["name": .string(text)])
            check(answer, 413, "PAYLOAD_TOO_LARGE")
        }
    }

    @Test func everyWrongFieldIsToldAtOnce() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(
                "POST", "/api/users", as: .admin,
                json: ["email": 1, "password": [], "first_name": 2, "roles": "admin"])
            check(answer, 422, "VALIDATION_ERROR")
            #expect(answer.fields == ["email", "password", "first_name", "roles"])
        }
    }

    @Test func aSaneRequestIDIsKept() async throws {
        try await ContractServer.run { server in
            let header = [(name: "X-Request-ID", value: "client-7.a_B")]
            let failed = try await server.send("GET", "/nowhere", headers: header)
            check(failed, 404, "NOT_FOUND")
            #expect(failed["x-request-id"] == "client-7.a_B")
            let fine = try await server.send("GET", "/health/live", headers: header)
            #expect(fine["x-request-id"] == "client-7.a_B")
            for odd in ["a b", "<x>", String(repeating: "y", count: 300), "\u{e4}"] {
                let answer = try await server.send(
                    "GET", "/health/live", headers: [("X-Request-ID", odd)])
                #expect(answer["x-request-id"] != odd)
                #expect(answer["x-request-id"]?.isEmpty == false)
            }
        }
    }

    @Test func everyAnswerHasTheSecurityHeaders() async throws {
        try await ContractServer.run { server in
            let answers = [
                try await server.send("GET", "/api/workflows", as: .user),
                try await server.send("GET", "/api/workflows"),
                try await server.send("GET", "/nowhere"),
                try await server.send("GET", "/metrics", as: .user),
                try await server.send("GET", "/health/live"),
                try await server.logIn("user@example.com"),
            ]
            for answer in answers {
                #expect(answer["x-content-type-options"] == "nosniff")
                #expect(answer["x-frame-options"] == "DENY")
                #expect(answer["referrer-policy"]?.isEmpty == false)
                #expect(answer["content-security-policy"]?.isEmpty == false)
                #expect(answer["x-request-id"]?.isEmpty == false)
                #expect(answer["strict-transport-security"] == nil)
                #expect(answer["set-cookie"] == nil)
            }
            for answer in answers.prefix(2) {
                #expect(answer["cache-control"]?.contains("no-store") == true)
            }
        }
    }
}

/// Rate limits and their headers.
@Suite(.timeLimit(.minutes(30)))
struct RateLimitContractTests {
    @Test(arguments: [
        ("/api/workflows", 100, 60), ("/api/logs", 100, 60), ("/api/templates", 50, 60),
        ("/api/monitoring/metrics", 200, 60), ("/api/auth/me", 1000, 3600),
    ])
    func everyClassHasItsHeaders(path: String, limit: Int, window: Int) async throws {
        try await ContractServer.run { _ in
        } server: {
            $0.rateLimits = RateLimits()
        } _: { server in
            let now = EngineClock.system.now().milliseconds / 1000
            let first = try await server.send("GET", path, as: .user)
            #expect(first["x-ratelimit-limit"] == "\(limit)")
            #expect(first["x-ratelimit-remaining"] == "\(limit - 1)")
            #expect(first["x-ratelimit-window"] == "\(window)")
            let reset = try #require(first["x-ratelimit-reset"].flatMap { Int64($0) })
            #expect((now...now + Int64(window) + 60).contains(reset))
            // Another's requests are not counted among these.
            let other = try await server.send("GET", path, as: .admin)
            #expect(other["x-ratelimit-remaining"] == "\(limit - 1)")
        }
    }

    @Test func tooManyLogInsAreRefused() async throws {
        try await ContractServer.run { _ in
        } server: {
            $0.rateLimits = RateLimits()
            $0.rateLimits?.authentication = .init(requests: 10, window: 3600)
        } _: { server in
            // The accounts of the roles have logged in already.
            var answers: [Answer] = []
            for _ in 0..<10 { answers.append(try await server.logIn("user@example.com")) }
            let refused = try #require(answers.last)
            #expect(refused.status == 429)
            #expect(refused.code == "RATE_LIMIT_EXCEEDED")
            #expect(refused["x-ratelimit-limit"] == "10")
            #expect(refused["x-ratelimit-remaining"] == "0")
            let wait = try #require(refused["retry-after"].flatMap { Int($0) })
            #expect((1...3600).contains(wait))
            #expect(answers.prefix(4).allSatisfy { $0.status == 200 })
            let metrics = try await server.send("GET", "/metrics", as: .user)
            let count = answers.count { $0.status == 429 }
            let line = #"auterity_rate_limited_requests_total{class="authentication"} \#(count)"#
            #expect(metrics.text.contains(line))
        }
    }

    @Test func whoIsNotLoggedInIsToldSoBeforeAnyLimit() async throws {
        try await ContractServer.run { _ in
        } server: {
            $0.rateLimits = RateLimits()
            $0.rateLimits?.workflows = .init(requests: 1, window: 3600)
        } _: { server in
            for _ in 0..<3 {
                let anonymous = try await server.send("GET", "/api/workflows")
                #expect(anonymous.status == 401)
            }
            #expect(try await server.send("GET", "/api/workflows", as: .user).status == 200)
            #expect(try await server.send("GET", "/api/workflows", as: .user).status == 429)
            #expect(try await server.send("GET", "/api/workflows", as: .admin).status == 200)
        }
    }
}
