import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct TokenTests {
    struct Forgery: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var code = APIError.Code.unauthorized
        let forge: @Sendable (inout TokenForge) -> String

        init(
            _ name: String, _ code: APIError.Code = .unauthorized,
            _ forge: @escaping @Sendable (inout TokenForge) -> String
        ) {
            testDescription = name
            self.code = code
            self.forge = forge
        }
    }

    private static func header(_ name: String, _ header: JSONObject) -> Forgery {
        Forgery(name) {
            $0.header = header
            return $0.token
        }
    }

    private static func claim(
        _ key: String, _ value: JSONValue?, _ code: APIError.Code = .unauthorized
    ) -> Forgery {
        Forgery("\(key) \(value?.jsonText ?? "missing")", code) {
            $0.claims[key] = value
            return $0.token
        }
    }

    static let headers = [
        Forgery("none, unsigned") {
            $0.header["alg"] = "none"
            return $0.unsigned + "."
        },
        header("none, signed", ["alg": "none", "typ": "JWT"]),
        header("None", ["alg": "None"]),
        header("HS384", ["alg": "HS384", "typ": "JWT"]),
        header("RS256", ["alg": "RS256", "typ": "JWT"]),
        header("hs256", ["alg": "hs256", "typ": "JWT"]),
        header("no alg", ["typ": "JWT"]),
        header("alg is a list", ["alg": ["HS256"]]),
        header("crit", ["alg": "HS256", "typ": "JWT", "crit": ["exp"]]),
        header("kid", ["alg": "HS256", "typ": "JWT", "kid": "../../dev/null"]),
        header("jku", ["alg": "HS256", "typ": "JWT", "jku": "https://example.com/keys"]),
        header("jwk", ["alg": "HS256", "typ": "JWT", "jwk": ["kty": "oct", "k": "AA"]]),
        header("typ", ["alg": "HS256", "typ": "JOSE"]),
    ]

    static let claims = [
        claim("iss", "someone"), claim("iss", "auterity2"), claim("aud", "relaycore"),
        claim("aud", "auterity2"), claim("aud", ["auterity"]), claim("type", "cross_system"),
        claim("type", "refresh"), claim("sub", "nobody"),
        claim("sub", .string((fixedID(99) as UserID).description)), claim("sid", "nothing"),
        claim("exp", "never"), claim("exp", 0),
        claim("iat", .int(Int64(1_754_649_000 + 61))),
        claim("sid", .string((fixedID(98) as SessionID).description), .tokenRevoked),
        Forgery("expired", .tokenExpired) {
            $0.claims["iat"] = 1_754_640_000
            $0.claims["exp"] = 1_754_649_000
            return $0.token
        },
        Forgery("expired, in the wrong hands") {
            $0.claims["aud"] = "relaycore"
            $0.claims["iat"] = 1_754_640_000
            $0.claims["exp"] = 1_754_649_000
            return $0.token
        },
    ]

    static let missing = ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "type", "roles"].map {
        claim($0, nil)
    }

    static let shapes = [
        Forgery("another key") {
            $0.secret = "another secret that is long enough too"
            return $0.token
        },
        Forgery("another payload") {
            let signature = $0.token.split(separator: ".")[2]
            $0.claims["roles"] = ["super_admin"]
            return $0.unsigned + "." + signature
        },
        // The last digit of 32 bytes in base64 has two bits that say nothing.
        Forgery("another spelling") { forge in
            let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
            let token = forge.token
            let last = digits.firstIndex(of: token.last ?? "A") ?? 0
            return token.dropLast() + String(digits[last ^ 1])
        },
        Forgery("padding") { $0.token + "=" },
        Forgery("no signature") { $0.unsigned + "." },
        Forgery("two parts") { $0.unsigned },
        Forgery("four parts") { $0.token + ".AAAA" },
        Forgery("a space before") { " " + $0.token },
        Forgery("a line end behind") { $0.token + "\n" },
        Forgery("nothing") { _ in "" },
        Forgery("dots") { _ in ".." },
        Forgery("null") { _ in "null" },
        Forgery("no JSON") {
            let text = base64URL(Array("{".utf8)) + "." + base64URL(Array("}".utf8))
            return text + "." + base64URL(TokenForge.hmac(text, $0.secret))
        },
        Forgery("oversize") {
            $0.claims["jti"] = .string(String(repeating: "j", count: TokenKey.maximumBytes))
            return $0.token
        },
    ]

    private func open() async throws -> (TestEngine, TokenForge) {
        let test = try await TestEngine.open { $0.accounts.jwtSecret = TokenForge.secret }
        try await test.account("ann@example.com")
        let token = try await test.logIn("ann@example.com").accessToken
        let payload = try #require(base64Decoded(String(token.split(separator: ".")[1])))
        let claims = try #require(try JSONValue(parsing: payload).objectValue)
        return (test, TokenForge(claims: claims))
    }

    @Test(arguments: headers + claims + missing + shapes)
    func aForgedTokenIsRefused(_ forgery: Forgery) async throws {
        var (test, forge) = try await open()
        // What is forged well is taken, so it is the one change that is refused.
        #expect(try await test.caller(forge.token).name == "ann@example.com")
        let token = forgery.forge(&forge)
        let error = await refusal { _ = try await test.engine.authenticate(token: token) }
        #expect(error?.code == forgery.code)
        #expect(error?.status == 401)
        // Nor the second time, when it may be remembered.
        let again = await refusal { _ = try await test.engine.authenticate(token: token) }
        #expect(again?.code == forgery.code)
        await test.engine.close()
    }

    @Test func aTokenSaysWhatTheContractNames() async throws {
        let (test, forge) = try await open()
        let claims = forge.claims
        let caller = try await test.caller(forge.token)
        #expect(claims["iss"] == "auterity" && claims["aud"] == "auterity")
        #expect(claims["sub"] == .string(caller.id.description))
        #expect(claims["sid"] == .string(try #require(caller.sessionID).description))
        #expect(claims["iat"] == .int(test.clock.now.milliseconds / 1000))
        #expect(claims["exp"] == .int(test.clock.now.milliseconds / 1000 + 1800))
        #expect(claims["type"] == "access" && claims["roles"] == ["user"])
        #expect(claims.count == 9)
        let session = try await test.engine.authenticate(token: forge.token)
        #expect(session.expiresAt == test.clock.now.adding(seconds: 1800))
        await test.engine.close()
    }

    @Test func aTokenEndsWithItsTime() async throws {
        let (test, forge) = try await open()
        _ = try await test.caller(forge.token)
        test.clock.advance(seconds: 1799)
        _ = try await test.caller(forge.token)
        test.clock.advance(seconds: 1)
        let error = await refusal { _ = try await test.caller(forge.token) }
        #expect(error?.code == .tokenExpired)
        await test.engine.close()
    }

    @Test func aRepeatedTokenAsksNoStore() async throws {
        let (test, forge) = try await open()
        _ = try await test.caller(forge.token)
        // A store that is closed answers no query.
        await test.engine.close()
        #expect(try await test.caller(forge.token).name == "ann@example.com")
    }

    @Test func aShortSecretIsRefused() async throws {
        let directory = try ScratchDirectory()
        var configuration = EngineConfiguration(dataDirectory: directory.path, version: "1.2.3")
        configuration.accounts.jwtSecret = String(repeating: "s", count: 31)
        let error = await #expect(throws: EngineError.self) {
            _ = try await Engine.open(configuration)
        }
        #expect(error?.reason == .configuration)
        #expect(error?.message.contains("31 bytes and needs at least 32") == true)
        #expect(error?.message.contains("ssss") == false)
    }

    @Test func aTokenForAnotherSystemIsForThatAlone() async throws {
        let (test, _) = try await open()
        try await test.account("operator@example.com", [.operator])
        let caller = try await test.session("operator@example.com")
        let made = try await test.send(
            CreateCrossSystemToken(
                targetSystem: "relaycore", permissions: [.metricsRead, .workflowRead]),
            as: caller)
        #expect(made.permissions == [.metricsRead, .workflowRead])
        #expect(made.expiresAt == test.clock.now.adding(seconds: 3600))
        let payload = try #require(base64Decoded(String(made.token.split(separator: ".")[1])))
        let claims = try JSONValue(parsing: payload)
        #expect(claims["aud"] == "relaycore" && claims["type"] == "cross_system")
        #expect(claims["permissions"] == ["metrics:read", "workflow:read"])
        #expect(claims["roles"] == [])
        let own = await refusal { _ = try await test.engine.authenticate(token: made.token) }
        #expect(own?.code == .unauthorized)
        let unknown = await refusal {
            _ = try await test.send(
                CreateCrossSystemToken(targetSystem: "elsewhere", permissions: [.metricsRead]),
                as: caller)
        }
        #expect(unknown?.details.map(\.field) == ["target_system"])
        let greedy = await refusal {
            _ = try await test.send(
                CreateCrossSystemToken(
                    targetSystem: "neuroweaver", permissions: [.metricsRead, .aiRoute, .aiAccess]),
                as: caller)
        }
        #expect(greedy?.code == .forbidden)
        #expect(greedy?.message.hasSuffix("ai:route, ai:access") == true)
        await test.engine.close()
    }

    @Test func ourOwnNameIsNoOtherSystem() async throws {
        var settings = AccountSettings()
        settings.crossSystemTargets.append("auterity")
        #expect(throws: EngineError.self) { try settings.check() }
    }
}
