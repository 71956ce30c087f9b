import AuterityAPI

@testable import AuterityEngine

/// A JSON web token as its text, to be looked at and to be forged.
struct TokenText: Sendable {
    var header: JSONValue
    var claims: JSONValue
    var signature: String

    init?(_ token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = Self.json(parts[0]), let claims = Self.json(parts[1])
        else { return nil }
        self.header = header
        self.claims = claims
        signature = parts[2]
    }

    init(header: JSONValue, claims: JSONValue, signature: String = "") {
        self.header = header
        self.claims = claims
        self.signature = signature
    }

    var signed: String { "\(Self.text(header)).\(Self.text(claims))" }
    var text: String { "\(signed).\(signature)" }

    private static func json(_ part: String) -> JSONValue? {
        let standard = part.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return base64Decoded(standard + padding).flatMap { try? JSONValue(parsing: $0) }
    }

    static func text(_ json: JSONValue) -> String { encoded(json.jsonBytes) }

    static func encoded(_ bytes: [UInt8]) -> String {
        base64(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// With the signature that HMAC-SHA-256 under this key gives (RFC 2104).
    func signed(by key: String) -> String {
        var block = Array(key.utf8)
        if block.count > 64 { block = Digest.sha256(block).bytes }
        block += [UInt8](repeating: 0, count: 64 - block.count)
        let inner = Digest.sha256(block.map { $0 ^ 0x36 } + Array(signed.utf8)).bytes
        let code = Digest.sha256(block.map { $0 ^ 0x5C } + inner).bytes
        return "\(signed).\(Self.encoded(code))"
    }
}
