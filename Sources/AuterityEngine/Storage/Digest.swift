import CCrypto

/// Hashes of content, by the system's libcrypto.
package struct Digest: Hashable, Sendable {
    package let bytes: [UInt8]

    /// SHA-256 (FIPS 180-4).
    package static func sha256(_ data: [UInt8]) -> Digest {
        var digest = [UInt8](repeating: 0, count: 32)
        let done = ccrypto_sha256(data, data.count, &digest)
        precondition(done == 1, "libcrypto has no SHA-256")
        return Digest(bytes: digest)
    }

    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] },
            as: UTF8.self)
    }
}
