import CCrypto
import Glibc

/// The SHA-256 of a file that may be larger than the memory.
enum FileDigest {
    private static let chunk = 1 << 20

    /// - Throws: an `EngineError` when the file cannot be read to its end.
    static func sha256(of path: String) throws(EngineError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path, errno) }
        defer { close(descriptor) }
        guard let context = ccrypto_sha256_begin() else {
            throw EngineError(.configuration, "libcrypto has no SHA-256.")
        }
        var digest = [UInt8](repeating: 0, count: 32)
        var buffer = [UInt8](repeating: 0, count: chunk)
        var failure: Int32?
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { failure = errno }
            guard count > 0, ccrypto_sha256_add(context, buffer, count) == 1 else { break }
        }
        let done = ccrypto_sha256_end(context, &digest)
        if let failure { throw .unreadable(path, failure) }
        guard done == 1 else {
            throw EngineError(.configuration, "libcrypto could not hash \(path).")
        }
        return Digest(bytes: digest).hexadecimal
    }
}
