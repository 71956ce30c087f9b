import AuterityAPI
import Testing

@testable import AuterityEngine

/// Fields that nobody asked for, texts that are code elsewhere, and JSON that is made to hurt.
@Suite(.timeLimit(.minutes(30)))
struct InputAttackTests {
    @Test func registeringGrantsNothing() async throws {
        try await ContractServer.run { server in
            let id = "01890000-0000-7000-8000-000000000001"
            let answer = try await server.send(
                "POST", "/api/auth/register",
                json: [
                    "email": "eve@example.com", "password": "SecurePass123!",
                    "roles": ["super_admin"], "role": "super_admin", "is_active": false,
                    "id": .string(id), "permissions": ["user:delete"], "is_admin": true,
                    "created_at": "2000-01-01T00:00:00Z", "password_hash": "x",
                ])
            #expect(answer.status == 201)
            #expect(answer.json["roles"] == ["user"])
            #expect(answer.json["is_active"] == true)
            #expect(answer.json["id"] != .string(id))
            #expect(answer.json["created_at"]?.stringValue?.hasPrefix("2000") == false)
        }
    }

    @Test func nobodyRaisesAnybodyAboveThemselves() async throws {
        try await ContractServer.run { server in
            func path(_ role: Role) throws -> String {
                "/api/users/\(try #require(server.accounts[role]).id)"
            }
            let own = try await server.send(
                "PATCH", try path(.user), as: .user, json: ["roles": ["admin"]])
            #expect(own.status == 403)
            let raise = try await server.send(
                "PATCH", try path(.admin), as: .admin, json: ["roles": ["super_admin"]])
            #expect(raise.status == 403)
            let make = try await server.send(
                "POST", "/api/users", as: .admin,
                json: [
                    "email": "eve@example.com", "password": "SecurePass123!",
                    "roles": ["super_admin"],
                ])
            #expect(make.status == 403)
            let lower = try await server.send(
                "PATCH", try path(.superAdmin), as: .admin, json: ["is_active": false])
            #expect(lower.status == 403)
            // Fields that are none of this call's are ignored.
            let other = try await server.send(
                "PATCH", try path(.viewer), as: .admin,
                json: ["email": "x@example.com", "id": "1", "password": "SecurePass123!"])
            #expect(other.status == 200)
            #expect(other.json["email"] == "viewer@example.com")
            #expect(try await server.logIn("viewer@example.com").status == 200)
        }
    }

    @Test func whoMadeAWorkflowIsNotSaidByTheRequest() async throws {
        try await ContractServer.run { server in
            let admin = try #require(server.accounts[.admin]).id
            let body: JSONValue = [
                "name": "Mine", "definition": ContractServer.minimal,
                "created_by": .string(admin.description), "version": 99,
                "id": "01890000-0000-7000-8000-000000000001",
                "execution_stats": ["total_executions": 7],
            ]
            let made = try await server.send("POST", "/api/workflows", as: .user, json: body)
            #expect(made.status == 201)
            let user = try #require(server.accounts[.user]).id
            #expect(made.json["created_by"] == .string(user.description))
            #expect(made.json["version"] == 1)
            let id = made.json["id"]?.stringValue ?? ""
            let put = try await server.send(
                "PUT", "/api/workflows/\(id)", as: .user, json: body)
            #expect(put.status == 200)
            #expect(put.json["created_by"] == .string(user.description))
            #expect(put.json["id"] == .string(id))
            // The path says which, not the body.
            let other = try await server.workflow(as: .admin)
            let patch = try await server.send(
                "PATCH", "/api/workflows/\(id)", as: .user,
                json: ["workflow_id": .string(other), "name": "Renamed"])
            #expect(patch.status == 200)
            #expect(patch.json["id"] == .string(id))
            let run = try await server.send(
                "POST", "/api/workflows/\(id)/execute", as: .user,
                json: ["workflow_id": .string(other), "started_by": "root"])
            #expect(run.json["workflow_id"] == .string(id))
        }
    }

    private static let texts = [
        "' OR '1'='1", "'; DROP TABLE workflows; --", "\" OR \"\"=\"", "1) UNION SELECT 1,2,3--",
        "%' AND 1=2 --", "\\", "%", "_", "\u{0}", "' || (SELECT password_hash FROM users) || '",
        "{{secrets.x}}", "<script>alert(1)</script>", "$1", "?1", ":name",
    ]

