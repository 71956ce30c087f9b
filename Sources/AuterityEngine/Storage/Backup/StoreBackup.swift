public import AuterityAPI
import CFileStatus
import Glibc

/// Copies of a store as directories: the database of one moment, the keys that belong to it, and
/// what they are. Made while the engine goes on, in the same or another process.
public enum StoreBackup {
    private static let database = "auterity.db"

    /// The keys beside a database; those that are absent have never been made.
    private static let keys = ["secrets.key", "jwt.key", "webhook.key"]

    /// Bytes; a key is far smaller.
    private static let keyLimit = 64 << 10

    // MARK: - Taking one

    /// Makes a backup and reads it back.
    ///
    /// - Parameters:
    ///   - path: the directory to make; nothing may be there.
    ///   - goesOn: is told what part is done, 0 to 1; `false` stops it, and leaves nothing behind.
    /// - Throws: an `EngineError` that says what is in the way.
    public static func take(
        of dataDirectory: String, at path: String, version: String, now: Timestamp,
        goesOn: (Double) -> Bool
    ) throws(EngineError) -> BackupManifest {
        let store = StoreDirectory(path: dataDirectory)
        guard access(store.database, F_OK) == 0 else { throw noStore(store.database) }
        let source = try ReadOnlyDatabase(path: store.database)
        try checkSpace(for: fileSize(store.database) + fileSize(store.database + "-wal"), at: path)
        let target = try DurableDirectory(path: path)
        do throws(EngineError) {
            try DatabaseCopy.make(of: source, at: "\(target.draft)/\(database)", goesOn: goesOn)
            try copyKeys(from: dataDirectory, to: target.draft)
            let manifest = try describe(target.draft, version: version, now: now)
            try write(manifest, to: target.draft)
            try target.publish(files: manifest.files.map(\.name) + [BackupManifest.fileName])
            return manifest
        } catch {
            target.discard(files: everyName)
            throw error
        }
    }

    private static let everyName =
        [database, database + "-journal", BackupManifest.fileName] + keys

    private static func copyKeys(
        from directory: String, to target: String
    ) throws(EngineError) {
        for key in keys {
            guard
                let bytes = try KeyFile(path: "\(directory)/\(key)").readAll(limit: keyLimit)
            else { continue }
            try KeyFile(path: "\(target)/\(key)").write(bytes)
        }
    }

    /// Holds that the copy is whole, and says what it is.
    private static func describe(
        _ directory: String, version: String, now: Timestamp
    ) throws(EngineError) -> BackupManifest {
        let path = "\(directory)/\(database)"
        let copy = try ReadOnlyDatabase(path: path, isFrozen: true)
        var files: [BackupManifest.File] = []
        for name in [database] + keys where access("\(directory)/\(name)", F_OK) == 0 {
            files.append(try file(name, in: directory))
        }
        do {
            try hold(copy, path)
            return BackupManifest(
                format: BackupManifest.currentFormat, version: version,
                schemaVersion: try copy.schemaVersion(), takenAt: now,
                workflows: try copy.connection.number(
                    "SELECT count(*) FROM workflows WHERE deleted_at IS NULL"),
                executions: try copy.connection.number(
                    "SELECT count(*) FROM workflow_executions"),
                files: files)
        } catch let error as EngineError {
            throw error
        } catch {
            throw SQLiteStore.openingError(error, at: path)
        }
    }

    private static func hold(_ copy: ReadOnlyDatabase, _ path: String) throws {
        guard let fault = try copy.faults(isThorough: true).first else { return }
        throw EngineError(
            .damaged,
            "The database in \(path) is damaged (SQLite says: \(fault)). Ask what is wrong with "
                + "the store: auterity doctor")
    }

    private static func file(
        _ name: String, in directory: String
    ) throws(EngineError) -> BackupManifest.File {
        let path = "\(directory)/\(name)"
        return BackupManifest.File(
            name: name, size: fileSize(path), sha256: try FileDigest.sha256(of: path))
    }

    private static func write(
        _ manifest: BackupManifest, to directory: String
    ) throws(EngineError) {
        guard let json = try? JSONValue(encoding: manifest) else {
            throw EngineError(.configuration, "The backup could not be described.")
        }
        try KeyFile(path: "\(directory)/\(BackupManifest.fileName)")
            .write(Array((json.prettyJSONText + "\n").utf8))
    }

