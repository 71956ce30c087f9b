import CCrypto
import Glibc

/// A key of random bytes in a file of mode 0600, made at the first start.
enum KeyFile {
    /// - Parameter advice: what to do when the file is damaged, as a sentence.
    static func load(
        _ path: String, size: Int, advice: String
    ) throws(EngineError) -> [UInt8] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            guard errno == ENOENT else { throw .unusable(path, errno) }
            return try make(path, size: size)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count == size else {
            throw EngineError(.keyUnusable, "\(path) is not a key of \(size) bytes. \(advice)")
        }
        fchmod(descriptor, 0o600)
        return Array(bytes.prefix(size))
    }

    private static func make(_ path: String, size: Int) throws(EngineError) -> [UInt8] {
        guard let bytes = randomBytes(size) else {
            throw EngineError(.keyUnusable, "The system gave no random bytes for \(path).")
        }
        // Beside the place first: a key that was cut off would look like a damaged one.
        let draft = path + ".new"
        unlink(draft)
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(draft, errno) }
        defer { close(descriptor) }
        guard write(descriptor, bytes, size) == size, fsync(descriptor) == 0,
            rename(draft, path) == 0
        else { throw .unusable(path, errno) }
        return bytes
    }
}

/// Random bytes fit for keys, by libcrypto; `nil` when the system gives none.
func randomBytes(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return ccrypto_random(&bytes, Int32(count)) == 1 ? bytes : nil
}
