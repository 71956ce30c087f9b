import AuterityAPI
import Testing

@testable import AuterityServer

/// What a body may be, and what comes of it when it is not.
@Suite struct BodyTests {
    private static let path = "/api/workflows/validate"

    @Test func contentTypesDecideWhetherABodyIsRead() async throws {
        let body: JSONValue = ["definition": RunningAPI.definition]
        let table: [(String?, Int)] = [
            ("application/json", 200), ("application/json; charset=utf-8", 200),
            ("application/json;charset=UTF-8", 200),
            ("application/json ; charset=\"utf-8\"", 200),
            ("Application/JSON", 200), ("application/merge-patch+json", 200),
            ("application/vnd.api+json; version=1", 200),
            ("application/json; charset=utf-16", 400), ("application/json; charset=latin1", 400),
            ("text/plain", 400), ("text/json", 400), ("application/xml", 400),
            ("multipart/form-data; boundary=x", 400), ("application/x-www-form-urlencoded", 400),
            ("application/jsonp", 400), ("application/json-seq", 400), ("image/svg+xml", 400),
            ("", 400), (nil, 400),
        ]
        try await withAPI { api in
            let admin = try await api.admin()
            for (type, status) in table {
                let answer = try await admin.request(
                    "POST", Self.path, headers: type.map { [("Content-Type", $0)] } ?? [],
                    body: body.jsonBytes)
                #expect(answer.status == status, "\(type ?? "none")")
                if status == 400 { #expect(answer.code == "BAD_REQUEST") }
            }
            let gzip = try await admin.send(
                "POST", Self.path, json: body, headers: [("Content-Encoding", "gzip")])
            #expect(gzip.status == 400)
        }
    }

    @Test func whatIsNoJSONIsABadRequestThatSaysWhere() async throws {
        let table: [(String, String)] = [
            ("{", "line 1, column 2"), ("{\"definition\": }", "line 1, column 16"),
            ("{\n  'a': 1}", "line 2, column 3"), ("{\"a\":1}}", "line 1, column 8"),
            ("{\"a\":01}", "line 1, column 7"), ("nul", "line 1"), ("[1,]", "line 1, column 4"),
            ("{\"a\":\"\u{01}\"}", "line 1, column 7"), ("{\"a\":\"\\ud800\"}", "surrogate"),
            ("\u{FEFF}{}", "line 1, column 1"), (" ", "line 1"),
        ]
        try await withAPI { api in
            let admin = try await api.admin()
            for (text, place) in table {
                let answer = try await admin.request(
                    "POST", Self.path, headers: [("Content-Type", "application/json")],
                    body: Array(text.utf8))
                #expect(answer.status == 400, "\(text)")
                #expect(answer.code == "BAD_REQUEST")
                let message = answer.json["error"]?["message"]?.stringValue ?? ""
                #expect(message.contains(place), "\(text): \(message)")
            }
            let invalid = try await admin.request(
                "POST", Self.path, headers: [("Content-Type", "application/json")],
                body: Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8))
            #expect(invalid.status == 400)
        }
    }

