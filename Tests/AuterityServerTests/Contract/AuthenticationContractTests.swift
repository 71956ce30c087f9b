import AuterityAPI
import AuterityEngine
import Testing

/// `/api/auth`, row by row of the contract.
@Suite(.timeLimit(.minutes(30)))
struct AuthenticationContractTests {
    static let user: [String: Shape] = [
        "id": .id, "email": .text, "first_name": .text, "last_name": .text, "company": .text,
        "is_active": .bool, "created_at": .time, "roles": .list(.text),
    ]
    static let grant: [String: Shape] = [
        "access_token": .text, "token_type": .exactly("bearer"), "expires_in": .exactly(1800),
        "refresh_token": .text, "refresh_expires_in": .exactly(604_800),
    ]

    private func register(
        _ server: ContractServer, _ body: JSONValue
    ) async throws -> Answer {
        try await server.send("POST", "/api/auth/register", json: body)
    }

    @Test func whoRegistersIsAUser() async throws {
        try await ContractServer.run { server in
            let answer = try await register(
                server,
                [
                    "email": "john@example.com", "password": "SecurePass123!",
                    "first_name": "John", "last_name": "Doe", "company": "Acme",
                ])
            #expect(answer.status == 201)
            #expect(answer.faults(Self.user) == [])
            #expect(answer.json["email"] == "john@example.com")
            #expect(answer.json["first_name"] == "John")
            #expect(answer.json["last_name"] == "Doe")
            #expect(answer.json["company"] == "Acme")
            #expect(answer.json["is_active"] == true)
            #expect(answer.json["roles"] == ["user"])
            #expect(!answer.text.contains("password"))
            #expect(answer["cache-control"]?.contains("no-store") == true)
            let login = try await server.logIn("john@example.com", password: "SecurePass123!")
            #expect(login.status == 200)
        }
    }

    @Test func namesAreOptional() async throws {
        try await ContractServer.run { server in
            let answer = try await register(
                server, ["email": "short@example.com", "password": "12345678"])
            #expect(answer.status == 201)
            for key in ["first_name", "last_name", "company"] {
                #expect(answer.json[key] == "", "\(key)")
            }
        }
    }

    @Test(arguments: ["user@example.com", "USER@Example.COM"])
    func anEmailIsRegisteredOnce(email: String) async throws {
        try await ContractServer.run { server in
            let answer = try await register(
                server, ["email": .string(email), "password": "SecurePass123!"])
            #expect(answer.status == 400)
            #expect(answer.code == "EMAIL_ALREADY_REGISTERED")
        }
    }

    @Test(
        arguments: [
            ([:], ["email", "password"]),
            (["email": "nobody", "password": "SecurePass123!"], ["email"]),
            (["email": "a@example.com", "password": "short"], ["password"]),
            (
                [
                    "email": "a@example.com",
                    "password": .string(String(repeating: "x", count: 73)),
                ], ["password"]
            ),
            (["email": 7, "password": false, "company": []], ["email", "password", "company"]),
            (["email": .null, "password": "SecurePass123!"], ["email"]),
        ] as [(JSONValue, [String])])
    func everyFaultOfARegistrationIsNamed(body: JSONValue, fields: [String]) async throws {
        try await ContractServer.run { server in
            let answer = try await register(server, body)
            #expect(answer.status == 422)
            #expect(answer.code == "VALIDATION_ERROR")
            #expect(answer.fields == Set(fields))
        }
    }

    @Test func aPasswordOf72BytesIsTaken() async throws {
        try await ContractServer.run { server in
            let password = String(repeating: "ü", count: 36)
            let body: JSONValue = ["email": "u@example.com", "password": .string(password)]
            let registered = try await register(server, body)
            #expect(registered.status == 201)
            #expect(try await server.logIn("u@example.com", password: password).status == 200)
            let other = String(password.dropLast()) + "uu"
            #expect(try await server.logIn("u@example.com", password: other).status == 401)
        }
    }

    @Test func whoLogsInGetsABearerToken() async throws {
        try await ContractServer.run { server in
            let answer = try await server.logIn("User@Example.com")
            #expect(answer.status == 200)
            #expect(answer.faults(Self.grant) == [])
            #expect(answer["cache-control"]?.contains("no-store") == true)
            let token = try #require(answer.json["access_token"]?.stringValue)
            let me = try await server.wire.send(Ask("GET", "/api/auth/me", token: token))
            #expect(me.status == 200)
        }
    }

    @Test func aWrongPasswordAndAnUnknownAccountAreAnsweredAlike() async throws {
        try await ContractServer.run { server in
            let wrong = try await server.logIn("user@example.com", password: "not this one")
            let unknown = try await server.logIn("nobody@example.com", password: "not this one")
            for answer in [wrong, unknown] {
                #expect(answer.status == 401)
                #expect(answer.code == "INVALID_CREDENTIALS")
            }
            #expect(wrong.json["error"]?["message"] == unknown.json["error"]?["message"])
            #expect(wrong.json["error"]?["details"] == unknown.json["error"]?["details"])
            #expect(Set(wrong.headers.map(\.name)) == Set(unknown.headers.map(\.name)))
        }
    }

