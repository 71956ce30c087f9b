import AuterityAPI
import Testing

@testable import AuterityServer

/// Requests reach a route by its exact path only.
@Suite struct RoutingTests {
    /// Method, target, status.
    private static let table: [(String, String, Int)] = [
        ("GET", "/api/monitoring/health", 200),
        ("GET", "/api/monitoring/health/", 200),
        ("GET", "/api/monitoring/health?x=1", 200),
        ("GET", "/api/monitoring/health/?x=1", 200),
        ("GET", "http://elsewhere.example/api/monitoring/health", 200),
        ("HEAD", "/api/monitoring/health", 200),
        ("OPTIONS", "/api/monitoring/health", 204),
        ("OPTIONS", "*", 204),
        ("GET", "/api/monitoring/health//", 404),
        ("GET", "/api//monitoring/health", 404),
        ("GET", "//api/monitoring/health", 404),
        ("GET", "/api/monitoring/health;x", 404),
        ("GET", "/api/monitoring;x/health", 404),
        ("GET", "/API/monitoring/health", 404),
        ("GET", "/api/monitoring/Health", 404),
        ("GET", "/api/monitoring%2Fhealth", 404),
        ("GET", "/api/monitoring/%68ealth", 404),
        ("GET", "/api/monitoring/health%00", 404),
        ("GET", "/api/monitoring/health%20", 404),
        ("GET", "/api/monitoring/./health", 404),
        ("GET", "/api/users/../monitoring/health", 404),
        ("GET", "/api/users/%2e%2e/monitoring/health", 404),
        ("GET", "/api/monitoring/health/x", 404),
        ("GET", "/", 404),
        ("GET", "//", 404),
        ("GET", "/api", 404),
        ("GET", "/api/workflows/executions/x/logs/y/z/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", 404),
        ("POST", "/api/monitoring/health", 405),
        ("DELETE", "/api/monitoring/health", 405),
        ("TRACE", "/api/monitoring/health", 405),
        ("PROPFIND", "/api/monitoring/health", 405),
        ("GET", "/api/auth/login", 405),
        ("GET", "/api/users", 401),
        ("GET", "/api/users/", 401),
        ("HEAD", "/api/users", 401),
        ("GET", "/api/users/health", 401),
        ("GET", "/api/users/%2e%2e%2fmonitoring%2fhealth", 401),
        ("GET", "/api/users/x/monitoring/health", 404),
        ("GET", "/api/workflows/..%2f..%2fapi%2fmonitoring%2fhealth", 401),
    ]

    @Test func everyPathAnswersByItsOwnRoute() async throws {
        try await withAPI { api in
            for (method, target, status) in Self.table {
                let answer = try await api.probe.request(method, target)
                #expect(answer.status == status, "\(method) \(target)")
                if status == 404 { #expect(answer.code == "NOT_FOUND", "\(target)") }
                if status == 405 { #expect(answer.code == "METHOD_NOT_ALLOWED", "\(target)") }
            }
        }
    }

    @Test func aWrongMethodIsToldTheRightOnes() async throws {
        try await withAPI { api in
            let health = try await api.probe.request("POST", "/api/monitoring/health")
            #expect(health["Allow"] == "GET, HEAD, OPTIONS")
            let workflow = try await api.probe.request("POST", "/api/workflows/x")
            #expect(workflow["Allow"] == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS")
            let options = try await api.probe.request("OPTIONS", "/api/auth/login")
            #expect(options["Allow"] == "POST, OPTIONS")
            #expect(options.body.isEmpty)
            #expect(options["Content-Length"] == nil)
        }
    }

    /// Every guarded route, dressed up as one that is not.
    @Test func noDisguiseReachesAGuardedRoute() async throws {
        let guarded = Endpoints.all.map { $0.route }.filter {
            $0.access != .open && $0.access != .optional
        }
        #expect(guarded.count > 40)
        try await withAPI { api in
            for route in guarded {
                let path = route.pathKeys.reduce(route.path) {
                    $0.replacing("{\($1)}", with: "0198b2c8-0000-7000-8000-000000000000")
                }
                let disguises = [
                    path, path + "/", "/" + path, path + "//", path + "/health",
                    path + "/api/monitoring/health", path + ";/api/monitoring/health",
                    path + "%2fapi%2fmonitoring%2fhealth", path + "/../../monitoring/health",
                    "/api/monitoring/health/.." + path, "/api/monitoring/health%2f.." + path,
                    path.replacing("/api/", with: "/API/"), path + "?/api/monitoring/health",
                    path + "%00", path + ".json", path + "/docs", path + "/openapi.json",
                    "/docs" + path, path.replacing("/api", with: "/api/."),
                ]
                for disguise in disguises {
                    let answer = try await api.probe.request(route.method.rawValue, disguise)
                    #expect(
                        [401, 404, 405].contains(answer.status),
                        "\(route.method.rawValue) \(disguise) answered \(answer.status)")
                }
            }
        }
    }

    @Test func valuesOfAPathAreDecodedOnce() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let message: JSONValue = ["subject": "S", "text": "T"]
            let put = try await admin.send("PUT", "/api/messages/a%252Fb", json: message)
            // A name with a per cent sign is refused by its own rule, and nothing else is reached.
            #expect(put.status == 422)
            let plain = try await admin.send("PUT", "/api/messages/plain%5Fname", json: message)
            #expect(plain.status == 200)
            #expect(plain.json["name"] == "plain_name")
            for target in ["plain%5", "plain%zz", "%ff", "a%00b"] {
                #expect(try await admin.get("/api/messages/\(target)").status == 404)
            }
        }
    }

    @Test func aMalformedIDInThePathIsNotFound() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            for id in ["1", "..%2f", "%27%20OR%201=1", "0198b2c8-0000-7000-8000-00000000000g"] {
                let answer = try await admin.get("/api/workflows/\(id)")
                #expect(answer.status == 404)
                #expect(answer.code == "NOT_FOUND")
            }
            let query = try await admin.get("/api/logs?workflow_id=1")
            #expect(query.status == 422)
            #expect(query.json["error"]?["details"]?[0]?["field"] == "workflow_id")
        }
    }

    @Test func headAnswersAsGetWithoutTheBody() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let workflow = try await api.workflow()
            let get = try await admin.get("/api/workflows/\(workflow.id)")
            let head = try await admin.request("HEAD", "/api/workflows/\(workflow.id)")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head["Content-Length"] == "\(get.body.count)")
            #expect(head["ETag"] == get["ETag"])
            // The connection goes on behind it.
            let bytes = admin.message("HEAD", "/api/workflows/\(workflow.id)")
            let answers = try await admin.send(bytes + bytes, methods: ["HEAD", "HEAD"])
            #expect(answers.map(\.status) == [200, 200])
        }
    }
}