    @Test func wellFormedBodiesOfTheWrongShapeAreValidationErrors() async throws {
        @Sendable func nested(_ depth: Int) -> String {
            "{\"definition\":" + String(repeating: "[", count: depth - 1)
                + String(repeating: "]", count: depth - 1) + "}"
        }
        try await withAPI { api in
            let admin = try await api.admin()
            for (text, status) in [
                ("[]", 422), ("1", 422), ("null", 422), ("\"x\"", 422), ("{}", 422), ("", 422),
                (nested(64), 200), (nested(65), 422), (nested(100_000), 422),
            ] {
                let answer = try await admin.request(
                    "POST", Self.path, headers: [("Content-Type", "application/json")],
                    body: Array(text.utf8))
                #expect(answer.status == status, "\(text.prefix(40))")
                if status == 422 { #expect(answer.code == "VALIDATION_ERROR") }
            }
            // Two readers may differ on a key that is there twice, so nobody is left to choose.
            let twice = try await admin.request(
                "POST", Self.path, headers: [("Content-Type", "application/json")],
                body: Array("{\"definition\":1,\"definition\":{\"nodes\":[]}}".utf8))
            #expect(twice.status == 400)
        }
    }

    @Test func everyFaultIsToldAtOnce() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let logs: JSONValue = [
                "logs": [
                    ["level": "loud", "message": "a"], ["level": "info", "message": "b"],
                    ["level": 1, "message": 2], ["level": "info"], "x",
                ]
            ]
            let answer = try await admin.send("POST", "/api/logs", json: logs)
            #expect(answer.status == 422)
            let fields = answer.json["error"]?["details"]?.arrayValue?.compactMap {
                $0["field"]?.stringValue
            }
            #expect(
                fields == [
                    "logs[0].level", "logs[2].level", "logs[2].message", "logs[3].message",
                    "logs[4]",
                ])
            let user: JSONValue = [
                "email": 1, "password": [], "roles": ["king", "user", "queen"], "company": false,
            ]
            let created = try await admin.send("POST", "/api/users", json: user)
            let userFields = created.json["error"]?["details"]?.arrayValue?.compactMap {
                $0["field"]?.stringValue
            }
            #expect(
                Set(userFields ?? []) == ["email", "password", "company", "roles[0]", "roles[2]"])
        }
    }

    @Test func whatIsNoCaseOfAListIsToldWithThoseThereAre() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            for (path, field) in [
                ("/api/workflows/executions?status=nonsense", "status"),
                ("/api/logs?level=nonsense", "level"),
            ] {
                let answer = try await admin.get(path)
                #expect(answer.status == 422)
                let fault = answer.json["error"]?["details"]?[0]
                #expect(fault?["field"] == .string(field))
                let message = fault?["message"]?.stringValue ?? ""
                #expect(message.hasPrefix("must be one of "), "\(message)")
            }
        }
    }

    @Test func booleansOfAQueryAreReadInAnyCase() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            for (text, status) in [
                ("True", 200), ("FALSE", 200), ("1", 200), ("perhaps", 422),
            ] {
                let answer = try await admin.get("/api/workflows?is_active=\(text)")
                #expect(answer.status == status, "\(text)")
            }
        }
    }

    @Test func anEmptyBodyIsAnEmptyObjectWhereAllIsOptional() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let workflow = try await api.workflow()
            let path = "/api/workflows/\(workflow.id)/duplicate"
            #expect(try await admin.request("POST", path).status == 201)
            #expect(try await admin.request("POST", path, body: []).status == 201)
            let typed = try await admin.request(
                "POST", path, headers: [("Content-Type", "text/plain")], body: [])
            #expect(typed.status == 201)
            #expect(try await admin.send("POST", path, json: [:]).status == 201)
        }
    }

    @Test func aBodyOverTheLimitIsRefusedBeforeItIsRead() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            // Announced, and never sent.
            let announced = admin.message(
                "POST", Self.path,
                headers: [("Content-Type", "application/json"), ("Content-Length", "1048577")])
            let early = try await admin.send(announced, methods: ["POST"])
            #expect(early[0].status == 413)
            #expect(early[0].code == "PAYLOAD_TOO_LARGE")
            // Far too much: the connection ends too.
            let (answer, rest) = try await admin.connect { connection in
                try await connection.write(
                    admin.message(
                        "POST", Self.path, headers: [("Content-Length", "99999999999")]))
                let answer = try await connection.answer(to: "POST")
                return (answer, answer["Connection"])
            }
            #expect(answer.status == 413)
            #expect(rest == "close")
        }
    }

    @Test func bodiesOfEverySizeUpToTheLimitAreRead() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let frame = "{\"definition\":\"\"}".utf8.count
            for (size, status) in [(1 << 20, 200), ((1 << 20) + 1, 413), (3 << 20, 413)] {
                let text =
                    "{\"definition\":\"" + String(repeating: "x", count: size - frame) + "\"}"
                let whole = try await admin.request(
                    "POST", Self.path, headers: [("Content-Type", "application/json")],
                    body: Array(text.utf8))
                #expect(whole.status == status, "\(size) bytes")
                let chunked = try await admin.request(
                    "POST", Self.path,
                    headers: [
                        ("Content-Type", "application/json"), ("Transfer-Encoding", "chunked"),
                    ], body: Self.chunked(Array(text.utf8)))
                #expect(chunked.status == status, "\(size) bytes in chunks")
            }
        }
    }

    private static func chunked(_ body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let part = rest.prefix(65_536)
            bytes += Array("\(String(part.count, radix: 16))\r\n".utf8) + part + [13, 10]
            rest = rest.dropFirst(part.count)
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }

    @Test func aConnectionGoesOnBehindARefusedBody() async throws {
        try await withAPI { api in
            let body = [UInt8](repeating: 0x78, count: 2 << 20)
            let refused = api.probe.message("POST", "/api/auth/login", body: body)
            let unread = api.probe.message(
                "POST", "/api/users", body: Array(repeating: 0x78, count: 1000))
            let health = api.probe.message("GET", "/api/monitoring/health")
            let answers = try await api.probe.send(
                refused + unread + health, methods: ["POST", "POST", "GET"])
            #expect(answers.map(\.status) == [413, 401, 200])
        }
    }

    @Test func whoWaitsForContinueIsToldToGoOn() async throws {
        try await withAPI { api in
            let body: JSONValue = ["email": "a", "password": "b"]
            let head = api.probe.message(
                "POST", "/api/auth/login",
                headers: [
                    ("Content-Type", "application/json"), ("Expect", "100-continue"),
                    ("Content-Length", "\(body.jsonBytes.count)"),
                ])
            let statuses = try await api.probe.connect { connection in
                try await connection.write(head)
                let first = try await connection.answer(to: "POST").status
                try await connection.write(body.jsonBytes)
                return [first, try await connection.answer(to: "POST").status]
            }
            #expect(statuses == [100, 401])
            // Who is refused anyway is not.
            let refused = try await api.probe.send(
                api.probe.message(
                    "POST", "/api/users",
                    headers: [("Expect", "100-continue"), ("Content-Length", "10")]),
                methods: ["POST"])
            #expect(refused[0].status == 401)
        }
    }
}
