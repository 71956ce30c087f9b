import AuterityAPI
import CFileStatus
import Glibc

/// The files of a store: a directory of mode 0700, and in it files of mode 0600.
struct StoreDirectory: Sendable {
    let path: String

    var database: String { path + "/auterity.db" }
    var lock: String { path + "/auterity.lock" }
    var key: String { path + "/secrets.key" }
    /// The key that tokens are signed with, where no setting gives one.
    var tokenKey: String { path + "/jwt.key" }
    var webhookKey: String { path + "/webhook.key" }

    /// Makes the directory where it is missing, and holds that one can write in it.
    func prepare() throws(EngineError) {
        var status = cfile_status()
        if cfile_status_of(path, 1, &status) != 0 {
            guard errno == ENOENT else { throw .unusable(path, errno) }
            guard mkdir(path, 0o700) == 0 else { throw .unusable(path, errno) }
            return
        }
        guard status.mode & S_IFMT == S_IFDIR else {
            throw EngineError(
                .directoryUnusable,
                "\(path) is not a directory. Name a directory with --data-dir.")
        }
        guard access(path, W_OK | X_OK | R_OK) == 0 else { throw .unusable(path, errno) }
        if status.owner == geteuid(), status.mode & 0o077 != 0 { chmod(path, 0o700) }
    }

    /// Refuses what is not a database, and one from a newer version, without touching it.
    func inspectDatabase() throws(EngineError) {
        let descriptor = open(database, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw .unusable(database, errno)
        }
        defer { close(descriptor) }
        guard access(database, W_OK) == 0 else { throw .unusable(database, errno) }
        // https://sqlite.org/fileformat2.html#the_database_header
        var header = [UInt8](repeating: 0, count: 100)
        let count = pread(descriptor, &header, header.count, 0)
        if count == 0 { return }
        guard count == header.count, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw EngineError(
                .notADatabase,
                "\(database) is not a database of Auterity. Move it away, or name another "
                    + "directory with --data-dir.")
        }
        let version = header[60..<64].reduce(0) { $0 << 8 | Int($1) }
        try Migrator.refuseNewer(version, at: database)
    }

    /// Whatever the process's mask says, nobody else reads these.
    func restrictFiles() {
        for file in [
            database, database + "-wal", database + "-shm", lock, key, tokenKey, webhookKey,
        ] {
            chmod(file, 0o600)
        }
    }
}
