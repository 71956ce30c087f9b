import AuterityAPI
import Testing

@testable import AuterityServer

/// What errors answer.
@Suite struct ErrorTests {
    private static func route(_ code: APIError.Code) -> PlainRoute {
        PlainRoute(path: "/test/\(code.rawValue)", access: .open, rateLimit: nil) {
            _ async throws(APIError) in
            throw APIError(
                code, "It is \(code.rawValue)", details: [FieldFault(field: "a.b", message: "no")],
                retryAfter: 1.2)
        }
    }

    @Test func everyCodeAnswersInTheFormOfTheContract() async throws {
        let routes = APIError.Code.allCases.map(Self.route)
        try await withAPI(plainRoutes: routes) { api in
            for code in APIError.Code.allCases {
                let answer = try await api.probe.get("/test/\(code.rawValue)")
                #expect(answer.status == code.status)
                #expect(answer["Content-Type"] == "application/json")
                #expect(answer["Retry-After"] == "2")
                #expect(!answer.reason.isEmpty)
                let body = try #require(answer.json["error"])
                #expect(
                    body.objectValue?.keys
                        == ["code", "message", "details", "timestamp", "request_id"])
                #expect(body["code"] == .string(code.rawValue))
                #expect(body["message"] == .string("It is \(code.rawValue)"))
                #expect(body["details"] == [["field": "a.b", "message": "no"]])
                #expect(body["timestamp"] == .string(api.clock.now.description))
                #expect(body["request_id"]?.stringValue == answer["X-Request-ID"])
                #expect((answer["WWW-Authenticate"] != nil) == (code.status == 401))
            }
        }
    }

    @Test func detailsAreAlwaysAList() async throws {
        try await withAPI { api in
            let answer = try await api.probe.get("/nowhere")
            #expect(answer.json["error"]?["details"] == [])
        }
    }

    @Test func allRequestsAreCounted() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            for path in ["/nowhere", "/api/workflows/x", "/api/workflows?page=x"] {
                _ = try await admin.get(path)
            }
            _ = try await api.probe.get("/api/users")
            let metrics = try await admin.get("/api/monitoring/metrics").json["application"]
            #expect(metrics?["failed_requests"] == 4)
            let again = try await admin.get("/api/monitoring/metrics").json["application"]
            let before = try #require(metrics?["total_requests"]?.intValue)
            #expect(again?["total_requests"]?.intValue == before + 1)
            let text = try await admin.get("/metrics").text
            #expect(text.contains("route=\"unmatched\""))
            #expect(text.contains("route=\"/api/workflows/{workflow_id}\""))
        }
    }

    @Test func pagesKeepTheHeadersThatTheySet() async throws {
        let page = PlainRoute(path: "/page/{name}", access: .open, rateLimit: nil) {
            request async throws(APIError) in
            PlainResponse(
                contentType: "text/html; charset=utf-8",
                body: Array("<p>\(request.pathValues["name"] ?? "")".utf8),
                headers: ["Content-Security-Policy": "default-src 'self'"])
        }
        let bare = PlainRoute(path: "/bare", access: .permission(.metricsRead), rateLimit: nil) {
            _ async throws(APIError) in PlainResponse(contentType: "text/plain", body: [])
        }
        try await withAPI(plainRoutes: [page, bare]) { api in
            let answer = try await api.probe.get("/page/a%20b")
            #expect(answer.text == "<p>a b")
            #expect(answer.values("Content-Security-Policy") == ["default-src 'self'"])
            #expect(answer["X-Frame-Options"] == "DENY")
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            let tag = try #require(answer["ETag"])
            let again = try await api.probe.get("/page/a%20b", headers: [("If-None-Match", tag)])
            #expect(again.status == 304)
            #expect(try await api.probe.get("/bare").status == 401)
            let allowed = try await api.admin().get("/bare")
            #expect(allowed.status == 200)
            #expect(allowed["Content-Length"] == "0")
            #expect(allowed["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
        }
    }

    // MARK: - OAuth2

    private static let form = [("Content-Type", "application/x-www-form-urlencoded")]

    @Test func theTokenEndpointErrsAsRFC6749Says() async throws {
        let email = RunningAPI.adminEmail.replacing("@", with: "%40")
        let password = RunningAPI.password.replacing(" ", with: "+")
        let table: [(String, String)] = [
            ("", "invalid_request"), ("grant_type=", "invalid_request"),
            ("grant_type=client_credentials", "unsupported_grant_type"),
            ("grant_type=password&username=a%40b.c&password=wrong+wrong", "invalid_grant"),
            ("grant_type=password&grant_type=password", "invalid_request"),
            ("grant_type=password&username=a&password=%zz", "invalid_request"),
            ("grant_type=refresh_token&refresh_token=nonsense", "invalid_grant"),
        ]
        try await withAPI { api in
            for (body, name) in table {
                let answer = try await api.probe.request(
                    "POST", "/api/auth/token", headers: Self.form, body: Array(body.utf8))
                #expect(answer.status == 400, "\(body)")
                #expect(answer.json["error"] == .string(name), "\(body)")
                #expect(answer.json["error_description"]?.stringValue?.isEmpty == false)
                #expect(answer["Cache-Control"] == "no-store")
                #expect(answer["WWW-Authenticate"] == nil)
            }
            let json = try await api.probe.send(
                "POST", "/api/auth/token", json: ["grant_type": "password"])
            #expect(json.json["error"] == "invalid_request")
            let granted = try await api.probe.request(
                "POST", "/api/auth/token", headers: Self.form,
                body: Array(
                    "scope=&grant_type=password&username=\(email)&password=\(password)".utf8))
            #expect(granted.status == 200)
            #expect(granted.json["token_type"] == "bearer")
            #expect(granted["Cache-Control"] == "no-store")
            #expect(granted["Pragma"] == "no-cache")
        }
    }
}
