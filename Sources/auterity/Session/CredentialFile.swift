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

    /// Bytes; a file beyond that is none of ours.
    private static let limit = 1 << 20

    init(_ settings: Settings, server: String) {
        path = "\(settings.directories.configuration)/credentials.json"
        self.server = server
    }

    func load() throws(APIError) -> Credentials? {
        guard let value = try read()[server] else { return nil }
        do {
            return try value.decoded(as: Credentials.self)
        } catch {
            throw APIError(
                .unauthorized,
                "The tokens for \(server) in \(path) are damaged. Log in again: auterity login")
        }
    }

    func save(_ credentials: Credentials?) throws(APIError) {
        var all = try read()
        do {
            all[server] = try credentials.map { try JSONValue(encoding: $0) }
            try write(all)
        } catch {
            throw APIError(
                .internalError, "The tokens cannot be kept in \(path): \(error)")
        }
    }

    private func read() throws(APIError) -> JSONObject {
        var status = cfile_status()
        guard cfile_status_of(path, 1, &status) == 0 else { return [:] }
        // A file that others may read has given its tokens away already.
        guard status.mode & 0o077 == 0 else {
            throw APIError(
                .unauthorized,
                "Others may read the tokens in \(path). Make it yours alone: chmod 600 \(path)")
        }
        guard status.size <= Self.limit, let data = FileManager.default.contents(atPath: path),
            case .object(let all) = try? JSONValue(parsing: Array(data))
        else {
            throw APIError(
                .unauthorized,
                "\(path) cannot be read as tokens. Delete it and log in again: auterity login")
        }
        return all
    }

    /// Whole or not at all: a new file takes the place of the old one.
    private func write(_ all: JSONObject) throws {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(
            atPath: "/" + folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let temporary = "\(path).\(getpid())"
        let file = Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SettingError(String(cString: strerror(errno))) }
        let bytes = JSONValue.object(all).jsonBytes
        let count = Glibc.write(file, bytes, bytes.count)
        fsync(file)
        Glibc.close(file)
        guard count == bytes.count, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw SettingError(String(cString: strerror(errno)))
        }
    }
}
