import AuterityAPI
import Glibc

/// Proof that a store has one owner: an exclusive lock on a file beside the database. The kernel
/// gives it up when the process ends, however it ends.
final class StoreLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    static func acquire(_ path: String, now: Timestamp) throws(EngineError) -> StoreLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = owner(descriptor)
            close(descriptor)
            throw EngineError(
                .storeInUse,
                "The store \(directory(of: path)) belongs to another process\(owner). Close that one first, or "
                    + "name another store with --data-dir.")
        }
        let text = "\(getpid()) \(now)\n"
        guard ftruncate(descriptor, 0) == 0,
            text.utf8.withContiguousStorageIfAvailable({
                pwrite(descriptor, $0.baseAddress, $0.count, 0) == $0.count
            }) ?? false
        else {
            let code = errno
            close(descriptor)
            throw .unusable(path, code)
        }
        return StoreLock(descriptor: descriptor)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[..<slash])
    }

    private static func owner(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let parts = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let process = Int32(parts[0]),
            let since = Timestamp(String(parts[1]))
        else { return "" }
        return " (process \(process), since \(since))"
    }
}

extension EngineError {
    /// A file or directory that the system refuses.
    static func unusable(_ path: String, _ code: Int32) -> EngineError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT:
            return EngineError(
                .diskFull, "The disk that holds \(path) is full. Free some space and try again.")
        case EROFS:
            return EngineError(
                .directoryUnusable,
                "\(path) lies on a file system that is read-only. Mount it for writing, or name "
                    + "another directory with --data-dir.")
        case ENOENT:
            return EngineError(
                .directoryMissing,
                "\(path) cannot be made because the directory above it does not exist. Make that "
                    + "one, or name another directory with --data-dir.")
        default:
            return EngineError(
                .directoryUnusable,
                "\(path) cannot be written (\(reason)). Give this user the right to write there, "
                    + "or name another directory with --data-dir.")
        }
    }
}
