import CCrypto

/// A SHA-256 without an allocation, as the key of tables: of a token, or of what must not be kept
/// as it was given.
struct Fingerprint: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(of text: String) {
        var text = text
        let done = withUnsafeMutableBytes(of: &words) { digest in
            text.withUTF8 { bytes in
                ccrypto_sha256(
                    bytes.baseAddress, bytes.count,
                    digest.baseAddress?.assumingMemoryBound(to: UInt8.self))
            }
        }
        precondition(done == 1, "libcrypto has no SHA-256")
    }

    /// Of 32 bytes that are a hash already; shorter ones are filled up with zeros.
    init(hash: [UInt8]) {
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: hash.prefix(32)) }
    }

    var hexadecimal: String {
        Digest(bytes: withUnsafeBytes(of: words, Array.init)).hexadecimal
    }

    /// Reads 64 hexadecimal digits.
    init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard text.utf8.count == 64, digits.count == 64 else { return nil }
        self.init(
            hash: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }

    static func == (left: Fingerprint, right: Fingerprint) -> Bool {
        left.words == right.words
    }

    func hash(into hasher: inout Hasher) {
        // Any part of a hash is as good a key as the whole.
        hasher.combine(words.0)
    }
}