    @Test func anInactiveAccountIsToldSoOnlyWithItsPassword() async throws {
        try await ContractServer.run { server in
            let id = try #require(server.accounts[.viewer]).id
            let change = try await server.send(
                "PATCH", "/api/users/\(id)", as: .superAdmin, json: ["is_active": false])
            #expect(change.status == 200)
            let right = try await server.logIn("viewer@example.com")
            #expect(right.status == 400)
            #expect(right.code == "INACTIVE_ACCOUNT")
            let wrong = try await server.logIn("viewer@example.com", password: "not this one")
            #expect(wrong.status == 401)
            #expect(wrong.code == "INVALID_CREDENTIALS")
            // Its tokens are refused at once.
            let me = try await server.send("GET", "/api/auth/me", as: .viewer)
            #expect(me.status == 401)
            #expect(me.code == "TOKEN_REVOKED")
        }
    }

    @Test(arguments: Role.allCases)
    func meTellsRolesAndPermissions(role: Role) async throws {
        try await ContractServer.run { server in
            let answer = try await server.send("GET", "/api/auth/me", as: role)
            #expect(answer.status == 200)
            var shape = Self.user
            shape["created_at"] = nil
            shape["permissions"] = .list(.text)
            #expect(answer.faults(shape) == [])
            #expect(answer.json["roles"] == [.string(role.rawValue)])
            let permissions = answer.json["permissions"]?.arrayValue?.compactMap(\.stringValue)
            #expect(Set(permissions ?? []) == Self.permissions[role])
        }
    }

    /// As the table of the document has them.
    private static let permissions: [Role: Set<String>] = {
        let workflow: Set = [
            "workflow:create", "workflow:read", "workflow:read_all", "workflow:update",
            "workflow:delete", "workflow:execute",
        ]
        let template: Set = [
            "template:create", "template:read", "template:update", "template:delete",
        ]
        let admin = workflow.union(template).union([
            "user:create", "user:read", "user:update", "system:monitor", "ai:access", "ai:route",
            "metrics:read",
        ])
        return [
            .superAdmin: admin.union([
                "user:delete", "system:configure", "system:backup", "ai:configure", "ai:billing",
            ]),
            .admin: admin,
            .operator: [
                "workflow:read", "workflow:read_all", "workflow:execute", "template:read",
                "system:monitor", "metrics:read",
            ],
            .user: [
                "workflow:create", "workflow:read", "workflow:update", "workflow:execute",
                "template:read", "ai:access", "metrics:read",
            ],
            .viewer: ["workflow:read", "workflow:read_all", "template:read", "metrics:read"],
        ]
    }()

    @Test func withoutATokenThereIs401AndTheWayIn() async throws {
        try await ContractServer.run { server in
            for path in ["/api/auth/me", "/api/workflows", "/api/monitoring/metrics"] {
                let answer = try await server.send("GET", path)
                #expect(answer.status == 401)
                #expect(answer.code == "UNAUTHORIZED")
                #expect(answer["www-authenticate"]?.hasPrefix("Bearer") == true)
            }
        }
    }
}

/// Renewing, ending and handing on.
@Suite(.timeLimit(.minutes(30)))
struct SessionContractTests {
    private typealias Contract = AuthenticationContractTests

