import AuterityAPI
import Testing

@testable import AuterityEngine

/// Forged, altered and spent tokens: each is 401, whatever it was made from.
@Suite(.timeLimit(.minutes(30)))
struct TokenAttackTests {
    private static let secret = "a secret of the tests that nobody knows"

    private func withServer(
        _ body: (ContractServer, TokenText) async throws -> Void
    ) async throws {
        try await ContractServer.run {
            $0.accounts.jwtSecret = Self.secret
        } _: { server in
            let token = try server.token(.superAdmin)
            try await body(server, try #require(TokenText(token)))
        }
    }

    private func refuses(
        _ server: ContractServer, _ token: String, _ what: String, code: String = "UNAUTHORIZED"
    ) async throws {
        let answer = try await server.wire.send(Ask("GET", "/api/auth/me", token: token))
        #expect(answer.status == 401, "\(what)")
        #expect(answer.code == code, "\(what)")
        #expect(answer["www-authenticate"]?.hasPrefix("Bearer") == true, "\(what)")
    }

    @Test func ourOwnSignatureIsUnderstood() async throws {
        try await withServer { server, token in
            // What follows would prove nothing if the tests signed wrongly.
            let text = token.signed(by: Self.secret)
            let answer = try await server.wire.send(Ask("GET", "/api/auth/me", token: text))
            #expect(answer.status == 200)
            let claims = Set(token.claims.objectValue?.keys ?? [])
            #expect(
                claims.isSuperset(of: [
                    "iss", "aud", "sub", "sid", "jti", "iat", "exp", "type", "roles",
                ]))
            #expect(token.claims["iss"] == "auterity")
            #expect(token.claims["aud"] == "auterity")
            #expect(token.claims["type"] == "access")
        }
    }

    @Test(
        arguments: [
            ["alg": "none"], ["alg": "None", "typ": "JWT"], ["alg": "HS384", "typ": "JWT"],
            ["alg": "RS256", "typ": "JWT"], ["alg": "hs256", "typ": "JWT"], ["typ": "JWT"], [:],
            ["alg": "HS256", "typ": "JWT", "crit": ["exp"]],
            ["alg": "HS256", "typ": "JWT", "kid": "../../dev/null"],
            ["alg": "HS256", "typ": "JWT", "jwk": ["kty": "oct", "k": "AAAA"]],
            ["alg": "HS256", "typ": "JWT", "jku": "https://example.com/keys"],
            ["alg": ["HS256"], "typ": "JWT"],
        ] as [JSONValue])
    func noHeaderChoosesHowItIsChecked(header: JSONValue) async throws {
        try await withServer { server, token in
            var forged = token
            forged.header = header
            // Unsigned, with the old signature, and signed by the very key.
            try await refuses(server, forged.signed + ".", "unsigned")
            try await refuses(server, forged.text, "with the signature of another")
            try await refuses(server, forged.signed(by: Self.secret), "signed")
            try await refuses(server, forged.signed(by: ""), "signed by nothing")
        }
    }

    @Test(
        arguments: [
            ("aud", "relaycore"), ("aud", ["auterity", "relaycore"]), ("aud", .null),
            ("iss", "somebody"), ("type", "cross_system"), ("type", .null), ("sub", "nobody"),
            ("sub", "00000000-0000-7000-8000-000000000000"), ("sid", .null),
            ("sid", "00000000-0000-7000-8000-000000000000"), ("exp", .null), ("exp", "tomorrow"),
            ("iat", 99_999_999_999), ("iat", .null),
        ] as [(String, JSONValue)])
    func noClaimMayBeOther(claim: String, value: JSONValue) async throws {
        try await withServer { server, token in
            var object = try #require(token.claims.objectValue)
            object[claim] = value.isNull ? nil : value
            var forged = token
            forged.claims = .object(object)
            let answer = try await server.wire.send(
                Ask("GET", "/api/auth/me", token: forged.signed(by: Self.secret)))
            #expect(answer.status == 401)
            // Not signed anew, it is refused for that already.
            try await refuses(server, forged.text, "altered")
        }
    }

    @Test func anExpiredTokenIsToldFromAForgedOne() async throws {
        try await withServer { server, token in
            var object = try #require(token.claims.objectValue)
            object["iat"] = 1_700_000_000
            object["exp"] = 1_700_001_800
            var expired = token
            expired.claims = .object(object)
            try await refuses(
                server, expired.signed(by: Self.secret), "expired", code: "TOKEN_EXPIRED")
            try await refuses(server, expired.signed(by: "another secret"), "forged")
        }
    }

    @Test func theRolesOfATokenCountForNothing() async throws {
        try await withServer { server, _ in
            let plain = try #require(TokenText(try server.token(.viewer)))
            var object = try #require(plain.claims.objectValue)
            object["roles"] = ["super_admin"]
            var raised = plain
            raised.claims = .object(object)
            let answer = try await server.wire.send(
                Ask("GET", "/api/users", token: raised.signed(by: Self.secret)))
            #expect(answer.status == 403)
        }
    }

    @Test func theTextOfATokenIsTheOneThatWasMade() async throws {
        try await withServer { server, token in
            let text = token.text
            for (what, altered) in [
                ("a part more", text + ".x"), ("no signature", token.signed),
                ("an empty one", token.signed + "."), ("padding", text + "="),
                ("a letter more", text + "A"), ("cut", String(text.dropLast())),
                ("other case", text.uppercased()), ("nothing", "."), ("dots", ".."),
                ("null", "null"), ("a password", ContractServer.password),
                ("huge", text + String(repeating: "A", count: 5000)),
            ] {
                try await refuses(server, altered, what)
            }
        }
    }

    @Test(arguments: [
        "Bearer", "Bearer ", "bearer null", "Basic dXNlcjpwYXNz", "Token abc",
        "Bearer a b", "Bearer undefined", "' OR 1=1 --",
    ])
    func credentialsThatAreNoTokenAreNobody(value: String) async throws {
        try await withServer { server, _ in
            let answer = try await server.send(
                "GET", "/api/auth/me", headers: [("Authorization", value)])
            #expect(answer.status == 401)
        }
    }

    @Test func twoTokensAreNone() async throws {
        try await withServer { server, _ in
            let good = "Bearer \(try server.token(.user))"
            let answer = try await server.send(
                "GET", "/api/auth/me",
                headers: [("Authorization", "Bearer x"), ("Authorization", good)])
            #expect(answer.status == 401 || answer.status == 400)
        }
    }

    @Test func aCrossSystemTokenOpensNothingHere() async throws {
        try await withServer { server, _ in
            let made = try await server.send(
                "POST", "/api/auth/cross-system-token", as: .superAdmin,
                json: ["target_system": "relaycore", "permissions": ["metrics:read"]])
            let token = try #require(made.json["token"]?.stringValue)
            for path in ["/api/auth/me", "/api/monitoring/metrics", "/metrics"] {
                let answer = try await server.wire.send(Ask("GET", path, token: token))
                #expect(answer.status == 401, "\(path)")
            }
            let refresh = try await server.wire.send(
                Ask("POST", "/api/auth/refresh", token: token))
            #expect(refresh.status == 401)
        }
    }

    @Test func aRefreshTokenIsNoBearerToken() async throws {
        try await withServer { server, _ in
            let login = try await server.logIn("user@example.com").json
            let refresh = try #require(login["refresh_token"]?.stringValue)
            try await refuses(server, refresh, "refresh token")
            let access = login["access_token"] ?? .null
            let renewed = try await server.send(
                "POST", "/api/auth/refresh", json: ["refresh_token": access])
            #expect(renewed.status == 401)
        }
    }
}
