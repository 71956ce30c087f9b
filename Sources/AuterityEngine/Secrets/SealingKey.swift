import AuterityAPI
import CCrypto

/// The key that secrets are encrypted with (AES-256-GCM), in a file of mode 0600.
struct SealingKey: Sendable {
    /// Says which key a row was sealed with: the first digits of the key's SHA-256.
    let id: String
    private let bytes: [UInt8]

    static let size = 32
    private static let nonceSize = 12
    private static let tagSize = 16

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        id = String(Digest.sha256(bytes).hexadecimal.prefix(16))
    }

    /// Reads the key, or makes one at the first start.
    static func load(_ path: String) throws(EngineError) -> SealingKey {
        SealingKey(
            try KeyFile.load(
                path, size: size,
                advice: "Restore it from a backup of the same time as the database; without it "
                    + "the stored secrets cannot be read."))
    }

    /// The key that is there; `nil` without one, or where it is none. Makes nothing.
    static func existing(_ path: String) -> SealingKey? {
        guard let bytes = KeyFile(path: path).peek(limit: size), bytes.count == size else {
            return nil
        }
        return SealingKey(bytes)
    }

    struct Sealed: Sendable {
        let nonce: [UInt8]
        let content: [UInt8]
    }

    /// `name` is bound to the content: a row cannot be passed off as another's.
    func seal(_ value: String, name: String) throws(APIError) -> Sealed {
        let plain = Array(value.utf8)
        let bound = Array(name.utf8)
        var nonce = [UInt8](repeating: 0, count: Self.nonceSize)
        var sealed = [UInt8](repeating: 0, count: plain.count + Self.tagSize)
        guard ccrypto_random(&nonce, Int32(nonce.count)) == 1,
            ccrypto_seal(
                bytes, nonce, bound, Int32(bound.count), plain, Int32(plain.count), &sealed) == 1
        else { throw APIError(.internalError, "The secret could not be encrypted") }
        return Sealed(nonce: nonce, content: sealed)
    }

    /// `nil` when the content was sealed with another key, or was changed.
    func open(_ sealed: Sealed, name: String) -> String? {
        guard sealed.nonce.count == Self.nonceSize, sealed.content.count >= Self.tagSize else {
            return nil
        }
        let bound = Array(name.utf8)
        var plain = [UInt8](repeating: 0, count: max(1, sealed.content.count - Self.tagSize))
        let done = ccrypto_open(
            bytes, sealed.nonce, bound, Int32(bound.count), sealed.content,
            Int32(sealed.content.count), &plain)
        guard done == 1 else { return nil }
        return String(decoding: plain.prefix(sealed.content.count - Self.tagSize), as: UTF8.self)
    }

    /// A key of its own for another purpose, derived from this one.
    func derived(for purpose: String) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        let data = Array(purpose.utf8)
        let done = ccrypto_hmac_sha256(bytes, Int32(bytes.count), data, data.count, &code)
        precondition(done == 1, "libcrypto has no HMAC")
        return code
    }
}
