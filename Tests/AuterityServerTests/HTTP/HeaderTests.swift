import AuterityAPI
import AuterityEngine
import Logging
import Testing

@testable import AuterityServer

/// The headers that requests bring, and those that every answer has.
@Suite struct HeaderTests {
    @Test func everyAnswerHasTheSecurityHeaders() async throws {
        try await withAPI { api in
            for (method, path) in [
                ("GET", "/api/monitoring/health"), ("GET", "/api/users"), ("GET", "/nowhere"),
                ("PUT", "/api/users"), ("OPTIONS", "/api/users"), ("POST", "/api/auth/login"),
            ] {
                let answer = try await api.probe.request(method, path)
                let name = "\(method) \(path)"
                #expect(answer["X-Content-Type-Options"] == "nosniff", "\(name)")
                #expect(answer["X-Frame-Options"] == "DENY", "\(name)")
                #expect(answer["Referrer-Policy"] == "no-referrer", "\(name)")
                #expect(
                    answer["Content-Security-Policy"]
                        == "default-src 'none'; frame-ancestors 'none'", "\(name)")
                #expect(answer["Cache-Control"] == "no-store", "\(name)")
                #expect(answer["Strict-Transport-Security"] == nil, "\(name)")
                #expect(answer["X-Request-ID"] != nil, "\(name)")
                #expect(answer["Set-Cookie"] == nil, "\(name)")
                let names = answer.headers.map { $0.name.lowercased() }
                #expect(Set(names).count == names.count, "\(name) repeats a header: \(names)")
            }
        }
    }

    @Test func underTLSBrowsersAreToldToStayThere() async throws {
        try await withAPI { server, _ in
            server.isBehindTLSProxy = true
        } body: { api in
            let answer = try await api.probe.get("/api/monitoring/health")
            #expect(answer["Strict-Transport-Security"] == "max-age=31536000")
        }
    }

    @Test func aSaneRequestIDIsTaken() async throws {
        let sane = ["a", "A.b_c-1", String(repeating: "x", count: 128)]
        let insane = [
            "", "a b", "a\"b", String(repeating: "x", count: 129), "ä", "a,b", "<a>",
        ]
        try await withAPI { api in
            for id in sane {
                let answer = try await api.probe.get("/api/users", headers: [("X-Request-ID", id)])
                #expect(answer["X-Request-ID"] == id)
                #expect(answer.json["error"]?["request_id"] == .string(id))
                #expect(api.log.lines.last?.metadata["request_id"] == id)
            }
            for id in insane {
                let answer = try await api.probe.get("/api/users", headers: [("X-Request-ID", id)])
                let made = try #require(answer["X-Request-ID"])
                #expect(made != id)
                #expect(UserID(made) != nil)
                #expect(answer.json["error"]?["request_id"] == .string(made))
            }
            let ids = try await api.probe.send(
                Array(repeating: api.probe.message("GET", "/nowhere"), count: 50).flatMap(\.self),
                methods: Array(repeating: "GET", count: 50)
            ).compactMap { $0["X-Request-ID"] }
            #expect(Set(ids).count == 50)
        }
    }

    @Test func onlyOneBearerTokenIsACredential() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let token = try #require(admin.token)
            let table: [([String], Int, String)] = [
                ([], 401, "Bearer"),
                (["Bearer \(token)"], 200, ""), (["bearer \(token)"], 200, ""),
                (["BEARER \(token)"], 200, ""), (["Bearer  \(token)"], 200, ""),
                (["Bearer"], 401, "Bearer"), (["Bearer "], 401, "Bearer"),
                ([""], 401, "Bearer"), ([token], 401, "Bearer"),
                (["Bearer\(token)"], 401, "Bearer"), (["Basic \(token)"], 401, "Bearer"),
                (["Bearer null"], 401, "Bearer"), (["Bearer undefined"], 401, "Bearer"),
                (["Bearer \(token) x"], 401, "Bearer"), (["Bearer \(token),x"], 401, "Bearer"),
                (["Bearer \(token)x"], 401, "Bearer"), (["XBearer \(token)"], 401, "Bearer"),
                (["Bearer \(token.dropLast())"], 401, "Bearer"),
                (["Bearer \"\(token)\""], 401, "Bearer"),
                (["Bearer \(token)", "Bearer \(token)"], 401, "Bearer"),
                (["Bearer \(String(repeating: "a", count: 5000))"], 401, "Bearer"),
                (["Bearer ="], 401, "Bearer"), (["Bearer a.b.c"], 401, "Bearer"),
            ]
            for (values, status, challenge) in table {
                let answer = try await api.probe.get(
                    "/api/auth/me", headers: values.map { ("Authorization", $0) })
                #expect(answer.status == status, "\(values)")
                switch challenge {
                case "": #expect(answer["WWW-Authenticate"] == nil)
                default: #expect(answer["WWW-Authenticate"] == challenge)
                }
            }
            let query = try await api.probe.get("/api/auth/me?token=\(token)&access_token=\(token)")
            #expect(query.status == 401)
        }
    }

    @Test func anOpenRouteLooksAtNoToken() async throws {
        try await withAPI { api in
            let bad = api.probe.with(token: "nonsense")
            #expect(try await bad.get("/api/monitoring/health").status == 200)
            let login = try await bad.send(
                "POST", "/api/auth/login",
                json: ["email": "nobody@example.com", "password": "wrong wrong"])
            #expect(login.status == 401)
            #expect(login.code == "INVALID_CREDENTIALS")
            #expect(login["WWW-Authenticate"] == "Bearer")
        }
    }

    @Test func anOptionalTokenThatIsBadCountsOnlyWhereNothingElseIsGiven() async throws {
        try await withAPI { api in
            let path = "/api/auth/refresh"
            #expect(try await api.probe.request("POST", path).status == 401)
            let bad = api.probe.with(token: "nonsense")
            let alone = try await bad.request("POST", path)
            #expect(alone.status == 401)
            #expect(alone["WWW-Authenticate"] == "Bearer")
            let grant = try await api.engine.send(
                Login(email: RunningAPI.adminEmail, password: RunningAPI.password),
                as: .anonymous())
            let renewed = try await bad.send(
                "POST", path, json: ["refresh_token": .string(grant.refreshToken)])
            #expect(renewed.status == 200)
            #expect(renewed["Cache-Control"] == "no-store")
        }
    }

    @Test func anEndedSessionIsRefusedAtOnce() async throws {
        try await withAPI { api in
            let user = try await api.account("ann@example.com")
            #expect(try await user.get("/api/auth/me").status == 200)
            #expect(try await user.request("POST", "/api/auth/logout").status == 204)
            let refused = try await user.get("/api/auth/me")
            #expect(refused.status == 401)
            #expect(refused.code == "TOKEN_REVOKED")
        }
    }

    @Test func aTokenEndsInTime() async throws {
        try await withAPI { api in
            let user = try await api.account("ann@example.com")
            #expect(try await user.get("/api/auth/me").status == 200)
            api.clock.advance(seconds: 1801)
            let refused = try await user.get("/api/auth/me")
            #expect(refused.status == 401)
            #expect(refused.code == "TOKEN_EXPIRED")
        }
    }

    @Test func whoLacksAPermissionIsForbiddenBeforeTheBodyIsReadAndNoted() async throws {
        try await withAPI { api in
            let viewer = try await api.account("viewer@example.com", roles: [.viewer])
            let answer = try await viewer.request(
                "POST", "/api/workflows", headers: [("Content-Type", "text/plain")],
                body: Array("nonsense".utf8))
            #expect(answer.status == 403)
            #expect(answer.code == "FORBIDDEN")
            let id = try #require(answer["X-Request-ID"])
            let audit = try await api.admin().get("/api/audit?search=\(id)")
            #expect(audit.json["entries"]?[0]?["action"] == "POST /api/workflows")
            #expect(audit.json["entries"]?[0]?["status"] == 403)
            #expect(audit.json["entries"]?[0]?["user"] == "viewer@example.com")
        }
    }

    @Test func theUnixSocketIsTheOperatingSystemUsers() async throws {
        try await withAPI(socket: true) { server, _ in
            server.rateLimits = RateLimits()
            server.rateLimits?.other = .init(requests: 1, window: 60)
        } body: { api in
            for _ in 0..<3 {
                let users = try await api.probe.get("/api/users")
                #expect(users.status == 200)
                #expect(users["X-RateLimit-Limit"] == nil)
            }
            #expect(api.log.lines.last?.metadata["address"] == "unix")
            // A token that is not good falls back to nobody, and neither does what a proxy brings.
            #expect(try await api.probe.with(token: "nonsense").get("/api/users").status == 401)
            let forwarded = try await api.probe.get(
                "/api/users", headers: [("X-Forwarded-For", "192.0.2.1")])
            #expect(forwarded.status == 401)
        }
    }

    @Test func theLogHasALineForEachRequestAndNoSecrets() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let token = try #require(admin.token)
            let workflow = try await api.workflow()
            _ = try await admin.get("/api/workflows/\(workflow.id)?token=\(token)&fields=secret-a")
            _ = try await admin.get("/nowhere/%0a/?token=\(token)")
            _ = try await api.probe.send(
                "POST", "/api/auth/login",
                json: ["email": "nobody@example.com", "password": "secret-b"])
            let lines = api.log.lines
            #expect(lines.map(\.message) == ["request", "request", "request"])
            #expect(lines.allSatisfy { $0.level == .info })
            let first = try #require(lines.first).metadata
            #expect(first["route"] == "/api/workflows/{workflow_id}")
            #expect(first["method"] == "GET")
            #expect(first["status"] == "200")
            #expect(first["address"] == "127.0.0.1")
            #expect(first["user_id"].flatMap { UserID($0) } != nil)
            #expect((first["bytes"].flatMap { Int($0) } ?? 0) > 0)
            #expect(first["duration_ms"].flatMap { Double($0) } != nil)
            #expect(lines[1].metadata["path"] == "/nowhere/%0a/")
            #expect(RequestLog.path("/a\n\u{7F}\"b?token=c") == "/a??\"b")
            #expect(RequestLog.path(String(repeating: "/x", count: 500)).utf8.count == 200)
            let text = lines.map(\.text).joined(separator: "\n")
            for secret in [token, "secret-a", "secret-b"] { #expect(!text.contains(secret)) }
        }
    }
}
