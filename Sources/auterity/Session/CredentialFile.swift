import AuterityAPI
import AuterityClient
import CFileStatus
import FoundationEssentials
import Glibc

/// The tokens of all servers, in one file of mode 0600 beside the configuration: never in it,
/// since people share and version that.
struct CredentialFile: CredentialStore {
    let path: String
    /// The address that the tokens are for.
    let server: String
    /// The profile that they are for; `nil` where the server is named by its address.
    let profile: String?

    /// Bytes; a file beyond that is none of ours.
    private static let limit = 1 << 20

    init(_ settings: Settings, server: String, profile: String? = nil) {
        self.init(
            path: "\(settings.directories.configuration)/credentials.json", server: server,
            profile: profile)
    }

    init(path: String, server: String, profile: String? = nil) {
        self.path = path
        self.server = server
        self.profile = profile
    }

    /// Under what the tokens stand. The address is part of it: no other server is ever sent them,
    /// wherever the profile leads one day.
    private var key: String { profile.map { "\($0) \(server)" } ?? server }

    /// Under what the tokens of this user stand: a profile without a login of its own shares the
    /// one that was made by the address, as all did once.
    private func place(in all: JSONObject, of email: String? = nil) -> String {
        guard key != server, all[key] == nil, let shared = all[server] else { return key }
        if let email, shared["email"]?.stringValue != email { return key }
        return server
    }

    /// Those of some profiles, besides this one, that speak to this server with the same tokens.
    func sharing(_ profiles: [Profile]) throws(APIError) -> [String] {
        let all = try read()
        let shared = place(in: all)
        return profiles.filter { other in
            guard other.name != profile, ServerAddress(url: other.url).url == server else {
                return false
            }
            return CredentialFile(path: path, server: server, profile: other.name)
                .place(in: all) == shared
        }.map(\.name)
    }

    func load() throws(APIError) -> Credentials? {
        let all = try read()
        guard let value = all[place(in: all)] else { return nil }
        do {
            return try value.decoded(as: Credentials.self)
        } catch {
            throw APIError(
                .unauthorized,
                "The tokens for \(server) in \(path) are damaged. Delete the file and log in "
                    + "again: auterity login")
        }
    }

    func save(_ credentials: Credentials?) throws(APIError) {
        do {
            try makeFolder()
            // Others may be about to write what is for another server.
            let lock = try FileLock(path: path + ".writing", waits: true)
            defer { withExtendedLifetime(lock) {} }
            var all = try read()
            let place = place(in: all, of: credentials?.email)
            all[place] = try credentials.map { try JSONValue(encoding: $0) }
            try write(all)
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError(
                .internalError, "The tokens cannot be kept in \(path): \(error)")
        }
    }

    func lock() throws(APIError) -> (any CredentialLock)? {
        do {
            try makeFolder()
            return try FileLock(path: path + ".renewing", waits: false)
        } catch {
            throw APIError(.internalError, "\(path) cannot be locked: \(error)")
        }
    }

    // MARK: - The file

    private func read() throws(APIError) -> JSONObject {
        // A pipe in its place would wait for a writer.
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return [:] }
            throw errno == ELOOP ? unsafe("is a link") : unreadable
        }
        defer { close(file) }
        var status = cfile_status()
        // Of the file that is open, whatever stands at its path meanwhile.
        guard cfile_status_of("/proc/self/fd/\(file)", 1, &status) == 0 else { throw unreadable }
        guard status.mode & S_IFMT == S_IFREG else { throw unsafe("is no file") }
        guard status.owner == geteuid() else { throw unsafe("belongs to another user") }
        // A file that others may read has given its tokens away already.
        guard status.mode & 0o077 == 0 else {
            throw APIError(
                .unauthorized,
                "Others may read the tokens in \(path). Make it yours alone: chmod 600 \(path)")
        }
        guard status.size <= Self.limit, let bytes = Self.bytes(file, Int(status.size)),
            case .object(let all) = try? JSONValue(parsing: bytes)
        else { throw unreadable }
        return all
    }

    private static func bytes(_ file: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: done), count - done)
            }
            guard read > 0 else { return nil }
            done += read
        }
        return bytes
    }

    private func unsafe(_ what: String) -> APIError {
        APIError(
            .unauthorized,
            "\(path) \(what), and tokens in it are not safe. Remove it and log in again: "
                + "auterity login")
    }

    private var unreadable: APIError {
        APIError(
            .unauthorized,
            "\(path) cannot be read as tokens. Delete it and log in again: auterity login")
    }

    private func makeFolder() throws {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(
            atPath: "/" + folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    /// Whole or not at all: a new file takes the place of the old one.
    private func write(_ all: JSONObject) throws {
        let temporary = "\(path).\(getpid())"
        // Of a process that had this number and was killed.
        unlink(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = Glibc.open(temporary, flags, 0o600)
        guard file >= 0 else { throw SettingError(String(cString: strerror(errno))) }
        let bytes = JSONValue.object(all).jsonBytes
        let count = Glibc.write(file, bytes, bytes.count)
        fsync(file)
        Glibc.close(file)
        guard count == bytes.count, rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw SettingError(reason)
        }
    }
}

/// A lock between processes that ends with its holder, however that ends.
private final class FileLock: CredentialLock {
    private let file: Int32

    /// - Parameter waits: for whoever has it; else there is `nil` while somebody has.
    init?(path: String, waits: Bool) throws {
        file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SettingError(String(cString: strerror(errno))) }
        while flock(file, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            if errno == EWOULDBLOCK { return nil }
            throw SettingError(String(cString: strerror(errno)))
        }
    }

    deinit {
        if file >= 0 { close(file) }
    }
}