    /// Wherever a text can be given, these are texts: no error of the server, and nothing found
    /// that was not asked for.
    @Test func noTextIsSQL() async throws {
        try await ContractServer.run { server in
            _ = try await server.executed(try await server.workflow(as: .admin), as: .admin)
            let lists = [
                "/api/workflows?search=", "/api/workflows?sort=", "/api/workflows?cursor=",
                "/api/workflows/executions?search=", "/api/workflows/executions?sort=",
                "/api/workflows/executions?status=", "/api/workflows/executions?workflow_id=",
                "/api/workflows/executions?cursor=", "/api/workflows/executions?since=",
                "/api/templates?category=", "/api/templates?search=", "/api/logs?search=",
                "/api/logs?level=", "/api/logs?execution_id=", "/api/users?search=",
                "/api/users?sort=", "/api/audit?search=", "/api/audit?user_id=",
                "/api/workflows?fields=", "/api/messages?page=", "/api/monitoring/alerts?cursor=",
            ]
            for text in Self.texts {
                for list in lists {
                    let answer = try await server.send(
                        "GET", list + Self.escaped(text), as: .superAdmin)
                    #expect([200, 422].contains(answer.status), "\(list)\(text)")
                    // The audit log tells by which name somebody tried to log in.
                    if !list.contains("audit") { Self.expectNoInternals(answer, list + text) }
                }
                let login = try await server.logIn(text, password: text)
                #expect([401, 422].contains(login.status), "\(text)")
                Self.expectNoInternals(login, text)
            }
            let list = try await server.send("GET", "/api/workflows", as: .superAdmin)
            #expect(list.json["total"] == 1)
        }
    }

    @Test func everyTextIsKeptAsItIs() async throws {
        try await ContractServer.run { server in
            for text in Self.texts where text != "\u{0}" {
                let made = try await server.send(
                    "POST", "/api/workflows", as: .user,
                    json: [
                        "name": .string(text), "description": .string(text),
                        "definition": ContractServer.minimal,
                    ])
                #expect(made.status == 201, "\(text)")
                #expect(made.json["name"] == .string(text))
                let found = try await server.send(
                    "GET", "/api/workflows?search=" + Self.escaped(text), as: .user)
                #expect(found.json["workflows"]?.arrayValue?.isEmpty == false, "\(text)")
                let names = found.json["workflows"]?.arrayValue?.compactMap {
                    $0["name"]?.stringValue
                }
                #expect(names?.allSatisfy { $0.contains(text) } == true, "\(text): \(names ?? [])")
            }
        }
    }

    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "%0\(hex)" : "%\(hex)"
        }.joined()
    }

    static func expectNoInternals(_ answer: Answer, _ what: String) {
        for word in ["SELECT ", "sqlite", "SQLITE", "/tmp", ".swift", "Fatal", "GRDB"] {
            let isQuoted = what.contains(word)
            #expect(isQuoted || !answer.text.contains(word), "\(what): \(answer.text)")
        }
    }

    @Test func deepJSONIsRefused() async throws {
        try await ContractServer.run { server in
            func nested(_ depth: Int) -> String {
                #"{"name": "deep", "definition": "# + String(repeating: "[", count: depth)
                    + String(repeating: "]", count: depth) + "}"
            }
            for depth in [65, 1000, 200_000] {
                let answer = try await server.wire.send(
                    Ask(
                        "POST", "/api/workflows", token: try server.token(.user),
                        text: nested(depth), type: "application/json"))
                #expect([400, 422].contains(answer.status), "\(depth)")
            }
            #expect(try await server.send("GET", "/health/live").status == 200)
        }
    }

    @Test(arguments: [
        #"{"email": "a@example.com", "email": "user@example.com", "password": "x"}"#,
        #"{"email": "user@example.com", "\u0065mail": "a@example.com", "password": "x"}"#,
    ])
    func aKeyThatStandsTwiceIsRefused(text: String) async throws {
        try await ContractServer.run { server in
            let answer = try await server.wire.send(
                Ask("POST", "/api/auth/login", text: text, type: "application/json"))
            #expect(answer.status == 400)
        }
    }

    @Test(arguments: ["1e999", "-1e400", "1e-999999", "99999999999999999999999", "NaN", "0x10"])
    func numbersOutOfRangeHurtNobody(number: String) async throws {
        try await ContractServer.run { server in
            let id = try await server.workflow()
            let answer = try await server.wire.send(
                Ask(
                    "POST", "/api/workflows/\(id)/execute", token: try server.token(.user),
                    text: #"{"input_data": {"n": \#(number)}, "execution_mode": "sync"}"#,
                    type: "application/json"))
            #expect([200, 400, 422].contains(answer.status), "\(answer.text)")
        }
    }

    @Test func textsThatAreNoUnicodeAreRefused() async throws {
        try await ContractServer.run { server in
            for text in [[0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5]] as [[UInt8]] {
                var ask = Ask(
                    "POST", "/api/workflows", token: try server.token(.user), text: "",
                    type: "application/json")
                ask.body = Array(#"{"name": ""#.utf8) + text + Array(#""}"#.utf8)
                let answer = try await server.wire.send(ask)
                #expect(answer.status == 400)
            }
        }
    }
}