    private static func checkSpace(for size: Int64, at path: String) throws(EngineError) {
        guard let free = DurableDirectory.freeSpace(besides: path), free < size else { return }
        throw EngineError(
            .diskFull,
            "\(path) needs \(size >> 20) MiB and only \(free >> 20) MiB are free there. Name "
                + "another place.")
    }

    private static func noStore(_ path: String) -> EngineError {
        EngineError(
            .directoryMissing, "There is no store: \(path) is not there. Name one with --data-dir.")
    }

    // MARK: - Checking one

    /// Holds every file of a backup against what was written down of it, and the database
    /// against itself.
    ///
    /// - Throws: an `EngineError` that names the first thing that is wrong.
    public static func verify(_ path: String) throws(EngineError) -> BackupManifest {
        let manifest = try BackupManifest.read(of: path)
        guard manifest.files.contains(where: { $0.name == database }) else {
            throw EngineError(.damaged, "\(path) is damaged: it names no \(database).")
        }
        for file in manifest.files {
            guard file.name == database || keys.contains(file.name) else {
                throw EngineError(
                    .damaged, "\(path) names a file that is no part of a backup: \(file.name).")
            }
            let found = try self.file(file.name, in: path)
            guard found == file else {
                throw EngineError(
                    .damaged,
                    "\(path)/\(file.name) is not what was backed up. Use another backup.")
            }
        }
        do {
            let copy = try ReadOnlyDatabase(path: "\(path)/\(database)", isFrozen: true)
            try hold(copy, "\(path)/\(database)")
        } catch let error as EngineError {
            throw error
        } catch {
            throw SQLiteStore.openingError(error, at: "\(path)/\(database)")
        }
        try Migrator.refuseNewer(manifest.schemaVersion, at: "\(path)/\(database)")
        return manifest
    }

    // MARK: - Bringing one back

    /// Makes a store of a backup.
    ///
    /// - Parameter dataDirectory: where nothing may be yet but an empty directory.
    /// - Throws: an `EngineError` when there is a store, or the backup is damaged.
    public static func restore(
        _ path: String, to dataDirectory: String, goesOn: (Double) -> Bool
    ) throws(EngineError) -> BackupManifest {
        try makeWay(at: dataDirectory)
        let manifest = try verify(path)
        try checkSpace(for: manifest.size, at: dataDirectory)
        let target = try DurableDirectory(path: dataDirectory)
        do throws(EngineError) {
            let names = manifest.files.map(\.name)
            for name in names where name != database {
                guard let bytes = try KeyFile(path: "\(path)/\(name)").readAll(limit: keyLimit)
                else { throw .unreadable("\(path)/\(name)", ENOENT) }
                try KeyFile(path: "\(target.draft)/\(name)").write(bytes)
            }
            let source = try ReadOnlyDatabase(path: "\(path)/\(database)", isFrozen: true)
            try DatabaseCopy.make(of: source, at: "\(target.draft)/\(database)", goesOn: goesOn)
            try target.publish(files: names)
            return manifest
        } catch {
            target.discard(files: everyName)
            throw error
        }
    }

    /// An empty directory, or one where a process waited for a store that never came, gives way.
    private static func makeWay(at path: String) throws(EngineError) {
        guard access(path, F_OK) == 0 else { return }
        let store = StoreDirectory(path: path)
        if case .process(let id, _) = StoreOwner.of(dataDirectory: path) {
            throw EngineError(
                .storeInUse,
                "The store \(path) belongs to process \(id). End it first, or name another "
                    + "directory with --data-dir.")
        }
        guard access(store.database, F_OK) != 0 else {
            throw EngineError(
                .directoryUnusable,
                "There is a store in \(path), and nothing is overwritten. Move it away, or name "
                    + "another directory with --data-dir.")
        }
        unlink(store.lock)
        guard rmdir(path) == 0 else {
            throw errno == ENOTEMPTY || errno == EEXIST
                ? DurableDirectory.taken(path) : .unusable(path, errno)
        }
    }
}
