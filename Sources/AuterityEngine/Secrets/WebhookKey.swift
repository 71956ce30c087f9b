import AuterityAPI
import CCrypto

/// The secret that webhooks are signed with, as Standard Webhooks has it
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
/// `whsec_` and the base64 of 24 to 64 bytes.
struct WebhookKey: Sendable {
    private let bytes: [UInt8]

    private static let prefix = "whsec_"
    private static let sizes = 24...64
    private static let madeSize = 32
    /// Bytes of the file at most.
    private static let fileLimit = 256

    /// `nil` for what is no such secret.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let content = String(text.dropFirst(Self.prefix.count))
        guard let bytes = base64Decoded(content), Self.sizes.contains(bytes.count),
            base64(bytes).withoutPadding == content.withoutPadding
        else { return nil }
        self.bytes = bytes
    }

    /// The secret that was set; else the one in the file, which the first start makes.
    static func load(
        set text: String?, _ file: KeyFile
    ) throws(EngineError) -> WebhookKey {
        if let text {
            guard let key = WebhookKey(text) else {
                throw EngineError(
                    .configuration,
                    "AUTERITY_WEBHOOK_SECRET is not whsec_ and the base64 of 24 to 64 bytes. Make "
                        + "one with: echo whsec_$(openssl rand -base64 32)")
            }
            return key
        }
        if let content = try file.read(limit: fileLimit) {
            guard let key = WebhookKey(String(decoding: content, as: UTF8.self).trimmed) else {
                throw EngineError(
                    .keyUnusable,
                    "\(file.path) does not hold whsec_ and the base64 of 24 to 64 bytes. Restore "
                        + "it from a backup, or remove it: a new one is made then, which the "
                        + "receivers of webhooks must be told.")
            }
            return key
        }
        let key = WebhookKey(made: try file.random(madeSize))
        try file.write(Array((key.text + "\n").utf8))
        return key
    }

    private init(made bytes: [UInt8]) { self.bytes = bytes }

    private var text: String { Self.prefix + base64(bytes) }

    /// `v1,` and the base64 of HMAC-SHA256 over the id, the time of the attempt (seconds since
    /// 1970) and the very bytes of the body, with points between them.
    func signature(id: String, time: Int64, _ body: [UInt8]) -> String {
        let content = Array("\(id).\(time).".utf8) + body
        var code = [UInt8](repeating: 0, count: 32)
        let done = ccrypto_hmac_sha256(bytes, Int32(bytes.count), content, content.count, &code)
        precondition(done == 1, "libcrypto has no HMAC")
        return "v1," + base64(code)
    }
}

extension String {
    fileprivate var withoutPadding: Substring {
        var text = self[...]
        while text.last == "=" { text.removeLast() }
        return text
    }
}
