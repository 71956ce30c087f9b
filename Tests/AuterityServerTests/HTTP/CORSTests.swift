import AuterityAPI
import Testing

@testable import AuterityServer

/// Which pages of other origins may call.
@Suite struct CORSTests {
    private static let console = "https://console.example.com"

    private static func withOrigins(
        _ origins: [String], _ body: @Sendable (RunningAPI) async throws -> Void
    ) async throws {
        try await withAPI({ server, _ in server.corsOrigins = origins }, body: body)
    }

    @Test func onlyListedOriginsAreAnswered() async throws {
        try await Self.withOrigins([Self.console + "/", "http://localhost:3000"]) { api in
            let table: [(String?, Bool)] = [
                (Self.console, true), ("http://localhost:3000", true), (nil, false),
                ("https://console.example.com.evil.example", false),
                ("http://console.example.com", false), ("https://example.com", false),
                ("https://console.example.com:8443", false), ("null", false), ("*", false),
                ("", false), ("https://evil.example/https://console.example.com", false),
            ]
            for path in ["/api/monitoring/health", "/api/users", "/nowhere"] {
                for (origin, isAllowed) in table {
                    let answer = try await api.probe.get(
                        path, headers: origin.map { [("Origin", $0)] } ?? [])
                    #expect(
                        answer["Access-Control-Allow-Origin"] == (isAllowed ? origin : nil),
                        "\(path) \(origin ?? "none")")
                    #expect(answer["Vary"] == "Origin")
                    #expect(answer["Access-Control-Allow-Credentials"] == nil)
                    let exposed = answer["Access-Control-Expose-Headers"]
                    #expect((exposed?.contains("X-RateLimit-Remaining") == true) == isAllowed)
                }
            }
        }
    }

    @Test func aPreflightIsToldMethodsAndHeaders() async throws {
        try await Self.withOrigins([Self.console]) { api in
            let asked = [
                ("Access-Control-Request-Method", "PUT"),
                ("Access-Control-Request-Headers", "authorization,content-type"),
            ]
            let answer = try await api.probe.request(
                "OPTIONS", "/api/workflows/x", headers: [("Origin", Self.console)] + asked)
            #expect(answer.status == 204)
            #expect(answer["Access-Control-Allow-Origin"] == Self.console)
            #expect(
                answer["Access-Control-Allow-Methods"]
                    == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS")
            let headers = answer["Access-Control-Allow-Headers"] ?? ""
            for name in ["Authorization", "Content-Type", "If-Match", "Idempotency-Key"] {
                #expect(headers.contains(name))
            }
            #expect(answer["Access-Control-Max-Age"] == "600")
            #expect(answer["Vary"] == "Origin")
            let evil = try await api.probe.request(
                "OPTIONS", "/api/workflows/x", headers: [("Origin", "https://evil.example")] + asked
            )
            #expect(evil.status == 204)
            #expect(evil.headers.allSatisfy { !$0.name.lowercased().hasPrefix("access-control") })
        }
    }

    @Test func withoutOriginsNothingIsSaid() async throws {
        try await Self.withOrigins([]) { api in
            let answer = try await api.probe.get(
                "/api/monitoring/health", headers: [("Origin", Self.console)])
            #expect(answer.headers.allSatisfy { !$0.name.lowercased().hasPrefix("access-control") })
            #expect(answer["Vary"]?.lowercased().contains("origin") != true)
        }
    }

    @Test func allOriginsGoWithoutCredentials() async throws {
        try await Self.withOrigins(["*"]) { api in
            let answer = try await api.probe.get(
                "/api/monitoring/health", headers: [("Origin", "https://any.example")])
            #expect(answer["Access-Control-Allow-Origin"] == "*")
            #expect(answer["Access-Control-Allow-Credentials"] == nil)
        }
    }
}
