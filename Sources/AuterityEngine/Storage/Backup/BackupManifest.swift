public import AuterityAPI

/// What a backup says of itself, in `backup.json` beside its files.
public struct BackupManifest: Codable, Hashable, Sendable {
    /// One file of it.
    public struct File: Codable, Hashable, Sendable {
        public let name: String
        /// Bytes.
        public let size: Int64
        /// Of its content, in hexadecimal.
        public let sha256: String
    }

    /// Of these files; another number is for a newer program.
    public let format: Int
    /// The program that made it.
    public let version: String
    public let schemaVersion: Int
    public let takenAt: Timestamp
    public let workflows: Int64
    public let executions: Int64
    public let files: [File]

    enum CodingKeys: String, CodingKey {
        case format, version, workflows, executions, files
        case schemaVersion = "schema_version"
        case takenAt = "taken_at"
    }

    static let fileName = "backup.json"
    static let currentFormat = 1
    /// Bytes; what is larger is no manifest.
    static let limit = 1 << 16

    /// Bytes of all files.
    public var size: Int64 { files.reduce(0) { $0 + $1.size } }

    /// - Throws: an `EngineError` when a directory is no backup, or one of a newer kind.
    static func read(of directory: String) throws(EngineError) -> BackupManifest {
        let path = "\(directory)/\(fileName)"
        guard let bytes = try KeyFile(path: path).readAll(limit: limit) else {
            throw EngineError(
                .directoryMissing,
                "\(directory) is no backup: it has no \(fileName). Name a directory that "
                    + "`auterity backup` has made.")
        }
        guard bytes.count <= limit,
            let manifest = try? JSONValue(parsing: bytes).decoded(as: BackupManifest.self)
        else {
            throw EngineError(.damaged, "\(path) is damaged. Take another backup.")
        }
        guard manifest.format == currentFormat else {
            throw EngineError(
                .newerDatabase,
                "\(directory) is a backup in format \(manifest.format), and this build knows "
                    + "\(currentFormat). Update Auterity.")
        }
        return manifest
    }
}
