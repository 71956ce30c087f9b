import AuterityAPI
import Testing

@testable import AuterityEngine

/// Other spellings of a path reach nothing that its own spelling would not.
@Suite(.timeLimit(.minutes(30)))
struct PathAttackTests {
    /// Each is answered as unknown, to nobody and to whoever may do everything.
    @Test(arguments: [
        "//api/users", "/api//users", "/api/users//", "/api/users/.", "/api/./users",
        "/api/../api/users", "/health/../api/users", "/health/live/../../api/users",
        "/api/users;", "/api/users;a=b", "/api;/users", "/api/users%2f", "/api%2fusers",
        "/api%2Fusers", "/%61pi/users", "/api/users%00", "/api/users%20", "/api/users.",
        "/api/users..", "/API/users", "/api/Users", "/api/users.json", "/api/users/health/live",
        "/api/users/configs", "/api/users/metrics/x", "/health/live/api/users", "/api\\users",
        "/api/users%5c", "/%2e%2e/api/users", "/api/users%0d%0aX: y", "/api/users/%2e",
    ])
    func noOtherSpellingIsTheSame(path: String) async throws {
        try await ContractServer.run { server in
            for role in [nil, Role.superAdmin] {
                let answer = try await server.send("GET", path, as: role)
                let isRefused = answer.status == 404 || answer.status == 400
                #expect(isRefused || role == nil && answer.status == 401, "\(answer.status)")
                #expect(answer.json["users"] == nil)
            }
        }
    }

    @Test(arguments: [
        "..%2f..%2fetc%2fpasswd", "%2e%2e", "a%2f..%2fexecutions", "executions%00", "%ff%fe",
        "%", "%zz", "%u0041", "con", "..", "a;b", "*", "'; DROP TABLE workflows; --",
    ])
    func aValueInAPathIsAValue(value: String) async throws {
        try await ContractServer.run { server in
            let escaped = value.replacing(" ", with: "%20").replacing("'", with: "%27")
            for path in ["/api/workflows/\(escaped)", "/api/messages/\(escaped)"] {
                let answer = try await server.send("GET", path, as: .superAdmin)
                #expect([400, 404, 422].contains(answer.status), "\(path): \(answer.status)")
                #expect(!answer.text.contains("root:"))
            }
        }
    }

    @Test func aSlashAtTheEndIsTheSameWithoutARedirect() async throws {
        try await ContractServer.run { server in
            for path in ["/api/workflows", "/api/workflows/executions", "/health/live"] {
                let answer = try await server.send("GET", path + "/", as: .user)
                #expect(answer.status == 200)
            }
            let id = try await server.workflow()
            let one = try await server.send("GET", "/api/workflows/\(id)/", as: .user)
            #expect(one.status == 200)
            #expect(try await server.send("GET", "/api/users/").status == 401)
        }
    }

    @Test func noOtherMethodReachesACall() async throws {
        try await ContractServer.run { server in
            for (name, value) in [
                ("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "DELETE"),
                ("X-Original-URL", "/api/users"), ("X-Rewrite-URL", "/api/users"),
            ] {
                let path = "/api/workflows/\(try await server.workflow())"
                let answer = try await server.send(
                    "GET", path, as: .superAdmin, headers: [(name, value)])
                #expect(answer.status == 200)
                #expect(Shape.anyObject.faults(of: answer.json["definition"]) == [], "\(name)")
                #expect(try await server.send("GET", path, as: .user).status == 200)
            }
            for method in ["TRACE", "CONNECT", "get", "PROPFIND"] {
                let bytes = try await server.wire.exchange(
                    "\(method) /api/users HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                let status = Answer(bytes)?.status ?? 400
                #expect([400, 401, 404, 405, 501].contains(status), "\(method): \(status)")
            }
        }
    }
}
