import FoundationEssentials
import Glibc

/// Where the log goes: to standard error, which the console sends to a file while it has the
/// screen.
enum LogFile {
    /// Bytes; a larger file begins anew, and the old one is kept beside it.
    private static let limit = 10 << 20

    /// The path of the log in the state directory, made if it is not there; `nil` when it cannot
    /// be written, which must not keep anybody from working.
    static func prepare(_ settings: Settings) -> String? {
        let folder = settings.directories.state
        let path = folder + "/auterity.log"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            return nil
        }
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        let size = lseek(file, 0, SEEK_END)
        Glibc.close(file)
        if size > limit { rename(path, path + ".old") }
        return path
    }
}