    @Test func aBearerTokenRenewsItsSessionAndStaysGood() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send("POST", "/api/auth/refresh", as: .user)
            #expect(answer.status == 200)
            #expect(answer.faults(Contract.grant) == [])
            #expect(try await server.send("GET", "/api/auth/me", as: .user).status == 200)
            let none = try await server.send("POST", "/api/auth/refresh")
            #expect(none.status == 401)
        }
    }

    @Test func aRefreshTokenIsGoodOnceAndItsSecondUseEndsTheSession() async throws {
        try await ContractServer.run { server in
            let login = try await server.logIn("user@example.com").json
            let refresh: JSONValue = ["refresh_token": login["refresh_token"] ?? .null]
            let first = try await server.send("POST", "/api/auth/refresh", json: refresh)
            #expect(first.status == 200)
            #expect(first.faults(Contract.grant) == [])
            let token = try #require(first.json["access_token"]?.stringValue)
            func me() async throws -> Answer {
                try await server.wire.send(Ask("GET", "/api/auth/me", token: token))
            }
            #expect(try await me().status == 200)
            let second = try await server.send("POST", "/api/auth/refresh", json: refresh)
            #expect(second.status == 401)
            #expect(second.code == "TOKEN_REVOKED")
            #expect(try await me().code == "TOKEN_REVOKED")
            let next: JSONValue = ["refresh_token": first.json["refresh_token"] ?? .null]
            #expect(try await server.send("POST", "/api/auth/refresh", json: next).status == 401)
        }
    }

    @Test func logoutEndsTheSessionAtOnce() async throws {
        try await ContractServer.run { server in
            let login = try await server.logIn("user@example.com").json
            let token = try #require(login["access_token"]?.stringValue)
            let out = try await server.wire.send(Ask("POST", "/api/auth/logout", token: token))
            #expect(out.status == 204)
            #expect(out.body.isEmpty)
            let me = try await server.wire.send(Ask("GET", "/api/auth/me", token: token))
            #expect(me.status == 401)
            #expect(me.code == "TOKEN_REVOKED")
            let refresh: JSONValue = ["refresh_token": login["refresh_token"] ?? .null]
            #expect(
                try await server.send("POST", "/api/auth/refresh", json: refresh).status == 401)
            // The other session of the account goes on.
            #expect(try await server.send("GET", "/api/auth/me", as: .user).status == 200)
        }
    }

    @Test func aChangedPasswordEndsTheOtherSessions() async throws {
        try await ContractServer.run { server in
            let other = try await server.logIn("user@example.com").json
            let otherToken = try #require(other["access_token"]?.stringValue)
            func change(_ current: String, _ new: String) async throws -> Answer {
                try await server.send(
                    "POST", "/api/auth/change-password", as: .user,
                    json: ["current_password": .string(current), "new_password": .string(new)])
            }
            let wrong = try await change("not this one", "Neues-Pferd-2")
            #expect(wrong.status == 400)
            #expect(wrong.code == "INVALID_CREDENTIALS")
            let short = try await change(ContractServer.password, "short")
            #expect(short.status == 422)
            #expect(short.fields == ["new_password"])
            let right = try await change(ContractServer.password, "Neues-Pferd-2")
            #expect(right.status == 204)
            #expect(try await server.send("GET", "/api/auth/me", as: .user).status == 200)
            let ended = try await server.wire.send(Ask("GET", "/api/auth/me", token: otherToken))
            #expect(ended.code == "TOKEN_REVOKED")
            #expect(try await server.logIn("user@example.com").status == 401)
            let again = try await server.logIn("user@example.com", password: "Neues-Pferd-2")
            #expect(again.status == 200)
        }
    }

    @Test func aCrossSystemTokenGrantsExactlyWhatIsAsked() async throws {
        try await ContractServer.run { server in
            let answer = try await server.send(
                "POST", "/api/auth/cross-system-token", as: .admin,
                json: ["target_system": "relaycore", "permissions": ["ai:route", "metrics:read"]])
            #expect(answer.status == 200)
            #expect(
                answer.faults([
                    "token": .text, "expires_at": .time,
                    "permissions": .exactly(["ai:route", "metrics:read"]),
                ]) == [])
            let token = try #require(answer.json["token"]?.stringValue)
            let claims = try #require(TokenText(token)?.claims)
            #expect(claims["aud"] == "relaycore")
            #expect(claims["type"] == "cross_system")
            #expect(claims["iss"] == "auterity")
            let issued = try #require(claims["iat"]?.intValue)
            #expect(claims["exp"]?.intValue == issued + 3600)
        }
    }

    @Test func aCrossSystemTokenGrantsNothingThatItsMakerLacks() async throws {
        try await ContractServer.run { server in
            func ask(
                _ target: JSONValue, _ permissions: JSONValue, as role: Role? = .user
            ) async throws -> Answer {
                try await server.send(
                    "POST", "/api/auth/cross-system-token", as: role,
                    json: ["target_system": target, "permissions": permissions])
            }
            let lacking = try await ask("relaycore", ["metrics:read", "ai:route", "user:delete"])
            #expect(lacking.status == 403)
            #expect(lacking.code == "FORBIDDEN")
            let message = lacking.json["error"]?["message"]?.stringValue ?? ""
            #expect(message.contains("ai:route") && message.contains("user:delete"))
            #expect(!message.contains("metrics:read"))
            #expect(try await ask("elsewhere", ["metrics:read"]).status == 422)
            #expect(try await ask("auterity", ["metrics:read"]).status == 422)
            #expect(try await ask("relaycore", ["everything"]).status == 422)
            #expect(try await ask("relaycore", ["metrics:read"], as: nil).status == 401)
        }
    }

    @Test func standardClientsLogInByForm() async throws {
        try await ContractServer.run { server in
            func ask(_ form: String) async throws -> Answer {
                try await server.wire.send(
                    Ask(
                        "POST", "/api/auth/token", text: form,
                        type: "application/x-www-form-urlencoded"))
            }
            let user = "grant_type=password&username=user%40example.com"
            let right = try await ask("\(user)&password=\(ContractServer.password)&scope=")
            #expect(right.status == 200)
            #expect(right.faults(Contract.grant) == [])
            let wrong = try await ask("\(user)&password=wrong")
            #expect(wrong.status == 400)
            #expect(wrong.json["error"] == "invalid_grant")
            #expect(wrong["cache-control"]?.contains("no-store") == true)
            let unsupported = try await ask("grant_type=implicit")
            #expect(unsupported.status == 400)
            #expect(unsupported.json["error"] == "unsupported_grant_type")
            let missing = try await ask("username=a&password=b")
            #expect(missing.status == 400)
            #expect(missing.json["error"] == "invalid_request")
        }
    }
}
