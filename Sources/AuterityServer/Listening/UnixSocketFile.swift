import CFileStatus
import Glibc

/// The Unix socket beside the port: a file that only its owner may open.
struct UnixSocketFile: Sendable {
    let path: String
    let descriptor: Int32
    /// Which file it is, so that another server's is never removed.
    private let inode: UInt64
    /// A file that took its place may have the same number.
    private let changed: Int64

    /// Makes the file with mode 0600, in place of one that a dead server left.
    ///
    /// - Throws: A `ServerError` that names the path and what to do.
    static func bind(path: String) throws(ServerError) -> UnixSocketFile {
        try clear(path)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw sentence(errno, path) }
        // On Linux the file gets the mode that the socket has when it is bound (unix(7)), so
        // there is no moment at which somebody else could connect.
        fchmod(descriptor, 0o600)
        guard withAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0 else {
            let error = errno
            close(descriptor)
            throw sentence(error, path)
        }
        var status = cfile_status()
        guard cfile_status_of(path, 0, &status) == 0, status.mode & 0o777 == 0o600 else {
            close(descriptor)
            unlink(path)
            throw ServerError(
                "The socket \(path) did not get the mode 0600, so others could use it. Choose a "
                    + "directory on a local file system with --unix-socket")
        }
        return UnixSocketFile(
            path: path, descriptor: descriptor, inode: status.inode,
            changed: status.changed)
    }

    /// Takes the file away, if it is still this one.
    func remove() {
        var status = cfile_status()
        guard cfile_status_of(path, 0, &status) == 0, status.inode == inode,
            status.changed == changed
        else { return }
        unlink(path)
    }

    /// Bytes that an address takes, without the zero at its end.
    private static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    static func checkLength(_ path: String) throws(ServerError) {
        guard path.utf8.count > longestPath else { return }
        throw ServerError(
            "The path of the Unix socket has \(path.utf8.count) bytes, and the system takes "
                + "\(longestPath) at most: \(path). Name a shorter one with --unix-socket")
    }

    /// Removes what a dead server left.
    private static func clear(_ path: String) throws(ServerError) {
        var status = cfile_status()
        guard cfile_status_of(path, 0, &status) == 0 else { return }
        guard status.mode & S_IFMT == S_IFSOCK else {
            throw ServerError(
                "\(path) is there and is no socket. Move it away, or name another path with "
                    + "--unix-socket")
        }
        guard !isAnswered(path) else {
            throw ServerError(
                "Another server answers on the Unix socket \(path). End it, or name another path "
                    + "with --unix-socket")
        }
        unlink(path)
    }

    private static func isAnswered(_ path: String) -> Bool {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        let failed = withAddress(path) { connect(descriptor, $0, $1) } != 0
        // Nobody listens: refused. A full queue, or no right to connect, is somebody.
        return !failed || errno != ECONNREFUSED
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: path.utf8.prefix(longestPath))
        }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func sentence(_ error: Int32, _ path: String) -> ServerError {
        ServerError(
            "The Unix socket \(path) cannot be made: \(String(cString: strerror(error))). Name "
                + "another path with --unix-socket")
    }
}
