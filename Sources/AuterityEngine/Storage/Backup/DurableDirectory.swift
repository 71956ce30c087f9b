import CFileStatus
import Glibc

/// A directory that is there whole or not at all: it is made under another name beside its place,
/// and takes its own name when everything in it is on the disk.
struct DurableDirectory {
    let path: String
    let draft: String

    /// - Throws: an `EngineError` when something is at its place already, or it cannot be made.
    init(path: String) throws(EngineError) {
        var trimmed = path
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = trimmed
        draft = "\(trimmed).partial-\(getpid())"
        guard access(trimmed, F_OK) != 0 else { throw Self.taken(trimmed) }
        guard mkdir(draft, 0o700) == 0 else { throw .unusable(trimmed, errno) }
    }

    static func taken(_ path: String) -> EngineError {
        EngineError(
            .directoryUnusable,
            "\(path) is there already, and nothing is overwritten. Name another, or move it away.")
    }

    /// Flushes what is in it, and gives it its name.
    func publish(files: [String]) throws(EngineError) {
        for file in files { try Self.flush("\(draft)/\(file)", O_RDONLY) }
        try Self.flush(draft, O_RDONLY | O_DIRECTORY)
        guard cfile_rename_new(draft, path) == 0 else {
            // Some file systems cannot promise it; there, look first.
            guard errno == EINVAL, access(path, F_OK) != 0, rename(draft, path) == 0 else {
                throw errno == EEXIST || errno == EINVAL
                    ? Self.taken(path) : .unusable(path, errno)
            }
            return try flushParent()
        }
        try flushParent()
    }

    private func flushParent() throws(EngineError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let parent = parts.isEmpty ? "." : parts.joined(separator: "/")
        try Self.flush(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY)
    }

    private static func flush(_ path: String, _ flags: Int32) throws(EngineError) {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unusable(path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unusable(path, errno) }
    }

    /// Takes away what was begun. The names are those that were made, never anything else's.
    func discard(files: [String]) {
        for file in files { unlink("\(draft)/\(file)") }
        rmdir(draft)
    }

    /// Bytes that this user may still write where `path` is to be.
    static func freeSpace(besides path: String) -> Int64? {
        var volume = cfile_volume()
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let parent = parts.isEmpty ? "." : parts.joined(separator: "/") + "/"
        return cfile_volume_of(parent, &volume) == 0 ? volume.free : nil
    }
}
