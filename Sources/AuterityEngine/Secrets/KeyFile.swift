import CCrypto
import Glibc

/// A key in a file of mode 0600, made at the first start.
struct KeyFile: Sendable {
    let path: String

    /// What the file holds; `nil` where there is none.
    ///
    /// - Parameter limit: bytes that are read; a file that is larger is answered with one more.
    func read(limit: Int) throws(EngineError) -> [UInt8]? {
        let bytes = try readAll(limit: limit)
        if bytes != nil { chmod(path, 0o600) }
        return bytes
    }

    /// As `read`, for whoever only looks: the file's mode stays as it is.
    func readAll(limit: Int) throws(EngineError) -> [UInt8]? {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            guard errno == ENOENT else { throw .unreadable(path, errno) }
            return nil
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw .unreadable(path, errno) }
        return Array(bytes.prefix(count))
    }

    /// As `readAll`, with `nil` for any failure.
    func peek(limit: Int) -> [UInt8]? {
        (try? readAll(limit: limit)) ?? nil
    }

    /// Writes it durably: the whole of it or nothing.
    func write(_ bytes: [UInt8]) throws(EngineError) {
        // Beside the place first: a key that was cut off would look like a damaged one.
        let draft = path + ".new"
        unlink(draft)
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(draft, errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
            rename(draft, path) == 0
        else { throw .unusable(path, errno) }
    }

    /// Random bytes of the system for a new key.
    func random(_ size: Int) throws(EngineError) -> [UInt8] {
        guard let bytes = randomBytes(size) else {
            throw EngineError(.keyUnusable, "The system gave no random bytes for \(path).")
        }
        return bytes
    }

    /// Reads a key of random bytes, or makes one.
    ///
    /// - Parameter advice: what to do when the file is damaged, as a sentence.
    static func load(
        _ path: String, size: Int, advice: String
    ) throws(EngineError) -> [UInt8] {
        let file = KeyFile(path: path)
        guard let bytes = try file.read(limit: size) else {
            let made = try file.random(size)
            try file.write(made)
            return made
        }
        guard bytes.count == size else {
            throw EngineError(.keyUnusable, "\(path) is not a key of \(size) bytes. \(advice)")
        }
        return bytes
    }
}

/// Random bytes fit for keys, by libcrypto; `nil` when the system gives none.
func randomBytes(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return ccrypto_random(&bytes, Int32(count)) == 1 ? bytes : nil
}
