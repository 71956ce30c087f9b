import AuterityAPI
import Testing

@testable import AuterityEngine

extension TestEngine {
    static let password = "correct horse battery"

    var accounts: Accounts { engine.core.foundation.accounts }

    @discardableResult
    func account(_ email: String, _ roles: [Role] = [.user]) async throws -> User {
        try await send(CreateUser(email: email, password: Self.password, roles: roles))
    }

    func logIn(
        _ email: String, _ password: String = TestEngine.password, from address: String? = nil
    ) async throws -> TokenGrant {
        let origin = address.map { RequestOrigin(requestID: "request-1", address: $0) }
        return try await send(
            Login(email: email, password: password), as: .anonymous(origin))
    }

    func caller(_ token: String) async throws -> Caller {
        try await engine.authenticate(token: token).caller
    }

    /// Whoever has just logged in.
    func session(_ email: String) async throws -> Caller {
        try await caller(try await logIn(email).accessToken)
    }

    /// The audit log, the oldest first, with what still waited to be written.
    func audited() async throws -> [AuditEntry] {
        try await engine.core.session.writer.perform { _ in }
        return try await send(ListAudit(pageSize: 100)).items.reversed()
    }
}

/// What a call was refused with; `nil` when it was not.
func refusal(_ body: () async throws -> Void) async -> APIError? {
    do {
        try await body()
        return nil
    } catch let error as APIError {
        return error
    } catch {
        Issue.record("no APIError: \(error)")
        return nil
    }
}

/// Tokens made without the engine's own means (RFC 7515, RFC 2104).
struct TokenForge {
    static let secret = "a secret of the tests, longer than 32 bytes"

    var header: JSONObject = ["alg": "HS256", "typ": "JWT"]
    var claims: JSONObject
    var secret = TokenForge.secret

    static func hmac(_ text: String, _ secret: String) -> [UInt8] {
        let key = Array(secret.utf8) + [UInt8](repeating: 0, count: 64 - secret.utf8.count)
        let inner = Digest.sha256(key.map { $0 ^ 0x36 } + Array(text.utf8)).bytes
        return Digest.sha256(key.map { $0 ^ 0x5C } + inner).bytes
    }

    var unsigned: String {
        base64URL(JSONValue.object(header).jsonBytes) + "."
            + base64URL(JSONValue.object(claims).jsonBytes)
    }

    var token: String { unsigned + "." + base64URL(Self.hmac(unsigned, secret)) }
}
