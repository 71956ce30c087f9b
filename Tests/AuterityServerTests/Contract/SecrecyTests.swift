import AuterityAPI
import AuterityServer
import Testing

@testable import AuterityEngine

/// What must never be told: passwords, tokens, keys and the values of secrets.
@Suite(.timeLimit(.minutes(30)))
struct SecrecyTests {
    private static let password = "CanaryPassword-4711"
    private static let newPassword = "CanarySecond-4712"
    private static let secret = "CanarySecretValue-4713"
    private static let key = "CanaryProviderKey-4714"
    private static let signing = "CanarySigningKey-4715-canary-canary"
    private static let hook = "whsec_" + base64(Array("CanaryHook-4716-canary-canary".utf8))

    @Test func noCanaryIsFoundInAnyOutput() async throws {
        try await ContractServer.run {
            $0.accounts.jwtSecret = Self.signing
            $0.integrations.openAIKey = Self.key
            $0.integrations.openAIBaseURL = "http://127.0.0.1:9/v1"
            $0.webhookSecret = Self.hook
        } _: { server in
            var canaries = [
                Self.password, Self.newPassword, Self.secret, Self.key, Self.signing, Self.hook,
            ]
            var said: [String] = []
            canaries += try await useAccount(server, &said)
            try await useSecret(server, &said)
            try await readEverything(server, &said)
            let logs = CollectedLog.text
            #expect(logs.contains("/api/workflows"), "the log was not collected")
            for canary in canaries {
                #expect(!logs.contains(canary), "\(canary) is in the log")
                for text in said { #expect(!text.contains(canary), "\(canary) in \(text)") }
            }
        }
    }

    /// Answers the tokens that were made.
    private func useAccount(
        _ server: ContractServer, _ said: inout [String]
    ) async throws -> [String] {
        let email = "canary@example.com"
        let account: JSONValue = ["email": .string(email), "password": .string(Self.password)]
        said.append(
            try await server.send("POST", "/api/auth/register", json: account).text)
        said.append(
            try await server.send("POST", "/api/auth/register", json: account).text)
        said.append(try await server.logIn(email, password: Self.newPassword).text)
        said.append(try await server.logIn(Self.password, password: email).text)
        let login = try await server.logIn(email, password: Self.password).json
        let token = try #require(login["access_token"]?.stringValue)
        let refresh = try #require(login["refresh_token"]?.stringValue)
        let change: JSONValue = [
            "current_password": .string(Self.newPassword), "new_password": .string(Self.password),
        ]
        let wrong = try await server.wire.send(
            Ask("POST", "/api/auth/change-password", token: token, json: change))
        #expect(wrong.status == 400)
        said.append(wrong.text)
        let renewed = try await server.send(
            "POST", "/api/auth/refresh", json: ["refresh_token": .string(refresh)])
        #expect(renewed.status == 200)
        let again = try await server.send(
            "POST", "/api/auth/refresh", json: ["refresh_token": .string(refresh)])
        said.append(again.text)
        // A token where none belongs, and one that is cut.
        said.append(try await server.send("GET", "/api/workflows?token=\(token)", as: .user).text)
        let cut = try await server.wire.send(
            Ask("GET", "/api/auth/me", token: String(token.dropLast())))
        said.append(cut.text)
        return [token, refresh]
            + [renewed.json["access_token"], renewed.json["refresh_token"]]
            .compactMap { $0?.stringValue }
    }

    /// Uses a secret in steps that fail, that speak, and that put it out.
    private func useSecret(_ server: ContractServer, _ said: inout [String]) async throws {
        let put = try await server.send(
            "PUT", "/api/secrets/canary", as: .superAdmin,
            json: ["value": .string(Self.secret), "workflows": "*"])
        #expect(put.status == 200)
        said.append(put.text)
        let workflow = try await server.workflow([
            "nodes": [
                ["id": "start", "type": "start"],
                ["id": "say", "type": "log", "data": ["message": "it is {{secrets.canary}}"]],
                [
                    "id": "keep", "type": "transform",
                    "data": ["set": ["value": "secrets.canary", "more": "'x' + secrets.canary"]],
                ],
                [
                    "id": "send", "type": "http",
                    "data": [
                        "method": "GET", "url": "http://127.0.0.1:9/?{{secrets.canary}}",
                        "headers": ["Authorization": "Bearer {{secrets.canary}}"],
                    ],
                ],
            ],
            "edges": [
                ["id": "a", "source": "start", "target": "say"],
                ["id": "b", "source": "say", "target": "keep"],
                ["id": "c", "source": "keep", "target": "send"],
            ],
        ])
        let run = try await server.executed(workflow)
        #expect(run["status"] == "failed")
        said.append(run.jsonText)
        let id = run["id"]?.stringValue ?? ""
        for part in ["", "/journal", "/logs"] {
            let answer = try await server.send(
                "GET", "/api/workflows/executions/\(id)\(part)", as: .user)
            #expect(answer.status == 200)
            said.append(answer.text)
        }
    }

    private func readEverything(
        _ server: ContractServer, _ said: inout [String]
    ) async throws {
        for path in [
            "/api/secrets", "/api/audit?page_size=100", "/api/users", "/api/logs?page_size=100",
            "/api/workflows", "/api/workflows/executions", "/api/monitoring/health",
            "/api/monitoring/metrics", "/api/monitoring/alerts", "/metrics", "/api/messages",
        ] {
            let answer = try await server.send("GET", path, as: .superAdmin)
            #expect(answer.status == 200, "\(path)")
            // Somebody who takes the one field for the other has told us their password.
            said.append(answer.text.replacing("\"user\":\"\(Self.password)\"", with: ""))
        }
    }

    @Test func theTokenOfAWebSocketIsNotLogged() async throws {
        try await ContractServer.run { server in
            let token = try server.token(.user)
            _ = try await server.send("GET", "/ws/canary?token=\(token)")
            _ = try await server.send("GET", "/nowhere?token=\(token)")
            _ = try await WebSocketWire.open(
                port: server.port, "/ws/canary?token=\(token)"
            ) { socket in
                try await socket.send(["type": "ping"])
                _ = try await socket.next(type: "pong")
            }
            #expect(!CollectedLog.text.contains(token))
        }
    }

    @Test func aLogInTakesTheSameWorkWhetherThereIsAnAccountOrNot() async throws {
        try await ContractServer.run { server in
            let passwords = server.engine.core.foundation.accounts.passwords
            _ = try await server.send(
                "DELETE", "/api/users/\(try #require(server.accounts[.viewer]).id)",
                as: .superAdmin)
            for (email, password) in [
                ("user@example.com", "wrong password"), ("nobody@example.com", "wrong password"),
                ("viewer@example.com", "wrong password"), ("user@example.com", ""),
                ("nobody@example.com", ""), ("no email", "wrong password"),
                ("user@example.com", String(repeating: "x", count: 500)),
                ("nobody@example.com", String(repeating: "x", count: 500)),
            ] {
                let before = passwords.computations
                let answer = try await server.logIn(email, password: password)
                #expect(answer.status == 401, "\(email) \(password.prefix(9)): \(answer.text)")
                #expect(passwords.computations - before == 1, "\(email) \(password.prefix(9))")
            }
        }
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://localhost:8000/", "http://[::1]/", "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
        "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://100.64.0.1/",
        "http://[fe80::1]/", "http://[fd00::1]/", "http://[64:ff9b::a9fe:a9fe]/",
        "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/",
        "file:///etc/passwd", "gopher://127.0.0.1/", "http://224.0.0.1/",
        "http://user:pass@127.0.0.1/",
    ])
    func noCallLeavesForAPlaceInside(url: String) async throws {
        try await ContractServer.run { server in
            let plain = try await server.workflow()
            let hook = try await server.send(
                "POST", "/api/workflows/\(plain)/execute", as: .user,
                json: ["webhook_url": .string(url)])
            #expect(hook.status == 422)
            #expect(hook.fields == ["webhook_url"])
            let calling = try await server.send(
                "POST", "/api/workflows", as: .user,
                json: [
                    "name": "Inside",
                    "definition": [
                        "nodes": [
                            ["id": "start", "type": "start"],
                            [
                                "id": "call", "type": "http",
                                "data": ["method": "GET", "url": "{{target}}"],
                            ],
                        ],
                        "edges": [["id": "e", "source": "start", "target": "call"]],
                    ],
                ])
            let id = try #require(calling.json["id"]?.stringValue, "\(calling.text)")
            let run = try await server.executed(id, input: ["target": .string(url)])
            #expect(run["status"] == "failed")
            #expect(run["steps"]?.arrayValue?.last?["output"] == .null)
        }
    }
}
